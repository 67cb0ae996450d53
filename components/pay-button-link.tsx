// The link to where one pays, as the button of its view: while payments are stopped it is not what one should press.
import type { ComponentProps } from 'react'
import { toldStopped } from '@/lib/maintenance/queries.ts'
import { clock } from '@/lib/platform/clock.ts'
import { ButtonLink } from './ui/button.tsx'

/** Why nobody can pay stands above every page (components/maintenance.tsx). */
export function PayButtonLink(link: ComponentProps<typeof ButtonLink>) {
  const stopped = toldStopped(clock.now()) && ({ look: 'secondary', icon: undefined } as const)
  return <ButtonLink {...link} {...stopped} />
}

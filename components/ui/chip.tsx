// A status: its drawing, its word, its colour. What is settled has no ground, for it is quiet.
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'good' | 'bad' | 'wait' | 'plain'

export const TONE_ICON: Record<Tone, IconName> = { good: 'check', bad: 'alert', wait: 'wait', plain: 'due' }

export function Chip({
  tone = 'plain',
  icon = TONE_ICON[tone],
  children,
}: {
  tone?: Tone
  icon?: IconName
  children: ReactNode
}) {
  return (
    <span className={tone === 'plain' ? 'chip' : `chip ${tone}`}>
      <Icon name={icon} />
      {children}
    </span>
  )
}

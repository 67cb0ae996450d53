// A sentence that stands out: said by its words and its drawing, never by colour alone.
import type { ReactNode } from 'react'
import { TONE_ICON, type Tone } from './chip.tsx'
import { Icon, type IconName } from './icon.tsx'

type NoticeProps = { tone?: Tone; icon?: IconName; done?: boolean; live?: boolean; children: ReactNode }

/**
 * `live`: announced when it appears without a new page. `done`: it says that the form before was taken, and goes where one
 * is refused: without JavaScript that answer still has the address of the success.
 */
export function Notice({
  tone = 'plain',
  icon = tone === 'plain' ? 'help' : TONE_ICON[tone],
  done,
  live = done,
  children,
}: NoticeProps) {
  const look = tone === 'plain' ? 'note' : `note ${tone}`
  return (
    <div
      role={live ? 'status' : undefined}
      className={done ? `${look} [main:has([role=alert])_&]:hidden` : look}
    >
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  )
}

/** The form before was taken. */
export function Done({ children }: { children: ReactNode }) {
  return (
    <Notice tone="good" done>
      {children}
    </Notice>
  )
}

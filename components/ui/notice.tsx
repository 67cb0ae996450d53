// A sentence that stands out: said by its words and its mark, never by colour alone.
import type { ReactNode } from 'react'

const LOOK = {
  good: { look: 'border-good bg-good-ground text-good', mark: '✓' },
  bad: { look: 'border-bad bg-bad-ground text-bad', mark: '!' },
  wait: { look: 'border-wait bg-wait-ground text-wait', mark: '…' },
  plain: { look: 'border-line bg-raised text-ink', mark: 'i' },
} as const

type NoticeProps = { tone?: keyof typeof LOOK; done?: boolean; live?: boolean; children: ReactNode }

/**
 * `live`: announced when it appears without a new page. `done`: it says that the form before was taken, and goes where one
 * is refused: without JavaScript that answer still has the address of the success.
 */
export function Notice({ tone = 'plain', done, live = done, children }: NoticeProps) {
  const { look, mark } = LOOK[tone]
  return (
    <div
      role={live ? 'status' : undefined}
      className={`flex gap-3 rounded-lg border-l-4 p-4 print:rounded-none print:px-3 print:py-0.5 ${look} ${done ? '[main:has([role=alert])_&]:hidden' : ''}`}
    >
      <span aria-hidden="true" className="font-bold">
        {mark}
      </span>
      <div className="min-w-0 flex-1">{children}</div>
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

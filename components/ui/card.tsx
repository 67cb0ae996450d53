// A surface that groups what belongs together.
import type { ReactNode } from 'react'

export function Card({ children, labelledBy }: { children: ReactNode; labelledBy?: string }) {
  const Element = labelledBy ? 'section' : 'div'
  return (
    <Element
      aria-labelledby={labelledBy}
      className="rounded-xl border border-line bg-surface p-4 sm:p-6 print:border-0 print:p-0"
    >
      {children}
    </Element>
  )
}

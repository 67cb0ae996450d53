// A surface that groups what belongs together.
import type { ReactNode } from 'react'

type CardProps = { children: ReactNode; labelledBy?: string; title?: ReactNode }

/** `labelledBy`: the id of its heading, which is `title` where that is given. */
export function Card({ children, labelledBy, title }: CardProps) {
  const Element = labelledBy ? 'section' : 'div'
  return (
    <Element
      aria-labelledby={labelledBy}
      className="rounded-xl border border-line bg-surface p-4 sm:p-6 print:border-0 print:p-0"
    >
      {title && (
        <h2 id={labelledBy} className="mb-3">
          {title}
        </h2>
      )}
      {children}
    </Element>
  )
}

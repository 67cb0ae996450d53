// A surface that groups what belongs together.
import type { ReactNode } from 'react'

type CardProps = { children: ReactNode; labelledBy?: string; title?: ReactNode; action?: ReactNode }

/** `labelledBy`: the id of its heading, which is `title` where that is given. `action`: right of the title, a `more` link. */
export function Card({ children, labelledBy, title, action }: CardProps) {
  const Element = labelledBy ? 'section' : 'div'
  return (
    <Element aria-labelledby={labelledBy} className="card">
      {title &&
        (action ? (
          <div className="card-head">
            <h2 id={labelledBy}>{title}</h2>
            {action}
          </div>
        ) : (
          <h2 id={labelledBy}>{title}</h2>
        ))}
      {children}
    </Element>
  )
}

// A list whose rows lead somewhere: what it is, a small line below, and on the right what it comes to.
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

export type ListRow = {
  id: string
  label?: ReactNode
  title: ReactNode
  note?: ReactNode
  href?: string
  icon?: IconName
  end?: ReactNode
  /** Where a row leads that has several ways. */
  ways?: ReactNode
}

/** `label`: a small line above. A row that leads on and has no `end` shows an arrow there. */
export function Rows({ rows }: { rows: ListRow[] }) {
  return (
    <ul className="rows">
      {rows.map(({ id, label, title, note, href, icon, end, ways }) => {
        const content = (
          <>
            {icon && <Icon name={icon} />}
            <span>
              {label && <small>{label}</small>}
              <b>{title}</b>
              {note && <small>{note}</small>}
            </span>
            {end ? <div className="end">{end}</div> : href && <Icon name="next" />}
          </>
        )
        return (
          <li key={id}>
            {href ? <a href={href}>{content}</a> : <div>{content}</div>}
            {/* A way may be a form, which no paragraph takes. */}
            {ways && <div className="actions">{ways}</div>}
          </li>
        )
      })}
    </ul>
  )
}

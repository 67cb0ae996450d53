// Messages as rows: a box to choose each by, what it says, and the way to what it is about.
import { Icon, type IconName } from '@/components/ui/icon.tsx'

/** In the reader's words. `label`: of its box. `isNew`: what says so; a message that was read has none. */
export type NoticeRow = {
  id: string
  icon: IconName
  title: string
  note: string
  label: string
  href?: string
  isNew?: string
}

export function NoticeRows({ rows, chosen }: { rows: NoticeRow[]; chosen: readonly string[] }) {
  return (
    <ul className="rows">
      {rows.map((row, index) => (
        <li key={row.id}>
          <input
            id={index === 0 ? 'notices' : undefined}
            type="checkbox"
            name="notices"
            value={row.id}
            defaultChecked={chosen.includes(row.id)}
            className="box"
            aria-label={row.label}
          />
          {row.href ? (
            <a href={row.href}>
              <Said row={row} />
              <Icon name="next" />
            </a>
          ) : (
            <div>
              <Said row={row} />
            </div>
          )}
        </li>
      ))}
    </ul>
  )
}

const Said = ({ row: { icon, title, note, isNew } }: { row: NoticeRow }) => (
  <>
    <Icon name={icon} />
    <span>
      {isNew ? (
        <>
          <b>{title}</b> <b className="count">{isNew}</b>
        </>
      ) : (
        title
      )}
      <small>{note}</small>
    </span>
  </>
)

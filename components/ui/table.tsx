// biome-ignore-all lint/a11y/noRedundantRoles: `display` in the layout of a phone takes the implicit roles away.
// A table that becomes rows on a phone; explicit roles keep it a table for screen readers there.
import type { ReactNode } from 'react'
import { Bilingual } from '../bilingual.tsx'

/**
 * `also`: the label in Albanian, for paper. `amount`: figures, on the right. `place`: what becomes of the column on a phone,
 * where the first one heads its row: a second line (`sub`), below the amount (`status`), a sentence below both (`words`), or
 * left out below 640 (`tablet`) or 900 px (`desktop`). In a table without places each cell has its label there.
 */
export type Column = {
  key: string
  label: string
  also?: string
  amount?: boolean
  place?: 'sub' | 'status' | 'words' | 'tablet' | 'desktop'
  hiddenLabel?: boolean
}
export type Row = { id: string; cells: Record<string, ReactNode> }

type TableProps = { caption: string; columns: Column[]; rows: Row[]; footer?: Row }

/** The first column heads each row. `footer`: one more row, for totals. */
export function Table({ caption, columns, rows, footer }: TableProps) {
  const isList = columns.some(({ place }) => place && place !== 'words')
  const part = { columns, labelled: !isList }
  return (
    <table role="table" className={isList ? 'list' : 'cards'}>
      <caption className="sr-only">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(column => (
            <th role="columnheader" scope="col" key={column.key} className={classOf(column)}>
              {column.hiddenLabel ? (
                <span className="sr-only">{column.label}</span>
              ) : (
                <Bilingual words={{ text: column.label, also: column.also }} />
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map(row => (
          <TableRow key={row.id} row={row} {...part} />
        ))}
      </tbody>
      {footer && (
        <tfoot role="rowgroup">
          <TableRow row={footer} {...part} isFooter />
        </tfoot>
      )}
    </table>
  )
}

const classOf = ({ amount, place }: Column) =>
  [place === 'desktop' ? 'tablet desktop' : place, amount && 'amount'].filter(Boolean).join(' ') || undefined

function TableRow({
  row,
  columns,
  labelled,
  isFooter,
}: {
  row: Row
  columns: Column[]
  labelled: boolean
  isFooter?: boolean
}) {
  return (
    <tr role="row">
      {columns.map((column, index) => {
        const cell = row.cells[column.key]
        // What heads the totals is no value of its column.
        const isNamed = labelled && !column.hiddenLabel && !(isFooter && index === 0)
        const label = isNamed ? column.label : undefined
        return index === 0 ? (
          <th role="rowheader" scope="row" key={column.key} data-label={label}>
            {cell}
          </th>
        ) : (
          <td role="cell" key={column.key} data-label={label} className={classOf(column)}>
            {cell}
          </td>
        )
      })}
    </tr>
  )
}

// biome-ignore-all lint/a11y/noRedundantRoles: `display` in the card layout takes the implicit roles away.
// A table that becomes cards on a phone; explicit roles keep it a table for screen readers there.
import type { ReactNode } from 'react'
import { Said } from '../said.tsx'

/** `also`: the label in Albanian, for paper. */
export type Column = { key: string; label: string; also?: string; numeric?: boolean; hiddenLabel?: boolean }
export type Row = { id: string; cells: Record<string, ReactNode> }

/** The first column heads each row. `footer`: one more row, for totals. */
export function Table({
  caption,
  columns,
  rows,
  footer,
}: {
  caption: string
  columns: Column[]
  rows: Row[]
  footer?: Row
}) {
  const align = (column: Column) => (column.numeric ? 'text-right figures' : 'text-left')
  return (
    <table role="table" className="cards w-full border-collapse">
      <caption className="sr-only">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(column => (
            <th
              role="columnheader"
              scope="col"
              key={column.key}
              className={`border-b-2 border-line px-2 py-2 align-bottom text-sm font-bold text-muted first:pl-0 last:pr-0 ${column.numeric ? 'text-right' : 'text-left'}`}
            >
              <span className={column.hiddenLabel ? 'sr-only' : ''}>
                <Said words={{ text: column.label, also: column.also }} />
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map(row => (
          <TableRow key={row.id} row={row} columns={columns} align={align} />
        ))}
      </tbody>
      {footer && (
        <tfoot role="rowgroup" className="font-bold">
          <TableRow row={footer} columns={columns} align={align} isFooter />
        </tfoot>
      )}
    </table>
  )
}

function TableRow({
  row,
  columns,
  align,
  isFooter,
}: {
  row: Row
  columns: Column[]
  align: (column: Column) => string
  isFooter?: boolean
}) {
  return (
    <tr role="row" className="border-b border-line last:border-0">
      {columns.map((column, index) => {
        const cell = row.cells[column.key]
        const look = `px-2 py-2.5 align-top first:pl-0 last:pr-0 ${align(column)}`
        // What heads the totals is no value of its column.
        const label = column.hiddenLabel || (isFooter && index === 0) ? undefined : column.label
        return index === 0 ? (
          <th
            role="rowheader"
            scope="row"
            key={column.key}
            data-label={label}
            className={`${look} font-bold`}
          >
            {cell}
          </th>
        ) : (
          <td role="cell" key={column.key} data-label={label} className={look}>
            {cell}
          </td>
        )
      })}
    </tr>
  )
}

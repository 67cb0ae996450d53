// biome-ignore-all lint/a11y/noRedundantRoles: `display` in the card layout takes the implicit roles away.
// A table that becomes cards on a phone; explicit roles keep it a table for screen readers there.
import type { ReactNode } from 'react'
import { Bilingual } from '../bilingual.tsx'

/** `also`: the label in Albanian, for paper. `words`: sentences. */
export type Column = {
  key: string
  label: string
  also?: string
  numeric?: boolean
  words?: boolean
  hiddenLabel?: boolean
}
export type Row = { id: string; cells: Record<string, ReactNode> }

type TableProps = { caption: string; columns: Column[]; rows: Row[]; footer?: Row }

/** The first column heads each row. `footer`: one more row, for totals. */
export function Table({ caption, columns, rows, footer }: TableProps) {
  return (
    <table role="table" className="cards">
      <caption className="sr-only">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(column => (
            <th
              role="columnheader"
              scope="col"
              key={column.key}
              className={column.numeric ? 'numeric' : undefined}
            >
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
          <TableRow key={row.id} row={row} columns={columns} />
        ))}
      </tbody>
      {footer && (
        <tfoot role="rowgroup">
          <TableRow row={footer} columns={columns} isFooter />
        </tfoot>
      )}
    </table>
  )
}

function TableRow({ row, columns, isFooter }: { row: Row; columns: Column[]; isFooter?: boolean }) {
  return (
    <tr role="row">
      {columns.map((column, index) => {
        const cell = row.cells[column.key]
        // What heads the totals is no value of its column.
        const label = column.hiddenLabel || (isFooter && index === 0) ? undefined : column.label
        return index === 0 ? (
          <th role="rowheader" scope="row" key={column.key} data-label={label}>
            {cell}
          </th>
        ) : (
          <td
            role="cell"
            key={column.key}
            data-label={label}
            className={column.numeric ? 'numeric' : column.words ? 'words' : undefined}
          >
            {cell}
          </td>
        )
      })}
    </tr>
  )
}

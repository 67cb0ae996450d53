// biome-ignore-all lint/a11y/noRedundantRoles: `display` in the layout of a phone takes the implicit roles away.
// The invoices to pay, with a box to choose each that can be paid: rows with their parts to open on a phone, a table from 640 px.
import { Chip } from '@/components/ui/chip.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import type { InvoiceStatus } from '@/lib/billing/invoice-status.ts'

/** One row, printed in the reader's language. */
export type InvoiceRow = {
  id: number
  month: string
  dueOn: string
  /** Its number and address, where the reader may open it. */
  number?: string
  /** By `columns` between month and total. */
  parts: string[]
  /** One part is all of it: there is nothing to open. */
  whole: boolean
  total: string
  status: InvoiceStatus
  /** Another payment has it: it cannot be chosen, and no total holds it. */
  waits: boolean
  /** How much of it that one pays, and what it leaves, where it pays a part. */
  part?: string
}

export type InvoiceTableProps = {
  caption: string
  /** Of the number, where there is one, of the month, of the parts, of the total. */
  columns: { number?: string; month: string; parts: string[]; total: string }
  /** What opens the parts on a phone. */
  open: string
  rows: InvoiceRow[]
  /** What can be paid, for paper. */
  sum: { label: string; total: string }
}

/**
 * `chosen`: ids of the boxes that are checked; without it there are no boxes. Plain data instead of elements: inside the
 * form, which is a client component, they would travel twice, as HTML and as a description of themselves.
 */
export function InvoiceTable({
  table: { caption, columns, open, rows, sum },
  chosen,
}: {
  table: InvoiceTableProps
  chosen?: readonly string[]
}) {
  return (
    <table role="table" className="bills">
      <caption className="sr-only">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.number && <Head>{columns.number}</Head>}
          <Head>{columns.month}</Head>
          {columns.parts.map(part => (
            <Head key={part} amount>
              {part}
            </Head>
          ))}
          <Head amount>{columns.total}</Head>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map(row => (
          <tr
            key={row.id}
            role="row"
            className={[row.waits && 'waits', row.whole && 'whole'].filter(Boolean).join(' ') || undefined}
          >
            {row.number && (
              <td role="cell" className="number" data-label={columns.number}>
                <a href={`/invoices/${row.id}`}>{row.number}</a>
              </td>
            )}
            <th role="rowheader" scope="row">
              <Pick row={row} chosen={chosen} />
              {!row.whole && (
                <details>
                  <summary className="more">{open}</summary>
                </details>
              )}
            </th>
            {row.parts.map((part, index) => (
              <td key={columns.parts[index]} role="cell" data-label={columns.parts[index]}>
                {part}
              </td>
            ))}
            <td role="cell" className="sum-due" data-label={columns.total}>
              <b id={`total-${row.id}`}>{row.total}</b> <Chip {...row.status} />
              {row.part && <small className="part">{row.part}</small>}
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot role="rowgroup">
        <tr role="row">
          <th role="rowheader" scope="row" colSpan={columns.parts.length + (columns.number ? 2 : 1)}>
            {sum.label}
          </th>
          <td role="cell">{sum.total}</td>
        </tr>
      </tfoot>
    </table>
  )
}

const Head = ({ amount, children }: { amount?: boolean; children: string }) => (
  <th role="columnheader" scope="col" className={amount ? 'amount' : undefined}>
    {children}
  </th>
)

/** Month and due date with the box, which the whole row belongs to; its name is those two and the total. */
function Pick({ row: { id, month, dueOn, waits }, chosen }: { row: InvoiceRow; chosen?: readonly string[] }) {
  const invoice = (
    <span id={`month-${id}`}>
      <b>{month}</b> <small>{dueOn}</small>
    </span>
  )
  if (waits || !chosen) {
    return (
      <div className="pick">
        {waits && <Icon name="wait" />}
        {invoice}
      </div>
    )
  }
  return (
    <label className="pick">
      <input
        type="checkbox"
        id={`invoice-${id}`}
        name="invoices"
        value={id}
        aria-labelledby={`month-${id} total-${id}`}
        defaultChecked={chosen.includes(String(id))}
        className="box"
      />
      {invoice}
    </label>
  )
}

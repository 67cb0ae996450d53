// The invoices due, with a box to choose each that can be paid.
import { Table } from '@/components/ui/table.tsx'
import { UnderWayMark } from '@/components/under-way-mark.tsx'

/** One row, printed in the reader's language. `underWay`: another payment has it; `href` leads to one's own. */
export type InvoiceRow = {
  id: number
  /** Its number, or its month where the number is not to be seen. */
  name: string
  month: string
  href?: string
  dueOn: string
  overdue: boolean
  amounts: Amounts
  underWay?: { text: string; href?: string }
}
/** Principal, TV tax, interest, total. */
export type Amounts = [string, string, string, string]

export type InvoiceTableProps = {
  caption: string
  /** By column: name, month (not where it is the name), due date, principal, TV tax, interest, total. */
  columns: string[]
  overdue: string
  rows: InvoiceRow[]
  sums: { label: string; amounts: Amounts }
}

const KEYS = ['name', 'month', 'dueOn', 'principal', 'tvTax', 'interest', 'total']

const amountCells = ([principal, tvTax, interest, total]: Amounts) => ({ principal, tvTax, interest, total })

/**
 * `chosen`: ids of the boxes that are checked; without it there are no boxes. Plain data instead of elements: inside the
 * form, which is a client component, they would travel twice, as HTML and as a description of themselves.
 */
export function InvoiceTable({ table, chosen }: { table: InvoiceTableProps; chosen?: readonly string[] }) {
  const keys = KEYS.filter(key => key !== 'month' || table.columns.length === KEYS.length)
  return (
    <Table
      caption={table.caption}
      columns={table.columns.map((label, index) => ({
        key: keys[index]!,
        label,
        amount: index >= keys.length - 4,
      }))}
      rows={table.rows.map(row => ({
        id: String(row.id),
        cells: {
          name: <InvoiceName row={row} chosen={chosen} />,
          month: row.href ? <a href={row.href}>{row.month}</a> : row.month,
          dueOn: (
            <span>
              {row.dueOn}
              {row.overdue && <span className="block text-sm text-bad">{table.overdue}</span>}
            </span>
          ),
          ...amountCells(row.amounts),
          total: <strong id={`total-${row.id}`}>{row.amounts[3]}</strong>,
        },
      }))}
      footer={{ id: 'all', cells: { name: table.sums.label, ...amountCells(table.sums.amounts) } }}
    />
  )
}

function InvoiceName({ row, chosen }: { row: InvoiceRow; chosen?: readonly string[] }) {
  if (row.underWay) {
    return (
      <span>
        {row.name}
        <UnderWayMark {...row.underWay} />
      </span>
    )
  }
  if (!chosen) return row.name
  return (
    <label className="inline-flex min-h-11 items-center gap-3 md:-my-2.5">
      <input
        type="checkbox"
        id={`invoice-${row.id}`}
        name="invoices"
        value={row.id}
        aria-describedby={`total-${row.id}`}
        defaultChecked={chosen.includes(String(row.id))}
        className="size-6 shrink-0 accent-accent"
      />
      {row.name}
    </label>
  )
}

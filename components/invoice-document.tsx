// An invoice on the screen and on paper: the same content as its PDF.
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import type { InvoiceContent } from '@/lib/documents/invoice-content.ts'
import type { Row } from '@/lib/documents/sheet.ts'

export function InvoiceDocument({ content }: { content: InvoiceContent }) {
  const { biller, dates, contract, holder, consumption, lines, sums, balance } = content
  return (
    <Card>
      <div className="space-y-6">
        <div className="border-b border-line pb-4">
          <p className="text-xl font-bold">{biller.name}</p>
          {biller.contacts.length > 0 && <p className="text-muted">{biller.contacts.join(' · ')}</p>}
        </div>
        <div className="grid gap-x-10 gap-y-6 sm:grid-cols-2">
          <Rows rows={dates} />
          <Rows rows={contract} />
          <section aria-labelledby="holder">
            <h2 id="holder">{holder.title}</h2>
            <Rows rows={holder.rows} />
          </section>
          {consumption && (
            <section aria-labelledby="consumption">
              <h2 id="consumption">{consumption.title}</h2>
              <Rows rows={consumption.rows} />
            </section>
          )}
        </div>
        {content.masked && <Notice>{content.masked}</Notice>}
        {lines.rows.length > 0 && (
          <section aria-labelledby="lines">
            <h2 id="lines" className="mb-2">
              {lines.title}
            </h2>
            <Lines lines={lines} />
          </section>
        )}
        <div className="grid items-start gap-x-10 gap-y-6 sm:grid-cols-2">
          <Rows rows={sums} />
          <Rows rows={balance} />
        </div>
      </div>
    </Card>
  )
}

function Rows({ rows }: { rows: Row[] }) {
  return (
    <dl>
      {rows.map(({ label, value, strong }) => (
        <div key={label} className="flex justify-between gap-4 border-b border-line py-1.5 last:border-0">
          <dt className="text-muted">{label}</dt>
          {/* An amount is never broken, a long address is. */}
          <dd className={`max-w-3/4 text-right tabular-nums ${strong ? 'text-lg font-bold' : ''}`}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Lines({ lines }: { lines: InvoiceContent['lines'] }) {
  const columns = lines.columns.map((label, index) => ({ key: String(index), label, numeric: index > 0 }))
  return (
    <Table
      caption={lines.title}
      columns={columns}
      rows={lines.rows.map((cells, index) => ({
        id: String(index),
        cells: Object.fromEntries(cells.map((cell, column) => [String(column), cell])),
      }))}
    />
  )
}

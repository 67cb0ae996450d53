// An invoice on the screen and on paper: the same content as its PDF.
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import type { ContentSection, InvoiceContent } from '@/lib/documents/invoice-content.ts'
import type { Row } from '@/lib/documents/sheet.ts'
import { Headline } from './headline.tsx'
import { PaymentSlip } from './payment-slip.tsx'
import { Said } from './said.tsx'

export function InvoiceDocument({ content }: { content: InvoiceContent }) {
  const { headline, dates, holder, supply, lines, sums, balance, complaints, payment } = content
  return (
    <Card>
      <div className="space-y-6 print:space-y-4">
        <div className="space-y-3">
          {headline && <Headline rows={headline} />}
          <Dates rows={dates} />
        </div>
        <div className="grid gap-x-10 gap-y-6 sm:grid-cols-2 print:grid-cols-2">
          <Section id="holder" section={holder} />
          <Section id="supply" section={supply} />
        </div>
        {content.masked && <Notice>{content.masked}</Notice>}
        {lines.rows.length > 0 && (
          <section aria-labelledby="lines">
            <h2 id="lines" className="mb-2">
              <Said words={lines.title} />
            </h2>
            <Lines lines={lines} />
          </section>
        )}
        <div className="sums grid items-start gap-x-10 gap-y-6 sm:grid-cols-2 print:grid-cols-2">
          <Rows rows={sums} />
          <div className="rounded-lg bg-raised px-4 py-2">
            <Rows rows={balance} />
          </div>
        </div>
        <section aria-labelledby="complaints" className="text-sm">
          <h2 id="complaints" className="text-base">
            <Said words={complaints.title} />
          </h2>
          <p className="text-muted">
            <Said words={complaints.text} />
          </p>
        </section>
        {payment && <PaymentSlip part={payment} />}
      </div>
    </Card>
  )
}

function Dates({ rows }: { rows: Row[] }) {
  return (
    <dl className="flex flex-wrap justify-between gap-x-8 gap-y-3 px-4">
      {rows.map(({ label, value }) => (
        <div key={label.text} className="figure">
          <dt className="text-sm text-muted">
            <Said words={label} />
          </dt>
          <dd className="tabular-nums">{value.text}</dd>
        </div>
      ))}
    </dl>
  )
}

function Section({ id, section: { title, rows } }: { id: string; section: ContentSection }) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        <Said words={title} />
      </h2>
      <Rows rows={rows} />
    </section>
  )
}

function Rows({ rows }: { rows: Row[] }) {
  return (
    <dl>
      {rows.map(({ label, value, strong }) => (
        <div
          key={label.text}
          className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line py-1.5 last:border-0 print:flex-nowrap"
        >
          <dt className="text-muted">
            <Said words={label} />
          </dt>
          {/* What has no room beside its label stands below it. */}
          <dd className={`ml-auto text-right tabular-nums ${strong ? 'text-lg font-bold' : ''}`}>
            <Said words={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Lines({ lines }: { lines: InvoiceContent['lines'] }) {
  const columns = lines.columns.map(({ text, also }, index) => ({
    key: String(index),
    label: text,
    also,
    numeric: index > 0,
  }))
  return (
    <Table
      caption={lines.title.text}
      columns={columns}
      rows={lines.rows.map((cells, index) => ({
        id: String(index),
        cells: Object.fromEntries(
          cells.map((cell, column) => [String(column), <Said key="" words={cell} />]),
        ),
      }))}
    />
  )
}

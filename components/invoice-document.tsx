// An invoice on the screen and on paper: the same content as its PDF.
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import type { ContentSection, FiscalCodes, InvoiceContent } from '@/lib/billing/invoice-content.ts'
import type { Row } from '@/lib/i18n/words.ts'
import { Bilingual } from './bilingual.tsx'
import { DocumentTable } from './document-table.tsx'
import { Figures, Headline } from './figures.tsx'
import { PaymentSlip, QrCode } from './payment-slip.tsx'

export function InvoiceDocument({ content }: { content: InvoiceContent }) {
  const { headline, dates, holder, supply, lines, sums, balance, fiscal, complaints, payment } = content
  return (
    <Card>
      <div className="space-y-6 print:space-y-4">
        <div className="space-y-3">
          {headline && <Headline rows={headline} />}
          <Figures rows={dates} className="flex flex-wrap justify-between gap-x-8 gap-y-3 px-4" />
        </div>
        <div className="grid gap-x-10 gap-y-6 sm:grid-cols-2 sm:grid-rows-[auto_1fr] print:grid-cols-2 print:grid-rows-[auto_1fr]">
          <Section id="holder" section={holder} />
          <div className="sm:row-span-2 print:row-span-2">
            <Section id="supply" section={supply} />
          </div>
          {fiscal && <Fiscal codes={fiscal} />}
        </div>
        {content.masked && <Notice>{content.masked}</Notice>}
        {lines.rows.length > 0 && (
          <section aria-labelledby="lines">
            <h2 id="lines" className="mb-2">
              <Bilingual words={lines.title} />
            </h2>
            <DocumentTable {...lines} words={1} />
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
            <Bilingual words={complaints.title} />
          </h2>
          <p className="text-muted">
            <Bilingual words={complaints.text} />
          </p>
        </section>
        {payment && <PaymentSlip part={payment} />}
      </div>
    </Card>
  )
}

function Section({ id, section: { title, rows } }: { id: string; section: ContentSection }) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        <Bilingual words={title} />
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
            <Bilingual words={label} />
          </dt>
          {/* What has no room beside its label stands below it. */}
          <dd
            className={`ml-auto wrap-anywhere text-right tabular-nums print:max-w-7/10 print:shrink-0 ${strong ? 'text-lg font-bold' : ''}`}
          >
            <Bilingual words={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Fiscal({ codes: { title, rows, qr } }: { codes: FiscalCodes }) {
  return (
    <section aria-labelledby="fiscal" className="flex flex-wrap justify-between gap-3 print:flex-nowrap">
      <div className="space-y-2 print:space-y-1">
        <h2 id="fiscal" className="text-base">
          <Bilingual words={title} />
        </h2>
        <dl className="space-y-1 text-sm print:text-[7pt]">
          {rows.map(({ label, value }) => (
            <div key={label.text} className="figure">
              <dt className="text-muted">{label.text}</dt>
              <dd className="code wrap-anywhere">{value.text}</dd>
            </div>
          ))}
        </dl>
        {qr?.link && (
          <p className="text-sm print:hidden">
            <a href={qr.link.href} rel="noreferrer" className="wrap-anywhere text-accent underline">
              {qr.link.text}
            </a>
          </p>
        )}
      </div>
      {qr && <QrCode text={qr.text} label={qr.alt} className="shrink-0 print:size-33" />}
    </section>
  )
}

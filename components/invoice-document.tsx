// What stands on an invoice, on the screen and on paper: the same content as its PDF.
import type { ReactNode } from 'react'
import type { ContentSection, FiscalCodes, InvoiceContent } from '@/lib/billing/invoice-content.ts'
import { Bilingual } from './bilingual.tsx'
import { DocumentRows } from './document-rows.tsx'
import { DocumentTable } from './document-table.tsx'
import { PaymentSlip, QrCode } from './payment-slip.tsx'
import { Card } from './ui/card.tsx'
import { Notice } from './ui/notice.tsx'

/** Whose it is, and what names it. */
export function InvoiceDetails({ content: { number, dates, holder, masked } }: { content: InvoiceContent }) {
  return (
    <>
      <Card labelledBy="holder" title={<Bilingual words={holder.title} />}>
        <div className="print:columns-2 print:gap-x-10">
          <DocumentRows rows={[...holder.rows, number, ...dates]} />
        </div>
      </Card>
      {masked && <Notice>{masked}</Notice>}
    </>
  )
}

/**
 * What was supplied and charged, how to complain, and the slip at the foot. A phone folds what it is rarely opened for. `complain`:
 * the way to do so here.
 */
export function InvoiceDocument({ content, complain }: { content: InvoiceContent; complain?: ReactNode }) {
  const { supply, lines, sums, balance, fiscal, complaints, payment } = content
  return (
    <>
      <div className="card">
        <details className="fold">
          <summary>
            <h2>
              <Bilingual words={lines.title} />
            </h2>
          </summary>
          {lines.rows.length > 0 && <DocumentTable {...lines} words={1} />}
          <div className="sums grid items-start gap-x-10 gap-y-6 sm:grid-cols-2 print:grid-cols-2">
            <div>
              <DocumentRows rows={sums} />
              <DocumentRows rows={balance} />
            </div>
            <div className="space-y-6">
              <Section id="supply" section={supply} />
              {fiscal && <Fiscal codes={fiscal} />}
            </div>
          </div>
        </details>
      </div>
      <section aria-labelledby="complaints" className="card text-sm">
        <h2 id="complaints" className="text-base">
          <Bilingual words={complaints.title} />
        </h2>
        <p className="text-muted">
          <Bilingual words={complaints.text} />
        </p>
        <div className="print:hidden">{complain}</div>
      </section>
      {payment && <PaymentSlip part={payment} />}
    </>
  )
}

function Section({ id, section: { title, rows } }: { id: string; section: ContentSection }) {
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>
        <Bilingual words={title} />
      </h3>
      <DocumentRows rows={rows} />
    </section>
  )
}

function Fiscal({ codes: { title, rows, qr } }: { codes: FiscalCodes }) {
  return (
    <section aria-labelledby="fiscal" className="flex flex-wrap justify-between gap-3 print:flex-nowrap">
      <div className="space-y-2 print:space-y-1">
        <h3 id="fiscal">
          <Bilingual words={title} />
        </h3>
        <dl className="space-y-1 text-sm print:text-[7pt]">
          {rows.map(({ label, value }) => (
            <div key={label.text} className="figure">
              <dt className="text-sm text-muted">{label.text}</dt>
              <dd className="text-sm wrap-anywhere">
                <Bilingual words={value} />
              </dd>
            </div>
          ))}
        </dl>
        {qr?.link && (
          <p className="text-sm print:hidden">
            <a href={qr.link.href} rel="noreferrer" className="wrap-anywhere">
              {qr.link.text}
            </a>
          </p>
        )}
      </div>
      {qr && <QrCode text={qr.text} label={qr.alt} className="shrink-0 print:size-33" />}
    </section>
  )
}

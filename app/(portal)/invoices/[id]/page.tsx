// One invoice: what is to be paid until when, why so much, and all that stands on it; to read, to print, and to pay.

import { notFound } from 'next/navigation'
import { ConsumptionPicture } from '@/components/consumption-picture.tsx'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { Headline } from '@/components/figures.tsx'
import { InvoiceDetails, InvoiceDocument } from '@/components/invoice-document.tsx'
import { Letterhead } from '@/components/letterhead.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { supplyOf } from '@/lib/billers/supply.ts'
import { getFindings } from '@/lib/billing/finding-queries.ts'
import { invoiceContent } from '@/lib/billing/invoice-content.ts'
import { getInvoiceNeighbours } from '@/lib/billing/invoice-neighbours.ts'
import { getInvoice } from '@/lib/billing/queries.ts'
import { parseInvoiceId } from '@/lib/billing/schema.ts'
import { kindsOfType } from '@/lib/cases/catalogue.ts'
import { newRequestPath, requestPath } from '@/lib/cases/schema.ts'
import { answerPath } from '@/lib/help/topics.ts'
import { formatMonthInSentence, unitSign } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { readingsPath } from '@/lib/readings/schema.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { FindingDone, Findings } from '../../contract-history/findings.tsx'
import { AmountCard } from './amount-card.tsx'
import { BesideReading } from './beside-reading.tsx'
import { Notices } from './notices.tsx'
import { WhyCard } from './why-card.tsx'

export default async function InvoicePage({ params, searchParams }: PageProps<'id', 'note'>) {
  const customer = await requireCustomer()
  const id = parseInvoiceId((await params).id)
  const invoice = id && (await getInvoice(customer, id, clock.now()))
  if (!invoice) notFound()
  const { consumption, why, overdue } = await getInvoiceNeighbours(customer, invoice, clock.now())
  const { shown } = await getFindings(customer, invoice.biller.code, invoice.contractCode, clock.now())
  const findings = shown.filter(({ invoiceId }) => invoiceId === id)
  const t = await getTranslations('invoice')
  const reading = await getTranslations('reading')
  const locale = await getLocale()
  const content = invoiceContent(invoice, locale)
  const { stamp } = content
  const { biller } = invoice
  const supply = supplyOf(biller.code)
  // Where it hears nothing of bills, what is said of one is of its payment.
  const about = kindsOfType('F', biller.code).length > 0 ? 'F' : 'P'
  return (
    <PageShell
      title={t('title', { month: formatMonthInSentence(invoice.period, locale), supply })}
      above={
        <div className="print:hidden">
          <ContractTabs
            contract={{ ...invoice, code: invoice.contractCode }}
            current="history"
            locale={locale}
          />
        </div>
      }
      wide
    >
      {/* The screen has the contract's name in its place. */}
      <div className="hidden print:contents">
        <Letterhead
          letterhead={content.letterhead}
          stamp={stamp ? { words: stamp.words, isVoid: stamp.state === 'cancelled' } : undefined}
        />
      </div>
      <Notices notices={content.notices} attemptId={invoice.underWay?.attemptId} />
      <FindingDone note={(await searchParams).note} />
      <Findings
        findings={findings}
        contract={{ ...invoice, ...biller, biller: biller.code, code: invoice.contractCode }}
        page={`/invoices/${id}`}
      />
      {invoice.readingKind === 'estimated' && findings.every(({ kind }) => kind !== 'estimated') && (
        <div className="print:hidden">
          <Notice>
            {t.rich('estimated', {
              country: biller.country,
              b: chunks => <b>{chunks}</b>,
              link: linkTo(answerPath('estimated-reading')),
            })}{' '}
            <a href={readingsPath({ biller: biller.code, code: invoice.contractCode })}>
              {reading('estimatedSend')}
            </a>
          </Notice>
        </div>
      )}
      {invoice.sentReading && <BesideReading invoice={invoice} sent={invoice.sentReading} locale={locale} />}
      <div className="columns">
        <div>
          <AmountCard invoice={invoice} overdue={overdue} locale={locale} />
          {content.headline && (
            <div className="hidden print:block">
              <Headline rows={content.headline} />
            </div>
          )}
          {why && !invoice.cancelledOn && <WhyCard why={why} invoice={invoice} locale={locale} />}
          {consumption && (
            // Tax codes and transfers need its room on paper: an invoice is one page.
            <div className={content.fiscal || invoice.transfer ? 'print:hidden' : undefined}>
              <Card labelledBy="consumption" title={`${t('consumption')}, ${unitSign(biller.unit)}`}>
                <ConsumptionPicture
                  consumption={consumption}
                  unit={biller.unit}
                  height={130}
                  locale={locale}
                />
              </Card>
            </div>
          )}
        </div>
        <aside>
          <InvoiceDetails content={content} />
        </aside>
      </div>
      <InvoiceDocument
        content={content}
        complain={
          invoice.openRequest ? (
            <p>
              {t.rich('complained', {
                supply,
                number: invoice.openRequest,
                link: linkTo(requestPath(biller.code, invoice.contractCode, invoice.openRequest)),
              })}
            </p>
          ) : (
            <p className="actions">
              <a
                href={`${newRequestPath({ biller: biller.code, code: invoice.contractCode })}?type=${about}&invoice=${id}`}
              >
                {t('complain', { supply })}
              </a>
            </p>
          )
        }
      />
    </PageShell>
  )
}

// One invoice, to read, to print, and to pay.
import { notFound } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { InvoiceDocument } from '@/components/invoice-document.tsx'
import { Letterhead } from '@/components/letterhead.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Said } from '@/components/said.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { getInvoice } from '@/lib/billing/queries.ts'
import { type Invoice, parseInvoiceId } from '@/lib/billing/schema.ts'
import { type InvoiceContent, invoiceContent } from '@/lib/documents/invoice-content.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { clock } from '@/lib/platform/clock.ts'

export default async function InvoicePage({ params }: { params: Promise<{ id: string }> }) {
  const customer = await requireCustomer()
  const id = parseInvoiceId((await params).id)
  const invoice = id && (await getInvoice(customer, id, clock.now()))
  if (!invoice) notFound()
  const t = await getTranslations('invoice')
  const content = invoiceContent(invoice, (await getLocale()) as Locale)
  const contract = `/contracts/${invoice.biller.code}/${invoice.contractCode}`
  const payable = invoice.due.total > 0 && !invoice.hasLiveAttempt
  return (
    <PageShell title={content.title.text} back={{ href: `${contract}/history`, label: t('back') }} wide>
      <Letterhead biller={content.biller} />
      <State invoice={invoice} content={content} />
      <InvoiceDocument content={content} />
      <p className="flex flex-wrap gap-3 print:hidden">
        {payable && <ButtonLink href={`${contract}/pay`}>{t('pay')}</ButtonLink>}
        <ButtonLink href={`/invoices/${invoice.id}/pdf`} look={payable ? 'secondary' : 'primary'}>
          {t('pdf')}
        </ButtonLink>
      </p>
    </PageShell>
  )
}

/** What the PDF says in its frame and below the title, and on the screen what follows from it. */
async function State({ invoice, content }: { invoice: Invoice; content: InvoiceContent }) {
  const t = await getTranslations('invoice')
  const { stamp, notice } = content
  if (!stamp && !notice)
    return invoice.dueOn < invoice.today ? <Notice tone="bad">{t('overdue')}</Notice> : null
  return (
    <Notice tone={stamp ? (stamp.state === 'paid' ? 'good' : 'bad') : 'wait'}>
      {stamp && (
        <p className="text-lg font-bold">
          <Said words={stamp.words} />
        </p>
      )}
      <p>{notice ? <Said words={notice} /> : t('settled')}</p>
    </Notice>
  )
}

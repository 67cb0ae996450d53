// One invoice, to read, to print, and to pay.

import { notFound } from 'next/navigation'
import { Bilingual } from '@/components/bilingual.tsx'
import { InvoiceDocument } from '@/components/invoice-document.tsx'
import { Letterhead } from '@/components/letterhead.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { type InvoiceContent, invoiceContent } from '@/lib/billing/invoice-content.ts'
import { getInvoice } from '@/lib/billing/queries.ts'
import { parseInvoiceId } from '@/lib/billing/schema.ts'
import type { Words } from '@/lib/i18n/words.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function InvoicePage({ params }: PageProps<'id'>) {
  const customer = await requireCustomer()
  const id = parseInvoiceId((await params).id)
  const invoice = id && (await getInvoice(customer, id, clock.now()))
  if (!invoice) notFound()
  const t = await getTranslations('invoice')
  const content = invoiceContent(invoice, await getLocale())
  const stamp = content.stamp ?? undefined
  const contract = `/contracts/${invoice.biller.code}/${invoice.contractCode}`
  const payable = invoice.due.total > 0 && !invoice.underWay
  return (
    <PageShell title={content.title.text} back={{ href: `${contract}/history`, label: t('back') }} wide>
      <Letterhead
        letterhead={content.letterhead}
        stamp={stamp && { words: stamp.words, isVoid: stamp.state === 'cancelled' }}
      />
      <State content={content} attemptId={invoice.underWay?.attemptId} />
      <p className="flex flex-wrap gap-3 print:hidden">
        {payable && <ButtonLink href={`${contract}/pay`}>{t('pay')}</ButtonLink>}
        <ButtonLink href={`/invoices/${invoice.id}/pdf`} look={payable ? 'secondary' : 'primary'}>
          {t('pdf')}
        </ButtonLink>
      </p>
      <InvoiceDocument content={content} />
    </PageShell>
  )
}

const TONES = { cancelled: 'bad', underWay: 'wait', corrected: 'plain' } as const

type StateProps = { content: InvoiceContent; attemptId?: string | null }

/**
 * What the PDF says in its frame and below the title, and on the screen what follows from it; paper has the stamp.
 * `attemptId`: the reader's own payment that is under way.
 */
async function State({ content: { stamp, notices }, attemptId }: StateProps) {
  const t = await getTranslations('invoice')
  return (
    <>
      {stamp && stamp.state !== 'cancelled' && (
        <div className="print:hidden">
          {stamp.state === 'paid' ? (
            <Notice tone="good">
              <Stamp words={stamp.words} />
              <p>{t('settled')}</p>
            </Notice>
          ) : (
            <Notice tone="bad">{t('overdue')}</Notice>
          )}
        </div>
      )}
      {notices.map(({ about, words }) => (
        <Notice key={about} tone={TONES[about]}>
          {about === 'cancelled' && stamp && <Stamp words={stamp.words} />}
          <p>
            <Bilingual words={words} />
          </p>
          {about === 'underWay' && attemptId && (
            <p className="print:hidden">
              <a href={`/payments/${attemptId}`} className="underline">
                {t('ownPayment')}
              </a>
            </p>
          )}
        </Notice>
      ))}
    </>
  )
}

const Stamp = ({ words }: { words: Words }) => <p className="text-lg font-bold print:hidden">{words.text}</p>

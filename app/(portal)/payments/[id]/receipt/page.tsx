// The receipt of a payment, to read and to print.
import { notFound } from 'next/navigation'
import { Bilingual } from '@/components/bilingual.tsx'
import { DocumentTable } from '@/components/document-table.tsx'
import { Headline } from '@/components/figures.tsx'
import { Letterhead } from '@/components/letterhead.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { formatMoney } from '@/lib/i18n/formats.ts'
import type { Row } from '@/lib/i18n/words.ts'
import { getReceipt } from '@/lib/payments/queries.ts'
import { receiptContent } from '@/lib/payments/receipt-content.ts'
import { parseAttemptId } from '@/lib/payments/schema.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function ReceiptPage({ params, searchParams }: PageProps<'id', 'number'>) {
  const customer = await requireCustomer()
  const id = parseAttemptId((await params).id)
  const { number } = await searchParams
  const receipt = id && (await getReceipt(customer, id, typeof number === 'string' ? number : undefined))
  if (!receipt) notFound()
  const t = await getTranslations('receipt')
  const locale = await getLocale()
  const content = receiptContent(receipt, locale)
  const { summary, contract, payment, lines, stamp, notice } = content
  const money = (minor: number) => formatMoney(minor, receipt.biller.currency, locale)
  const sum = money(receipt.amount - receipt.surplus)
  return (
    <PageShell title={content.title.text} back={{ href: `/payments/${id}`, label: t('back') }} wide>
      <Letterhead
        letterhead={content.letterhead}
        stamp={{ words: stamp.words, isVoid: stamp.state === 'reversed' }}
      />
      <div className={notice ? '' : 'print:hidden'}>
        <Notice tone={stamp.state === 'paid' ? 'good' : 'bad'}>
          <p className="text-lg font-bold print:hidden">{stamp.words.text}</p>
          {notice && (
            <p>
              <Bilingual words={notice} />
            </p>
          )}
        </Notice>
      </div>
      <p className="actions">
        <ButtonLink
          icon="down"
          href={`/payments/${id}/receipt.pdf${typeof number === 'string' ? `?number=${receipt.number}` : ''}`}
        >
          {t('pdf')}
        </ButtonLink>
      </p>
      <Card>
        <div className="space-y-3">
          <Headline rows={summary} />
          <Facts facts={[...contract, ...payment].map(fact)} columns={1} />
        </div>
      </Card>
      {lines.rows.length > 0 && (
        <Card labelledBy="lines" title={<Bilingual words={lines.title} />}>
          <DocumentTable {...lines} words={2} footer={{ 0: t('all'), [lines.columns.length - 1]: sum }} />
        </Card>
      )}
      {receipt.surplus > 0 && stamp.state === 'paid' && (
        <Notice tone="wait">{t('surplus', { amount: money(receipt.surplus) })}</Notice>
      )}
      {content.stillDue && (
        <Notice tone="wait">
          <Bilingual words={content.stillDue} />
        </Notice>
      )}
      {content.about && (
        <p className="text-sm text-muted">
          <Bilingual words={content.about} />
        </p>
      )}
    </PageShell>
  )
}

const fact = ({ label, value }: Row) => ({
  label: label.text,
  also: label.also,
  value: <Bilingual words={value} />,
})

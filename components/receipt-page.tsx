// A receipt, to read and to print: for whoever paid, by an account or by a link.
import { formatMoney } from '@/lib/i18n/formats.ts'
import type { Row } from '@/lib/i18n/words.ts'
import { receiptContent } from '@/lib/payments/receipt-content.ts'
import type { Receipt } from '@/lib/payments/schema.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { Bilingual } from './bilingual.tsx'
import { DocumentTable } from './document-table.tsx'
import { Headline } from './figures.tsx'
import { Letterhead } from './letterhead.tsx'
import { PageShell } from './page-shell.tsx'
import { ButtonLink } from './ui/button.tsx'
import { Card } from './ui/card.tsx'
import { Facts } from './ui/facts.tsx'
import { Notice } from './ui/notice.tsx'

/** `path`: of its payment's page. `isNumbered`: it was asked for by its number, for the payment has several. */
export async function ReceiptPage({
  receipt,
  path,
  isNumbered,
}: {
  receipt: Receipt
  path: string
  isNumbered: boolean
}) {
  const t = await getTranslations('receipt')
  const locale = await getLocale()
  const content = receiptContent(receipt, locale)
  const { summary, contract, payment, lines, stamp, notice } = content
  const money = (minor: number) => formatMoney(minor, receipt.biller.currency, locale)
  const sum = money(receipt.amount - receipt.surplus)
  return (
    <PageShell title={content.title.text} back={{ href: path, label: t('back') }} wide>
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
        <ButtonLink icon="down" href={`${path}/receipt.pdf${isNumbered ? `?number=${receipt.number}` : ''}`}>
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

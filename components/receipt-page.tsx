// A receipt, to read and to print: for whoever paid, by an account or by a link.
import type { Row } from '@/lib/i18n/words.ts'
import { type ContractContent, receiptContent } from '@/lib/payments/receipt-content.ts'
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
  const { summary, contracts, payment, stamp, notice } = content
  const [first] = contracts
  const isOnly = contracts.length === 1
  const facts = [...(isOnly ? first!.facts : []), ...payment]
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
          {facts.length > 0 && <Facts facts={facts.map(fact)} columns={1} />}
        </div>
      </Card>
      {contracts.map((contract, index) => (
        <PaidFor key={contract.title?.text ?? index} contract={contract} place={index} all={t('all')} />
      ))}
      {content.sums.length > 1 && (
        <Card>
          <Facts facts={content.sums.map(fact)} columns={1} />
        </Card>
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

/** What is paid for one contract; of several each says which one it is. */
function PaidFor({ contract, place, all }: { contract: ContractContent; place: number; all: string }) {
  const { title, facts, notice, lines, sum, sums } = contract
  if (lines.rows.length === 0 && !title) return null
  return (
    <Card labelledBy={`lines-${place}`} title={<Bilingual words={title ?? lines.title} />}>
      {title && facts.length > 0 && <Facts facts={facts.map(fact)} columns={1} />}
      {notice && (
        <Notice tone="bad">
          <Bilingual words={notice} />
        </Notice>
      )}
      {lines.rows.length > 0 && (
        <DocumentTable
          {...lines}
          words={2}
          footer={{ 0: all, [lines.columns.length - 1]: <Bilingual words={sum} /> }}
        />
      )}
      {sums.length > 0 && <Facts facts={sums.map(fact)} columns={1} />}
    </Card>
  )
}

const fact = ({ label, value }: Row) => ({
  label: label.text,
  also: label.also,
  value: <Bilingual words={value} />,
})

// What was sent: the form's answers, with the invoice and the documents it came with.
import { DocumentList } from '@/components/document-list.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { fieldLabel, fieldValue, readingWords, saidFields } from '@/lib/cases/answer-words.ts'
import type { ShownRequest } from '@/lib/cases/request-queries.ts'
import { requestPath } from '@/lib/cases/schema.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

/** `isLeaving`: it is being asked whether to withdraw it. */
export function Sent({ one, isLeaving, locale }: { one: ShownRequest; isLeaving: boolean; locale: Locale }) {
  const t = translator(locale, 'requests')
  const { number, createdAt, answers, invoice, isOwn, open, biller, contract } = one
  const isStaffs = (event: number) => one.history.find(step => step.number === event)?.side === 'staff'
  const documents = one.documents.filter(({ event }) => !isStaffs(event))
  const said = saidFields(answers).map(field => {
    const value = fieldValue(field, answers[field]!, one, locale)
    return {
      label: fieldLabel(field, one, locale),
      value: field === 'invoice' && invoice ? <a href={`/invoices/${invoice.id}`}>{value}</a> : value,
    }
  })
  const hasBoth = answers.currentReading && invoice?.reading
  return (
    <Card labelledBy="sent" title={t(isOwn ? 'sent.title' : 'sent.titleOther')}>
      <Facts
        columns={1}
        facts={[
          { label: t('sent.number'), value: <span className="code">{number}</span> },
          { label: t('sent.at'), value: formatInstant(createdAt, locale, biller.timeZone) },
          ...said,
          ...(hasBoth ? [{ label: t('sent.recorded'), value: readingWords(invoice.reading!, locale) }] : []),
        ]}
      />
      {documents.length > 0 && (
        <>
          <h3>{t('sent.documents')}</h3>
          <DocumentList documents={documents} />
        </>
      )}
      {open.includes('withdraw') && !isLeaving && (
        <p className="actions">
          <a href={`${requestPath(biller.code, contract.code, number)}?withdraw`}>{t('withdraw.link')}</a>
        </p>
      )}
    </Card>
  )
}

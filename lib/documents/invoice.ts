// The PDF of an invoice.
import type { Invoice } from '../billing/schema.ts'
import { formatDay } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { documentTexts, plain } from './bilingual.ts'
import { type ContentSection, type InvoiceContent, invoiceContent } from './invoice-content.ts'
import { drawPaymentPart } from './payment-part.ts'
import { Sheet } from './sheet.ts'
import { QUIET } from './typesetter.ts'

const STAMP = { paid: '#1b6440', cancelled: '#a3201d' }
const HEADING = { weight: 'bold', size: 12 } as const

/** A tagged A4 PDF in the reader's language and in Albanian; one page unless the invoice has very many lines. */
export function invoicePdf(invoice: Invoice, locale: Locale): Buffer {
  const t = documentTexts(locale, 'invoiceDocument')
  const content = invoiceContent(invoice, locale)
  const sheet = new Sheet({ title: content.title.text, author: invoice.biller.name, locale })
  head(sheet, content)
  const section = ({ title, rows }: ContentSection, labels: number) => {
    sheet.text('H2', title, HEADING)
    sheet.space(4)
    sheet.pairs(rows, { labels })
  }
  sheet.beside(
    130,
    () => section(content.holder, locale === 'sq' ? 0.32 : 0.4),
    () => section(content.supply, locale === 'sq' ? 0.5 : 0.6),
  )
  if (content.masked) {
    sheet.space(5)
    sheet.text('P', plain(content.masked), { size: 8.5, color: QUIET })
  }
  sheet.space(9)
  if (content.lines.rows.length > 0) lines(sheet, content.lines)
  sheet.space(6)
  sheet.beside(
    120,
    () => {
      // On one line with the panel's first row.
      sheet.space(9)
      sheet.pairs(content.sums, { amounts: true })
    },
    () => sheet.pairs(content.balance, { amounts: true, tinted: true }),
  )
  sheet.space(10)
  sheet.text('H2', content.complaints.title, { weight: 'bold', size: 10 })
  sheet.space(2)
  sheet.text('P', content.complaints.text, { size: 8.5, color: QUIET })
  sheet.space(10)
  if (content.payment) drawPaymentPart(sheet, content.payment)
  const day = formatDay(invoice.today, locale)
  return sheet.finish(
    (page, pages) => ({
      left: t('footer', { biller: invoice.biller.name, day }),
      right: t('page', { page, pages }),
    }),
    content.stamp?.state === 'cancelled' ? content.stamp.words.text : undefined,
  )
}

function head(sheet: Sheet, content: InvoiceContent): void {
  const { stamp } = content
  sheet.brand(content.biller.name, content.biller.contacts, content.markAlt)
  sheet.title(content.title, stamp ? { words: stamp.words, color: STAMP[stamp.state] } : undefined)
  if (content.notice) {
    sheet.space(4)
    const color = stamp?.state === 'cancelled' ? STAMP.cancelled : undefined
    sheet.text('P', content.notice, { weight: 'bold', size: 10.5, color })
  }
  sheet.space(9)
  const shares = content.dates.length === 4 ? [20, 33, 23, 24] : content.dates.map(() => 1)
  sheet.strip(content.dates, { shares, size: 10, strong: 12, tinted: true }).draw()
  sheet.space(10)
}

function lines(sheet: Sheet, { title, columns, rows }: InvoiceContent['lines']): void {
  sheet.text('H2', title, HEADING)
  sheet.space(5)
  const widths = [47, 10, 16, 18, 9]
  sheet.table(
    columns.map((column, index) => ({
      title: column,
      width: widths[index]!,
      align: index === 0 ? 'left' : 'right',
    })),
    rows,
  )
}

// The PDF of an invoice.
import type { Invoice } from '../billing/schema.ts'
import { formatDay } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { type ContentSection, type InvoiceContent, invoiceContent } from './invoice-content.ts'
import { QUIET, Sheet } from './sheet.ts'

/** A tagged A4 PDF in the reader's language; one page unless the invoice has very many lines. */
export async function invoicePdf(invoice: Invoice, locale: Locale): Promise<Buffer> {
  const t = translator(locale, 'invoiceDocument')
  const content = invoiceContent(invoice, locale)
  const sheet = new Sheet({ title: content.title, author: invoice.biller.name, locale })
  head(sheet, content)
  const section = ({ title, rows }: ContentSection) => {
    sheet.text('H2', title, { weight: 'bold', size: 12 })
    sheet.space(4)
    sheet.pairs(rows)
  }
  sheet.beside(
    100,
    () => sheet.pairs(content.dates),
    () => sheet.pairs(content.contract),
  )
  sheet.space(16)
  sheet.beside(
    200,
    () => section(content.holder),
    () => content.consumption && section(content.consumption),
  )
  if (content.masked) {
    sheet.space(6)
    sheet.text('P', content.masked, { size: 9, color: QUIET })
  }
  sheet.space(18)
  if (content.lines.rows.length > 0) lines(sheet, content.lines)
  sheet.space(12)
  sheet.beside(
    140,
    () => {
      // On one line with the panel's first row.
      sheet.space(10)
      sheet.pairs(content.sums, { amounts: true })
    },
    () => sheet.pairs(content.balance, { amounts: true, tinted: true }),
  )
  const day = formatDay(invoice.today, locale)
  return sheet.finish((page, pages) => ({
    left: t('footer', { biller: invoice.biller.name, day }),
    right: t('page', { page, pages }),
  }))
}

function head(sheet: Sheet, content: InvoiceContent): void {
  sheet.brand(content.biller.name, content.biller.contacts)
  sheet.text('H1', content.title, { weight: 'bold', size: 20 })
  if (content.cancelled) {
    sheet.space(4)
    sheet.text('P', content.cancelled, { weight: 'bold', size: 11 })
  }
  sheet.space(12)
}

function lines(sheet: Sheet, { title, columns, rows }: InvoiceContent['lines']): void {
  sheet.text('H2', title, { weight: 'bold', size: 12 })
  sheet.space(6)
  const widths = [38, 14, 16, 22, 10]
  sheet.table(
    columns.map((column, index) => ({
      title: column,
      width: widths[index]!,
      align: index === 0 ? 'left' : 'right',
    })),
    rows,
  )
}

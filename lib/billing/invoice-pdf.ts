// The PDF of an invoice.
import { formatDay } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { plain } from '../i18n/words.ts'
import { type Piece, Sheet } from '../pdf/sheet.ts'
import { QUIET } from '../pdf/typesetter.ts'
import { QUIET_ZONE, qrCode } from '../platform/barcodes.ts'
import { consumptionChart } from './consumption.ts'
import {
  type Consumption,
  type ContentSection,
  type FiscalCodes,
  type InvoiceContent,
  invoiceContent,
} from './invoice-content.ts'
import { paymentPart } from './payment-part-pdf.ts'
import type { Invoice } from './schema.ts'

const STAMP = { paid: '#1b6440', cancelled: '#a3201d', waiting: '#7a4b00', overdue: '#a3201d' }
/** Points: 25 mm across at least, and 0.3 mm a module. */
const FISCAL_QR = { least: 70.9, module: 0.85 }
const HEADING = { weight: 'bold', size: 11.5 } as const
/** Points; above is its heading. */
const YEAR = { least: 54, most: 120, above: 24, below: 6 }

/** A tagged A4 PDF in the reader's language and in Albanian; one page unless the invoice has very many lines. */
export function invoicePdf(invoice: Invoice, locale: Locale): Buffer {
  const t = translator(locale, 'invoiceDocument')
  const content = invoiceContent(invoice, locale)
  const sheet = new Sheet({
    title: content.title.text,
    author: invoice.biller.name,
    locale,
    continued: t('continued', { biller: invoice.biller.name, title: content.title.text }),
    madeAt: new Date(invoice.today),
  })
  head(sheet, content)
  const section = ({ title, rows }: ContentSection, labels: number) => [
    sheet.text('H2', title, HEADING),
    sheet.gap(2),
    sheet.pairs(rows, { labels }),
  ]
  sheet
    .beside(
      () => [...section(content.holder, 0.32), ...(content.fiscal ? fiscal(sheet, content.fiscal) : [])],
      () => section(content.supply, locale === 'sq' ? 0.45 : 0.55),
    )
    .draw()
  if (content.masked) {
    sheet.space(5)
    sheet.text('P', plain(content.masked), { size: 8.5, color: QUIET }).draw()
  }
  sheet.space(9)
  if (content.lines.rows.length > 0) lines(sheet, content.lines)
  sheet.space(7)
  sheet
    .beside(
      () => [sheet.pairs(content.sums, { amounts: true })],
      () => [sheet.pairs(content.balance, { amounts: true })],
    )
    .draw()
  sheet.space(7)
  sheet.text('H2', content.complaints.title, { weight: 'bold', size: 10 }).draw()
  sheet.space(2)
  sheet.text('P', content.complaints.text, { size: 8, color: QUIET }).draw()
  const payment = content.payment && paymentPart(sheet, content.payment)
  if (content.consumption) year(sheet, content.consumption, payment?.height ?? 0)
  payment?.draw()
  const day = formatDay(invoice.today, locale)
  return sheet.finish(
    (page, pages) => ({
      left: t('footer', { biller: invoice.biller.name, day }),
      right: t('page', { page, pages }),
    }),
    { across: content.stamp?.state === 'cancelled' ? content.stamp.words.text : undefined },
  )
}

function head(sheet: Sheet, content: InvoiceContent): void {
  const { stamp } = content
  sheet.letterhead(content.letterhead)
  sheet.title(content.title, stamp ? { words: stamp.words, color: STAMP[stamp.state] } : undefined)
  for (const { about, words } of content.notices) {
    sheet.space(3)
    const color = about === 'cancelled' ? STAMP.cancelled : undefined
    sheet.text('P', words, { weight: 'bold', size: 10.5, color }).draw()
  }
  sheet.space(9)
  const shares = content.dates.length > 2 ? [25, 32, 25, 18] : [57, 43]
  if (content.headline) {
    sheet.strip(content.headline, { shares: [57, 43], size: 14, strong: 27 }).draw()
    sheet.space(9)
  }
  sheet.strip(content.dates, { shares: shares.slice(0, content.dates.length), size: 9.5 }).draw()
  sheet.space(11)
}

/** Twelve months of consumption, where the page has room for them above what stands at its foot. */
function year(sheet: Sheet, { title, alt, months }: Consumption, foot: number): void {
  const height = Math.min(sheet.left - foot - YEAR.above - YEAR.below, YEAR.most)
  if (height < YEAR.least) return
  const { bars, lines, zero } = consumptionChart(months.map(({ month }) => month))
  sheet.space(YEAR.above - 15)
  sheet.text('H2', title, { weight: 'bold', size: 10 }).draw()
  sheet.barChart(
    {
      bars: bars.map((bar, index) => ({ ...bar, ...months[index]! })),
      lines: lines.map(({ top }) => top),
      zero,
    },
    alt,
    height,
  )
}

function lines(sheet: Sheet, { title, columns, rows }: InvoiceContent['lines']): void {
  sheet.text('H2', title, HEADING).draw()
  sheet.space(3)
  const widths = [51, 9, 14, 18, 8]
  sheet.table(
    columns.map((column, index) => ({
      title: column,
      width: widths[index]!,
      align: index === 0 ? 'left' : 'right',
    })),
    rows,
  )
}

/** The tax authority's codes below the holder, where there is room, and beside them its QR code. */
function fiscal(sheet: Sheet, { title, rows, qr }: FiscalCodes): Piece[] {
  const codes = () => [
    sheet.text('H2', title, { weight: 'bold', size: 10 }),
    ...rows.flatMap(row => [sheet.gap(3), sheet.strip([row], { size: 7 })]),
  ]
  if (!qr) return [sheet.gap(8), ...codes()]
  const code = qrCode(qr.text)
  const size = Math.max(FISCAL_QR.least, code.columns * FISCAL_QR.module)
  const quiet = (size / code.columns) * QUIET_ZONE.qr
  return [sheet.gap(8), sheet.beside(codes, () => [sheet.square(code, qr.alt, size, quiet)], size, quiet)]
}

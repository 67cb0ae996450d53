// The PDF of a payment's receipt.
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { Sheet } from '../pdf/sheet.ts'
import { QUIET } from '../pdf/typesetter.ts'
import { type ContractContent, receiptContent } from './receipt-content.ts'
import type { Receipt } from './schema.ts'

const WIDTHS = [20, 16, 17, 15, 15, 17]
/** Points: which of several contracts it is stays with the first of what was paid for it. */
const HEAD = 130
const STAMP = { paid: '#1b6440', reversed: '#a3201d' }

/** What is paid for one contract; of several each begins with which one it is. */
function drawContract(sheet: Sheet, contract: ContractContent, isOnly: boolean): void {
  const { title, facts, notice, lines, sums } = contract
  if (!isOnly) sheet.makeRoom(HEAD)
  const heading = title ?? (lines.rows.length > 0 ? lines.title : null)
  if (heading) {
    sheet.text('H2', heading, { weight: 'bold', size: 12 }).draw()
    sheet.space(6)
  }
  if (!isOnly && facts.length > 0) {
    sheet.pairs(facts, { labels: 0.36 }).draw()
    sheet.space(6)
  }
  if (notice) {
    sheet.text('P', notice, { weight: 'bold', size: 10.5, color: STAMP.reversed }).draw()
    sheet.space(6)
  }
  if (lines.rows.length > 0) {
    sheet.table(
      lines.columns.map((title, index) => ({
        title,
        width: WIDTHS[index]!,
        align: index < 2 ? 'left' : 'right',
      })),
      lines.rows,
    )
    sheet.space(10)
  }
  if (sums.length > 0) {
    sheet.pairs(sums, { amounts: true }).draw()
    sheet.space(16)
  }
}

/** A tagged A4 PDF in the reader's language and in Albanian. */
export function receiptPdf(receipt: Receipt, locale: Locale): Buffer {
  const t = translator(locale, 'receiptDocument')
  const content = receiptContent(receipt, locale)
  const { stamp } = content
  const { biller } = receipt
  const sheet = new Sheet({
    title: content.title.text,
    author: biller.name,
    locale,
    continued: t('continued', { biller: biller.name, title: content.title.text }),
    madeAt: receipt.reversedOn ? new Date(receipt.reversedOn) : receipt.paidAt,
  })
  sheet.letterhead(content.letterhead)
  sheet.title(content.title, { words: stamp.words, color: STAMP[stamp.state] })
  if (content.notice) {
    sheet.space(4)
    sheet.text('P', content.notice, { weight: 'bold', size: 10.5, color: STAMP.reversed }).draw()
  }
  sheet.space(12)
  sheet.strip(content.summary, { shares: [38, 36, 26], size: 10.5, strong: 24 }).draw()
  sheet.space(16)
  const [first] = content.contracts
  const isOnly = content.contracts.length === 1
  const facts = [...(isOnly ? first!.facts : []), ...content.payment]
  if (facts.length > 0) sheet.pairs(facts, { labels: 0.36 }).draw()
  sheet.space(16)
  for (const contract of content.contracts) drawContract(sheet, contract, isOnly)
  sheet.pairs(content.sums, { amounts: true }).draw()
  sheet.space(16)
  if (content.stillDue) {
    sheet.text('P', content.stillDue, { weight: 'bold', size: 10.5 }).draw()
    sheet.space(8)
  }
  if (content.about) sheet.text('P', content.about, { size: 9, color: QUIET }).draw()
  return sheet.finish(
    (page, pages) => ({ left: t('footer', { biller: biller.name }), right: t('page', { page, pages }) }),
    { across: stamp.state === 'reversed' ? stamp.words.text : undefined },
  )
}

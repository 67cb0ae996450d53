// The PDF of a year's statement.
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { Sheet } from '../pdf/sheet.ts'
import { QUIET } from '../pdf/typesetter.ts'
import type { YearStatement } from './schema.ts'
import { type YearStatementContent, yearStatementContent } from './year-statement-content.ts'

const HEADING = { weight: 'bold', size: 11.5 } as const

/** A tagged A4 PDF in the reader's language and in Albanian. */
export function yearStatementPdf(statement: YearStatement, locale: Locale): Buffer {
  const t = translator(locale, 'yearStatement')
  const content = yearStatementContent(statement, locale)
  const biller = statement.biller.name
  const sheet = new Sheet({
    title: content.title.text,
    author: biller,
    locale,
    continued: t('continued', { biller, title: content.title.text }),
    madeAt: new Date(statement.today),
  })
  sheet.letterhead(content.letterhead)
  sheet.title(content.title)
  sheet.space(8)
  sheet.pairs(content.about, { labels: 0.36 }).draw()
  for (const table of [content.billed, content.standing]) if (table.rows.length > 0) section(sheet, table)
  for (const note of content.notes) {
    sheet.space(6)
    sheet.text('P', note, { size: 8.5, color: QUIET }).draw()
  }
  sheet.space(14)
  sheet.pairs(content.sums, { amounts: true }).draw()
  return sheet.finish((page, pages) => ({ left: content.footer, right: t('page', { page, pages }) }))
}

function section(sheet: Sheet, { title, columns, rows, total }: YearStatementContent['billed']): void {
  sheet.space(16)
  sheet.text('H2', title, HEADING).draw()
  sheet.space(3)
  sheet.table(columns, rows, total)
}

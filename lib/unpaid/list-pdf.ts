// The list of all unpaid invoices as PDF: a table a currency, with its total once.
import type { UnpaidInvoice } from '../billing/schema.ts'
import { partWords } from '../billing/under-way-words.ts'
import { formatAmount, formatDay, formatMoney, formatMonth } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { plain, type Words } from '../i18n/words.ts'
import { Sheet } from '../pdf/sheet.ts'
import { QUIET } from '../pdf/typesetter.ts'
import { asOf, headsOf, type ListPart, parts, type UnpaidList } from './list-content.ts'

const HEADING = { weight: 'bold', size: 11.5 } as const

type Heads = ReturnType<typeof headsOf>

/** A tagged A4 PDF in the list's language. `written`: called after each row, so that a long one may let others do something. */
export async function listPdf(list: UnpaidList, written: () => Promise<void> | undefined): Promise<Buffer> {
  const { locale, at } = list
  const t = translator(locale, 'unpaidList')
  const title = t('title')
  const sheet = new Sheet({
    title,
    author: 'Drita',
    locale,
    continued: t('continued', { biller: 'Drita', title }),
    madeAt: at,
  })
  sheet.title(plain(title))
  sheet.space(3)
  sheet.text('P', plain(asOf(list)), { color: QUIET }).draw()
  if (list.parts.length === 0) {
    sheet.space(12)
    sheet.text('P', plain(t('none'))).draw()
  }
  for (const part of list.parts) {
    sheet.space(14)
    if (list.parts.length > 1) {
      sheet.text('H2', plain(t('inCurrency', { currency: part.currency })), HEADING).draw()
      sheet.space(3)
    }
    for (const _ of tableOf(sheet, part, headsOf({ ...list, parts: [part] }), locale)) await written()
  }
  if (list.parts.some(({ invoices }) => invoices.some(({ underWay }) => underWay))) {
    sheet.space(8)
    const note = (words: string) => sheet.text('P', plain(words), { size: 8.5, color: QUIET }).draw()
    note(t('underWay'))
    for (const words of partsBeingPaid(list)) note(words)
  }
  return sheet.finish((page, pages) => ({
    left: `${title} · ${asOf(list)}`,
    right: t('page', { page, pages }),
  }))
}

/** Of which of them a part is, how much, and what that leaves. */
const partsBeingPaid = ({ parts, locale }: UnpaidList): string[] =>
  parts.flatMap(({ currency, invoices }) =>
    invoices.flatMap(({ underWay, total, contract, period }) => {
      const words = partWords(underWay, total, currency, locale)
      return words
        ? [`${contract.billerName} ${contract.code}, ${formatMonth(period, locale)}: ${words}`]
        : []
    }),
  )

/** A column for TV tax or interest only where there is any. */
function tableOf(sheet: Sheet, part: ListPart, heads: Heads, locale: Locale): Generator<void> {
  const { currency, invoices, sums } = part
  const amounts = parts.filter(
    one => one === 'principal' || one === 'total' || invoices.some(invoice => invoice[one] > 0),
  )
  const columns = [
    { title: plain(heads.contract), width: 20 },
    { title: plain(heads.month), width: 12 },
    { title: plain(heads.number), width: 13, whole: true },
    { title: plain(heads.dueOn), width: 10, whole: true },
    ...amounts.map(one => ({ title: plain(heads[one]), width: 11, align: 'right' as const })),
  ]
  const amount = (minor: number) => plain(formatAmount(minor, currency, locale))
  const total = translator(locale, 'unpaidList')('toPay')
  const sum = (one: (typeof parts)[number]) =>
    one === 'total' ? plain(formatMoney(sums.total, currency, locale)) : amount(sums[one])
  return sheet.tableByRow(
    columns,
    invoices.map(invoice => [...firstCells(invoice, locale), ...amounts.map(one => amount(invoice[one]))]),
    [plain(total), plain(''), plain(''), plain(''), ...amounts.map(sum)],
  )
}

function firstCells(invoice: UnpaidInvoice, locale: Locale): Words[] {
  const { contract, period, number, dueOn, underWay } = invoice
  const mark = underWay ? ' *' : ''
  return [
    plain(`${contract.billerName} ${contract.code}`),
    plain(formatMonth(period, locale) + mark),
    plain(number),
    plain(formatDay(dueOn, locale)),
  ]
}

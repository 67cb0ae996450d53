// The list of all unpaid invoices as CSV, as spreadsheets with the settings of its language open it.
import { csvStyle, formatMonth } from '../i18n/formats.ts'
import { translator } from '../i18n/translator.ts'
import { type Cell, csvLine } from '../platform/csv.ts'
import { plainAmount } from '../platform/money.ts'
import { headsOf, type ListPart, parts, saidOf, type UnpaidList } from './list-content.ts'

/** Its lines, a head, then one an invoice, and at the end the total of each currency. */
export function* listLines(list: UnpaidList): Generator<string> {
  const { locale } = list
  const line = (cells: Cell[]) => csvLine(cells, csvStyle[locale])
  const amount = (minor: number) => ({ decimal: plainAmount(minor) })
  const heads = headsOf(list)
  yield line([
    ...[heads.company, heads.code, heads.contract, heads.number, heads.month, heads.dueOn],
    ...parts.map(part => heads[part]),
    ...[heads.currency, heads.status],
  ])
  for (const { currency, invoices } of list.parts) {
    for (const invoice of invoices) {
      const { company, title, status } = saidOf(invoice, locale)
      yield line([
        ...[company, { code: invoice.contract.code }, title, { code: invoice.number }],
        ...[formatMonth(invoice.period, locale), invoice.dueOn],
        ...parts.map(part => amount(invoice[part])),
        ...[currency, status],
      ])
    }
  }
  const total = translator(locale, 'unpaidList')('toPay')
  const totalOf = ({ currency, sums }: ListPart) =>
    line([total, '', '', '', '', '', ...parts.map(part => amount(sums[part])), currency, ''])
  for (const part of list.parts) yield totalOf(part)
}

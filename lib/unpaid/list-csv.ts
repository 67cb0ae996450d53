// The list of all unpaid invoices as CSV, as spreadsheets with the settings of its language open it.
import { waitingOf } from '../billing/home-rules.ts'
import { csvStyle } from '../i18n/formats.ts'
import { translator } from '../i18n/translator.ts'
import { type Cell, csvLine } from '../platform/csv.ts'
import { plainAmount } from '../platform/money.ts'
import { headsOf, type ListPart, parts, saidOf, type UnpaidList } from './list-content.ts'

/**
 * Its lines, a head, then one an invoice, and at the end the total of each currency. What is being paid, and what that leaves, have
 * columns of their own, so that each of the others adds up to its total.
 */
export function* listLines(list: UnpaidList): Generator<string> {
  const { locale } = list
  const line = (cells: Cell[]) => csvLine(cells, csvStyle[locale])
  const amount = (minor: number) => ({ decimal: plainAmount(minor) })
  const heads = headsOf(list)
  yield line([
    ...[heads.company, heads.code, heads.contract, heads.number, heads.month, heads.dueOn],
    ...parts.map(part => heads[part]),
    ...[heads.underWay, heads.left, heads.currency, heads.status],
  ])
  for (const { currency, invoices } of list.parts) {
    for (const invoice of invoices) {
      const { company, title, status } = saidOf(invoice, locale)
      yield line([
        ...[company, { code: invoice.contract.code }, title, { code: invoice.number }],
        ...[invoice.period.slice(0, 7), invoice.dueOn],
        ...parts.map(part => (invoice.underWay ? '' : amount(invoice[part]))),
        invoice.underWay ? amount(waitingOf(invoice)) : '',
        invoice.underWay && invoice.underWay.rest > 0 ? amount(invoice.underWay.rest) : '',
        ...[currency, status],
      ])
    }
  }
  const total = translator(locale, 'unpaidList')('toPay')
  const totalOf = ({ currency, sums }: ListPart) =>
    line([total, '', '', '', '', '', ...parts.map(part => amount(sums[part])), '', '', currency, ''])
  for (const part of list.parts) yield totalOf(part)
}

// A contract's history as a file for spreadsheets: what its page shows, invoices first, and below them the payments.
import { supplyOf } from '../billers/supply.ts'
import { csvStyle, currencySign, unitSign } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { type Cell, csvLine } from '../platform/csv.ts'
import { plainAmount } from '../platform/money.ts'
import { paymentNote, sourceOf } from './history-words.ts'
import { invoiceStatus } from './invoice-status.ts'
import type { History, HistoryInvoice, HistoryPayment } from './schema.ts'

const money = (minor: number): Cell => ({ decimal: plainAmount(minor) })

/** Lines; `portal`: the address that invoices are opened at. */
export function historyCsv(history: History, portal: string, locale: Locale): string[] {
  const tables = [invoiceTable(history, portal, locale), paymentTable(history, locale)]
  return tables.flatMap((rows, place) => [
    ...(place > 0 ? [''] : []),
    ...rows.map(row => csvLine(row, csvStyle[locale])),
  ])
}

/** `oshee-AL0000001-2025-01_2025-12`: the first and the last month that it has invoices of. */
export function historyFileName({ billerCode, contractCode, months }: History): string {
  const billed = months.filter(({ invoices }) => invoices.length > 0).map(({ period }) => period.slice(0, 7))
  const ends = [...new Set([billed.at(-1), billed[0]])].filter(month => month !== undefined)
  return [billerCode, contractCode.replace(/[^A-Za-z0-9]+/g, '-'), ends.join('_')].filter(Boolean).join('-')
}

function invoiceTable(history: History, portal: string, locale: Locale): Cell[][] {
  const t = translator(locale, 'history')
  const file = translator(locale, 'historyFile')
  const { unit, currency, today, billerCode } = history
  const hasUnits = unit !== 'none'
  const named = (label: string, sign: string) => file('inUnits', { label, unit: sign })
  const rowOf = (invoice: HistoryInvoice): Cell[] => [
    invoice.period.slice(0, 7),
    { code: invoice.number },
    invoice.issuedOn,
    invoice.dueOn,
    ...(hasUnits
      ? [
          invoice.units === null ? '' : { decimal: String(Number(invoice.units)) },
          invoice.readingKind ? file(`readings.${invoice.readingKind}`) : '',
        ]
      : []),
    money(invoice.total),
    money(invoice.due),
    invoiceStatus(invoice, today, locale).children,
    invoice.isCorrected ? t('corrected') : '',
    `${portal}/invoices/${invoice.id}`,
  ]
  const sign = currencySign(currency, locale)
  return [
    [
      t('month'),
      t('number', { supply: supplyOf(billerCode) }),
      t('issuedOn'),
      t('dueOn'),
      ...(hasUnits ? [named(t('units'), unitSign(unit)), file('reading')] : []),
      named(t('amount'), sign),
      named(file('due'), sign),
      t('status'),
      t('note'),
      file('details'),
    ],
    ...history.months.flatMap(({ invoices }) => invoices.map(rowOf)),
  ]
}

function paymentTable({ payments, currency, billerCode }: History, locale: Locale): Cell[][] {
  const t = translator(locale, 'history')
  const file = translator(locale, 'historyFile')
  const numbersOf = ({ pays, invoiceNumber }: HistoryPayment): Cell => {
    const numbers = pays.length > 0 ? pays.map(({ number }) => number) : [invoiceNumber ?? '']
    return numbers.length === 1 ? { code: numbers[0]! } : numbers.join(' ')
  }
  return [
    [
      t('paidOn'),
      file('inUnits', { label: t('amount'), unit: currencySign(currency, locale) }),
      t('method'),
      t('source'),
      t('invoice', { supply: supplyOf(billerCode) }),
      t('note'),
    ],
    ...payments.map(payment => [
      payment.paidOn,
      money(payment.amount),
      t(`methods.${payment.method}`),
      sourceOf(payment, locale),
      numbersOf(payment),
      paymentNote(payment, currency, locale) ?? '',
    ]),
  ]
}

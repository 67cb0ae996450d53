// What the statement of a year says, in words and in order.
import { collectsTvTax, hasMeters, supplyOf, wordsFor } from '../billers/supply.ts'
import {
  atStart,
  currencySign,
  formatAmount,
  formatDay,
  formatList,
  formatMoney,
  formatMonthInSentence,
  formatMonthName,
  formatNumber,
  unitSign,
} from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { type Translator, translator } from '../i18n/translator.ts'
import { codeWords, inBoth, plain, type Row, type Words } from '../i18n/words.ts'
import type { Column } from '../pdf/tables.ts'
import type { Currency } from '../platform/money.ts'
import { type Letterhead, letterhead } from './letterhead.ts'
import type { StatedInvoice, YearStatement } from './schema.ts'
import { statementSums } from './year-statement-rules.ts'

type Say = (say: (texts: Translator<'yearStatement'>, locale: Locale) => string) => Words
type Table = { title: Words; columns: Column[]; rows: Words[][]; total: Words[] }

export type YearStatementContent = {
  title: Words
  letterhead: Letterhead
  about: Row[]
  billed: Table
  standing: Table
  /** Below the tables: why something is not told. */
  notes: Words[]
  sums: Row[]
  footer: string
}

/** Of what its lines do not tell. */
const NONE = plain('–')

export function yearStatementContent(statement: YearStatement, locale: Locale): YearStatementContent {
  const { year, on, today, biller, currency, invoices, earlier } = statement
  const say: Say = text => inBoth(locale, language => text(translator(language, 'yearStatement'), language))
  const money = (minor: number) => plain(formatMoney(minor, currency, locale))
  const sums = statementSums(invoices)
  const day = (language: Locale) => formatDay(on, language)
  return {
    title: say(t => t('title', { year })),
    letterhead: letterhead(biller),
    about: aboutRows(statement, locale, say),
    billed: billedTable(statement, locale, say),
    standing: standingTable(statement, locale, say),
    notes: [
      ...issuedLaterNotes(statement, locale, say),
      ...(statement.level === 'masked' ? [say(t => t('masked', { biller: biller.name }))] : []),
    ],
    sums: [
      { label: say((t, language) => t('leftOfYear', { year, day: day(language) })), value: money(sums.left) },
      ...earlierRows(statement, locale, say),
      {
        label: say((t, language) => t('leftOfAll', { day: day(language) })),
        value: money(sums.left + earlier.left),
        strong: true,
      },
    ],
    footer: translator(locale, 'yearStatement')('footer', {
      biller: biller.name,
      day: formatDay(today, locale),
    }),
  }
}

/** From what was left when the year began to what is left of it: the one year's statement goes on where the other ended. */
function earlierRows({ earlier, year, currency }: YearStatement, locale: Locale, say: Say): Row[] {
  const { before, issued, interest, paid, left } = earlier
  const money = (minor: number) => plain(formatMoney(minor, currency, locale))
  const row = (label: Words, minor: number): Row[] => (minor === 0 ? [] : [{ label, value: money(minor) }])
  const steps = [
    ...row(
      say((t, language) => t('earlierBefore', { day: formatDay(`${year - 1}-12-31`, language) })),
      before,
    ),
    ...row(
      say(t => t('earlierIssued', { year })),
      issued,
    ),
    ...row(
      say(t => t('earlierInterest', { year })),
      interest,
    ),
    ...row(
      say(t => t('earlierPaid', { year })),
      -paid,
    ),
  ]
  return steps.length > 0 ? [...steps, { label: say(t => t('leftOfEarlier')), value: money(left) }] : []
}

const isOwed = ({ left }: StatedInvoice) => left !== null

/** Of invoices that were not owed yet: which, and what there was to pay of them. */
function issuedLaterNotes({ invoices, on, currency }: YearStatement, locale: Locale, say: Say): Words[] {
  const later = invoices.filter(invoice => !isOwed(invoice))
  if (later.length === 0) return []
  const amount = formatMoney(
    later.reduce((sum, { total, interest, paid }) => sum + total + interest - paid, 0),
    currency,
    locale,
  )
  return [
    say((t, language) => {
      const list = formatList(
        later.map(({ period }) => formatMonthInSentence(period, language)),
        language,
      )
      return t('issuedLater', { list, amount, day: formatDay(on, language) })
    }),
  ]
}

function aboutRows(
  { biller, contractCode, holder, on, year }: YearStatement,
  locale: Locale,
  say: Say,
): Row[] {
  const known = (label: 'name' | 'address' | 'businessNumber', words = plain): Row[] =>
    holder[label] === null ? [] : [{ label: say(t => t(label)), value: words(holder[label]) }]
  return [
    ...known('name'),
    ...known('businessNumber', codeWords),
    ...known('address'),
    { label: say(t => t('contractCode', wordsFor(biller))), value: codeWords(contractCode) },
    {
      label: say(t => t('period')),
      value: plain(`${formatDay(`${year}-01-01`, locale)} – ${formatDay(on, locale)}`),
    },
  ]
}

/** A column of a table: its head, a cell of each invoice, and of the last line. */
type Of = Column & { cell: (invoice: StatedInvoice) => Words; sum: Words }

const tableOf = (title: Words, columns: Of[], invoices: StatedInvoice[]): Table => ({
  title,
  columns,
  rows: invoices.map(invoice => columns.map(({ cell }) => cell(invoice))),
  total: columns.map(({ sum }) => sum),
})

/** The month and the number that head each line of both tables. */
function heads({ biller, invoices }: YearStatement, locale: Locale, say: Say): Of[] {
  const supply = supplyOf(biller.code)
  return [
    {
      title: say(t => t('month')),
      width: 14,
      cell: ({ period }) => plain(atStart(formatMonthName(period, locale))),
      sum: inBoth(locale, language =>
        translator(language, 'history')(supply === 'fines' ? 'finesAll' : 'all', { count: invoices.length }),
      ),
    },
    {
      title: say(t => t('number', { supply })),
      width: 15,
      whole: true,
      cell: ({ number }) => codeWords(number),
      sum: plain(''),
    },
  ]
}

/** Columns of amounts, each headed by its own word; a dash where the lines of an invoice do not tell. */
function amountsOf(invoices: StatedInvoice[], currency: Currency, locale: Locale, say: Say, width: number) {
  const sums = statementSums(invoices)
  const print = (minor: number | null) =>
    minor === null ? NONE : plain(formatAmount(minor, currency, locale))
  return (of: 'net' | 'vat' | 'tvTax' | 'total' | 'interest' | 'paid' | 'left'): Of => ({
    ...{ title: say(t => t(of)), width, align: 'right' },
    cell: invoice => print(invoice[of]),
    sum: print(sums[of]),
  })
}

function billedTable(statement: YearStatement, locale: Locale, say: Say): Table {
  const { biller, currency, invoices } = statement
  const amount = amountsOf(invoices, currency, locale, say, 13)
  const units: Of = {
    title: plain(unitSign(biller.unit)),
    width: 10,
    align: 'right',
    cell: ({ units }) => (units === null ? NONE : plain(formatNumber(units, locale))),
    sum: plain(formatNumber(statementSums(invoices).units, locale)),
  }
  const columns = [
    ...heads(statement, locale, say),
    ...(hasMeters(biller.code) ? [units] : []),
    amount('net'),
    amount('vat'),
    ...(collectsTvTax(biller.code) ? [amount('tvTax')] : []),
    amount('total'),
  ]
  const title = say((t, language) => t('billed', { currency: currencySign(currency, language) }))
  return tableOf(title, columns, invoices)
}

function standingTable(statement: YearStatement, locale: Locale, say: Say): Table {
  const { currency, chargesInterest, on } = statement
  const owed = { ...statement, invoices: statement.invoices.filter(isOwed) }
  const amount = amountsOf(owed.invoices, currency, locale, say, 14)
  const columns = [
    ...heads(owed, locale, say),
    {
      title: say(t => t('dueOn')),
      width: 14,
      cell: ({ dueOn }: StatedInvoice) => plain(formatDay(dueOn, locale)),
      sum: plain(''),
    },
    amount('total'),
    ...(chargesInterest ? [amount('interest')] : []),
    amount('paid'),
    amount('left'),
  ]
  const title = say((t, language) =>
    t('standing', { day: formatDay(on, language), currency: currencySign(currency, language) }),
  )
  return tableOf(title, columns, owed.invoices)
}

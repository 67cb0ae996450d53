// What a receipt says, in words and in order: its page and its PDF both show exactly this.
import { supplyOf, wordsFor } from '../billers/supply.ts'
import { type Letterhead, letterhead } from '../billing/letterhead.ts'
import { sumOf } from '../billing/statement-rules.ts'
import { formatDay, formatDayInSentence, formatInstant, formatMoney, formatMonth } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { type Translator, translator } from '../i18n/translator.ts'
import { codeWords, inBoth, plain, type Row, type Words } from '../i18n/words.ts'
import { remainder } from './outcome-rules.ts'
import type { Receipt, ReceiptContract, ReceiptLine } from './schema.ts'

type Texts = Translator<'receiptDocument'>

export type ReceiptContent = {
  title: Words
  letterhead: Letterhead
  stamp: { state: 'paid' | 'reversed'; words: Words }
  /** That it was taken back; null: it was not. */
  notice: Words | null
  summary: Row[]
  payment: Row[]
  /** One alone is the receipt's; of several each has a title. */
  contracts: ContractContent[]
  /** What of it is given back or pays nothing, and the amount. */
  sums: Row[]
  /** What of its invoices is still due, and why; null: nothing, or it was taken back. */
  stillDue: Words | null
  /** What it is good for; null once it is not. */
  about: Words | null
}

export type ContractContent = {
  /** Which one it is, by its code; null: the receipt has no other, or does not say. */
  title: Words | null
  facts: Row[]
  /** That its part was taken back; null: it was not, or the whole receipt was. */
  notice: Words | null
  lines: { title: Words; columns: Words[]; rows: Words[][] }
  /** What of its money pays these lines. */
  sum: Words
  sums: Row[]
}

export function receiptContent(receipt: Receipt, locale: Locale): ReceiptContent {
  const say = sayIn(locale)
  const { biller, contracts, reversedOn } = receipt
  const money = (minor: number) => plain(formatMoney(minor, biller.currency, locale))
  const hasInterest = contracts.some(({ lines }) => lines.some(({ interest }) => interest > 0))
  const amount: Row = { label: say(t => t('amount')), value: money(receipt.amount), strong: true }
  return {
    title: say(t => t('title', { number: receipt.number })),
    letterhead: letterhead(biller),
    stamp: reversedOn
      ? { state: 'reversed', words: say(t => t('reversedMark')) }
      : { state: 'paid', words: say(t => t('paidMark')) },
    notice: reversedOn ? say((t, language) => t('reversed', { day: formatDay(reversedOn, language) })) : null,
    summary: [
      amount,
      { label: say(t => t('paidAt')), value: plain(formatInstant(receipt.paidAt, locale, biller.timeZone)) },
      { label: say(t => t('method')), value: say(t => t('card')) },
    ],
    payment: hasInterest
      ? [{ label: say(t => t('countedTo')), value: plain(formatDay(receipt.paidOn, locale)) }]
      : [],
    contracts: contracts.map(contract => contractContent(receipt, contract, locale)),
    sums: [...notPaidFor(receipt, biller, locale), amount],
    stillDue: reversedOn || receipt.stillDue === 0 ? null : say(stillDue(receipt)),
    about: reversedOn ? null : say(t => t('about', { biller: biller.name })),
  }
}

const sayIn = (locale: Locale) => (text: (texts: Texts, locale: Locale) => string) =>
  inBoth(locale, language => text(translator(language, 'receiptDocument'), language))

/** What of the money pays no line. */
function notPaidFor(
  { givenBack, surplus }: Pick<ReceiptContract, 'givenBack' | 'surplus'>,
  { currency }: Receipt['biller'],
  locale: Locale,
): Row[] {
  const say = sayIn(locale)
  return (['givenBack', 'surplus'] as const).flatMap(key => {
    const amount = { givenBack, surplus }[key]
    return amount > 0
      ? [{ label: say(t => t(key)), value: plain(formatMoney(amount, currency, locale)) }]
      : []
  })
}

function contractContent(receipt: Receipt, contract: ReceiptContract, locale: Locale): ContractContent {
  const say = sayIn(locale)
  const { biller } = receipt
  const { code, holderName, lines, amount, reversedOn } = contract
  const money = (minor: number) => plain(formatMoney(minor, biller.currency, locale))
  const isOnly = receipt.contracts.length === 1
  const codeLabel = say(t => t('contractCode', wordsFor(biller)))
  return {
    title: isOnly || code === null ? null : say(t => `${t('contractCode', wordsFor(biller))} ${code}`),
    facts: [
      ...(isOnly && code !== null ? [{ label: codeLabel, value: codeWords(code) }] : []),
      ...(holderName === null ? [] : [{ label: say(t => t('holder')), value: plain(holderName) }]),
    ],
    notice:
      reversedOn && !receipt.reversedOn
        ? say((t, language) => t('reversedOf', { day: formatDayInSentence(reversedOn, language) }))
        : null,
    lines: linesContent(receipt, contract, locale),
    sum: money(sumOf(lines, 'total')),
    sums: isOnly
      ? []
      : [...notPaidFor(contract, biller, locale), { label: say(t => t('amountOf')), value: money(amount) }],
  }
}

/** All of a receipt's tables have the same columns. */
function linesContent(
  { biller, contracts }: Receipt,
  { level, lines }: ReceiptContract,
  locale: Locale,
): ContractContent['lines'] {
  const say = sayIn(locale)
  const supply = supplyOf(biller.code)
  const all = contracts.flatMap(contract => contract.lines)
  // Who may not open an invoice is not told its number: month and due date say which one it is.
  const which = level === 'amounts' ? (['month', 'dueOn'] as const) : (['invoice', 'month'] as const)
  const sums = [
    'principal',
    ...(all.some(({ interest }) => interest > 0) ? (['interest'] as const) : []),
    ...(all.some(({ tvTax }) => tvTax > 0) ? (['tvTax'] as const) : []),
    'lineTotal',
  ] as const
  const identify = {
    invoice: (line: ReceiptLine) => codeWords(line.invoiceNumber),
    month: (line: ReceiptLine) => plain(formatMonth(line.period, locale)),
    dueOn: (line: ReceiptLine) => plain(formatDay(line.dueOn, locale)),
  }
  return {
    title: say(t => t('lines', { supply })),
    columns: [...which, ...sums].map(column => say(t => t(column, { supply }))),
    rows: lines.map(line => [
      ...which.map(column => identify[column](line)),
      ...sums.map(sum =>
        plain(formatMoney(sum === 'lineTotal' ? line.total : line[sum], biller.currency, locale)),
      ),
    ]),
  }
}

const stillDue =
  (receipt: Receipt) =>
  (t: Texts, locale: Locale): string => {
    const note = remainder(receipt, receipt.paidOn)
    const amount = formatMoney(note.amount, receipt.biller.currency, locale)
    return note.about === 'short'
      ? t('short', {
          started: formatDayInSentence(note.startedOn, locale),
          day: formatDayInSentence(note.paidOn, locale),
          amount,
        })
      : t(note.about, { amount })
  }

// What a receipt says, in words and in order: its page and its PDF both show exactly this.
import { supplyOf, wordsFor } from '../billers/supply.ts'
import { type Letterhead, letterhead } from '../billing/letterhead.ts'
import { formatDay, formatDayInSentence, formatInstant, formatMoney, formatMonth } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { type Translator, translator } from '../i18n/translator.ts'
import { codeWords, inBoth, plain, type Row, type Words } from '../i18n/words.ts'
import { remainder } from './outcome-rules.ts'
import type { Receipt, ReceiptLine } from './schema.ts'

type Texts = Translator<'receiptDocument'>

export type ReceiptContent = {
  title: Words
  letterhead: Letterhead
  stamp: { state: 'paid' | 'reversed'; words: Words }
  /** That it was taken back; null: it was not. */
  notice: Words | null
  summary: Row[]
  payment: Row[]
  contract: Row[]
  lines: { title: Words; columns: Words[]; rows: Words[][] }
  sums: Row[]
  /** What of its invoices is still due, and why; null: nothing, or it was taken back. */
  stillDue: Words | null
  /** What it is good for; null once it is not. */
  about: Words | null
}

export function receiptContent(receipt: Receipt, locale: Locale): ReceiptContent {
  const say = (text: (texts: Texts, locale: Locale) => string) =>
    inBoth(locale, language => text(translator(language, 'receiptDocument'), language))
  const { biller, contract, reversedOn } = receipt
  const supply = supplyOf(biller.code)
  const money = (minor: number) => plain(formatMoney(minor, biller.currency, locale))
  // Who may not open an invoice is not told its number: month and due date say which one it is.
  const which = contract.level === 'amounts' ? (['month', 'dueOn'] as const) : (['invoice', 'month'] as const)
  const hasTvTax = receipt.lines.some(({ tvTax }) => tvTax > 0)
  const hasInterest = receipt.lines.some(({ interest }) => interest > 0)
  const sums = [
    'principal',
    ...(hasInterest ? (['interest'] as const) : []),
    ...(hasTvTax ? (['tvTax'] as const) : []),
    'lineTotal',
  ] as const
  const columns = [...which, ...sums]
  const identify = {
    invoice: (line: ReceiptLine) => codeWords(line.invoiceNumber),
    month: (line: ReceiptLine) => plain(formatMonth(line.period, locale)),
    dueOn: (line: ReceiptLine) => plain(formatDay(line.dueOn, locale)),
  }
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
    contract: [
      ...(contract.code === null
        ? []
        : [
            {
              label: say(t => t('contractCode', wordsFor(biller))),
              value: codeWords(contract.code),
            },
          ]),
      ...(contract.holderName === null
        ? []
        : [{ label: say(t => t('holder')), value: plain(contract.holderName) }]),
    ],
    lines: {
      title: say(t => t('lines', { supply })),
      columns: columns.map(column => say(t => t(column, { supply }))),
      rows: receipt.lines.map(line => [
        ...which.map(column => identify[column](line)),
        ...sums.map(sum => money(sum === 'lineTotal' ? line.total : line[sum])),
      ]),
    },
    sums: [
      ...(receipt.surplus > 0 ? [{ label: say(t => t('surplus')), value: money(receipt.surplus) }] : []),
      amount,
    ],
    stillDue: reversedOn || receipt.stillDue === 0 ? null : say(stillDue(receipt)),
    about: reversedOn ? null : say(t => t('about', { biller: biller.name })),
  }
}

const stillDue =
  ({ stillDue: amount, startedOn, paidOn, biller }: Receipt) =>
  (t: Texts, locale: Locale): string => {
    const note = remainder(amount, startedOn, paidOn)
    const money = formatMoney(note.amount, biller.currency, locale)
    return note.about === 'short'
      ? t('short', {
          started: formatDayInSentence(note.startedOn, locale),
          day: formatDayInSentence(note.paidOn, locale),
          amount: money,
        })
      : t('stillDue', { amount: money })
  }

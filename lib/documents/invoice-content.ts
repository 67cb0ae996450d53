// What an invoice says, in words and in order: its page and its PDF both show exactly this.
import { paymentCode } from '../billing/payment-code.ts'
import type { Invoice } from '../billing/schema.ts'
import { splitPrincipal } from '../billing/statement-rules.ts'
import { formatDay, formatMoney, formatMonth, formatNumber, formatUnits } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { documentTexts, inBoth, plain } from './bilingual.ts'
import type { Row } from './sheet.ts'
import type { Words } from './typesetter.ts'

export type ContentSection = { title: Words; rows: Row[] }

/** The slip for the counter. `code` is what its QR code and its barcode hold (docs/payment-code.md). */
export type PaymentPart = {
  title: Words
  hint: string
  amounts: Row[]
  references: Row[]
  code: string
  qrAlt: string
  barcodeAlt: string
}

export type InvoiceContent = {
  title: Words
  markAlt: string
  biller: { name: string; contacts: string[] }
  /** What became of it, in a word; null while something is due. */
  stamp: { state: 'paid' | 'cancelled'; words: Words } | null
  /** What the reader must know before anything else: that it is cancelled, or being paid. */
  notice: Words | null
  dates: Row[]
  holder: ContentSection
  /** Why the holder is masked, and what to do about it; null: it is not. */
  masked: string | null
  /** What is supplied where, and how much of it. */
  supply: ContentSection
  lines: { title: Words; columns: Words[]; rows: Words[][] }
  sums: Row[]
  balance: Row[]
  complaints: { title: Words; text: Words }
  /** Null where there is nothing to pay, or a payment is under way. */
  payment: PaymentPart | null
}

type Texts = ReturnType<typeof documentTexts<'invoiceDocument'>>
/** Says something of the invoice in both languages. */
type Say = (say: (texts: Texts, locale: Locale) => string) => Words

const LINE_CODES = ['ENERGY', 'FIXED', 'TV', 'A1B1', 'A2B1', 'A1B2', 'A2B2'] as const
const isLineCode = (code: string): code is (typeof LINE_CODES)[number] =>
  LINE_CODES.includes(code as (typeof LINE_CODES)[number])

export function invoiceContent(invoice: Invoice, locale: Locale): InvoiceContent {
  const say: Say = text =>
    inBoth(locale, language => text(documentTexts(language, 'invoiceDocument'), language))
  const texts = documentTexts(locale, 'invoiceDocument')
  const day = (on: string) => plain(formatDay(on, locale))
  const { biller, cancelledOn, periodFrom, periodTo } = invoice
  const period =
    periodFrom && periodTo
      ? [
          {
            label: say(t => t('period')),
            value: plain(`${formatDay(periodFrom, locale)} – ${formatDay(periodTo, locale)}`),
          },
        ]
      : []
  return {
    title: say(t => t('title', { number: invoice.number })),
    markAlt: texts('mark'),
    biller: { name: biller.name, contacts: contactsOf(invoice) },
    stamp: stamp(invoice, say),
    notice: cancelledOn
      ? say((t, language) => t('cancelled', { day: formatDay(cancelledOn, language) }))
      : invoice.hasLiveAttempt && invoice.due.total > 0
        ? say(t => t('underWay'))
        : null,
    dates: [
      { label: say(t => t('month')), value: plain(formatMonth(invoice.period, locale)) },
      ...period,
      { label: say(t => t('issuedOn')), value: day(invoice.issuedOn) },
      { label: say(t => t('dueOn')), value: day(invoice.dueOn), strong: true },
    ],
    holder: { title: say(t => t('holder')), rows: holderRows(invoice, say) },
    masked: invoice.level === 'holder' ? null : texts('masked', { biller: biller.name }),
    supply: { title: say(t => t('supply')), rows: supplyRows(invoice, locale, say) },
    lines: lines(invoice, locale, say),
    sums: sums(invoice, locale, say),
    balance: balance(invoice, locale, say),
    complaints: complaints(invoice, say),
    payment: payment(invoice, locale, say),
  }
}

const contactsOf = ({ biller }: Invoice): string[] =>
  [biller.phone, biller.email].filter(contact => contact !== null)

function stamp({ cancelledOn, due }: Invoice, say: Say): InvoiceContent['stamp'] {
  if (cancelledOn) return { state: 'cancelled', words: say(t => t('cancelledMark')) }
  return due.total === 0 ? { state: 'paid', words: say(t => t('paidMark')) } : null
}

/** Everyone but the holder sees all five masked; the holder does not see the number that a person or a business lacks. */
function holderRows({ holder, level }: Invoice, say: Say): Row[] {
  const row = (key: 'name' | 'address' | 'phone' | 'personalNumber' | 'businessNumber'): Row => ({
    label: say(t => t(key)),
    value: holder[key] === null ? say(t => t('unknown')) : plain(holder[key]),
  })
  const numbers = (['personalNumber', 'businessNumber'] as const).filter(
    key => holder[key] !== null || level !== 'holder',
  )
  return [row('name'), row('address'), row('phone'), ...numbers.map(row)]
}

function supplyRows(invoice: Invoice, locale: Locale, say: Say): Row[] {
  const { previousReading, currentReading, readingKind, units, meterNumber } = invoice
  const { country, unit } = invoice.biller
  const number = (value: string) => plain(formatNumber(value, locale))
  const rows: Row[] = [
    { label: say(t => t('contractCode', { country })), value: plain(invoice.contractCode) },
  ]
  if (meterNumber) rows.push({ label: say(t => t('meter', { country })), value: plain(meterNumber) })
  if (unit === 'none') return rows
  if (previousReading !== null)
    rows.push({ label: say(t => t('previousReading')), value: number(previousReading) })
  if (currentReading !== null)
    rows.push({ label: say(t => t('currentReading')), value: number(currentReading) })
  if (readingKind !== null)
    rows.push({ label: say(t => t('readingKind')), value: say(t => t(`readingKinds.${readingKind}`)) })
  if (units !== null)
    rows.push({ label: say(t => t('units')), value: plain(formatUnits(units, unit, locale)), strong: true })
  return rows
}

function lines(invoice: Invoice, locale: Locale, say: Say): InvoiceContent['lines'] {
  const columns = ['line', 'quantity', 'unitPrice', 'lineAmount', 'vatPercent'] as const
  return {
    title: say(t => t('lines')),
    columns: columns.map(column => say(t => t(column))),
    rows: invoice.lines.map(({ code, ...line }) => [
      isLineCode(code) ? say(t => t(`lineCodes.${code}`)) : plain(code),
      plain(formatNumber(line.quantity, locale)),
      plain(formatNumber(line.unitPrice, locale, 2, 4)),
      plain(formatMoney(line.amount, invoice.currency, locale)),
      plain(formatNumber(line.vatPercent, locale)),
    ]),
  }
}

function sums(invoice: Invoice, locale: Locale, say: Say): Row[] {
  const money = (minor: number) => plain(formatMoney(minor, invoice.currency, locale))
  const split = splitPrincipal(invoice.lines, invoice.principal)
  return [
    ...(split
      ? [
          { label: say(t => t('net')), value: money(split.net) },
          { label: say(t => t('vat')), value: money(split.vat) },
        ]
      : []),
    { label: say(t => t('principal')), value: money(invoice.principal) },
    { label: say(t => t('tvTax')), value: money(invoice.tvTax) },
    { label: say(t => t('total')), value: money(invoice.total), strong: true },
  ]
}

function balance({ paid, due, today, currency }: Invoice, locale: Locale, say: Say): Row[] {
  const money = (minor: number) => plain(formatMoney(minor, currency, locale))
  return [
    { label: say(t => t('paid')), value: money(paid) },
    {
      label: say((t, language) => t('interest', { day: formatDay(today, language) })),
      value: money(due.interest),
    },
    { label: say(t => t('due')), value: money(due.total), strong: true },
  ]
}

/** The regulator is one of energy: of what other billers sell there are others, which the biller's own pages name. */
function complaints(invoice: Invoice, say: Say): InvoiceContent['complaints'] {
  const { name, country, unit } = invoice.biller
  const contacts = contactsOf(invoice).join(', ')
  const biller = contacts ? `${name} (${contacts})` : name
  return {
    title: say(t => t('complaints.title')),
    text: say(t =>
      unit === 'kWh' ? t('complaints.energy', { biller, country }) : t('complaints.other', { biller }),
    ),
  }
}

function payment(invoice: Invoice, locale: Locale, say: Say): PaymentPart | null {
  const { biller, due, cancelledOn, hasLiveAttempt, contractCode, number, today } = invoice
  if (due.total === 0 || cancelledOn || hasLiveAttempt) return null
  const code = paymentCode({ biller: biller.code, contractCode, invoiceNumber: number })
  const t = documentTexts(locale, 'invoiceDocument')
  return {
    title: say(texts => texts('payment.title')),
    hint: t('payment.hint'),
    amounts: [
      {
        label: say((texts, language) => texts('payment.amount', { day: formatDay(today, language) })),
        value: plain(formatMoney(due.total, invoice.currency, locale)),
        strong: true,
      },
      { label: say(texts => texts('dueOn')), value: plain(formatDay(invoice.dueOn, locale)) },
    ],
    references: [
      { label: say(texts => texts('payment.biller')), value: plain(biller.name) },
      {
        label: say(texts => texts('contractCode', { country: biller.country })),
        value: plain(contractCode),
        strong: true,
      },
      { label: say(texts => texts('payment.invoiceNumber')), value: plain(number), strong: true },
    ],
    code,
    qrAlt: t('payment.qr', { code }),
    barcodeAlt: t('payment.barcode', { code }),
  }
}

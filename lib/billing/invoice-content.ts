// What an invoice says, in words and in order: its page and its PDF both show exactly this.
import { billerOf } from '../../db/billers.ts'
import { supplyOf, wordsFor } from '../billers/supply.ts'
import {
  formatDay,
  formatDayInSentence,
  formatMoney,
  formatMonth,
  formatMonthInSentence,
  formatNumber,
  formatPrice,
  formatShortMonth,
  formatUnits,
  unitSign,
} from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { codeWords, inBoth, plain, type Row, type Words } from '../i18n/words.ts'
import { fitsQrCode } from '../platform/barcodes.ts'
import type { ConsumptionMonth } from './consumption.ts'
import { holderRows, referenceRow, type Say, supplyRows } from './invoice-rows.ts'
import { waitingWords } from './invoice-status.ts'
import { type Letterhead, letterhead } from './letterhead.ts'
import { paymentCode } from './payment-code.ts'
import type { Invoice } from './schema.ts'
import { splitPrincipal } from './statement-rules.ts'
import { isOneRate } from './tariff-groups.ts'
import { transferCode, transferReference, transferRows } from './transfer.ts'

/** What the reader must know before anything else. */
export type InvoiceNotice = { about: 'cancelled' | 'underWay' | 'corrected'; words: Words }

export type ContentSection = { title: Words; rows: Row[] }

/**
 * The slip for the counter, and for a transfer where the biller's account is known. `code` is what its barcode and its QR code
 * hold (docs/payment-code.md). `qrAlt` is null where that is too much to be read.
 */
export type PaymentPart = {
  title: Words
  /** For the customer, not for the counter: in the reader's language alone. */
  hint: string
  amounts: Row[]
  references: Row[]
  /** What a transfer needs, line by line; none where it is not known. */
  transfer: Row[][]
  code: string
  qrAlt: string | null
  barcodeAlt: string
  /** In place of the QR code where a bank's app can scan it: on paper and a large screen, but not on the app's own phone. */
  bankApp: { hint: string; code: string; qrAlt: string } | null
}

/**
 * What the tax authority gave the invoice, as the biller passed it on. `qr` is the text of its QR code; `link` what that
 * leads to, where it is an https address.
 */
export type FiscalCodes = {
  title: Words
  rows: Row[]
  qr: { text: string; alt: string; link: { href: string; text: string } | null } | null
}

/** A year of consumption as a picture; `alt` says it in words. */
export type Consumption = {
  title: Words
  alt: string
  months: {
    month: ConsumptionMonth
    look: 'plain' | 'hatched' | 'missing' | 'last'
    label: string
    figure?: string
  }[]
}

export type InvoiceContent = {
  title: Words
  letterhead: Letterhead
  /** How it stands, as pages say it (invoice-status.ts); null while it may still be paid in time. */
  stamp: { state: 'paid' | 'cancelled' | 'waiting' | 'overdue'; words: Words } | null
  notices: InvoiceNotice[]
  /** What is owed, and until when; null: it is cancelled. */
  headline: Row[] | null
  dates: Row[]
  number: Row
  holder: ContentSection
  /** Why the holder is masked, and what to do about it; null: it is not. */
  masked: string | null
  /** What is supplied where, and how much of it. */
  supply: ContentSection
  lines: { title: Words; columns: Words[]; rows: Words[][] }
  sums: Row[]
  balance: Row[]
  /** Null where there are none, or they are not the reader's to see. */
  fiscal: FiscalCodes | null
  /** Null where there are no two months to compare. */
  consumption: Consumption | null
  complaints: { title: Words; text: Words }
  /** Null where there is nothing to pay, or a payment is under way. */
  payment: PaymentPart | null
}

const LINE_CODES = [
  ...(['ENERGY', 'FIXED', 'TV', 'A1B1', 'A2B1', 'A1B2', 'A2B2'] as const),
  ...(['WATER', 'SEWERAGE', 'SUBSCRIPTION', 'CALLS', 'FINE'] as const),
] as const
const isLineCode = (code: string): code is (typeof LINE_CODES)[number] =>
  LINE_CODES.includes(code as (typeof LINE_CODES)[number])

type LineOf = Pick<Invoice, 'tariffGroup'> & { biller: Pick<Invoice['biller'], 'code'> }

/** Its key; undefined where the biller's code says all. A meter of one rate counts by the codes of the high one. */
function lineKey(code: string, { biller, tariffGroup }: LineOf) {
  if ((code === 'A1B1' || code === 'A1B2') && isOneRate(biller.code, tariffGroup))
    return `oneRateCodes.${code}` as const
  return isLineCode(code) ? (`lineCodes.${code}` as const) : undefined
}

/** A line of the feed as customers know it. */
export function lineName(code: string, invoice: LineOf, locale: Locale): string {
  const key = lineKey(code, invoice)
  return key ? translator(locale, 'invoiceDocument')(key) : code
}

export function invoiceContent(invoice: Invoice, locale: Locale): InvoiceContent {
  const say: Say = text => inBoth(locale, language => text(translator(language, 'invoiceDocument'), language))
  const texts = translator(locale, 'invoiceDocument')
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
    title: say(t => t('title', { number: invoice.number, supply: supplyOf(biller.code) })),
    letterhead: letterhead(biller),
    stamp: stamp(invoice, say),
    notices: notices(invoice, say),
    headline: headline(invoice, locale, say),
    dates: [
      { label: say(t => t('month')), value: plain(formatMonth(invoice.period, locale)) },
      ...period,
      { label: say(t => t('issuedOn')), value: day(invoice.issuedOn) },
      ...(cancelledOn ? [{ label: say(t => t('dueOn')), value: day(invoice.dueOn) }] : []),
    ],
    number: {
      label: say(t => t('payment.invoiceNumber', { supply: supplyOf(biller.code) })),
      value: codeWords(invoice.number),
    },
    holder: { title: say(t => t('holder')), rows: holderRows(invoice, say) },
    masked: invoice.level === 'holder' ? null : texts('masked', { biller: biller.name }),
    supply: {
      title: say(t =>
        biller.unit === 'none' ? t('contract', { supply: supplyOf(biller.code) }) : t('supply'),
      ),
      rows: supplyRows(invoice, locale, say),
    },
    lines: lines(invoice, locale, say),
    sums: sums(invoice, locale, say),
    balance: balance(invoice, locale, say),
    fiscal: fiscalCodes(invoice, locale, say),
    consumption: consumption(invoice, locale, say),
    complaints: complaints(invoice, say),
    payment: payment(invoice, locale, say),
  }
}

function stamp({ cancelledOn, due, overdue, underWay }: Invoice, say: Say): InvoiceContent['stamp'] {
  if (cancelledOn) return { state: 'cancelled', words: say(t => t('cancelledMark')) }
  if (due.total === 0) return { state: 'paid', words: say(t => t('paidMark')) }
  if (underWay)
    return {
      state: 'waiting',
      words: say((_, language) => waitingWords(underWay, language).toLocaleUpperCase(language)),
    }
  return overdue ? { state: 'overdue', words: say(t => t('overdueMark')) } : null
}

function notices(invoice: Invoice, say: Say): InvoiceNotice[] {
  const { cancelledOn, correctedOn, due, underWay } = invoice
  if (cancelledOn)
    return [
      {
        about: 'cancelled',
        words: say((t, language) => t('cancelled', { day: formatDay(cancelledOn, language) })),
      },
    ]
  const all: InvoiceNotice[] = []
  if (due.total > 0 && underWay) {
    const money = (minor: number, language: Locale) => formatMoney(minor, invoice.currency, language)
    const words = say((t, language) =>
      underWay.rest > 0
        ? t('underWayPart', {
            amount: money(due.total - underWay.rest, language),
            rest: money(underWay.rest, language),
          })
        : t('underWay'),
    )
    all.push({ about: 'underWay', words })
  }
  if (correctedOn)
    all.push({
      about: 'corrected',
      words: say((t, language) => t('corrected', { day: formatDayInSentence(correctedOn, language) })),
    })
  return all
}

function headline(invoice: Invoice, locale: Locale, say: Say): Row[] | null {
  const { cancelledOn, due, dueOn, currency, underWay } = invoice
  if (cancelledOn) return null
  // An amount with interest is one of its day, whether it is asked for or not.
  const dated = due.total > 0 && (!underWay || due.interest > 0)
  return [
    {
      label: dated ? toPay(invoice, say) : say(t => t('due')),
      value: plain(formatMoney(due.total, currency, locale)),
      strong: true,
    },
    { label: say(t => t('dueOn')), value: plain(formatDay(dueOn, locale)) },
  ]
}

const toPay = ({ today }: Invoice, say: Say): Words =>
  say((t, language) => t('payment.amount', { day: formatDay(today, language) }))

function lines(invoice: Invoice, locale: Locale, say: Say): InvoiceContent['lines'] {
  const columns = ['line', 'quantity', 'unitPrice', 'lineAmount', 'vatPercent'] as const
  return {
    title: say(t => t('lines', { supply: supplyOf(invoice.biller.code) })),
    columns: columns.map(column => say(t => t(column))),
    rows: invoice.lines.map(({ code, ...line }) => {
      const key = lineKey(code, invoice)
      return [
        key ? say(t => t(key)) : codeWords(code),
        plain(formatNumber(line.quantity, locale)),
        plain(formatPrice(line.unitPrice, invoice.currency, locale)),
        plain(formatMoney(line.amount, invoice.currency, locale)),
        plain(formatNumber(line.vatPercent, locale)),
      ]
    }),
  }
}

function sums(invoice: Invoice, locale: Locale, say: Say): Row[] {
  const money = (minor: number) => plain(formatMoney(minor, invoice.currency, locale))
  const split = splitPrincipal(invoice.lines, invoice.principal)
  const hasTvTax = invoice.tvTax > 0
  return [
    ...(split
      ? [
          { label: say(t => t(hasTvTax ? 'net' : 'netOnly')), value: money(split.net) },
          { label: say(t => t('vat')), value: money(split.vat) },
        ]
      : []),
    { label: say(t => t('principal')), value: money(invoice.principal) },
    ...(hasTvTax ? [{ label: say(t => t('tvTax')), value: money(invoice.tvTax) }] : []),
    {
      label: say(t => t('total', { supply: supplyOf(invoice.biller.code) })),
      value: money(invoice.total),
      strong: true,
    },
  ]
}

function balance({ paid, due, today, currency, chargesInterest }: Invoice, locale: Locale, say: Say): Row[] {
  const money = (minor: number) => plain(formatMoney(minor, currency, locale))
  return [
    { label: say(t => t('paid')), value: money(paid) },
    ...(chargesInterest
      ? [
          {
            label: say((t, language) => t('interest', { day: formatDay(today, language) })),
            value: money(due.interest),
          },
        ]
      : []),
    { label: say(t => t('due')), value: money(due.total), strong: true },
  ]
}

function fiscalCodes({ nivf, nslf, fiscalQr }: Invoice, locale: Locale, say: Say): FiscalCodes | null {
  if (nivf === null && nslf === null && fiscalQr === null) return null
  const t = translator(locale, 'invoiceDocument')
  const url = fiscalQr !== null && URL.canParse(fiscalQr) ? new URL(fiscalQr) : null
  const isLink = url?.protocol === 'https:' && url.username === '' && url.password === ''
  return {
    title: say(texts => texts('fiscal.title')),
    // The tax authority's own abbreviations, the same in every language.
    rows: [
      ...(nivf === null ? [] : [{ label: plain('NIVF'), value: codeWords(nivf) }]),
      ...(nslf === null ? [] : [{ label: plain('NSLF'), value: codeWords(nslf) }]),
    ],
    qr:
      fiscalQr === null
        ? null
        : {
            text: fiscalQr,
            alt: t('fiscal.qr', { text: fiscalQr }),
            link: isLink ? { href: url.href, text: t('fiscal.check', { host: url.host }) } : null,
          },
  }
}

function consumption({ consumption, biller }: Invoice, locale: Locale, say: Say): Consumption | null {
  const known = consumption.filter(({ units }) => units !== null)
  if (known.length < 2) return null
  const highest = known.reduce((most, month) => (month.units! >= most.units! ? month : most))
  const last = consumption.at(-1)!
  const shown = (month: ConsumptionMonth) => ({
    month: formatMonthInSentence(month.period, locale),
    units: month.units === null ? '' : formatUnits(month.units, biller.unit, locale),
  })
  const t = translator(locale, 'invoiceDocument')
  return {
    title: say(texts => texts('year.title', { unit: unitSign(biller.unit) })),
    alt: t('year.alt', {
      highest: shown(highest).month,
      most: shown(highest).units,
      last: shown(last).month,
      units: shown(last).units,
      isKnown: String(last.units !== null),
    }),
    months: consumption.map(month => {
      const isLast = month === last
      const look =
        month.kind === 'missing'
          ? 'missing'
          : isLast
            ? 'last'
            : month.kind === 'estimated'
              ? 'hatched'
              : 'plain'
      const figure =
        month.units === null
          ? '?'
          : isLast || month === highest
            ? formatNumber(month.units, locale)
            : undefined
      return { month, look, label: formatShortMonth(month.period, locale), figure }
    }),
  }
}

function complaints(invoice: Invoice, say: Say): InvoiceContent['complaints'] {
  const { name, phone, email } = invoice.biller
  const contacts = [phone, email].filter(Boolean).join(', ')
  const biller = contacts ? `${name} (${contacts})` : name
  const { regulator } = billerOf(invoice.biller.code)
  return {
    title: say(t => t('complaints.title')),
    text: say(t =>
      // Those of fines alone have none.
      regulator ? t('complaints.regulated', { biller, regulator }) : t('complaints.fines', { biller }),
    ),
  }
}

function payment(invoice: Invoice, locale: Locale, say: Say): PaymentPart | null {
  const { biller, due, cancelledOn, underWay, contractCode, number } = invoice
  if (due.total === 0 || cancelledOn || underWay) return null
  const code = paymentCode({ biller: biller.code, contractCode, invoiceNumber: number })
  const bankCode = transferCode(invoice)
  const t = translator(locale, 'invoiceDocument')
  const reference = transferReference(invoice)
  const amount = formatMoney(due.total, invoice.currency, locale)
  return {
    title: say(texts => texts('payment.title')),
    hint: reference === null ? t('payment.hint') : t('payment.transferHint'),
    amounts: [
      {
        label: toPay(invoice, say),
        value: plain(amount),
        strong: true,
      },
      { label: say(texts => texts('dueOn')), value: plain(formatDay(invoice.dueOn, locale)) },
    ],
    references: [
      { label: say(texts => texts('payment.biller')), value: plain(biller.name) },
      {
        label: say(texts => texts('contractCode', wordsFor(biller))),
        value: codeWords(contractCode),
        strong: true,
      },
      // With the transfer it stands below.
      ...(reference !== null && reference === invoice.paymentReference ? [] : referenceRow(invoice, say)).map(
        row => ({ ...row, strong: true }),
      ),
      {
        label: say(texts => texts('payment.invoiceNumber', { supply: supplyOf(biller.code) })),
        value: codeWords(number),
        strong: true,
      },
    ],
    transfer: transferRows(invoice, say),
    code,
    qrAlt: fitsQrCode(code) ? t('payment.qr', { code }) : null,
    barcodeAlt: t('payment.barcode', { code }),
    bankApp:
      bankCode === null
        ? null
        : {
            hint: t('payment.bankAppHint'),
            code: bankCode,
            qrAlt: t('payment.bankAppQr', { amount, iban: invoice.transfer!.iban, reference: reference! }),
          },
  }
}

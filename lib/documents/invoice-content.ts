// What an invoice says, in words and in order: its page and its PDF both show exactly this.
import type { Invoice } from '../billing/schema.ts'
import { splitPrincipal } from '../billing/statement-rules.ts'
import { formatDay, formatMoney, formatMonth, formatNumber, formatUnits } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import type { Row } from './sheet.ts'

export type ContentSection = { title: string; rows: Row[] }

export type InvoiceContent = {
  title: string
  biller: { name: string; contacts: string[] }
  /** That it is cancelled; null: it is not. */
  cancelled: string | null
  dates: Row[]
  contract: Row[]
  holder: ContentSection
  /** Why the holder is masked, and what to do about it; null: it is not. */
  masked: string | null
  /** Null where the biller measures nothing. */
  consumption: ContentSection | null
  lines: { title: string; columns: string[]; rows: string[][] }
  sums: Row[]
  balance: Row[]
}

type Translate = ReturnType<typeof translator<'invoiceDocument'>>

const LINE_CODES = ['ENERGY', 'FIXED', 'TV', 'A1B1', 'A2B1', 'A1B2', 'A2B2'] as const
const isLineCode = (code: string): code is (typeof LINE_CODES)[number] =>
  LINE_CODES.includes(code as (typeof LINE_CODES)[number])

export function invoiceContent(invoice: Invoice, locale: Locale): InvoiceContent {
  const t = translator(locale, 'invoiceDocument')
  const day = (on: string) => formatDay(on, locale)
  const { biller } = invoice
  const period =
    invoice.periodFrom && invoice.periodTo
      ? [{ label: t('period'), value: `${day(invoice.periodFrom)} – ${day(invoice.periodTo)}` }]
      : []
  return {
    title: t('title', { number: invoice.number }),
    biller: { name: biller.name, contacts: [biller.phone, biller.email].filter(contact => contact !== null) },
    cancelled: invoice.cancelledOn && t('cancelled', { day: day(invoice.cancelledOn) }),
    dates: [
      { label: t('month'), value: formatMonth(invoice.period, locale) },
      ...period,
      { label: t('issuedOn'), value: day(invoice.issuedOn) },
      { label: t('dueOn'), value: day(invoice.dueOn), strong: true },
    ],
    contract: [
      { label: t('contractCode', { country: biller.country }), value: invoice.contractCode },
      ...(invoice.meterNumber
        ? [{ label: t('meter', { country: biller.country }), value: invoice.meterNumber }]
        : []),
    ],
    holder: { title: t('holder'), rows: holderRows(invoice, t) },
    masked: invoice.level === 'holder' ? null : t('masked', { biller: biller.name }),
    consumption: consumption(invoice, locale, t),
    lines: lines(invoice, locale, t),
    sums: sums(invoice, locale, t),
    balance: balance(invoice, locale, t),
  }
}

/** Everyone but the holder sees all five masked; the holder does not see the number that a person or a business lacks. */
function holderRows({ holder, level }: Invoice, t: Translate): Row[] {
  const row = (label: string, value: string | null) => ({ label, value: value ?? t('unknown') })
  const numbers = [
    { label: t('personalNumber'), value: holder.personalNumber },
    { label: t('businessNumber'), value: holder.businessNumber },
  ]
  return [
    row(t('name'), holder.name),
    row(t('address'), holder.address),
    row(t('phone'), holder.phone),
    ...numbers.flatMap(({ label, value }) =>
      value === null && level === 'holder' ? [] : [row(label, value)],
    ),
  ]
}

function consumption(invoice: Invoice, locale: Locale, t: Translate): ContentSection | null {
  const { previousReading, currentReading, readingKind, units } = invoice
  const rows: Row[] = []
  if (previousReading !== null)
    rows.push({ label: t('previousReading'), value: formatNumber(previousReading, locale) })
  if (currentReading !== null)
    rows.push({ label: t('currentReading'), value: formatNumber(currentReading, locale) })
  if (readingKind !== null) rows.push({ label: t('readingKind'), value: t(`readingKinds.${readingKind}`) })
  if (units !== null)
    rows.push({ label: t('units'), value: formatUnits(units, invoice.biller.unit, locale), strong: true })
  return rows.length === 0 || invoice.biller.unit === 'none' ? null : { title: t('consumption'), rows }
}

function lines(invoice: Invoice, locale: Locale, t: Translate): InvoiceContent['lines'] {
  return {
    title: t('lines'),
    columns: [t('line'), t('quantity'), t('unitPrice'), t('lineAmount'), t('vatPercent')],
    rows: invoice.lines.map(line => [
      isLineCode(line.code) ? t(`lineCodes.${line.code}`) : line.code,
      formatNumber(line.quantity, locale),
      formatNumber(line.unitPrice, locale, 2, 4),
      formatMoney(line.amount, invoice.currency, locale),
      formatNumber(line.vatPercent, locale),
    ]),
  }
}

function sums(invoice: Invoice, locale: Locale, t: Translate): Row[] {
  const money = (minor: number) => formatMoney(minor, invoice.currency, locale)
  const split = splitPrincipal(invoice.lines, invoice.principal)
  return [
    ...(split
      ? [
          { label: t('net'), value: money(split.net) },
          { label: t('vat'), value: money(split.vat) },
        ]
      : []),
    { label: t('principal'), value: money(invoice.principal) },
    { label: t('tvTax'), value: money(invoice.tvTax) },
    { label: t('total'), value: money(invoice.total), strong: true },
  ]
}

function balance({ paid, due, today, currency }: Invoice, locale: Locale, t: Translate): Row[] {
  const money = (minor: number) => formatMoney(minor, currency, locale)
  return [
    { label: t('paid'), value: money(paid) },
    { label: t('interest', { day: formatDay(today, locale) }), value: money(due.interest) },
    { label: t('due'), value: money(due.total), strong: true },
  ]
}

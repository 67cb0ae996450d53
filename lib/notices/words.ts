// What a notice says, in a language: in the inbox, and what its e-mail and SMS are made of. Pure.
import type { Currency } from '../../db/enums.ts'
import { supplyOf } from '../billers/supply.ts'
import { contractTitle } from '../billing/contract-title.ts'
import { groupBy } from '../billing/statement-rules.ts'
import {
  formatDayInSentence,
  formatInstant,
  formatList,
  formatMoney,
  formatMonthInSentence,
  formatUnits,
} from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { type MadeNoticeKind, madeNoticeKinds } from '../notifications/catalogue.ts'
import { dayIn, timeIn } from '../platform/dates.ts'
import { thresholdSentence } from '../tariffs/threshold-words.ts'
import type { Notice, NoticeContract, NoticeItem, NoticeText } from './schema.ts'

/** Of more things than these a notice names none: the page it leads to has them all. */
const MOST_NAMED = 12

export const isMade = (kind: string): kind is MadeNoticeKind =>
  madeNoticeKinds.includes(kind as MadeNoticeKind)

/** The notice in words, with its items as they are now. */
export function noticeText(locale: Locale, notice: Notice): NoticeText {
  if (!isMade(notice.kind)) return textOfEvent(locale, notice)
  const t = translator(locale, 'messages')
  const words = translator(locale, 'notices')
  if (notice.kind === 'statement') {
    return { title: words('statement'), href: '/invoices/unpaid', facts: factsOf(locale, notice) }
  }
  // Its contracts are not the reader's any more, or not theirs to see.
  if (notice.items.length === 0) return { title: words('gone'), facts: [] }
  return {
    title: t(`${notice.kind}.subject`, madeValues(locale, notice) as never),
    text: placeAndState(locale, notice),
    href: hrefOf(notice),
    facts: factsOf(locale, notice),
  }
}

/** Of one event, told as it happened. */
function textOfEvent(locale: Locale, { kind, values }: Notice): NoticeText {
  const t = translator(locale, 'messages')
  const { amount, currency, on, path, text } = values
  const said = {
    ...values,
    ...(on !== undefined && { day: on === '' ? '' : formatDayInSentence(String(on), locale) }),
    ...(amount !== undefined && { amount: formatMoney(Number(amount), currency as Currency, locale) }),
  }
  const part = (name: string) => `${kind}.${name}` as 'payment-received.inbox'
  const subject = text
    ? translator(locale, 'kinds')(text as 'business.told.accept.subject', said as never)
    : ''
  return {
    title: subject || t(part('subject'), said as never),
    text: t.has(part('inbox')) ? t(part('inbox'), said as never) : deviceOf(values),
    href: path === undefined ? undefined : String(path),
    facts: [],
  }
}

const deviceOf = ({ device }: Notice['values']) => (device === undefined ? undefined : String(device))

/** What is said of an item in one figure: what is to be paid, was paid or was billed. */
const amountOf = (kind: MadeNoticeKind, { invoice, payment, disconnection }: NoticeItem): number =>
  payment?.amount ??
  disconnection?.toPay ??
  (invoice ? (kind.startsWith('invoice-') || isNewAndPaid(kind, invoice) ? invoice.total : invoice.due) : 0)

const isNewAndPaid = (kind: string, invoice: NoticeItem['invoice']): boolean =>
  kind === 'new-invoice' && invoice !== null && invoice.isPaidInAdvance && invoice.cancelledOn === null

/** What these are about is no amount. */
const WITHOUT_AMOUNT: MadeNoticeKind[] = [
  'invoice-cancelled',
  'disconnection-withdrawn',
  'disconnected',
  'reconnected',
  'outage-planned',
  'outage-cancelled',
  'threshold-near',
]

/** One amount a currency, never added to each other. */
function sumsOf(locale: Locale, kind: MadeNoticeKind, items: NoticeItem[]): string | undefined {
  const isOwed = items.some(({ disconnection }) => !disconnection || disconnection.toPay)
  if (WITHOUT_AMOUNT.includes(kind) || !isOwed) return undefined
  const sums = groupBy(items, ({ contract }) => contract.biller.currency).map(some =>
    formatMoney(
      some.reduce((sum, item) => sum + amountOf(kind, item), 0),
      some[0].contract.biller.currency,
      locale,
    ),
  )
  return formatList(sums, locale)
}

/** The day that an item is about. */
function dayOf({ invoice, payment, disconnection, outage, threshold, contract }: NoticeItem): string {
  const { timeZone } = contract.biller
  const at = disconnection?.reconnectedAt ?? disconnection?.doneAt ?? outage?.startsAt
  return (
    threshold?.month ??
    invoice?.dueOn ??
    payment?.paidOn ??
    (at ? dayIn(timeZone, at) : (disconnection?.notBefore ?? ''))
  )
}

function timesOf(locale: Locale, { outage, contract }: NoticeItem): string {
  if (!outage) return ''
  const { startsAt, endsAt } = outage
  const { timeZone } = contract.biller
  const from = formatInstant(startsAt, locale, timeZone)
  if (!endsAt) return from
  const sameDay = dayIn(timeZone, startsAt) === dayIn(timeZone, endsAt)
  return `${from} – ${sameDay ? timeIn(timeZone, endsAt).slice(11, 16) : formatInstant(endsAt, locale, timeZone)}`
}

/** What the texts of a made notice take; its items are not none. */
export function madeValues(locale: Locale, { kind, items, count }: Notice) {
  const [first] = items as [NoticeItem, ...NoticeItem[]]
  const contracts = new Set(items.map(({ contract }) => contract.id))
  const works = new Set(items.map(({ outage }) => outage?.id))
  const amount = sumsOf(locale, kind as MadeNoticeKind, items)
  return {
    count,
    contracts: contracts.size,
    // The same work may concern several contracts.
    works: works.size === items.length ? count : works.size,
    contract: contractTitle(first.contract, locale),
    biller: first.contract.biller.name,
    supply: supplyOf(first.contract.biller.code),
    amount,
    isOwed: amount === undefined ? 'no' : 'yes',
    isPaid: items.every(({ invoice }) => isNewAndPaid(kind, invoice)) ? 'yes' : 'no',
    day: formatDayInSentence(dayOf(first), locale),
    month: monthOf(locale, first),
    limit: first.threshold ? formatUnits(first.threshold.limit, first.contract.biller.unit, locale) : '',
    state: thresholdOf(locale, first),
    times: timesOf(locale, first),
  }
}

/** The month that an item is about. */
function monthOf(locale: Locale, { invoice, threshold }: NoticeItem): string {
  const month = threshold?.month ?? invoice?.period
  return month ? formatMonthInSentence(month, locale) : ''
}

/** How near a month's use is to its limit by now; empty where that is not known any more. */
const thresholdOf = (locale: Locale, { threshold, contract }: NoticeItem): string =>
  threshold?.now ? thresholdSentence(threshold.now, contract.biller.currency, locale) : ''

/** Which contract an item is of, and what has become of it since. */
function placeAndState(locale: Locale, { items, count, kind }: Notice): string | undefined {
  const [first] = items as [NoticeItem, ...NoticeItem[]]
  const ids = new Set(items.map(({ contract }) => contract.id))
  const place =
    ids.size === 1
      ? contractTitle(first.contract, locale)
      : translator(locale, 'notices')('contracts', { count: ids.size })
  const state = count > 1 ? undefined : stateOf(locale, kind, first)
  return state ? `${place} · ${state}` : place
}

/** What an item became after it was told of; undefined: it is as it was. */
function stateOf(
  locale: Locale,
  kind: string,
  { invoice, payment, disconnection, outage, contract }: NoticeItem,
) {
  const status = translator(locale, 'invoiceStatus')
  const ended = translator(locale, 'ownPayments')
  if (disconnection?.cancelledOn && kind !== 'disconnection-withdrawn')
    return translator(locale, 'supply')('states.cancelled', { country: contract.biller.country })
  if (kind === 'disconnection-announced' && disconnection?.isPaid) return status('paid')
  if (payment?.reversedOn) return ended('states.reversed')
  if (outage?.cancelledOn && kind !== 'outage-cancelled') return ended('states.cancelled')
  if (!invoice || isNewAndPaid(kind, invoice)) return undefined
  const { cancelledOn, due, total } = invoice
  if (cancelledOn !== null) return kind === 'invoice-cancelled' ? undefined : status('cancelled')
  return due === 0 && total > 0 ? status('paid') : undefined
}

const pathOf = ({ biller, code }: NoticeContract) => `/contracts/${biller.code}/${code}`

/** The page that a made notice leads to. */
export function hrefOf({ kind, items, count }: Notice): string {
  const first = items[0]
  if (kind === 'statement' || !first) return '/invoices/unpaid'
  if (first.outage || first.disconnection) return '/no-power'
  const isOfOne = items.every(({ contract }) => contract.id === first.contract.id)
  if (first.payment || first.threshold) return isOfOne ? `${pathOf(first.contract)}/history` : '/contracts'
  if (first.contract.level === 'amounts' && isOfOne) return `${pathOf(first.contract)}/pay`
  if (count === 1 && first.invoice) return `/invoices/${first.invoice.id}`
  return '/invoices/unpaid'
}

/** What one of several is about: an amount, a day or times. */
function factOf(locale: Locale, kind: MadeNoticeKind, item: NoticeItem): string {
  const { invoice, outage, disconnection, contract } = item
  if (outage) return timesOf(locale, item)
  if (item.threshold)
    return thresholdOf(locale, item) || formatUnits(item.threshold.limit, contract.biller.unit, locale)
  if (WITHOUT_AMOUNT.includes(kind)) return formatDayInSentence(invoice?.cancelledOn ?? dayOf(item), locale)
  const money = formatMoney(amountOf(kind, item), contract.biller.currency, locale)
  if (!disconnection) return money
  const from = translator(locale, 'notices')('from', { day: formatDayInSentence(dayOf(item), locale) })
  return disconnection.toPay ? `${from} · ${money}` : from
}

/** Label and value each: of one item its key facts, of several their contracts with what each is about. */
export function factsOf(locale: Locale, { kind, items, count }: Notice): NoticeText['facts'] {
  const t = translator(locale, 'notices')
  const [first] = items
  if (!first || count > MOST_NAMED) return []
  if (count > 1 || kind === 'statement') {
    return items.map(item => ({
      label: [
        contractTitle(item.contract, locale),
        ...(item.invoice ? [formatMonthInSentence(item.invoice.period, locale)] : []),
      ].join(', '),
      value: factOf(locale, kind as MadeNoticeKind, item),
    }))
  }
  const { contract, invoice } = first
  const amount = sumsOf(locale, kind as MadeNoticeKind, items)
  const units = (value: string | null | undefined) =>
    value === null || value === undefined ? [] : [formatUnits(value, contract.biller.unit, locale)]
  return [
    { label: t('contract'), value: contractTitle(contract, locale) },
    ...(amount === undefined ? [] : [{ label: t('amount'), value: amount }]),
    ...(invoice ? [{ label: t('dueOn'), value: formatDayInSentence(invoice.dueOn, locale) }] : []),
    ...units(invoice?.units).map(value => ({ label: t('units'), value })),
    ...units(invoice?.units && invoice.unitsBefore).map(value => ({ label: t('unitsBefore'), value })),
  ]
}

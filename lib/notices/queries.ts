// Reads notices with what they tell of, as it is now and as their readers may see it.
import { and, desc, eq, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { payments } from '../../db/schema/ledger.ts'
import { noticeItems, notices } from '../../db/schema/notifications.ts'
import { outages } from '../../db/schema/supply.ts'
import { isOverdue } from '../billing/reminder-rules.ts'
import {
  accessLevel,
  billerColumns,
  dayAt,
  hasAccess,
  hasMovedOut,
  inOwnTime,
  invoiceBegins,
  isOwnInvoice,
  paymentBegins,
  selectAccess,
  titleColumns,
} from '../contracts/access.ts'
import type { InterestTerm } from '../ledger/interest-rules.ts'
import { balanceColumns, interestOf, joinedTerms } from '../ledger/queries.ts'
import { amountDue, type BilledInvoice, type InvoiceBalance } from '../ledger/rules.ts'
import type { MadeNoticeKind, NoticeValues } from '../notifications/catalogue.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import { learnsOfDisconnection } from '../supply/columns.ts'
import { meterState } from '../tariffs/threshold-columns.ts'
import { type MeterState, thresholdOf } from '../tariffs/threshold-rules.ts'
import { d, disconnectionColumns, disconnectionOf } from './disconnection.ts'
import type { Notice, NoticeContract, NoticeItem } from './schema.ts'

/** On one page of the inbox. */
export const NOTICES_PER_PAGE = 20
const THRESHOLD = 'threshold-near' satisfies MadeNoticeKind
/** So many items at most are read of a notice in a list. */
const FEW_ITEMS = 12

const { id, kind, values, createdAt, readAt, archivedAt } = notices
const noticeColumns = {
  id,
  kind,
  values: sql<NoticeValues>`${values}`,
  createdAt,
  readAt,
  archivedAt,
}

/** The customer's notices, the newest first: those in the archive, or the others. `page` counts from 1; `hasMore`: there is another. */
export async function listNotices(
  customer: { id: string },
  { archived, page }: { archived: boolean; page: number },
  now: Date,
): Promise<{ notices: Notice[]; hasMore: boolean }> {
  const rows = await database()
    .select(noticeColumns)
    .from(notices)
    .where(and(eq(notices.accountId, customer.id), archived ? isNotNull(archivedAt) : isNull(archivedAt)))
    .orderBy(desc(createdAt), desc(id))
    .offset((page - 1) * NOTICES_PER_PAGE)
    .limit(NOTICES_PER_PAGE + 1)
  const shown = rows.slice(0, NOTICES_PER_PAGE)
  return {
    notices: await withItems(database(), shown, now, FEW_ITEMS, 'list'),
    hasMore: rows.length > NOTICES_PER_PAGE,
  }
}

/** One of the customer's notices; null where it is not theirs. */
export async function getNotice(
  customer: { id: string },
  noticeId: string,
  now: Date,
): Promise<Notice | null> {
  const rows = await database()
    .select(noticeColumns)
    .from(notices)
    .where(and(eq(notices.accountId, customer.id), eq(id, noticeId)))
  const [notice] = await withItems(database(), rows, now, FEW_ITEMS, 'list')
  return notice ?? null
}

type NoticeRow = Omit<Notice, 'items' | 'count'>
/** A list says nothing of the month before, which a message does. */
type Use = 'message' | 'list'

/** The notices with at most `most` items each, those due first before the others. */
export async function withItems(
  db: Executor,
  rows: NoticeRow[],
  now: Date,
  most: number,
  use: Use = 'message',
): Promise<Notice[]> {
  const items =
    rows.length === 0
      ? []
      : await listItems(
          db,
          rows.map(row => row.id),
          now,
          most,
          use,
        )
  const byNotice = new Map<string, typeof items>()
  for (const item of items) byNotice.set(item.noticeId, [...(byNotice.get(item.noticeId) ?? []), item])
  return rows.map(row => {
    const own = byNotice.get(row.id) ?? []
    return { ...row, items: own, count: own[0]?.count ?? 0 }
  })
}

/**
 * What the reader of the month before was billed for. From an index in its order, of which a row or two are read: by what else is asked,
 * PostgreSQL would expect few and sort all months.
 */
const unitsBefore = sql<string | null>`(select before.units::text from (select earlier.* from invoices earlier
    where earlier.contract_id = ${invoices.contractId} and earlier.period < ${invoices.period}
    order by earlier.period desc, earlier.number desc offset 0) before
  where before.cancelled_on is null and ${inOwnTime(invoiceBegins('before'))}
  order by before.period desc, before.number desc limit 1)`

const unlessAmounts = <Type>(column: unknown) =>
  sql<Type | null>`case when ${accessLevel} <> 'amounts' then ${column} end`

/** All that pays it was paid before it was issued: what was over of earlier payments. */
const isPaidInAdvance = sql<boolean>`(${invoices.unpaid} = 0 and ${invoices.total} > 0 and not exists (
  select from payment_allocations a join payments p on p.id = a.payment_id
  where a.invoice_id = ${invoices.id} and p.paid_on >= ${invoices.issuedOn}))`

/** What of an invoice an item tells, with what it takes to count what is due. */
export const invoiceColumns = {
  ...balanceColumns,
  id: invoices.id,
  period: invoices.period,
  total: invoices.total,
  cancelledOn: invoices.cancelledOn,
  isPaidInAdvance,
  units: unlessAmounts<string>(sql`${invoices.units}::text`),
  unitsBefore: unlessAmounts<string>(unitsBefore),
}
/** What it tells in a list. */
const listColumns = { ...invoiceColumns, unitsBefore: sql<string | null>`null` }

export const contractColumns = {
  id: contracts.id,
  code: contracts.code,
  level: accessLevel,
  ...titleColumns,
}

/**
 * The items of these notices, those of each reader's contract together: what there is to know of a contract is read once, however many
 * notices tell of it.
 */
const toldOf = (noticeIds: string[]): SQL => sql`(
  select i.account_id, i.contract_id, array_agg(i) as items from ${noticeItems} i
  where i.notice_id = any (${sql.param(noticeIds)}::uuid[]) group by i.account_id, i.contract_id) told`

/** The columns of an item that was told of. */
const item = {
  noticeId: sql<string>`item.notice_id`,
  event: sql<string>`item.event`,
  invoiceId: sql`item.invoice_id`,
  paymentId: sql`item.payment_id`,
  disconnectionId: sql`item.disconnection_id`,
  outageId: sql`item.outage_id`,
}

/** The instant of the item's event, where that is one of a disconnection that was done. */
const doneOrUndone = sql`case split_part(${item.event}, ':', 1)
  when 'disconnected' then ${d.doneAt} when 'reconnected' then ${d.reconnectedAt} end`

/** Whatever an item is about is the contract's still, which a feed may have corrected, and of its reader's own time, who may have moved out since, or in, and of what their level shows by now. */
const isToldNow = sql`case
  when ${invoices.id} is not null then ${invoices.contractId} = ${contracts.id} and ${isOwnInvoice}
  when ${payments.id} is not null then ${payments.contractId} = ${contracts.id} and ${accessLevel} <> 'amounts' and ${inOwnTime(paymentBegins())}
  when ${d.id} is not null then ${inOwnTime(sql`${d.announcedOn}`)} and ${inOwnTime(dayAt(doneOrUndone))}
    and ${learnsOfDisconnection(sql`${accessLevel} <> 'amounts'`)}
  else not ${hasMovedOut} end`

async function listItems(
  db: Executor,
  noticeIds: string[],
  now: Date,
  most: number,
  use: Use,
): Promise<(NoticeItem & { count: number })[]> {
  const rows = await selectAccess(db, {
    noticeId: item.noticeId,
    event: item.event,
    meter: sql<MeterState | null>`case when ${item.event} like ${`${THRESHOLD}:%`} then ${meterState(now)} end`,
    count: sql<number>`count(*) over (partition by ${item.noticeId})::integer`,
    place: sql<number>`row_number() over (partition by ${item.noticeId} order by ${invoices.dueOn}, ${outages.startsAt}, ${d.notBefore}, ${item.event})::integer`,
    contract: contractColumns,
    biller: billerColumns,
    remindFrom: billers.remindFrom,
    terms: joinedTerms,
    invoice: use === 'list' ? listColumns : invoiceColumns,
    payment: {
      id: payments.id,
      amount: payments.amount,
      paidOn: payments.paidOn,
      reversedOn: payments.reversedOn,
    },
    disconnection: disconnectionColumns,
    outage: {
      id: outages.id,
      startsAt: outages.startsAt,
      endsAt: outages.endsAt,
      cancelledOn: outages.cancelledOn,
    },
  })
    .innerJoin(
      toldOf(noticeIds),
      sql`told.account_id = ${contractAccess.accountId} and told.contract_id = ${contractAccess.contractId}`,
    )
    .crossJoinLateral(interestOf(billers.id))
    .crossJoinLateral(sql`unnest(told.items) item`)
    .leftJoin(invoices, eq(invoices.id, item.invoiceId))
    .leftJoin(payments, eq(payments.id, item.paymentId))
    .leftJoin(d, eq(d.id, item.disconnectionId))
    .leftJoin(outages, eq(outages.id, item.outageId))
    .where(and(hasAccess, isToldNow))
  return rows
    .filter(row => row.place <= most)
    .sort((one, other) => one.place - other.place)
    .map(row => ({
      noticeId: row.noticeId,
      count: row.count,
      today: dayIn(row.biller.timeZone, now),
      contract: { ...row.contract, biller: row.biller },
      invoice: isThere(row.invoice) ? invoiceOf(row.invoice, row, now) : null,
      payment: isThere(row.payment) ? row.payment : null,
      disconnection: isThere(row.disconnection) ? disconnectionOf(row.disconnection) : null,
      outage: isThere(row.outage) ? row.outage : null,
      threshold: thresholdItem(row.event, row.meter, now),
    }))
}

/** `threshold-near:<contract>:<month>:<limit>`: of another month, or another limit, what is near now says nothing. */
function thresholdItem(event: string, meter: MeterState | null, now: Date): NoticeItem['threshold'] {
  const [kind, , month, limit] = event.split(':')
  if (kind !== THRESHOLD || !month) return null
  const near = meter && thresholdOf(meter, now)
  const isIt = near?.month === month && near.limit === Number(limit)
  return { month, limit: Number(limit), now: isIt ? near : null }
}

/** Joined, and not an outer join's row of nulls. */
const isThere = <Joined extends { id: number }>(joined: Joined | null): joined is Joined =>
  joined !== null && joined.id !== null

type Row = {
  contract: Omit<NoticeContract, 'biller'>
  biller: NoticeContract['biller']
  remindFrom: number
  terms: InterestTerm[]
}
type InvoiceRow = { id: number } & Pick<BilledInvoice, 'dueOn' | 'principal' | 'tvTax'> &
  InvoiceBalance &
  Pick<
    NonNullable<NoticeItem['invoice']>,
    'period' | 'total' | 'cancelledOn' | 'isPaidInAdvance' | 'units' | 'unitsBefore'
  >

/** What is due of it today, and what else an item tells of it. */
export function invoiceOf(invoice: InvoiceRow, { biller, remindFrom, terms }: Row, now: Date) {
  const { id, period, dueOn, total, cancelledOn, isPaidInAdvance, units, unitsBefore } = invoice
  const today = dayIn(biller.timeZone, now)
  const due = amountDue({ ...invoice, cancelled: cancelledOn !== null }, invoice, terms, today).total
  return {
    id,
    period,
    dueOn,
    total,
    due,
    isOverdue: isOverdue(dueOn, due, { remindFrom }, today),
    isPaidInAdvance,
    cancelledOn,
    units,
    unitsBefore,
  }
}

/** What these accounts have to pay now, as the items of their notice that lists it; `noticeOf`: its id by the account's. */
export async function listWhatIsDue(
  db: Executor,
  noticeOf: Map<string, string>,
  now: Date,
): Promise<NoticeItem[]> {
  if (noticeOf.size === 0) return []
  const rows = await selectAccess(db, {
    accountId: contractAccess.accountId,
    contract: contractColumns,
    biller: billerColumns,
    remindFrom: billers.remindFrom,
    terms: joinedTerms,
    invoice: invoiceColumns,
  })
    .crossJoinLateral(interestOf(billers.id))
    .innerJoin(invoices, eq(invoices.contractId, contracts.id))
    .where(
      and(
        inArray(contractAccess.accountId, [...noticeOf.keys()]),
        hasAccess,
        isOwnInvoice,
        sql`${invoices.unpaid} > 0 and ${invoices.cancelledOn} is null`,
      ),
    )
    .orderBy(invoices.dueOn, invoices.number)
  return rows.map(row => ({
    noticeId: noticeOf.get(row.accountId)!,
    today: dayIn(row.biller.timeZone, now),
    contract: { ...row.contract, biller: row.biller },
    invoice: invoiceOf(row.invoice, row, now),
    payment: null,
    disconnection: null,
    outage: null,
    threshold: null,
  }))
}

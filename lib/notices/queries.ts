// Reads notices with what they tell of, as it is now and as their readers may see it.
import { and, asc, desc, eq, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { payments } from '../../db/schema/ledger.ts'
import { noticeItems, notices } from '../../db/schema/notifications.ts'
import { outages } from '../../db/schema/supply.ts'
import {
  accessLevel,
  billerColumns,
  dayAt,
  hasAccess,
  hasMovedOut,
  inOwnTime,
  isOwnInvoice,
  ownTimeAfter,
  paymentBegins,
  selectAccess,
  titleColumns,
} from '../contracts/access.ts'
import { balanceColumns, interestOf, joinedTerms } from '../ledger/queries.ts'
import type { MadeNoticeKind, NoticeValues } from '../notifications/catalogue.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import { learnsOfDisconnection } from '../supply/columns.ts'
import { meterState } from '../tariffs/threshold-columns.ts'
import { type MeterState, thresholdOf } from '../tariffs/threshold-rules.ts'
import { d, disconnectionColumns, disconnectionOf } from './disconnection.ts'
import type { Notice, NoticeItem } from './schema.ts'
import { invoiceColumns, invoiceOf, listToldInvoices, type Use } from './told-invoices.ts'

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
    notices: await withItems(database(), [customer.id], shown, now, FEW_ITEMS, 'list'),
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
  const [notice] = await withItems(database(), [customer.id], rows, now, FEW_ITEMS, 'list')
  return notice ?? null
}

type NoticeRow = Omit<Notice, 'items' | 'count'>

/** The notices, of these accounts, with at most `most` items each, those due first before the others. */
export async function withItems(
  db: Executor,
  accountIds: string[],
  rows: NoticeRow[],
  now: Date,
  most: number,
  use: Use = 'message',
): Promise<Notice[]> {
  if (rows.length === 0) return []
  const noticeIds = rows.map(row => row.id)
  const items = Map.groupBy(await listItems(db, accountIds, noticeIds, now, use), ({ noticeId }) => noticeId)
  return rows.map(row => {
    const own = items.get(row.id) ?? []
    return { ...row, items: own.slice(0, most), count: own.length }
  })
}

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
const toldOf = (accountIds: string[], noticeIds: string[]): SQL => sql`(
  select i.account_id, i.contract_id, array_agg(i) as items from ${noticeItems} i
  where i.account_id = any (${sql.param(accountIds)}::uuid[]) and i.notice_id = any (${sql.param(noticeIds)}::uuid[])
  group by i.account_id, i.contract_id) told`

/** The columns of an item that was told of. */
const item = {
  noticeId: sql<string>`item.notice_id`,
  event: sql<string>`item.event`,
  invoiceId: sql<number | null>`item.invoice_id`.mapWith(Number),
  paymentId: sql`item.payment_id`,
  disconnectionId: sql`item.disconnection_id`,
  outageId: sql`item.outage_id`,
}

/** The instant of the item's event, where that is one of a disconnection that was done. */
const doneOrUndone = sql`case split_part(${item.event}, ':', 1)
  when 'disconnected' then ${d.doneAt} when 'reconnected' then ${d.reconnectedAt} end`

/**
 * Whatever an item is about is the contract's still, which a feed may have corrected, and of its reader's own time, who may have moved out since, or in, and of
 * what their level shows by now. Of an invoice `listToldInvoices` sees to it.
 */
const isToldNow = sql`case
  when ${item.invoiceId} is not null then true
  when ${payments.id} is not null then ${payments.contractId} = ${contracts.id} and ${accessLevel} <> 'amounts' and ${inOwnTime(paymentBegins())}
  when ${d.id} is not null then ${inOwnTime(sql`${d.announcedOn}`)} and ${inOwnTime(dayAt(doneOrUndone))}
    and ${learnsOfDisconnection(sql`${accessLevel} <> 'amounts'`)}
  else not ${hasMovedOut} end`

async function listItems(
  db: Executor,
  accountIds: string[],
  noticeIds: string[],
  now: Date,
  use: Use,
): Promise<NoticeItem[]> {
  const rows = await selectAccess(db, {
    noticeId: item.noticeId,
    event: item.event,
    meter: sql<MeterState | null>`case when ${item.event} like ${`${THRESHOLD}:%`} then ${meterState(now)} end`,
    contract: contractColumns,
    biller: billerColumns,
    remindFrom: billers.remindFrom,
    terms: joinedTerms,
    invoiceId: item.invoiceId,
    time: { after: ownTimeAfter, until: contractAccess.untilOn },
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
      toldOf(accountIds, noticeIds),
      sql`told.account_id = ${contractAccess.accountId} and told.contract_id = ${contractAccess.contractId}`,
    )
    .crossJoinLateral(interestOf(billers.id))
    // It names the contract's tables, so that they are read before: once a contract, where PostgreSQL would read them once an item.
    .crossJoinLateral(
      sql`(select one.* from unnest(told.items) one where one.account_id = ${accounts.id} and one.contract_id = ${contracts.id}
        and ${billers.id} = ${contracts.billerId} offset 0) item`,
    )
    .leftJoin(payments, eq(payments.id, item.paymentId))
    .leftJoin(d, eq(d.id, item.disconnectionId))
    .leftJoin(outages, eq(outages.id, item.outageId))
    .where(and(hasAccess, isToldNow))
    .orderBy(asc(item.event))
  const told = rows.map(({ invoiceId, contract, time }) => ({
    invoiceId,
    contractId: contract.id,
    seesUnits: contract.level !== 'amounts',
    ...time,
  }))
  const invoicesOf = await listToldInvoices(db, told, use)
  const items = rows.flatMap((row, place): NoticeItem[] => {
    const invoice = invoicesOf.get(place)
    if (row.invoiceId !== null && !invoice) return []
    return [
      {
        noticeId: row.noticeId,
        today: dayIn(row.biller.timeZone, now),
        contract: { ...row.contract, biller: row.biller },
        invoice: invoice ? invoiceOf(invoice, row, now) : null,
        payment: isThere(row.payment) ? row.payment : null,
        disconnection: isThere(row.disconnection) ? disconnectionOf(row.disconnection) : null,
        outage: isThere(row.outage) ? row.outage : null,
        threshold: thresholdItem(row.event, row.meter, now),
      },
    ]
  })
  // Those of one notice are about one kind of thing; of one day they stay in the order of their events.
  return items.sort((one, other) => Number(dayOf(one) > dayOf(other)) - Number(dayOf(one) < dayOf(other)))
}

/** The day by which an item has its place in its notice. */
const dayOf = ({ invoice, outage, disconnection }: NoticeItem): string =>
  invoice?.dueOn ?? outage?.startsAt.toISOString() ?? disconnection?.notBefore ?? ''

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

/** As the joined account sees the joined contract. */
const ofReader = { units: sql`${accessLevel} <> 'amounts'`, inTime: inOwnTime }

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
    invoice: invoiceColumns(ofReader, 'message'),
    balance: balanceColumns,
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
    // Of what is due not all was paid before.
    invoice: invoiceOf({ ...row.invoice, balance: row.balance, isPaidInAdvance: false }, row, now),
    payment: null,
    disconnection: null,
    outage: null,
    threshold: null,
  }))
}

// What a feed brings, told to those who have the contracts: in the transaction of the slice that brings it.
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { groupBy } from '../billing/statement-rules.ts'
import {
  accessLevel,
  dayAt,
  hasAccess,
  hasMovedOut,
  invoiceBegins,
  ownTimeAfter,
  paymentBegins,
  selectAccess,
} from '../contracts/access.ts'
import { clock } from '../platform/clock.ts'
import { areasOf, learnsOfDisconnection } from '../supply/columns.ts'
import { meterState } from '../tariffs/threshold-columns.ts'
import { thresholdOf } from '../tariffs/threshold-rules.ts'
import { NEWS_DAYS, type News, tell } from './making.ts'

type Db = Pick<Executor, 'execute'>

/** A run of a biller's feed. `startedAt` decides what is news. */
export type Run = { id: number; billerId: number; startedAt: Date }

/** What a slice brought, as SQL: rows of one column `id`. Undefined: the feed has no such file. */
export type Slice = Run & {
  /** The slice's contracts. */
  contracts: SQL
  newInvoices?: SQL
  correctedInvoices?: SQL
  cancelledInvoices?: SQL
  newPayments?: SQL
  /** Whether it may have brought meters' readings. */
  hasReadings?: boolean
}

/** Accounts with the slice's contracts on their list since before the run, each with the time that is theirs. */
const READERS = sql.identifier('notice_readers')
const inTimeOf = (day: SQL) => sql`(${day} > r.after) is not false and (${day} <= r.until) is not false`

/** What is older is no news. `day` and `now`: the run's, at the biller. */
const timesOf = ({ billerId, startedAt }: Run) => {
  const now = sql`${startedAt.toISOString()}::timestamptz`
  const day = sql`(select (${now} at time zone time_zone)::date from billers where id = ${billerId})`
  return { now, day, newsFrom: sql`${day} - ${NEWS_DAYS}::integer` }
}

/** Before it nothing of the biller was loaded, or nothing of that file: all of it is past. */
const isFirst = (
  { id, billerId }: Run,
  file?: 'invoices' | 'payments',
) => sql`not exists (select from feed_runs earlier
  where earlier.biller_id = ${billerId} and earlier.id < ${id} and earlier.status in ('loaded', 'loaded_with_refusals')
    ${file ? sql`and jsonb_path_exists(earlier.report, ${`$.files[*] ? (@.file == "${file}" && @.added > 0)`}::jsonpath)` : sql``})`

/** Makes the notices of a slice that was merged and replayed. A feed of contracts that nobody has costs one statement. */
export async function noticeSlice(db: Db, slice: Slice): Promise<void> {
  const { now } = timesOf(slice)
  const { rowCount } = await db.execute(sql`create temp table ${READERS} on commit drop as
    select ${contractAccess.accountId}, ${contractAccess.contractId}, ${accessLevel} <> 'amounts' as sees_invoices,
      ${contractAccess.addedAt} as added_at, ${ownTimeAfter} as after, ${contractAccess.untilOn} as until
    from ${contractAccess} join ${accounts} on ${accounts.id} = ${contractAccess.accountId}
      join ${contracts} on ${contracts.id} = ${contractAccess.contractId}
    where ${contractAccess.contractId} in (${slice.contracts}) and ${hasAccess} and ${contractAccess.addedAt} < ${now}
      and ${accounts.closedAt} is null and not ${isFirst(slice)}`)
  if (!rowCount) return
  await db.execute(sql`analyze ${READERS}`)
  await noticeInvoices(db, slice)
  await noticePayments(db, slice)
  await noticeDisconnections(db, slice)
  if (slice.hasReadings) await noticeThresholds(db, slice)
}

const newsOf = ({ id }: Run, kind: News['kind']) => ({
  kind,
  key: `${kind}:run:${id}`,
  feedRunId: id,
  createdAt: clock.now(),
})

async function noticeInvoices(db: Db, slice: Slice): Promise<void> {
  const { newsFrom } = timesOf(slice)
  const readersOf = (ids: SQL, where: SQL) => sql`select r.account_id, r.contract_id, i.id as subject_id
    from (${ids}) brought join invoices i on i.id = brought.id join ${READERS} r on r.contract_id = i.contract_id
    where ${where} and ${inTimeOf(invoiceBegins('i'))}`
  const tellOf = (kind: News['kind'], ids: SQL | undefined, where: SQL, time?: SQL) =>
    ids && tell(db, { ...newsOf(slice, kind), subject: 'invoice', whom: readersOf(ids, where), time })
  const { newInvoices, correctedInvoices, cancelledInvoices } = slice
  await tellOf(
    'new-invoice',
    newInvoices,
    sql`i.issued_on >= ${newsFrom} and i.cancelled_on is null and not ${isFirst(slice, 'invoices')}`,
  )
  await tellOf(
    'invoice-corrected',
    correctedInvoices,
    sql`i.cancelled_on is null and (i.issued_on >= ${newsFrom} or i.unpaid > 0)`,
    sql`${slice.id}::bigint`,
  )
  await tellOf(
    'invoice-cancelled',
    cancelledInvoices,
    sql`i.cancelled_on >= ${newsFrom}`,
    sql`${slice.id}::bigint`,
  )
}

/** Ours are told of where they are booked. Who sees amounts alone sees no payments of others. */
async function noticePayments(db: Db, slice: Slice): Promise<void> {
  if (!slice.newPayments) return
  const whom = sql`select r.account_id, r.contract_id, p.id as subject_id
    from (${slice.newPayments}) brought join payments p on p.id = brought.id join ${READERS} r on r.contract_id = p.contract_id
    where r.sees_invoices and p.attempt_id is null and p.reversed_on is null and p.paid_on >= ${timesOf(slice).newsFrom}
      and ${inTimeOf(paymentBegins('p'))} and not ${isFirst(slice, 'payments')}`
  await tell(db, { ...newsOf(slice, 'payment-elsewhere'), subject: 'payment', whom })
}

/**
 * Of each disconnection how it stands now: what was announced, done and undone in one feed is told of once, to those in whose time it
 * was announced and done. Another day or amount is announced anew; that it is withdrawn is told to those who had it announced, each time.
 */
async function noticeDisconnections(db: Db, slice: Slice): Promise<void> {
  const { now, newsFrom } = timesOf(slice)
  const since = sql`${now} - make_interval(days => ${NEWS_DAYS}::integer)`
  const isOpen = sql`d.done_at is null and d.reconnected_at is null`
  const states: { kind: News['kind']; isSo: SQL; time?: SQL }[] = [
    {
      kind: 'disconnection-withdrawn',
      isSo: sql`d.cancelled_on >= ${newsFrom} and ${isOpen} and told.coming > 0`,
      time: sql`coming`,
    },
    {
      kind: 'disconnection-announced',
      isSo: sql`d.cancelled_on is null and ${isOpen} and d.announced_on >= ${newsFrom}`,
      time: sql`not_before || ':' || coalesce(amount::text, '') || ':' || not_coming`,
    },
    {
      kind: 'disconnected',
      isSo: sql`d.cancelled_on is null and d.reconnected_at is null and d.done_at >= greatest(${since}, r.added_at)
        and ${inTimeOf(dayAt(sql`d.done_at`))}`,
    },
    {
      kind: 'reconnected',
      isSo: sql`d.cancelled_on is null and d.reconnected_at >= greatest(${since}, r.added_at)
        and ${inTimeOf(dayAt(sql`d.reconnected_at`))}`,
    },
  ]
  const told = sql`lateral (
    select count(*) filter (where starts_with(i.event, 'disconnection-announced:')) as coming,
      count(*) filter (where starts_with(i.event, 'disconnection-withdrawn:')) as not_coming
    from notice_items i where i.account_id = r.account_id and i.disconnection_id = d.id) told`
  for (const { kind, isSo, time } of states) {
    const whom = sql`select r.account_id, r.contract_id, d.id as subject_id, d.not_before, d.amount, told.coming, told.not_coming
      from ${READERS} r join disconnections d on d.contract_id = r.contract_id
        join ${billers} on ${billers.id} = d.biller_id cross join ${told}
      where ${isSo} and ${learnsOfDisconnection(sql`r.sees_invoices`)} and ${inTimeOf(sql`d.announced_on`)}`
    await tell(db, { ...newsOf(slice, kind), subject: 'disconnection', whom, time })
  }
}

/** Of each border once a month: a contract's use came near it, and is not above yet. */
async function noticeThresholds(db: Db, slice: Slice): Promise<void> {
  const ofReaders = sql`(${contractAccess.accountId}, ${contractAccess.contractId}) in (select account_id, contract_id from ${READERS} where sees_invoices)`
  const rows = await selectAccess(db as Executor, {
    accountId: contractAccess.accountId,
    contractId: contractAccess.contractId,
    meter: meterState(slice.startedAt),
  }).where(sql`${ofReaders} and ${contracts.meterRemote}`)
  const near = rows.flatMap(({ meter, ...reader }) => {
    const threshold = meter && thresholdOf(meter, slice.startedAt)
    return threshold && !threshold.isAbove
      ? [{ ...reader, border: `${threshold.month}:${threshold.limit}` }]
      : []
  })
  for (const some of groupBy(near, one => one.border)) {
    const whom = sql`select (one ->> 'accountId')::uuid as account_id, (one ->> 'contractId')::bigint as contract_id,
      (one ->> 'contractId')::bigint as subject_id from json_array_elements(${JSON.stringify(some)}::json) one`
    const time = sql`${some[0].border}::text`
    await tell(db, { ...newsOf(slice, 'threshold-near'), subject: 'contract', whom, time })
  }
}

/**
 * Makes the notices of planned work that is still to come, for those with a contract in its area, and of work that was called off, for
 * those who were told of it. Another time is told of anew. Once a run, in a transaction of the caller's: outages are of no contract, and
 * of no slice.
 */
export async function noticeOutages(db: Db, run: Run): Promise<void> {
  const { now } = timesOf(run)
  const tellOf = async (kind: News['kind'], isSo: SQL, time: SQL) => {
    const whom = sql`select ${contractAccess.accountId}, ${contractAccess.contractId}, o.id as subject_id,
        o.starts_at, o.ends_at, o.called_off
      from ${contractAccess} join ${accounts} on ${accounts.id} = ${contractAccess.accountId}
        join ${contracts} on ${contracts.id} = ${contractAccess.contractId}
          and ${contracts.billerId} = ${run.billerId} and ${contracts.closedOn} is null
        cross join lateral ${areasOf(contracts)} own
        join outages o on o.biller_id = ${run.billerId} and o.area = any(own.areas)
      where o.kind = 'planned' and o.starts_at > ${now} and ${isSo}
        and ${hasAccess} and not ${hasMovedOut} and ${accounts.closedAt} is null and ${contractAccess.addedAt} < ${now}
        and not ${isFirst(run)}`
    await tell(db, { ...newsOf(run, kind), subject: 'outage', whom, time })
  }
  const wasTold = sql`exists (select from notice_items i where i.account_id = ${contractAccess.accountId}
    and i.contract_id = ${contractAccess.contractId} and i.outage_id = o.id and starts_with(i.event, 'outage-planned:'))`
  // Asked first, and once: nearly always there is none, and nobody has to be looked through.
  const isAny = sql`exists (select from outages off where off.biller_id = ${run.billerId} and off.starts_at > ${now}
    and off.cancelled_on is not null)`
  await tellOf(
    'outage-cancelled',
    sql`${isAny} and o.cancelled_on is not null and ${wasTold}`,
    sql`called_off`,
  )
  const times = sql`extract(epoch from starts_at)::bigint || ':' || coalesce(extract(epoch from ends_at)::bigint::text, '')`
  await tellOf('outage-planned', sql`o.cancelled_on is null`, sql`${times} || ':' || called_off`)
}

// The figures and lists of payments that staff work through. Each is one statement, of the reader's billers alone.
import { type SQL, sql } from 'drizzle-orm'
import { isOneOf } from '../../db/checks.ts'
import { openAttemptStates } from '../../db/enums.ts'
import { database } from '../platform/database.ts'
import { readCode } from '../platform/typed.ts'
import {
  type AttemptEntry,
  type AttentionEntry,
  type AttentionKind,
  attentionKinds,
  type Difference,
  type Listed,
  type RefundEntry,
  type TileFigures,
  tiles,
} from './schema.ts'
import {
  attemptFacts,
  contractCodes,
  differenceJoins,
  hasLeftOver,
  isInDoubt,
  isOfToday,
  isOpenDifference,
  ofBillers,
  type Reader,
  staffName,
  troubles,
  whyOver,
} from './scope.ts'

export async function getTiles(reader: Reader, now: Date): Promise<TileFigures> {
  const { rows } = await database().execute<{
    tile: keyof TileFigures
    currency: 'ALL' | 'EUR' | null
    count: number
    amount: number
  }>(sql`
    with found (tile, currency, amount) as (
      select 'inDoubt', a.currency, a.amount from payment_attempts a where ${ofBillers(reader, 'a')} and ${isInDoubt(now)}
      union all
      select 'underWay', a.currency, a.amount from payment_attempts a
        where ${ofBillers(reader, 'a')} and ${isOneOf(sql`a.state`, openAttemptStates)}
      union all
      select 'surpluses', b.currency, p.amount - p.allocated - p.refunded from payments p join billers b on b.id = p.biller_id
        where ${ofBillers(reader, 'p')} and ${hasLeftOver}
      union all
      select 'differences', coalesce(r.currency, a.currency), coalesce(r.amount, a.amount) from ${differenceJoins}
        where ${isOpenDifference(reader)}
      union all
      select 'refunds', f.currency, f.amount from refunds f join payments p on p.id = f.payment_id
        where f.state = 'requested' and ${ofBillers(reader, 'p')}
      union all
      select 'today', b.currency, sum(p.amount) from billers b join payments p on p.biller_id = b.id
        where ${ofBillers(reader, 'p')} and ${isOfToday(now)} group by p.attempt_id, b.currency)
    select tile, currency, count(*)::int as count, coalesce(sum(amount), 0)::float8 as amount from found group by 1, 2 order by 1, 2`)
  const figures = (tile: keyof TileFigures) => {
    const own = rows.filter(row => row.tile === tile)
    const sums = own.flatMap(({ currency, amount }) =>
      currency === 'ALL' || currency === 'EUR' ? [{ currency, amount }] : [],
    )
    return [tile, { count: own.reduce((sum, { count }) => sum + count, 0), sums }] as const
  }
  return Object.fromEntries(([...tiles, 'underWay'] as const).map(figures)) as TileFigures
}

/** Rows of a page. */
const PAGE = 50

/** `page` counts from 1. The row after the last says whether there are more. */
async function listed<Row extends Record<string, unknown>>(
  query: SQL,
  page: number,
  times: (keyof Row & string)[],
): Promise<Listed<Row>> {
  const { rows } = await database().execute<Row>(sql`${query} limit ${PAGE + 1} offset ${(page - 1) * PAGE}`)
  const read = rows.slice(0, PAGE).map(row => ({
    ...row,
    ...Object.fromEntries(times.map(name => [name, new Date(row[name] as string)])),
  }))
  return { rows: read as Row[], hasMore: rows.length > PAGE }
}

const attemptEntry = (
  now: Date,
) => sql`select ${attemptFacts}, a.state, a.amount, a.created_at as "createdAt", ${troubles(now)}
  from payment_attempts a join billers b on b.id = a.biller_id`

/** Of these kinds, the most urgent kind first, then the oldest: those wait longest. What was paid twice is among the surpluses, and no difference. */
export function listAttention(
  reader: Reader,
  now: Date,
  kinds: readonly AttentionKind[] = attentionKinds,
  page = 1,
): Promise<Listed<AttentionEntry>> {
  const sources: Record<AttentionKind, SQL> = {
    inDoubt: sql`select 'inDoubt' as kind, a.id as attempt, null::bigint as payment, null::bigint as exception, a.created_at as since
      from payment_attempts a where ${ofBillers(reader, 'a')} and ${isInDoubt(now)}`,
    surplus: sql`select 'surplus', p.attempt_id, p.id, null::bigint, p.received_at from payments p
      where ${ofBillers(reader, 'p')} and ${hasLeftOver}`,
    difference: sql`select 'difference', x.attempt_id, x.payment_id, x.id, x.opened_at from ${differenceJoins}
      where ${isOpenDifference(reader)}`,
  }
  const found = sql.join(
    kinds.map(kind => sql`(${sources[kind]})`),
    sql` union all `,
  )
  return listed(
    sql`with found (kind, attempt, payment, exception, since) as (${found})
    select f.kind, f.attempt as "attemptId", f.payment as "paymentId", f.exception as "exceptionId",
      coalesce(a.number, nullif(x.order_number, '')) as number, g.code as account, b.time_zone as "timeZone", f.since, ${contractCodes},
      case f.kind when 'inDoubt' then a.state when 'difference' then x.kind else ${whyOver} end as why,
      case f.kind when 'inDoubt' then a.amount when 'surplus' then p.amount - p.allocated - p.refunded else coalesce(r.amount, a.amount) end as amount,
      case f.kind when 'difference' then coalesce(r.currency, a.currency) else a.currency end as currency
    from found f left join payment_attempts a on a.id = f.attempt left join payments p on p.id = f.payment
      left join payment_exceptions x on x.id = f.exception left join settlement_rows r on r.id = x.settlement_row_id
      left join gateway_accounts g on g.id = coalesce(r.gateway_account_id, a.gateway_account_id)
      left join billers b on b.id = coalesce(a.biller_id, g.biller_id)
    order by array_position(array['inDoubt', 'difference', 'surplus'], f.kind), f.since, f.attempt, f.payment, f.exception`,
    page,
    ['since'],
  )
}

/** Orders of which something was captured today, by the biller's day; the newest first. */
export const listToday = (reader: Reader, now: Date, page = 1): Promise<Listed<AttemptEntry>> =>
  listed(
    sql`select ${attemptFacts}, a.state, t.amount, t.at as "createdAt", ${troubles(now)}
      from (select p.attempt_id, sum(p.amount)::float8 as amount, max(p.received_at) as at
        from billers b join payments p on p.biller_id = b.id
        where ${ofBillers(reader, 'p')} and ${isOfToday(now)} group by p.attempt_id) t
      join payment_attempts a on a.id = t.attempt_id join billers b on b.id = a.biller_id
      order by t.at desc, a.id`,
    page,
    ['createdAt'],
  )

/** All whose end is not known, the oldest first. */
export const listUnderWay = (reader: Reader, now: Date, page = 1): Promise<Listed<AttemptEntry>> =>
  listed(
    sql`select ${attemptFacts}, g.code as account, a.state, a.amount, a.created_at as "createdAt", ${troubles(now)}
      from payment_attempts a join billers b on b.id = a.biller_id left join gateway_accounts g on g.id = a.gateway_account_id
      where ${ofBillers(reader, 'a')} and ${isOneOf(sql`a.state`, openAttemptStates)}
      order by a.created_at, a.id`,
    page,
    ['createdAt'],
  )

/** A difference that is of no attempt of ours: of the reader's billers or of nobody's; open or settled. */
export async function getDifference(reader: Reader, id: number): Promise<Difference | null> {
  const { rows } = await database().execute<Difference>(sql`
    select x.id, x.kind, x.gateway, x.order_number as "orderNumber", x.transaction_id as "transactionId", g.code as account,
      b.name as biller, b.time_zone as "timeZone", r.kind as "rowKind", r.amount, r.currency, r.at as "toldAt",
      x.opened_at as "openedAt", x.resolved_at as "resolvedAt", ${staffName('s')} as "resolvedBy", x.note
    from payment_exceptions x left join settlement_rows r on r.id = x.settlement_row_id
      left join gateway_accounts g on g.id = r.gateway_account_id left join billers b on b.id = g.biller_id
      left join accounts s on s.id = x.resolved_by
    where x.id = ${id} and x.attempt_id is null
      and (g.biller_id is null or g.biller_id = any (${sql.param(reader.billerIds)}::smallint[]))`)
  const [row] = rows
  if (!row) return null
  const time = (at: Date | null) => (at === null ? null : new Date(at))
  const { toldAt, resolvedAt, openedAt } = row
  return { ...row, openedAt: new Date(openedAt), toldAt: time(toldAt), resolvedAt: time(resolvedAt) }
}

/** Those that wait for somebody, or for the bank, first; then the newest. */
export const listRefunds = (reader: Reader, page = 1): Promise<Listed<RefundEntry>> =>
  listed(
    sql`select ${attemptFacts}, f.id, f.number as "refundNumber", f.way, f.amount, f.state, f.reason, ${staffName('by_one')} as "requestedBy",
      ${staffName('by_other')} as "decidedBy", f.requested_at as "requestedAt", f.state_changed_at as "stateChangedAt",
      f.failure_code as "failureCode", f.requested_by = ${reader.id}::uuid as "isOwn"
    from refunds f join payments p on p.id = f.payment_id join payment_attempts a on a.id = p.attempt_id
      join billers b on b.id = p.biller_id join accounts by_one on by_one.id = f.requested_by
      left join accounts by_other on by_other.id = f.decided_by
    where ${ofBillers(reader, 'p')}
    order by f.state in ('requested', 'submitted', 'unknown') desc, f.state_changed_at desc, f.id`,
    page,
    ['requestedAt', 'stateChangedAt'],
  )

/** Attempts by our payment number, with the end that a receipt or an order at a bank has or without, or by a contract's code; newest first. */
export function findAttempts(
  reader: Reader,
  typed: string,
  now: Date,
  page = 1,
): Promise<Listed<AttemptEntry>> {
  const code = readCode(typed).replaceAll(' ', '').toUpperCase()
  const number = code.replace(/[-_.].*$/, '')
  const ofContract = sql`a.id in (select l.attempt_id from contracts c join payment_attempt_invoices l on l.contract_id = c.id
    where c.biller_id = any (${sql.param(reader.billerIds)}::smallint[]) and c.code = ${code})`
  return listed(
    sql`${attemptEntry(now)} where ${ofBillers(reader, 'a')} and ${/^D\d+$/.test(number) ? sql`a.number = ${number}` : ofContract}
      order by a.created_at desc, a.id`,
    page,
    ['createdAt'],
  )
}

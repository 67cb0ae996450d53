// Compares the rows of a settlement file with what the portal knows: by order and transaction, then by amount, and by no date.
import { and, inArray, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import type { SettlementKind } from '../../db/enums.ts'
import { refunds } from '../../db/schema/refunds.ts'
import { lockAttempt } from '../payments/attempts.ts'
import { type FoundDifference, holdDifferences, isHeld, resolveDifferences } from '../payments/differences.ts'
import { settleRefund } from '../refunds/at-bank.ts'
import type { SettlementAccount } from './accounts.ts'
import { takeBackCharged } from './charged-back.ts'

/** A row with what is booked of its transaction. `booked`: the sum, 0 where nothing is. */
type ComparedRow = {
  id: number
  kind: SettlementKind
  orderNumber: string
  transactionId: string
  amount: number
  currency: string
  attemptId: string | null
  paymentIds: number[]
  booked: number
  /** Whether a member of staff brought the file. */
  byStaff: boolean
}

/**
 * Compares those rows of a file that are not compared yet. Whatever concerns one order is a transaction of its own, which locks that order's
 * contracts: so the same file can be compared again after a process died, and nobody waits for all of it.
 */
export async function compareFile(
  db: Database,
  account: SettlementAccount,
  fileId: number,
  now: Date,
): Promise<FoundDifference[]> {
  const rows = await rowsOf(db, account, fileId)
  const found: FoundDifference[] = []
  for (const row of rows) {
    if (row.kind === 'sale') {
      const kind = saleDiffers(row, account)
      if (kind) found.push(differenceOf(row, account, kind))
    }
  }
  const news = await db.transaction(tx => holdDifferences(tx, found, now))
  for (const row of rows.filter(({ kind }) => kind !== 'sale')) {
    news.push(...(await db.transaction(tx => compareReturned(tx, account, row, now))))
  }
  await db.transaction(tx => resolveDifferences(tx, account.id, now))
  return news
}

/** The end of an order that was placed more than once. */
const PLACED_END = '_([2-9]|[1-9][0-9]{1,3})$'

/** The rows of a file with the attempts that they are about: of this account, or of before attempts had one. */
async function rowsOf(db: Database, account: SettlementAccount, fileId: number): Promise<ComparedRow[]> {
  const { rows } = await db.execute<ComparedRow>(sql`
    select r.id, r.kind, r.order_number as "orderNumber", r.transaction_id as "transactionId", r.amount, r.currency,
      a.id as "attemptId", coalesce(p.ids, '{}') as "paymentIds", coalesce(p.booked, 0)::float8 as booked,
      f.loaded_by is not null as "byStaff"
    from settlement_rows r join settlement_files f on f.id = r.file_id
      left join payment_attempts a on a.number = regexp_replace(r.order_number, ${PLACED_END}, '')
        and coalesce(substring(r.order_number from ${PLACED_END})::int, 1) <= greatest(a.placed, 1)
        and a.biller_id = ${account.billerId} and a.gateway = ${account.gateway}
        and coalesce(a.gateway_account_id, ${account.id}) = ${account.id}
      left join lateral (select array_agg(p.id order by p.id)::float8[] as ids, sum(p.amount) as booked from payments p
        where p.attempt_id = a.id and p.transaction_id = r.transaction_id) p on true
    where r.file_id = ${fileId} order by r.line`)
  return rows
}

function saleDiffers(row: ComparedRow, account: SettlementAccount) {
  if (row.booked === 0) return 'not_booked'
  return row.booked === row.amount && row.currency === account.currency ? undefined : 'settled_otherwise'
}

const differenceOf = (
  row: ComparedRow,
  account: SettlementAccount,
  kind: FoundDifference['kind'],
): FoundDifference => ({
  kind,
  gateway: account.gateway,
  orderNumber: row.orderNumber,
  transactionId: row.transactionId,
  attemptId: row.attemptId,
  paymentId: row.attemptId === null ? null : (row.paymentIds[0] ?? null),
  settlementRowId: row.id,
})

/** Of money that went back: a refund, or a chargeback. */
async function compareReturned(
  tx: Transaction,
  account: SettlementAccount,
  row: ComparedRow,
  now: Date,
): Promise<FoundDifference[]> {
  const { attemptId, kind, currency } = row
  if (kind === 'chargeback') return compareCharged(tx, account, row, now)
  const settled =
    attemptId === null || currency !== account.currency
      ? 'foreign'
      : await settleRefund(tx, attemptId, row, now)
  if (settled === 'ours') return []
  const differs = settled === 'otherwise' ? 'settled_otherwise' : 'refunded_at_bank'
  return holdDifferences(tx, [differenceOf(row, account, differs)], now)
}

/**
 * The customer's bank took a payment back: so do we. Of a part of it staff decide, for a payment is taken back whole; and what a member
 * of staff brought may be of their own making, so another has to agree (`agreeChargedBack`).
 */
async function compareCharged(
  tx: Transaction,
  account: SettlementAccount,
  row: ComparedRow,
  now: Date,
): Promise<FoundDifference[]> {
  const { attemptId, amount, currency, paymentIds } = row
  if (attemptId !== null) await lockAttempt(tx, attemptId)
  const kinds = [
    'charged_back' as const,
    ...((await wasGivenBack(tx, row)) ? ['charged_back_refunded' as const] : []),
  ]
  const found = kinds.map(kind => differenceOf(row, account, kind))
  const news = await holdDifferences(tx, found, now)
  if (attemptId === null || row.booked === 0 || amount < row.booked || currency !== account.currency)
    return news
  // What staff have settled, or was taken back before, stays as it is. What is booked only after it was told of is taken back then.
  if (row.byStaff || !(await isHeld(tx, row.id, 'charged_back'))) return news
  await takeBackCharged(tx, { attemptId, paymentIds, timeZone: account.billerTimeZone, amount }, now)
  return news
}

/** Whether some of a transaction's money was given back, or is with the bank to be: then it may leave twice. */
async function wasGivenBack(tx: Transaction, { paymentIds }: ComparedRow): Promise<boolean> {
  const isOf = inArray(refunds.paymentId, paymentIds)
  return (
    (await tx.$count(refunds, and(isOf, inArray(refunds.state, ['submitted', 'unknown', 'succeeded'])))) > 0
  )
}

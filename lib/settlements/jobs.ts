// What follows a settlement file: the bank is asked about what is not booked, and every day what no file has is found.
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.ts'
import { gatewayAccounts } from '../../db/schema/gateway-accounts.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { settlementFiles, settlementRows } from '../../db/schema/settlements.ts'
import { askBank } from '../payments/asking.ts'
import { type FoundDifference, holdDifferences } from '../payments/differences.ts'
import { clock } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import { listAccounts } from './accounts.ts'
import { enqueueComparing } from './commands.ts'
import { compareFile } from './comparing.ts'

/** How the bank is asked about an attempt. */
type Ask = (db: Database, attemptId: string, now: Date) => Promise<unknown>

/** Compares a file, once more where that was done, and asks the bank about each order of it that has money which is not booked. */
export async function compareSettlement(
  { fileId }: { fileId: number },
  { database }: { database: Database },
  ask: Ask = (db, attemptId, now) => askBank(db, attemptId, 'job', now),
): Promise<void> {
  const now = clock.now()
  const [file] = await database.select().from(settlementFiles).where(eq(settlementFiles.id, fileId))
  if (!file) return
  const [account] = await listAccounts(eq(gatewayAccounts.id, file.gatewayAccountId))
  await compareFile(database, account!, fileId, now)
  const { rows } = await database.execute<{ attemptId: string }>(sql`
    select distinct x.attempt_id as "attemptId" from payment_exceptions x join settlement_rows r on r.id = x.settlement_row_id
    where r.file_id = ${fileId} and x.kind in ('not_booked', 'charged_back') and x.resolved_at is null
      and x.attempt_id is not null and x.payment_id is null`)
  for (const { attemptId } of rows) await ask(database, attemptId, clock.now())
  if (rows.length > 0) await compareFile(database, account!, fileId, clock.now())
}

/** A capture has so many days to be in a file of the bank's, and is looked for so many back. */
const SETTLED_WITHIN_DAYS = 3
export const LOOKED_BACK_DAYS = 45

/** Finds captures that no file has, of days that files of their account cover; and accounts whose files have stopped coming. */
export async function findUnsettled(db: Database, now: Date): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`
  const took = sql`coalesce(p.transaction_at, p.received_at)`
  const { rows } = await db.execute<Omit<FoundDifference, 'kind' | 'settlementRowId'>>(sql`
    select a.gateway, a.number as "orderNumber", p.transaction_id as "transactionId", a.id as "attemptId", min(p.id) as "paymentId"
    from payments p join payment_attempts a on a.id = p.attempt_id join billers b on b.id = a.biller_id
      join gateway_accounts g on g.id = a.gateway_account_id
    where p.attempt_id is not null and p.received_at > ${at} - ${`${LOOKED_BACK_DAYS} days`}::interval
      and ${took} < ${at} - ${`${SETTLED_WITHIN_DAYS} days`}::interval
      and exists (select from settlement_files f where f.gateway_account_id = g.id
        and (${took} at time zone coalesce(g.time_zone, b.time_zone))::date between f.first_day and f.last_day)
      and not exists (select from settlement_rows r where r.gateway_account_id = g.id and r.kind = 'sale'
        and r.transaction_id = p.transaction_id)
      -- Voided on its day: it bears the number of its sale, and neither is paid out.
      and not exists (select from refunds r join payments given on given.id = r.payment_id
        where given.attempt_id = p.attempt_id and given.transaction_id = p.transaction_id
          and r.state = 'succeeded' and r.transaction_id = p.transaction_id
          and r.amount = (select sum(all_of.amount) from payments all_of
            where all_of.attempt_id = p.attempt_id and all_of.transaction_id = p.transaction_id))
    group by a.gateway, a.number, p.transaction_id, a.id`)
  const found = rows.map(row => ({ ...row, kind: 'not_settled' as const, settlementRowId: null }))
  await db.transaction(tx => holdDifferences(tx, found, now))
  await compareAgain(db, now)
  const silent = await listSilentAccounts(db, now)
  for (const { code, lastAt } of silent) {
    log.error(
      { account: code, lastAt },
      'ALARM: settlement files of an account at a bank have stopped coming',
    )
  }
}

/** What was booked or settled since a file told of it otherwise; about what is not, the bank is asked again: it may have been out of reach. */
async function compareAgain(db: Database, now: Date): Promise<void> {
  const since = new Date(now.getTime() - LOOKED_BACK_DAYS * 86_400_000)
  const files = await db
    .selectDistinct({ id: settlementFiles.id, accountId: settlementFiles.gatewayAccountId })
    .from(paymentExceptions)
    .innerJoin(settlementRows, eq(settlementRows.id, paymentExceptions.settlementRowId))
    .innerJoin(settlementFiles, eq(settlementFiles.id, settlementRows.fileId))
    .where(and(isNull(paymentExceptions.resolvedAt), gt(paymentExceptions.openedAt, since)))
  const accounts = await listAccounts()
  for (const { id, accountId } of files) {
    await compareFile(db, accounts.find(account => account.id === accountId)!, id, now)
    await enqueueComparing(db, id, now)
  }
}

/** After so many days without a file something is wrong: banks send one a day. */
const SILENT_DAYS = 2

/** Accounts that have had files, and none for two days; of a bank's test system nobody expects one a day. For the page of the portal's health too. */
export async function listSilentAccounts(
  db: Executor,
  now: Date,
): Promise<{ code: string; billerId: number; lastAt: Date }[]> {
  const since = new Date(now.getTime() - SILENT_DAYS * 86_400_000)
  const { rows } = await db.execute<{ code: string; billerId: number; lastAt: string }>(sql`
    select g.code, g.biller_id as "billerId", max(f.loaded_at) as "lastAt"
    from gateway_accounts g join settlement_files f on f.gateway_account_id = g.id
    where g.takes_payments and not g.is_test group by g.id having max(f.loaded_at) < ${since.toISOString()}::timestamptz order by g.code`)
  return rows.map(row => ({ ...row, lastAt: new Date(row.lastAt) }))
}

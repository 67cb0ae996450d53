// Loads a bank's settlement file: stored once, compared, and what differs held for staff.
import { createHash } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { settlementFiles } from '../../db/schema/settlements.ts'
import type { Staff } from '../auth/staff.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import { enqueue } from '../platform/jobs.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { cut, visibleText } from '../platform/text.ts'
import { findStaffAccount, isCode, listAccounts, type SettlementAccount } from './accounts.ts'
import { compareFile } from './comparing.ts'
import { readSettlement, type SettlementRow } from './rows.ts'
import type { RefusedRow, SettlementRefusal, SettlementReport } from './schema.ts'

type File = { name: string; bytes: Uint8Array }
type Loaded = Promise<Result<SettlementReport, SettlementRefusal>>

/** What a supervisor or administrator uploads for an account of one of their billers. */
export async function loadStaffSettlement(
  staff: Pick<Staff, 'id' | 'role' | 'billerIds'>,
  accountId: number,
  file: File,
  now: Date,
): Loaded {
  const account = staff.role === 'agent' ? undefined : await findStaffAccount(staff, accountId)
  return account ? loadSettlement(account, file, staff.id, now) : fail('notFound')
}

/** What is loaded from the command line, for the account of that code. */
export async function loadNamedSettlement(code: string, file: File, now: Date): Loaded {
  const [account] = await listAccounts(isCode(code))
  return account ? loadSettlement(account, file, null, now) : fail('notFound')
}

/** The same bytes are the same file: sent again it is compared again, which changes nothing, in case a process died over it. */
async function loadSettlement(
  account: SettlementAccount,
  { name, bytes }: File,
  by: string | null,
  now: Date,
): Loaded {
  const read = readSettlement(bytes, account.timeZone, now)
  if (!read.ok) return read
  const { rows, refused } = read.value
  const digest = createHash('sha256').update(bytes).digest('hex')
  const days = rows.map(({ at }) => dayIn(account.timeZone, at)).sort()
  const stored = await database().transaction(async tx => {
    const [file] = await tx
      .insert(settlementFiles)
      .values({
        ...{ gatewayAccountId: account.id, digest, name: cut(visibleText(name), 200), rows: rows.length },
        ...{ firstDay: days[0], lastDay: days.at(-1), loadedBy: by, loadedAt: now },
      })
      .onConflictDoNothing()
      .returning({ id: settlementFiles.id })
    if (!file) return undefined
    const added = await addRows(tx, account, file.id, rows)
    await recordEvent(tx, {
      at: now,
      accountId: by ?? undefined,
      action: 'settlement.loaded',
      details: { account: account.code, file: file.id, rows: rows.length, added },
    })
    // Should the process die over comparing, a job does.
    await enqueueComparing(tx, file.id, new Date(now.getTime() + COMPARING_MS))
    return { id: file.id, added }
  })
  const fileId = stored?.id ?? (await knownFile(account, digest))
  const changed = await listChanged(account, rows)
  const allRefused = [...refused, ...changed].sort((one, other) => one.line - other.line)
  await database()
    .update(settlementFiles)
    .set({ refused: allRefused.slice(0, MOST_REFUSED_KEPT) })
    .where(eq(settlementFiles.id, fileId))
  const found = await compareFile(database(), account, fileId, now)
  // The bank is asked at once about what is not booked.
  if (found.some(one => one.attemptId !== null && one.paymentId === null))
    await enqueueComparing(database(), fileId, now)
  return ok({
    fileId,
    isKnown: stored === undefined,
    rows: rows.length - changed.length,
    added: stored?.added ?? 0,
    refused: allRefused,
    differences: Object.fromEntries(
      [...Map.groupBy(found, one => one.kind)].map(([kind, of]) => [kind, of.length]),
    ),
  })
}

/** A file of another kind has as many as it has rows. */
export const MOST_REFUSED_KEPT = 1000

/** Longer than comparing takes. */
const COMPARING_MS = 5 * 60_000

/** Has a file compared by a job, which asks the bank about what is not booked. */
export const enqueueComparing = (db: Executor, fileId: number, runAt: Date) =>
  enqueue(
    db,
    'compare-settlement',
    { fileId },
    { key: `compare-settlement:${fileId}`, runAt, restsInMaintenance: true },
  )

async function knownFile({ id }: SettlementAccount, digest: string): Promise<number> {
  const [file] = await database()
    .select({ id: settlementFiles.id })
    .from(settlementFiles)
    .where(and(eq(settlementFiles.gatewayAccountId, id), eq(settlementFiles.digest, digest)))
  return file!.id
}

/** The same transaction in an earlier file is the same row. Returns how many are new. */
async function addRows(
  tx: Transaction,
  account: SettlementAccount,
  fileId: number,
  rows: readonly SettlementRow[],
): Promise<number> {
  const { rowCount } = await tx.execute(sql`
    insert into settlement_rows (file_id, line, gateway_account_id, kind, order_number, transaction_id, amount, currency, at)
    select ${fileId}, r.line, ${account.id}, r.kind, r."orderNumber", r."transactionId", r.amount, r.currency, r.at
    from ${asTable(rows)} on conflict do nothing`)
  return rowCount ?? 0
}

/**
 * Rows that an earlier file had otherwise: the earlier one counts. A chargeback of another time is another one, of which staff decide:
 * banks number both as the sale.
 */
async function listChanged(
  account: SettlementAccount,
  rows: readonly SettlementRow[],
): Promise<RefusedRow[]> {
  const { rows: changed } = await database().execute<{ line: number }>(sql`
    select r.line from ${asTable(rows)} join settlement_rows k on k.gateway_account_id = ${account.id} and k.kind = r.kind
      and k.transaction_id = r."transactionId"
    where (k.amount, k.currency, k.order_number) <> (r.amount, r.currency, r."orderNumber")
      or (r.kind = 'chargeback' and k.at <> r.at)`)
  return changed.map(({ line }) => ({ line, reason: 'before', column: 'transaction_id' }))
}

const asTable = (rows: readonly SettlementRow[]) =>
  sql`json_to_recordset(${JSON.stringify(rows)}::json) r (line int, kind text, "orderNumber" text, "transactionId" text,
    amount bigint, currency text, at timestamptz)`

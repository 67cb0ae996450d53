// Writes money received into the ledger.
import { and, asc, eq, inArray, type SQLWrapper } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { payments } from '../../db/schema/ledger.ts'
import { replayContract } from './replay.ts'
import type { CapturedPart } from './rules.ts'

/**
 * Before anything else of the money of contracts is touched: in the order of their ids, as feeds do, so that whoever needs several waits
 * for the others and never in a ring. `ids`: theirs, or a query for them.
 */
export async function lockContracts(tx: Transaction, ids: number[] | SQLWrapper): Promise<void> {
  await tx
    .select({ id: contracts.id })
    .from(contracts)
    .where(inArray(contracts.id, ids))
    .orderBy(asc(contracts.id))
    .for('no key update')
}

export const lockContract = (tx: Transaction, contract: number | SQLWrapper): Promise<void> =>
  lockContracts(tx, typeof contract === 'number' ? [contract] : contract)

type NewPayment = typeof payments.$inferInsert

/**
 * Adds what a bank captured for a payment number of ours, a payment for each contract, and what they pay. Under that number where it is for
 * one contract; of several (`places`) as `number.1`, `number.2` and so on, with the number on their receipt. Where the biller has a payment
 * under one of those, all take the first free end of -2, -3 and so on behind the number. Returns their ids, in the order of `parts`.
 */
export async function recordPayments(
  tx: Transaction,
  of: { number: string; places: number },
  captured: Omit<NewPayment, 'reference' | 'receiptNumber' | 'contractId' | 'amount'>,
  parts: readonly CapturedPart[],
): Promise<number[]> {
  for (let time = 1; ; time++) {
    const receiptNumber = time === 1 ? of.number : `${of.number}-${time}`
    const isForOne = of.places === 1
    const references = Array.from({ length: of.places }, (_, index) => `${receiptNumber}.${index + 1}`)
    const rows = parts.map(({ contractId, place, amount }) => ({
      ...captured,
      ...{ contractId, amount },
      reference: isForOne ? receiptNumber : references[place - 1]!,
      receiptNumber: isForOne ? null : receiptNumber,
    }))
    const ids = await insertPayments(tx, rows, [receiptNumber, ...(isForOne ? [] : references)])
    if (!ids) continue
    for (const { contractId } of parts) await replayContract(tx, contractId)
    return ids
  }
}

/** All of them; undefined, and none is added, where the biller has a payment under one of these references. */
async function insertPayments(
  tx: Transaction,
  rows: NewPayment[],
  references: string[],
): Promise<number[] | undefined> {
  const isTaken = and(eq(payments.billerId, rows[0]!.billerId), inArray(payments.reference, references))
  if ((await tx.$count(payments, isTaken)) > 0) return undefined
  const added = await tx
    .insert(payments)
    .values(rows)
    .onConflictDoNothing({ target: [payments.billerId, payments.reference] })
    .returning({ id: payments.id })
  const ids = added.map(({ id }) => id)
  if (ids.length === rows.length) return ids
  // A feed of the biller brought one at the same moment.
  if (ids.length > 0) await tx.delete(payments).where(inArray(payments.id, ids))
  return undefined
}

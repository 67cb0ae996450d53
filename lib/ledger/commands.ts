// Writes money received into the ledger.
import { eq, type SQLWrapper } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { payments } from '../../db/schema/ledger.ts'
import { replayContract } from './replay.ts'

/** Before anything else of a contract's money is touched. `contract`: its id, or a query for it. */
export async function lockContract(tx: Transaction, contract: number | SQLWrapper): Promise<void> {
  await tx.select({ id: contracts.id }).from(contracts).where(eq(contracts.id, contract)).for('no key update')
}

/**
 * Adds a payment, and what it pays: under its reference, our payment number, or where the biller has a payment under that,
 * the first free of -2, -3 and so on. Returns its id.
 */
export async function recordPayment(tx: Transaction, payment: typeof payments.$inferInsert): Promise<number> {
  const id = await insertPayment(tx, payment)
  await replayContract(tx, payment.contractId)
  return id
}

async function insertPayment(tx: Transaction, payment: typeof payments.$inferInsert): Promise<number> {
  for (let place = 1; ; place++) {
    const reference = place === 1 ? payment.reference : `${payment.reference}-${place}`
    const [added] = await tx
      .insert(payments)
      .values({ ...payment, reference })
      .onConflictDoNothing({ target: [payments.billerId, payments.reference] })
      .returning({ id: payments.id })
    if (added) return added.id
  }
}

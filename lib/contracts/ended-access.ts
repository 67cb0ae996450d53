// Writes down what has ended: by the day that a holder set, or because they moved out. Pages see it at once (isOver in access.ts).
import { and, eq, isNotNull, lte, or } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { recordEvent } from '../platform/audit.ts'
import { BATCH } from '../platform/purge.ts'
import { accessLevel, isAccess, selectAccess } from './access.ts'
import { tellHolders, tellPerson } from './telling.ts'

/** Every ten minutes: ends what is over by now, a batch a transaction, and tells those whose access it was. */
export async function endAccess(db: Database, now: Date): Promise<void> {
  while ((await db.transaction(tx => endInTransaction(tx, now))) === BATCH);
}

/** Of one contract, or of all: at most BATCH. Returns how many there were. */
export async function endInTransaction(tx: Transaction, now: Date, contractId?: number): Promise<number> {
  const over = await selectAccess(tx, {
    accountId: contractAccess.accountId,
    contractId: contractAccess.contractId,
    level: accessLevel,
    stored: contractAccess.level,
    decision: contractAccess.holderDecision,
    removedAt: contractAccess.removedAt,
    handoverOn: contractAccess.handoverOn,
    handoverAt: contractAccess.handoverAt,
  })
    .where(
      and(
        or(
          lte(contractAccess.endsAt, now),
          and(isNotNull(contractAccess.handoverOn), lte(contractAccess.handoverAt, now)),
        ),
        contractId === undefined ? undefined : eq(contractAccess.contractId, contractId),
      ),
    )
    .orderBy(contractAccess.contractId, contractAccess.accountId)
    .limit(BATCH)
    .for('update', { of: contractAccess })
  for (const one of over) await end(tx, one, now)
  return over.length
}

type Over = Pick<
  typeof contractAccess.$inferSelect,
  'accountId' | 'contractId' | 'removedAt' | 'handoverOn' | 'handoverAt'
> & {
  level: string
  stored: string
  decision: string | null
}

/**
 * After a handover it is as if they had just added the contract, for what the holder before decided binds the next one no more; whom
 * that holder refused is free to add it. After a day that the holder set they are as those whom they limited.
 */
async function end(tx: Transaction, { accountId, contractId, ...one }: Over, now: Date): Promise<void> {
  const access = isAccess(accountId, contractId)
  const isHandedOver = one.handoverOn !== null && one.handoverAt! <= now
  if (isHandedOver && one.decision === 'refused') {
    await tx.delete(contractAccess).where(access)
    return
  }
  await tx
    .update(contractAccess)
    .set({
      level: 'amounts',
      endsAt: null,
      ...(isHandedOver
        ? { holderDecision: null, fromOn: one.handoverOn, handoverOn: null, handoverAt: null }
        : { holderDecision: 'limited' as const }),
    })
    .where(access)
  // Whom the biller's record names by now has lost nothing.
  if (one.stored === 'amounts' || one.level === 'holder') return
  await recordEvent(tx, {
    action: 'access.ended',
    subject: `contract:${contractId}`,
    details: { accountId },
    // It belongs to the time of the holder who had allowed it.
    at: isHandedOver ? new Date(one.handoverAt!.getTime() - 1) : now,
  })
  if (one.removedAt === null) await tellPerson(tx, accountId, contractId, 'ended', null)
  if (!isHandedOver) await tellHolders(tx, accountId, contractId, 'access-of-other-ended')
}

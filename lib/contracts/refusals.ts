// Whom a holder refused or limited, or staff withdrew, or who moved out, beyond the end of the account: they come back by no proof, and to their own time alone.
import { createHmac, randomBytes } from 'node:crypto'
import { eq, lt } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { contractAccess, contractRefusals } from '../../db/schema/contract-access.ts'
import { database } from '../platform/database.ts'
import { daysBefore, purge } from '../platform/purge.ts'
import { resealEach, sameHash, seal, unsealStored } from '../platform/seal.ts'

const PURPOSE = 'contract refusals'
/** Three years after the account: until then at least, whoever was refused comes back by no proof (docs/decisions/0020, 0052). */
const REFUSAL_DAYS = 3 * 365

/** Under a key of the row's own, which is sealed and can be sealed anew: the hash outlives every AUTH_SECRET. */
const hashOf = (key: string, personalNumber: string): string =>
  createHmac('sha256', Buffer.from(key, 'base64url')).update(personalNumber).digest('base64url')

/** Before an account and its access are deleted at its owner's request. */
export async function keepRefusals(
  tx: Transaction,
  { id, personalNumber }: Pick<typeof accounts.$inferSelect, 'id' | 'personalNumber'>,
  now: Date,
): Promise<void> {
  const { contractId, holderDecision, fromOn, untilOn, handoverAt } = contractAccess
  const rows = await tx
    .select({ contractId, holderDecision, fromOn, untilOn, handoverAt })
    .from(contractAccess)
    .where(eq(contractAccess.accountId, id))
    // All of them: a holder may decide, or this one move out, at this moment.
    .for('update')
  for (const { holderDecision: decision, ...access } of rows) {
    const wasRefused = decision === 'limited' || decision === 'refused'
    const hasMoved = access.untilOn !== null
    if (!wasRefused && !hasMoved) continue
    const time = hasMoved ? access : { contractId: access.contractId }
    const key = randomBytes(32).toString('base64url')
    const sealedKey = seal(key, PURPOSE)
    const personHash = hashOf(key, personalNumber)
    await tx.insert(contractRefusals).values({ ...time, wasRefused, sealedKey, personHash, keptAt: now })
  }
}

/** What was kept of an earlier account. `time`: of somebody who moved out, as their access had it; undefined: they did not. */
export type Kept = {
  wasRefused: boolean
  time: Pick<typeof contractAccess.$inferInsert, 'fromOn' | 'untilOn' | 'handoverAt'> | undefined
}

/**
 * What was kept of the account's person and the contract. It is deleted: the access has it again. It bounds, and opens nothing: that
 * the number is their own nobody has proved.
 */
export async function takeRefusal(tx: Transaction, accountId: string, contractId: number): Promise<Kept> {
  const rows = await tx
    .select({ refusal: contractRefusals, personalNumber: accounts.personalNumber })
    .from(contractRefusals)
    .innerJoin(accounts, eq(accounts.id, accountId))
    .where(eq(contractRefusals.contractId, contractId))
  const theirs = rows.filter(({ refusal, personalNumber }) => {
    const key = unsealStored(refusal.sealedKey, PURPOSE)
    return key !== undefined && sameHash(refusal.personHash, hashOf(key, personalNumber))
  })
  for (const { refusal } of theirs)
    await tx.delete(contractRefusals).where(eq(contractRefusals.id, refusal.id))
  const moved = theirs.find(({ refusal }) => refusal.untilOn !== null)?.refusal
  return {
    wasRefused: theirs.some(({ refusal }) => refusal.wasRefused),
    time: moved && { fromOn: moved.fromOn, untilOn: moved.untilOn, handoverAt: moved.handoverAt },
  }
}

/** Deletes what was kept for three years. */
export async function forgetRefusals(db: Database, now: Date): Promise<void> {
  const { keptAt } = contractRefusals
  await purge(db, contractRefusals, keptAt, lt(keptAt, daysBefore(now, REFUSAL_DAYS)))
}

/** Seals every row's key under AUTH_SECRET that is not yet (npm run reseal). */
export async function resealRefusals(): Promise<{ sealed: number; unreadable: number }> {
  const { id, sealedKey: sealed } = contractRefusals
  const rows = await database().select({ id, sealed }).from(contractRefusals)
  return resealEach(rows, PURPOSE, (row, sealedKey) =>
    database().update(contractRefusals).set({ sealedKey }).where(eq(id, row.id)),
  )
}

// A payment as its page tells of it: where its end is not known the bank is asked before.
import { database } from '../platform/database.ts'
import { askBank } from './asking.ts'
import type { Payer } from './payer.ts'
import { getAttempt } from './queries.ts'
import { isUnknown } from './rules.ts'
import type { Attempt } from './schema.ts'

/** How long the bank's own news are waited for before the page asks. */
const PATIENCE_MS = 5000

/**
 * The payer's payment; one whose end is not known yet after the bank was asked, where nobody else asked just now. `wanted`: its reader
 * wants it asked.
 */
export async function upToDate(
  payer: Payer,
  id: string,
  why: 'looking' | 'wanted',
  now: Date,
): Promise<Attempt | null> {
  const payment = await getAttempt(payer, id)
  const settled = !payment || !isUnknown(payment.state)
  if (settled) return payment
  if (why === 'looking' && now.getTime() - payment.createdAt.getTime() < PATIENCE_MS) return payment
  await askBank(database(), id, why, now)
  return getAttempt(payer, id)
}

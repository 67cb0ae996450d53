// A payment as its page tells of it: where its end is not known the bank is asked before.
import { setTimeout as sleep } from 'node:timers/promises'
import { toldStopped } from '../maintenance/queries.ts'
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { errorFacts, log } from '../platform/log.ts'
import { askBank, SHORT_PAUSE_MS } from './asking.ts'
import { getAttempt } from './paid-queries.ts'
import type { Payer } from './payer.ts'
import { isUnknown } from './rules.ts'
import type { Attempt } from './schema.ts'

/** How long the bank's own news are waited for before the page asks, unless its customer is back from the bank. */
const PATIENCE_MS = 5000
/** So long whoever comes back waits for the bank's answer; what it says later counts all the same. */
const RETURN_MS = 4000

/**
 * The payer's payment; one whose end is not known yet after the bank was asked, where nobody else asked just now and payments are not
 * stopped. `wanted`: its reader wants it asked.
 */
export async function upToDate(
  payer: Payer,
  id: string,
  why: 'looking' | 'wanted',
  now: Date,
): Promise<Attempt | null> {
  const payment = await getAttempt(payer, id)
  const settled = !payment || !isUnknown(payment.state)
  if (settled || toldStopped(now)) return payment
  const isNew = now.getTime() - payment.createdAt.getTime() < PATIENCE_MS
  if (why === 'looking' && isNew && !payment.returnedAt) return payment
  await askBank(database(), id, why, now)
  return getAttempt(payer, id)
}

/** Asks the bank about an attempt whose customer it led back with words that are not believed alone. */
export async function askOnReturn(id: string): Promise<void> {
  const asked = askUntilHeard(id).catch(error =>
    log.error(errorFacts(error), 'a bank was not asked on the way back'),
  )
  await Promise.race([asked, sleep(RETURN_MS, undefined, { ref: false })])
}

/** Where the bank's call had it asked just now, that question may have come before the money. */
async function askUntilHeard(id: string): Promise<void> {
  const ask = () => askBank(database(), id, 'returning', clock.now())
  if ((await ask()) !== 'too-soon') return
  await sleep(SHORT_PAUSE_MS)
  await ask()
}

// Follows attempts up in the background until their end is known.
import { eq } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { clock } from '../platform/clock.ts'
import { askBank } from './answers.ts'
import { isClosed, isUnknown } from './rules.ts'
import { type Attempt, scheduleCheck } from './transitions.ts'

/** Where somebody asked the bank a moment ago. */
const SOON_MS = 10_000

/** Asks the bank about an attempt whose end may still change, and has it asked again as the rules say. */
export async function checkPayment(
  { attemptId }: { attemptId: string },
  { database }: { database: Database },
): Promise<void> {
  const before = await findAttempt(database, attemptId)
  if (!before || !(isUnknown(before.state) || isClosed(before.state))) return
  const answer = await askBank(database, attemptId, 'job', clock.now())
  const after = await findAttempt(database, attemptId)
  const now = clock.now()
  await scheduleCheck(
    database,
    after!,
    now,
    answer === 'too-soon' ? new Date(now.getTime() + SOON_MS) : undefined,
  )
}

async function findAttempt(db: Database, id: string): Promise<Attempt | undefined> {
  const [attempt] = await db.select().from(paymentAttempts).where(eq(paymentAttempts.id, id))
  return attempt as Attempt | undefined
}

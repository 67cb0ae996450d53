// What becomes of a message once it has left.
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { messages } from '../../db/schema/notifications.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { limits } from '../platform/limits.ts'
import { countTry } from '../platform/rate-limits.ts'
import { isReportKey, readReports } from './infobip.ts'
import { MAY_FOLLOW, type Outcome } from './rules.ts'

/** Keeps the outcome where it may follow (MAY_FOLLOW), and erases recipient and text. Unknown ids change nothing. */
export async function settleMessage(db: Executor, id: string, outcome: Outcome, now: Date): Promise<void> {
  const { state } = outcome
  if (state === 'again') return
  await db
    .update(messages)
    .set({
      state,
      failure: state === 'failed' ? outcome.failure : null,
      ...(state !== 'failed' && { sentAt: sql`coalesce(${messages.sentAt}, ${now.toISOString()})` }),
      // A code must not stay; only the demonstration shows what was sent.
      ...(!env().DEMO && { sealed: null }),
    })
    .where(and(eq(messages.id, id), inArray(messages.state, [...MAY_FOLLOW[state]])))
}

/** Whether reports may be read: the channel's own always are, with the key in the address that it was given. */
export async function admitReports(
  channel: string,
  key: string,
  address: string | null,
): Promise<{ status: 'admitted' | 'refused' | 'no-channel' } | { status: 'limited'; seconds: number }> {
  if (channel !== 'infobip' || env().DEMO) return { status: 'no-channel' }
  if (isReportKey(key)) return { status: 'admitted' }
  const seconds = await countTry(limits.forgedReports(), { address })
  return seconds > 0 ? { status: 'limited', seconds } : { status: 'refused' }
}

/** Takes delivery reports. They may come twice, in any order, for messages that are not ours. */
export async function receiveReports(body: string, now: Date): Promise<'received' | 'unreadable'> {
  const reports = readReports(body)
  if (!reports) return 'unreadable'
  for (const { id, outcome } of reports) await settleMessage(database(), id, outcome, now)
  return 'received'
}

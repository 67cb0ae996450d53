// What becomes of a message once it has left.
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { messages } from '../../db/schema/notifications.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
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

/** Takes a channel's delivery reports. They may come twice, in any order, for messages that are not ours. */
export async function receiveReports(
  channel: string,
  key: string,
  body: string,
  now: Date,
): Promise<'received' | 'refused' | 'unreadable' | 'no-channel'> {
  if (channel !== 'infobip' || env().DEMO) return 'no-channel'
  if (!isReportKey(key)) return 'refused'
  const reports = readReports(body)
  if (!reports) return 'unreadable'
  for (const { id, outcome } of reports) await settleMessage(database(), id, outcome, now)
  return 'received'
}

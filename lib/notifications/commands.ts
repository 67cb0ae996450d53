// What becomes of a message once it has left.
import { and, count, eq, inArray, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import type { MessageChannel } from '../../db/enums.ts'
import { messages } from '../../db/schema/notifications.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { limits } from '../platform/limits.ts'
import { countTry } from '../platform/rate-limits.ts'
import { noteDeliverability } from './deliverability.ts'
import { isReportKey, readReports } from './infobip.ts'
import { isMailReport, type MailEvent, readMailReport } from './mail-reports.ts'
import { receiveComplaint } from './own-choices.ts'
import { MAY_FOLLOW, type Outcome } from './rules.ts'

/**
 * Keeps the outcome where it may follow (MAY_FOLLOW), and what it says of the account's address, and erases recipient and text.
 * Unknown ids change nothing.
 */
export async function settleMessage(db: Executor, id: string, outcome: Outcome, now: Date): Promise<void> {
  const { state } = outcome
  if (state === 'again') return
  // First: should the process end here, the outcome comes again.
  await noteDeliverability(db, id, outcome, now)
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

/** What waits to be sent, by channel: after a restore, most of it has been sent since. */
export async function countWaiting(db: Executor): Promise<Record<MessageChannel, number>> {
  const rows = await db
    .select({ channel: messages.channel, count: count() })
    .from(messages)
    .where(eq(messages.state, 'queued'))
    .groupBy(messages.channel)
  const of = (channel: MessageChannel) => rows.find(row => row.channel === channel)?.count ?? 0
  return { email: of('email'), sms: of('sms') }
}

/** Gives up whatever waits to be sent; their jobs find nothing to do. */
export async function dropWaiting(db: Executor): Promise<void> {
  await db.update(messages).set({ state: 'dropped', sealed: null }).where(eq(messages.state, 'queued'))
}

/** What a channel's reports are admitted by. */
type ReportProof = { key: string; signature: string | null; address: string | null }
type Admission =
  | { status: 'received' | 'unreadable' | 'refused' | 'no-channel' }
  | { status: 'limited'; seconds: number }

/** Whether a channel reports at all. */
export const hasReports = (channel: string): boolean =>
  channel === 'email' ? env().MAIL_REPORT_KEY !== undefined : channel === 'infobip' && !env().DEMO

/**
 * Takes delivery reports: Infobip's with the key in the address that it was given, the mail service's signed. They may come twice, in
 * any order, for messages that are not ours. Those that are nobody's are counted.
 */
export async function receiveReports(
  channel: string,
  { key, signature, address }: ReportProof,
  body: string,
  now: Date,
): Promise<Admission> {
  if (!hasReports(channel)) return { status: 'no-channel' }
  if (!(channel === 'email' ? isMailReport(body, signature) : isReportKey(key))) {
    const seconds = await countTry(limits.forgedReports(), { address })
    return seconds > 0 ? { status: 'limited', seconds } : { status: 'refused' }
  }
  if (channel === 'email') {
    const events = readMailReport(body)
    for (const event of events ?? []) await receiveMailEvent(event, now)
    return { status: events ? 'received' : 'unreadable' }
  }
  const reports = readReports(body)
  for (const { id, outcome } of reports ?? []) await settleMessage(database(), id, outcome, now)
  return { status: reports ? 'received' : 'unreadable' }
}

/** What is only delayed may still arrive, and a mailbox that is full may have room again: neither ends anything for good. */
async function receiveMailEvent({ messageId, kind, permanent }: MailEvent, now: Date): Promise<void> {
  if (kind === 'bounced') {
    const outcome: Outcome = {
      state: 'failed',
      failure: 'bounced',
      ...(permanent && { undeliverable: true }),
    }
    await settleMessage(database(), messageId, outcome, now)
  }
  if (kind === 'complained') await receiveComplaint(messageId, now)
}

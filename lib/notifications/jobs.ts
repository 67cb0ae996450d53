// Sends the outbox.
import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { messages } from '../../db/schema/notifications.ts'
import { clock } from '../platform/clock.ts'
import { env } from '../platform/env.ts'
import { enqueue } from '../platform/jobs.ts'
import { log } from '../platform/log.ts'
import { settleMessage } from './commands.ts'
import { sendSms } from './infobip.ts'
import { noticeKindOf } from './notice-kinds.ts'
import { openMessage, SPARE_ATTEMPTS, zoneOf } from './outbox.ts'
import { pauseChannel } from './pauses.ts'
import { afterQuiet } from './quiet-hours.ts'
import { isChannelDown, MAX_TRIES, type Outcome } from './rules.ts'
import { sendMail } from './smtp.ts'

type Message = typeof messages.$inferSelect

/**
 * Tries a message once. Throws where it is worth another try, so that the queue makes one after a pause. A process
 * that ends between handing over and writing that down leaves the message queued: it is handed over again, under the
 * same id.
 */
export async function sendQueuedMessage(
  { messageId }: { messageId: string },
  { database }: { database: Database },
): Promise<void> {
  const queued = and(eq(messages.id, messageId), eq(messages.state, 'queued'))
  const [waiting] = await database.select().from(messages).where(queued)
  if (!waiting) return
  if (await waitsOutTheNight(database, waiting)) return
  const [message] = await database
    .update(messages)
    .set({ tries: sql`${messages.tries} + 1` })
    .where(queued)
    .returning()
  if (!message) return
  const outcome = await tryMessage(message)
  if (outcome.state === 'again' && isChannelDown(outcome.failure)) {
    await pauseChannel(database, message.channel)
  }
  if (outcome.state === 'again' && message.tries < MAX_TRIES) {
    await database.update(messages).set({ failure: outcome.failure }).where(queued)
    throw Object.assign(new Error(`The ${message.channel} channel did not take a message.`), {
      code: outcome.failure,
    })
  }
  const end: Outcome = outcome.state === 'again' ? { ...outcome, state: 'failed' } : outcome
  if (end.state === 'failed') {
    log.error({ messageId, message: message.kind, failure: end.failure }, 'a message could not be sent')
  }
  await settleMessage(database, messageId, end, clock.now())
}

/** What was to be tried in the evening and could not be is no reason to wake anybody: tried again in the morning. */
async function waitsOutTheNight(database: Database, message: Message): Promise<boolean> {
  const { id, kind, channel, contractId } = message
  const of = noticeKindOf(kind)
  if (!of || of === 'account') return false
  const runAt = afterQuiet(clock.now(), await zoneOf(database, contractId))
  if (runAt <= clock.now()) return false
  const job = { key: `send:${id}`, maxAttempts: MAX_TRIES + SPARE_ATTEMPTS, channel, runAt }
  await enqueue(database, `send-${channel}`, { messageId: id, message: kind }, job)
  return true
}

async function tryMessage(message: Message): Promise<Outcome> {
  if (message.usefulUntil && message.usefulUntil <= clock.now())
    return { state: 'failed', failure: 'too-late' }
  const content = openMessage(message.sealed)
  // Once the secret that it was sealed under is among the previous ones, it opens.
  if (!content) return { state: 'again', failure: 'unreadable' }
  const { id, createdAt, channel, language } = message
  const delivery = { ...content, id, language, createdAt }
  // In the demonstration no message leaves the portal: /outbox shows it.
  if (env().DEMO) return { state: 'sent' }
  return channel === 'sms' ? sendSms(delivery) : sendMail(delivery)
}

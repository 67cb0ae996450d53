// Sends the outbox.
import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { messages } from '../../db/schema/notifications.ts'
import { deliver } from './channels.ts'
import { openMessage } from './outbox.ts'

/** Sends one message once. Throws where the channel failed, so that the queue tries again later. */
export async function sendQueuedMessage(
  { messageId }: { messageId: string },
  { database }: { database: Database },
): Promise<void> {
  const [message] = await database
    .update(messages)
    .set({ tries: sql`${messages.tries} + 1` })
    .where(and(eq(messages.id, messageId), eq(messages.state, 'queued')))
    .returning()
  if (!message) return
  await deliver(message.channel as 'email' | 'sms', openMessage(message.sealed))
  await database.update(messages).set({ state: 'sent', sentAt: sql`now()` }).where(eq(messages.id, messageId))
}

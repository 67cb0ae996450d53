// Forgets messages that left long ago.
import { lt } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { messages } from '../../db/schema/notifications.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'

/** Deletes messages older than MESSAGE_DAYS, whatever became of them: their jobs gave up weeks after they were written. */
export async function forgetMessages(db: Database, now: Date): Promise<void> {
  const { createdAt } = messages
  await purge(db, messages, createdAt, lt(createdAt, daysBefore(now, env().MESSAGE_DAYS)))
}

// Forgets messages that left long ago, and notices that are old.
import { eq, lt } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { messages, noticeChoices, notices } from '../../db/schema/notifications.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'

/** Deletes messages older than MESSAGE_DAYS, whatever became of them: their jobs gave up weeks after they were written. */
export async function forgetMessages(db: Database, now: Date): Promise<void> {
  const { createdAt } = messages
  await purge(db, messages, createdAt, lt(createdAt, daysBefore(now, env().MESSAGE_DAYS)))
}

/** Deletes notices older than NOTICE_DAYS, with what was told in them. */
export async function forgetNotices(db: Database, now: Date): Promise<void> {
  const { createdAt } = notices
  await purge(db, notices, createdAt, lt(createdAt, daysBefore(now, env().NOTICE_DAYS)))
}

/** Of an account that is being closed: its inbox, and what is still waiting: codes and links that lead nowhere now. */
export async function forgetMessagesOf(tx: Transaction, accountId: string): Promise<void> {
  await tx.delete(messages).where(eq(messages.accountId, accountId))
  await tx.delete(notices).where(eq(notices.accountId, accountId))
  await tx.delete(noticeChoices).where(eq(noticeChoices.accountId, accountId))
}

/** Its last ones leave without it. */
export async function detachMessages(tx: Transaction, accountId: string): Promise<void> {
  await tx.update(messages).set({ accountId: null }).where(eq(messages.accountId, accountId))
}

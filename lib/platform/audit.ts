// The audit log: what was done, by whom, from where. Written in the transaction of the deed.
import { sql } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { env } from './env.ts'
import { BATCH, daysBefore } from './purge.ts'

/** `subject`: `contract:12`. `details`: ids, codes and amounts; nothing that names a person. */
export async function recordEvent(
  db: Executor,
  event: {
    action: string
    at: Date
    accountId?: string
    subject?: string
    address?: string | null
    details?: Record<string, string | number | boolean | null>
  },
): Promise<void> {
  await db.insert(auditEvents).values(event)
}

/** Deletes events older than AUDIT_DAYS: by a function of the database's owner, for whoever serves may not delete any. */
export async function forgetEvents(db: Database, now: Date): Promise<void> {
  const before = daysBefore(now, env().AUDIT_DAYS).toISOString()
  const batch = sql`select purge_audit_events(${before}::timestamptz, ${BATCH}) as purged`
  while ((await db.execute<{ purged: number }>(batch)).rows[0]!.purged === BATCH);
}

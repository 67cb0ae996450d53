// The audit log: what was done, by whom, from where. Written in the transaction of the deed.
import { sql } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { answering } from './answering.ts'
import { addMonths } from './dates.ts'
import { env } from './env.ts'
import { BATCH, daysBefore } from './purge.ts'
import { currentRequestId } from './request-id.ts'

export type AuditEvent = {
  action: string
  at: Date
  accountId?: string
  /** `contract:12`. */
  subject?: string
  /** Ids, codes and amounts; nothing that names a person. */
  details?: Record<string, string | number | boolean | null>
  /** Where it is another than the one of the request under way. */
  address?: string | null
  sessionId?: string
}

/** Writes down what was done, with the address and the session of the request under way, which jobs have none of, and its id. */
export async function recordEvent(db: Executor, event: AuditEvent): Promise<void> {
  await eventOf(db, event)
}

/** What recordEvent writes, to be sent with what else is written. */
export function eventOf(db: Executor, event: AuditEvent) {
  const here = answering.getStore()
  const address = event.address ?? here?.address
  const sessionId = event.sessionId ?? here?.sessionId
  return db.insert(auditEvents).values({ ...event, address, sessionId, requestId: currentRequestId() })
}

/** So many months of the log are there before they begin. */
const MONTHS_AHEAD = 3

/** Makes the months that the log will need: by a function of the database's owner, for whoever serves may make no table. */
export async function makeMonths(db: Database, now: Date): Promise<void> {
  const last = addMonths(now.toISOString().slice(0, 10), MONTHS_AHEAD)
  await db.execute(sql`select make_audit_months(${last}::date)`)
}

/**
 * Drops months, and deletes events, that are older than AUDIT_DAYS: by a function of the database's owner, for whoever serves may not
 * delete any.
 */
export async function forgetEvents(db: Database, now: Date): Promise<void> {
  const before = daysBefore(now, env().AUDIT_DAYS).toISOString()
  const batch = sql`select purge_audit_events(${before}::timestamptz, ${BATCH}) as purged`
  while ((await db.execute<{ purged: number }>(batch)).rows[0]!.purged === BATCH);
}

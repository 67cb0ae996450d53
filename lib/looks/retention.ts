// Why staff looked, and what they noted, is forgotten when the audit log is.
import { lt } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { callNotes, staffLooks } from '../../db/schema/staff-looks.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'

/** Deletes looks and notes older than AUDIT_DAYS. */
export async function forgetLooks(db: Database, now: Date): Promise<void> {
  const before = daysBefore(now, env().AUDIT_DAYS)
  await purge(db, staffLooks, staffLooks.at, lt(staffLooks.at, before))
  await purge(db, callNotes, callNotes.at, lt(callNotes.at, before))
}

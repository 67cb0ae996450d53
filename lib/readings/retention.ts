// Readings that customers sent are forgotten after a while.
import { lt } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { customerReadings } from '../../db/schema/customer-readings.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'

/** Deletes those sent more than READING_DAYS ago; their photos are gone by then (lib/files/jobs.ts). */
export async function forgetReadings(db: Database, now: Date): Promise<void> {
  const { sentAt } = customerReadings
  await purge(db, customerReadings, sentAt, lt(sentAt, daysBefore(now, env().READING_DAYS)))
}

// The audit log: it takes inserts alone, and lets only what is old be purged.
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { auditEvents } from '../../db/schema/audit.ts'
import { testDatabase } from '../support/database.ts'

const db = await testDatabase()
const DAY_MS = 86_400_000
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS)
const purge = (before: Date, most = 100) =>
  db.execute<{ purged: number }>(
    sql`select purge_audit_events(${before.toISOString()}::timestamptz, ${most}) as purged`,
  )
const refusal = (error: { cause?: { message: string } }) => error.cause?.message

describe('what was written', () => {
  it('is neither changed nor deleted nor truncated', async () => {
    await db.insert(auditEvents).values({ action: 'kept', at: daysAgo(300) })
    for (const statement of [
      'update audit_events set action = action',
      'delete from audit_events',
      'truncate audit_events',
    ]) {
      expect(await db.execute(sql.raw(statement)).catch(refusal)).toMatch(/^audit_events may not be changed/)
    }
  })

  it('is purged by age, some at once, and not before it is a year old', async () => {
    await db
      .insert(auditEvents)
      .values([500, 450, 400, 380].map(days => ({ action: 'old', at: daysAgo(days) })))
    expect((await purge(daysAgo(390), 2)).rows).toEqual([{ purged: 2 }])
    expect((await purge(daysAgo(390), 2)).rows).toEqual([{ purged: 1 }])
    expect((await purge(daysAgo(390), 2)).rows).toEqual([{ purged: 0 }])
    expect(await purge(daysAgo(200)).catch(refusal)).toMatch(/^audit_events may not be changed/)
    expect(await db.$count(auditEvents)).toBe(2)
  })
})

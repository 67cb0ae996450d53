// Looks of staff at payments: each is written down, and those at one payment are counted with those at customers.
import { and, eq, gt } from 'drizzle-orm'
import { auditEvents } from '../../db/schema/audit.ts'
import { takeLook } from '../auth/look-limits.ts'
import type { Staff } from '../auth/staff.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { getCourse } from './course.ts'
import type { AttemptCourse } from './schema.ts'

/** So long whoever opened a payment may come back to it without a look more. */
const OPEN_MINUTES = 30

type Details = Record<string, string | number>

/** A list, or the files of banks. */
export const recordLook = (
  staff: { id: string },
  action: 'payments.viewed' | 'settlements.viewed',
  details: Details,
  now: Date,
): Promise<void> => recordEvent(database(), { accountId: staff.id, action, details, at: now })

type Opened =
  | { ok: true; value: AttemptCourse }
  | { ok: false; code: 'notFound' }
  | { ok: false; code: 'tooManyLooks'; seconds: number }

/** One payment; its customer finds the look in their access log. `tooManyLooks`: nothing is shown. */
export async function openPayment(
  staff: Pick<Staff, 'id' | 'billerIds'>,
  attemptId: string,
  now: Date,
): Promise<Opened> {
  const course = await getCourse(staff, attemptId, now)
  if (!course) return { ok: false, code: 'notFound' }
  const subject = `attempt:${attemptId}`
  const since = new Date(now.getTime() - OPEN_MINUTES * 60_000)
  const before = await database().$count(
    auditEvents,
    and(
      eq(auditEvents.subject, subject),
      eq(auditEvents.accountId, staff.id),
      eq(auditEvents.action, 'payment.viewed'),
      gt(auditEvents.at, since),
    ),
  )
  if (before === 0) {
    const taken = await takeLook(staff)
    if (!taken.ok) return taken
  }
  await recordEvent(database(), { accountId: staff.id, action: 'payment.viewed', subject, at: now })
  return { ok: true, value: course }
}

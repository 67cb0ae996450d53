// The second step of the demonstration's staff, whose authenticators nobody holds: a code for each sign-in, and one for
// changes of the account, to be read at /outbox.

import { eq } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import type { Locale } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { sendMessage } from '../notifications/outbox.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { fitsCode, issueUnlessSince } from './one-time-codes.ts'
import type { Customer } from './sessions.ts'

/** A form that is shown again soon has the same code. */
const SAME_FOR_MS = 5 * 60_000

/** Whether it is the code of a sign-in or a session; never outside a demonstration. */
export const isDemonstrationCode = async (
  db: Executor,
  subject: string,
  code: string,
  now: Date,
): Promise<boolean> => env().DEMO && fitsCode(db, 'demonstration', subject, code, now)

/** Writes the code of a sign-in or a session to /outbox. */
export async function sendDemonstrationCode(
  db: Executor,
  { id, email, language }: { id: string; email: string; language: Locale },
  subject: string,
  now: Date,
): Promise<void> {
  const since = new Date(now.getTime() - SAME_FOR_MS)
  const issued = await issueUnlessSince(db, 'demonstration', { subject, accountId: id }, since, now)
  if (!issued) return
  const recipient = { to: email, language: language, accountId: id }
  await sendMessage(db, recipient, { kind: 'second-step-code', ...issued })
}

export const isChangeCode = async (
  db: Executor,
  { isStaff, sessionId }: Customer,
  code: string,
  now: Date,
): Promise<boolean> => isStaff && isDemonstrationCode(db, sessionId, code, now)

/** Writes the code for changes to /outbox, where a form that asks for it is shown; of everybody else it does nothing. */
export async function sendChangeCode(customer: Customer, now: Date): Promise<void> {
  if (!env().DEMO || !customer.isStaff) return
  const db = database()
  const [account] = await db.select().from(accounts).where(eq(accounts.id, customer.id))
  await sendDemonstrationCode(db, account!, customer.sessionId, now)
}

// The second step of the demonstration's staff, whose authenticators nobody holds: a code for each sign-in, and one for
// changes of the account, to be read at /outbox.

import { eq } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import type { Locale } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { sendMessage } from '../notifications/outbox.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { keyedHashes } from '../platform/seal.ts'
import type { Customer } from './sessions.ts'

export const DEMONSTRATION_MINUTES = 10

const codesOf = (purpose: string): string[] =>
  keyedHashes(purpose, 'demonstration codes').map(hash =>
    String(Buffer.from(hash, 'base64url').readUInt32BE() % 1_000_000).padStart(6, '0'),
  )

/** Whether it is the code for what it was sent for; never outside a demonstration. */
export const isDemonstrationCode = (purpose: string, code: string): boolean =>
  env().DEMO && codesOf(purpose).includes(code)

/** Writes the code for `purpose` to /outbox. */
export async function sendDemonstrationCode(
  db: Executor,
  account: { id: string; email: string; language: Locale },
  purpose: string,
): Promise<void> {
  const recipient = { to: account.email, language: account.language, accountId: account.id }
  const code = codesOf(purpose)[0]!
  await sendMessage(db, recipient, { kind: 'second-step-code', code, minutes: DEMONSTRATION_MINUTES })
}

/** Changes of the account in one session: the code of these ten minutes, or of those before. */
const changePurposes = ({ sessionId }: Customer, now: Date): [string, string] => {
  const window = Math.floor(now.getTime() / (DEMONSTRATION_MINUTES * 60_000))
  return [`changes ${sessionId} ${window}`, `changes ${sessionId} ${window - 1}`]
}

export const isChangeCode = (customer: Customer, code: string, now: Date): boolean =>
  customer.isStaff && changePurposes(customer, now).some(purpose => isDemonstrationCode(purpose, code))

/** Writes the code for changes to /outbox, where a form that asks for it is shown; of everybody else it does nothing. */
export async function sendChangeCode(customer: Customer, now: Date): Promise<void> {
  if (!env().DEMO || !customer.isStaff) return
  const db = database()
  const [account] = await db.select().from(accounts).where(eq(accounts.id, customer.id))
  await sendDemonstrationCode(db, account!, changePurposes(customer, now)[0])
}

// What has no page that a test of banks could walk, on a portal's own database: run as a process of its own, since settings are read once.
//   begin ACCOUNT BILLER   an attempt for all that the account owes the biller; prints its id
//   refund PAYMENT         one member of staff asks for what it has over, another one agrees
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { eq, sql } from 'drizzle-orm'
import { payments } from '../../db/schema/ledger.ts'
import { findStaff } from '../../lib/auth/staff.ts'
import { listUnpaidInvoices } from '../../lib/billing/queries.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import { clock } from '../../lib/platform/clock.ts'
import { database } from '../../lib/platform/database.ts'
import { decideRefund, requestRefund } from '../../lib/refunds/commands.ts'
import { type Portal, SECRET } from './portal-process.ts'

/** `secrets`: of the accounts at banks. */
export async function command(
  { databaseUrl, url }: Portal,
  secrets: Record<string, Record<string, string>>,
  ...args: string[]
): Promise<string> {
  const env = {
    ...process.env,
    DEMO: 'on',
    DATABASE_URL: databaseUrl,
    APP_URL: url,
    AUTH_SECRET: SECRET,
    GATEWAY_SECRETS: JSON.stringify(secrets),
  }
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, ...args], { env })
  return stdout.trim()
}

async function begin(account: string, billerCode: string): Promise<void> {
  const unpaid = await listUnpaidInvoices({ id: account }, 'all', clock.now())
  const begun = await beginAttempt(
    { id: account },
    { billerCode },
    {
      invoices: unpaid.map(({ id }) => id),
      shown: new Map(unpaid.map(({ id, total }) => [id, total])),
      idempotencyKey: randomUUID(),
      toldBeingPaid: true,
    },
    clock.now(),
  )
  if (!begun.ok) throw new Error(begun.code)
  console.log(begun.value.id)
}

async function refund(id: number): Promise<void> {
  const [payment] = await database().select().from(payments).where(eq(payments.id, id))
  const { amount, allocated, refunded } = payment!
  const asks = await staffCalled('operator')
  const wanted = {
    amount: amount - allocated - refunded,
    way: 'card',
    reason: 'Paid twice at the bank',
  } as const
  const asked = await requestRefund(asks, id, { ...wanted, idempotencyKey: randomUUID() }, clock.now())
  if (!asked.ok) throw new Error(asked.code)
  const agreed = await decideRefund(await staffCalled('supervisor'), asked.value.id, true, clock.now())
  if (!agreed.ok) throw new Error(agreed.code)
}

async function staffCalled(username: string) {
  const { rows } = await database().execute<{ id: string }>(
    sql`select id from accounts where username = ${username}`,
  )
  return (await findStaff(rows[0]!))!
}

if (process.argv[1] === import.meta.filename) {
  const [, , what, first, second] = process.argv
  await (what === 'begin' ? begin(first!, second!) : refund(Number(first)))
  await database().$client.end()
}

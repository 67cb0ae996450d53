// Notices to test with: readers, what they are told of, and the way to the channels.
import { eq, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import type { invoices } from '../../db/schema/billing.ts'
import { messages, noticeItems, notices } from '../../db/schema/notifications.ts'
import { handOverNotices } from '../../lib/notices/handing-over.ts'
import { sendNotices } from '../../lib/notices/sending.ts'
import type { MadeNoticeKind } from '../../lib/notifications/catalogue.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices } from './people.ts'

export const LONG_AGO = new Date('2026-01-01T10:00:00Z')

/** Somebody with contracts of KESCO, of each of which an invoice of 20 € is due on 30 November 2026. */
export async function makeReader(
  db: Database,
  {
    contracts: count = 1,
    bill = {},
    ...person
  }: Parameters<typeof makeAccount>[1] & {
    contracts?: number
    bill?: Partial<typeof invoices.$inferInsert>
  } = {},
) {
  const account = await makeAccount(db, person)
  const contracts = []
  const bills = []
  for (let n = 0; n < count; n++) {
    const contract = await makeContract(db, { holder: account, phone: account.phone })
    await giveAccess(db, account, contract, { addedAt: LONG_AGO, alias: `Shtëpia ${n + 1}` })
    contracts.push(contract)
    const dates = { period: '2026-10-01', issuedOn: '2026-11-03', dueOn: '2026-11-30' }
    bills.push(...(await makeInvoices(db, contract, [{ principal: 2000, ...dates, ...bill }])))
  }
  return { account, contracts, bills }
}

/** Makes a notice of these invoices, as a feed or the morning does. */
export async function makeNotice(
  db: Database,
  account: { id: string },
  kind: MadeNoticeKind,
  bills: (typeof invoices.$inferSelect)[],
  createdAt: Date,
): Promise<string> {
  const [notice] = await db
    .insert(notices)
    .values({ accountId: account.id, kind, key: `${kind}:${bills[0]?.id ?? 'none'}`, createdAt })
    .returning()
  if (bills.length > 0)
    await db.insert(noticeItems).values(
      bills.map(({ id, contractId }) => ({
        accountId: account.id,
        event: `${kind}:${id}`,
        noticeId: notice!.id,
        contractId,
        invoiceId: id,
      })),
    )
  return notice!.id
}

/** Hands over what is ready and sends what is due, until nothing is. */
export async function sendAll(db: Database, now: Date): Promise<void> {
  await handOverNotices(db, now)
  for (const channel of ['email', 'sms'] as const) {
    const isDue = sql`${messages.state} = 'queued' and ${messages.sendAfter} <= ${now.toISOString()}::timestamptz
      and ${messages.noticeId} is not null and ${eq(messages.channel, channel)}`
    while ((await db.$count(messages, isDue)) > 0) await sendNotices(db, channel)
  }
}

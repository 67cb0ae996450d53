// A warning that the supply may be cut off asks for what is left to pay, as the page does that it leads to, and not for what was paid.
import { eq } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { invoices } from '../../db/schema/billing.ts'
import { noticeItems, notices } from '../../db/schema/notifications.ts'
import { disconnections } from '../../db/schema/supply.ts'
import { getNotice } from '../../lib/notices/queries.ts'
import { stillTrue } from '../../lib/notices/still-true.ts'
import { madeValues } from '../../lib/notices/words.ts'
import { deleteRows, testDatabase } from '../support/database.ts'
import { makeReader } from '../support/notices.ts'
import { makePayment } from '../support/people.ts'
import { makeDisconnection } from '../support/supply.ts'

const db = await testDatabase()
const NOW = new Date('2026-11-27T10:00:00Z')

beforeEach(async () => {
  await deleteRows(db, 'accounts', 'invoices', 'contracts', 'disconnections')
})

/** A reader who was warned of a disconnection of each of their contracts. */
async function warn(...amounts: (number | null)[]) {
  const late = { principal: 4240, period: '2026-09-01', issuedOn: '2026-10-03', dueOn: '2026-10-31' }
  const { account, contracts, bills } = await makeReader(db, { contracts: amounts.length, bill: late })
  const kind = 'disconnection-announced'
  const [notice] = await db
    .insert(notices)
    .values({ accountId: account.id, kind, key: kind, createdAt: NOW })
    .returning()
  // The later a contract was added, the sooner.
  for (const [n, contract] of contracts.entries())
    await makeDisconnection(db, contract, { amount: amounts[n]!, notBefore: `2026-12-0${9 - n}` })
  const rows = await db.select().from(disconnections).orderBy(disconnections.id)
  await db.insert(noticeItems).values(
    rows.map(({ id, contractId }) => ({
      accountId: account.id,
      event: `${kind}:${id}`,
      noticeId: notice!.id,
      contractId,
      disconnectionId: id,
    })),
  )
  const read = async () => (await getNotice(account, notice!.id, NOW))!
  const asks = async () => {
    const notice = stillTrue(await read(), NOW)
    if (notice.count === 0) return 'nothing'
    const { amount, isOwed } = madeValues('en', notice)
    return isOwed === 'yes' ? amount : 'no amount'
  }
  return { contracts, bills, read, asks }
}

test('an amount that the biller named counts down, and of nothing left is no warning', async () => {
  const { contracts, asks } = await warn(4240)
  expect(await asks()).toBe('€42.40')
  const [contract] = contracts
  await makePayment(db, contract!, { amount: 9999, paidOn: '2026-11-24' })
  await makePayment(db, contract!, { amount: 9999, paidOn: '2026-11-25', reversedOn: '2026-11-26' })
  expect(await asks()).toBe('€42.40')
  await makePayment(db, contract!, { amount: 4000, paidOn: '2026-11-25' })
  expect(await asks()).toBe('€2.40')
  await makePayment(db, contract!, { amount: 240, paidOn: '2026-11-27' })
  expect(await asks()).toBe('nothing')
})

test('where the biller named none, the warning holds until what was overdue is paid', async () => {
  const { bills, asks } = await warn(null)
  expect(await asks()).toBe('no amount')
  await db.update(invoices).set({ principalPaid: 4240 }).where(eq(invoices.id, bills[0]!.id))
  expect(await asks()).toBe('nothing')
})

test('one that is for no debt is told of whatever is paid', async () => {
  const { bills, asks } = await warn(null)
  await db.update(disconnections).set({ reason: 'safety' })
  await db.update(invoices).set({ principalPaid: 4240 }).where(eq(invoices.id, bills[0]!.id))
  expect(await asks()).toBe('no amount')
})

test('of several the next is told first, and those that are paid are not told', async () => {
  const { contracts, read, asks } = await warn(1000, 2000)
  expect((await read()).items.map(({ contract }) => contract.id)).toEqual([
    contracts[1]!.id,
    contracts[0]!.id,
  ])
  expect(await asks()).toBe('€30.00')
  await makePayment(db, contracts[1]!, { amount: 2000, paidOn: '2026-11-27' })
  expect(await asks()).toBe('€10.00')
})

// What is found in contracts: in the customer's own time and of their own list alone, and what they hid stays hidden.
import { eq } from 'drizzle-orm'
import { beforeEach, expect, it } from 'vitest'
import type { accounts } from '../../db/schema/accounts.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { dismissedFindings } from '../../db/schema/findings.ts'
import type { payments } from '../../db/schema/ledger.ts'
import { findingKey } from '../../lib/billing/finding-columns.ts'
import { changeFinding } from '../../lib/billing/finding-commands.ts'
import { getFindings } from '../../lib/billing/finding-queries.ts'
import { homeFinding } from '../../lib/billing/home-finding.ts'
import { listHomeContracts } from '../../lib/billing/home-queries.ts'
import { listDebts } from '../../lib/billing/queries.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices, makePayment } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2024-03-20T10:00:00Z')

type Contract = Awaited<ReturnType<typeof makeContract>>
let serial = 0
let holder: typeof accounts.$inferSelect
let flat: Contract
let shop: Contract

const bill = (month: string, dueOn: string, principal: number) => ({
  principal,
  number: `${month}-${++serial}`,
  period: `${month}-01`,
  issuedOn: `${month}-28`,
  dueOn,
  units: '100',
  readingKind: 'read' as const,
})

/** Money for the contract, and what it pays. */
async function pay(contract: Contract, payment: Partial<typeof payments.$inferInsert> & { amount: number }) {
  await makePayment(db, contract, { paidOn: '2024-03-01', ...payment })
  await db.transaction(tx => replayContract(tx, contract.id))
}

const kindsOf = async (who: { id: string }, { code }: Contract) =>
  (await getFindings(who, 'kesco', code, now)).shown.map(({ kind }) => kind)

const found = async () =>
  homeFinding(await listHomeContracts(holder, now), (await listDebts(holder, now)).debts, now)

beforeEach(async () => {
  holder = await makeAccount(db)
  flat = await makeContract(db, { holder })
  shop = await makeContract(db, { holder })
  await giveAccess(db, holder, flat)
  await giveAccess(db, holder, shop)
})

it('tells of an invoice that was passed over, until it is paid; dismissed stays dismissed, and can be undone', async () => {
  const [old, later] = await makeInvoices(db, flat, [
    bill('2023-12', '2024-01-31', 5001),
    bill('2024-01', '2024-02-29', 5002),
  ])
  expect(await kindsOf(holder, flat)).toEqual([])
  await pay(flat, { amount: 5002, invoiceNumber: later!.number })
  const { shown } = await getFindings(holder, 'kesco', flat.code, now)
  expect(shown).toMatchObject([{ kind: 'skipped', invoiceId: old!.id, count: 1, later: '2024-01-01' }])
  expect((await found())?.finding).toMatchObject({ kind: 'skipped' })

  const about = { biller: 'kesco', code: flat.code, finding: findingKey(shown[0]!) }
  const dismissed = await Promise.all([1, 2].map(() => changeFinding(holder, about, 'dismiss', now)))
  expect(dismissed.every(({ ok }) => ok)).toBe(true)
  expect(await getFindings(holder, 'kesco', flat.code, now)).toMatchObject({ shown: [], dismissed: shown })
  expect(await found()).toBeUndefined()
  await changeFinding(holder, about, 'restore', now)
  expect(await kindsOf(holder, flat)).toEqual(['skipped'])

  await pay(flat, { amount: 5001, invoiceNumber: old!.number })
  expect(await kindsOf(holder, flat)).toEqual([])
})

it('tells with both contracts of a payment that came in under the wrong one, once, instead of what it makes look unpaid', async () => {
  const [, paid] = await makeInvoices(db, shop, [
    bill('2023-12', '2024-01-31', 7391),
    bill('2024-01', '2024-02-29', 6000),
  ])
  await pay(shop, { amount: 6000, invoiceNumber: paid!.number })
  expect(await kindsOf(holder, shop)).toEqual(['skipped'])
  await pay(flat, { amount: 7391 })
  for (const contract of [flat, shop]) {
    const { shown } = await getFindings(holder, 'kesco', contract.code, now)
    expect(shown).toMatchObject([{ kind: 'wrongSlip', from: flat.code, to: shop.code, amount: 7391 }])
  }
  const [{ cause } = { cause: '' }] = (await getFindings(holder, 'kesco', flat.code, now)).shown
  await changeFinding(
    holder,
    { biller: 'kesco', code: flat.code, finding: `wrongSlip ${cause}` },
    'dismiss',
    now,
  )
  expect(await kindsOf(holder, shop)).toEqual([])
  expect(await found()).toBeUndefined()
})

it('looks at the last bills of whoever has moved out, however many have come since that are not theirs', async () => {
  const [old, later] = await makeInvoices(db, flat, [
    bill('2020-12', '2021-01-31', 5001),
    bill('2021-01', '2021-02-28', 5002),
    ...['2023-11', '2023-12', '2024-01', '2024-02'].map(month => bill(month, `${month}-28`, 5000)),
  ])
  await pay(flat, { amount: 5002, invoiceNumber: later!.number })
  await db
    .update(contractAccess)
    .set({ level: 'masked', untilOn: '2021-02-15', handoverAt: new Date('2021-02-16') })
    .where(eq(contractAccess.contractId, flat.id))
  const { shown } = await getFindings(holder, 'kesco', flat.code, now)
  expect(shown).toMatchObject([{ kind: 'skipped', invoiceId: old!.id, count: 1, later: '2021-01-01' }])
  const home = (await listHomeContracts(holder, now)).find(({ id }) => id === flat.id)!
  expect(home.latest).toMatchObject({ id: later!.id, period: '2021-01-01' })
  expect(home.year!.map(({ period }) => period)).toEqual(['2020-12-01', '2021-01-01'])
})

it('compares a payment with contracts of the customer’s own list alone, and with none of which they see amounts alone', async () => {
  const other = await makeContract(db)
  await makeInvoices(db, other, [bill('2023-12', '2024-01-31', 7391)])
  await pay(flat, { amount: 7391 })
  expect(await kindsOf(holder, flat)).toEqual([])
  await giveAccess(db, holder, other)
  expect(await kindsOf(holder, flat)).toEqual([])
  await db.update(contractAccess).set({ level: 'masked' }).where(eq(contractAccess.contractId, other.id))
  expect(await kindsOf(holder, flat)).toEqual(['wrongSlip'])
  // Of somebody's time before, it is no business of theirs.
  await db.update(contractAccess).set({ fromOn: '2024-01-15' }).where(eq(contractAccess.contractId, other.id))
  expect(await kindsOf(holder, flat)).toEqual([])
})

it('tells others nothing, and lets nobody hide what is not theirs', async () => {
  const stranger = await makeAccount(db)
  const [, later] = await makeInvoices(db, flat, [
    bill('2023-12', '2024-01-31', 5001),
    bill('2024-01', '2024-02-29', 5002),
  ])
  await pay(flat, { amount: 5002, invoiceNumber: later!.number })
  const about = { biller: 'kesco', code: flat.code, finding: 'skipped 1' }
  expect(await kindsOf(stranger, flat)).toEqual([])
  expect(await changeFinding(stranger, about, 'dismiss', now)).toMatchObject({ ok: false, code: 'notFound' })
  await giveAccess(db, stranger, flat)
  expect(await kindsOf(stranger, flat)).toEqual([])
  expect(await changeFinding(stranger, about, 'dismiss', now)).toMatchObject({ ok: false })
  expect((await listHomeContracts(stranger, now)).map(({ watched }) => watched)).toEqual([null])
  expect(await db.$count(dismissedFindings, eq(dismissedFindings.accountId, stranger.id))).toBe(0)
  await db.update(contractAccess).set({ level: 'masked' }).where(eq(contractAccess.accountId, stranger.id))
  expect(await kindsOf(stranger, flat)).toEqual(['skipped'])
})

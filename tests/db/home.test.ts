// What home tells of a customer's contracts and payments: theirs alone, and of each as much as their level shows.

import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import type { accounts } from '../../db/schema/accounts.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { getHistory } from '../../lib/billing/history-queries.ts'
import { listHomeContracts, MOST_YEARS } from '../../lib/billing/home-queries.ts'
import { newNotRecognised } from '../../lib/billing/home-rules.ts'
import { getInvoice, listUnpaidInvoices } from '../../lib/billing/queries.ts'
import { decideAccess } from '../../lib/contracts/decisions.ts'
import { getContract, listContracts } from '../../lib/contracts/queries.ts'
import { listHomeAttempts } from '../../lib/payments/home-attempts.ts'
import { listOwnAttempts } from '../../lib/payments/own-attempts.ts'
import { getAttempt } from '../../lib/payments/paid-queries.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { testDatabase } from '../support/database.ts'
import { begin, makePayable } from '../support/payments.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2024-01-20T10:00:00Z')

type Account = typeof accounts.$inferSelect
let holder: Account
let tenant: Account
let contract: Awaited<ReturnType<typeof makeContract>>

const monthly = (months: string[]) =>
  months.map(month => ({ principal: 5000, units: '100', period: `${month}-01`, issuedOn: `${month}-28` }))

beforeEach(async () => {
  holder = await makeAccount(db)
  tenant = await makeAccount(db)
  contract = await makeContract(db, { holder })
  await giveAccess(db, holder, contract)
  await makeInvoices(db, contract, monthly(['2022-12', '2023-01', '2023-11', '2023-12']))
})

describe('contracts on home', () => {
  it('show the holder the address, the newest month and the twelve months up to it', async () => {
    const [seen, ...more] = await listHomeContracts(holder, now)
    expect(more).toEqual([])
    expect(seen).toMatchObject({
      level: 'holder',
      address: contract.address,
      latest: { period: '2023-12-01', units: '100.000' },
      isRefused: false,
      somebodyWaits: false,
    })
    expect(seen!.year!.map(({ period }) => period)).toEqual(['2023-01-01', '2023-11-01', '2023-12-01'])
  })

  it('have their newest month and year, and what is found in them, whatever is billed for months to come', async () => {
    const [before] = await listHomeContracts(holder, now)
    const toCome = {
      principal: 5000,
      units: '900',
      period: '2025-11-01',
      number: 'to-come',
      dueOn: '2026-01-31',
    }
    await makeInvoices(db, contract, [toCome])
    const [seen] = await listHomeContracts(holder, now)
    expect(seen).toMatchObject({ latest: before!.latest, year: before!.year })
    const periods = seen!.watched!.invoices.map(({ period }) => period)
    expect(periods).toEqual(['2022-12-01', '2023-01-01', '2023-11-01', '2023-12-01', '2025-11-01'])
  })

  it('show nobody else anything, and at level amounts neither address nor invoices', async () => {
    expect(await listHomeContracts(tenant, now)).toEqual([])
    await giveAccess(db, tenant, contract)
    expect(await listHomeContracts(tenant, now)).toMatchObject([
      { level: 'amounts', address: null, latest: null, year: null, somebodyWaits: false },
    ])
    const [unpaid] = await listUnpaidInvoices(tenant, 'all', now)
    expect(unpaid).toMatchObject({ number: '**', units: null })
    expect((await listUnpaidInvoices(holder, 'all', now))[0]).toMatchObject({ units: '100.000' })
  })

  it('tell when each was added, so that a new one of somebody else’s says what is seen of it', async () => {
    const addedAt = new Date(now.getTime() - 3_600_000)
    await giveAccess(db, tenant, contract, { addedAt })
    const seen = await listHomeContracts(tenant, now)
    expect(seen).toMatchObject([{ level: 'amounts', isOwn: false, addedAt }])
    expect(newNotRecognised(seen, now)).toBe(seen[0])
    await db.update(contractAccess).set({ addedAt: now }).where(eq(contractAccess.accountId, holder.id))
    expect(newNotRecognised(await listHomeContracts(holder, now), now)).toBeUndefined()
  })

  it('go by the same name on every page, which holds the address for the holder alone', async () => {
    await giveAccess(db, tenant, contract, { level: 'masked' })
    const { id } = (await listUnpaidInvoices(holder, 'all', now))[0]!
    const titles = async (who: Account) => {
      const named = [
        (await listHomeContracts(who, now))[0]!,
        (await listContracts(who))[0]!,
        (await getContract(who, 'kesco', contract.code))!,
        (await getHistory(who, 'kesco', contract.code, now))!,
        (await getPayableContract(who, 'kesco', contract.code, now))!,
        (await getInvoice(who, id, now))!,
        (await listUnpaidInvoices(who, 'all', now))[0]!.contract,
      ]
      return named.map(({ alias, address, category }) => ({ alias, address, category }))
    }
    const { address } = contract
    expect(await titles(holder)).toEqual(Array(7).fill({ alias: null, address, category: 'household' }))
    expect(await titles(tenant)).toEqual(Array(7).fill({ alias: null, address: null, category: 'household' }))
  })

  it('are one’s own by the holder’s names and number too, before it is clear that it is oneself', async () => {
    await giveAccess(db, tenant, contract, { level: 'masked' })
    const seen = async (who: Account) => {
      const [{ level, isOwn } = {}] = await listHomeContracts(who, now)
      expect((await listUnpaidInvoices(who, 'all', now))[0]!.contract.isOwn).toBe(isOwn)
      return { level, isOwn }
    }
    expect(await seen(holder)).toEqual({ level: 'holder', isOwn: true })
    await db.update(contracts).set({ phone: '+38344000000' }).where(eq(contracts.id, contract.id))
    expect(await seen(holder)).toEqual({ level: 'masked', isOwn: true })
    expect(await seen(tenant)).toEqual({ level: 'masked', isOwn: false })
  })

  it('tell the holder that somebody waits for their decision, until it is made', async () => {
    await giveAccess(db, tenant, contract)
    const waits = async () => (await listHomeContracts(holder, now))[0]!.somebodyWaits
    expect(await waits()).toBe(true)
    await decideAccess(holder, 'kesco', contract.code, tenant.id, { level: 'refused' }, now)
    expect(await waits()).toBe(false)
    expect(await listHomeContracts(tenant, now)).toMatchObject([{ isRefused: true }])
  })

  it('say nothing of another holder, nor of whom the contract was taken off again', async () => {
    const partner = await makeAccount(db)
    await giveAccess(db, tenant, contract, { removedAt: now })
    expect((await listHomeContracts(holder, now))[0]!.somebodyWaits).toBe(false)
    expect(await listHomeContracts(tenant, now)).toEqual([])
    expect(await listHomeContracts(partner, now)).toEqual([])
  })

  it('have their year where they are few', async () => {
    for (let count = 1; count < MOST_YEARS; count++)
      await giveAccess(db, holder, await makeContract(db, { holder }))
    const years = async () => (await listHomeContracts(holder, now)).map(({ year }) => year).filter(Boolean)
    expect(await years()).toHaveLength(1)
    await giveAccess(db, holder, await makeContract(db, { holder }))
    expect(await years()).toEqual([])
  })
})

describe('own payments on home', () => {
  it('are those whose end is not known, and the last one that was paid; never another customer’s', async () => {
    const payable = await makePayable(db, [10_000, 20_000, 30_000])
    await giveAccess(db, tenant, payable)
    await giveAccess(db, holder, payable)
    const [first, second, third] = payable.invoiceIds
    const attempts = []
    for (const invoice of [first!, second!, third!])
      attempts.push(await begin(db, tenant, payable, now, [invoice]))
    const set = (id: string, state: 'declined' | 'in_doubt') =>
      db
        .update(paymentAttempts)
        .set({ state, live: state === 'in_doubt' })
        .where(eq(paymentAttempts.id, id))
    await set(attempts[0]!.id, 'declined')
    await set(attempts[1]!.id, 'in_doubt')
    const { inDoubt, lastPaid } = await listHomeAttempts(tenant)
    expect(new Set(inDoubt.map(({ id }) => id))).toEqual(new Set([attempts[1]!.id, attempts[2]!.id]))
    expect(lastPaid).toBeUndefined()
    expect(await listHomeAttempts(holder)).toEqual({ inDoubt: [], lastPaid: undefined, unused: null })
  })

  it('are told of too where what they were for is not known', async () => {
    const payable = await makePayable(db, [10_000])
    await giveAccess(db, tenant, payable)
    const { id } = await begin(db, tenant, payable, now)
    await db.delete(paymentAttemptInvoices).where(eq(paymentAttemptInvoices.attemptId, id))
    const of = { id, contracts: [] }
    expect((await listHomeAttempts(tenant)).inDoubt).toContainEqual(expect.objectContaining(of))
    expect((await listOwnAttempts(tenant, 1)).payments).toContainEqual(expect.objectContaining(of))
    expect(await getAttempt(tenant, id)).toMatchObject({ ...of, invoices: [], askedAbout: [], stillDue: 0 })
  })
})

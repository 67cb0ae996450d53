// Contracts: who sees what of them, adding, naming, removing.
import { beforeEach, describe, expect, it } from 'vitest'
import type { accounts } from '../../db/schema/accounts.ts'
import { addContract, nameContract, removeContract, restoreContract } from '../../lib/contracts/commands.ts'
import { decideAccess } from '../../lib/contracts/decisions.ts'
import { listPeopleWithAccess } from '../../lib/contracts/people.ts'
import {
  getContract,
  listContracts,
  listPresentReadings,
  listRefusedContracts,
  listRemovedContracts,
} from '../../lib/contracts/queries.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2026-11-21T10:00:00Z')

type Account = typeof accounts.$inferSelect
let holder: Account
let tenant: Account
let contract: Awaited<ReturnType<typeof makeContract>>

beforeEach(async () => {
  holder = await makeAccount(db, { firstName: 'Milan', lastName: 'Petrović' })
  tenant = await makeAccount(db)
  contract = await makeContract(db, { holder })
  await giveAccess(db, holder, contract)
})

const add = (account: Account, changes: object = {}) =>
  addContract(
    account,
    {
      biller: 'kesco',
      contractCode: contract.code,
      firstName: account.firstName,
      lastName: account.lastName,
      alias: undefined,
      ...changes,
    },
    now,
  )
/** `DPR-6687`: `dpr 6687`, `DPR6687`, `dpr–6687`. */
const spellings = (code: string) =>
  [' ', '', '\u2013'].map(between => code.toLowerCase().replace('-', between))
const seenBy = (account: Account) => getContract(account, 'kesco', contract.code)

describe('levels of access', () => {
  it('the holder sees everything; a namesake is nobody', async () => {
    expect(await seenBy(holder)).toMatchObject({ level: 'holder', holder: { name: 'Milan Petrović' } })
    const namesake = await makeAccount(db, { firstName: 'Milan', lastName: 'Petrović' })
    await giveAccess(db, namesake, contract)
    expect(await seenBy(namesake)).toMatchObject({ level: 'amounts' })
  })

  it('somebody else begins with amounts; the holder is told', async () => {
    expect(await add(tenant)).toMatchObject({ ok: true, value: { told: true } })
    expect(await seenBy(tenant)).toMatchObject({
      level: 'amounts',
      holder: { name: '**', address: '**', phone: '**' },
    })
    const [message] = await listOutbox(1)
    expect(message).toMatchObject({ to: holder.email, channel: 'email' })
    expect(message!.text).toContain(contract.code)
    expect(message!.text).not.toContain(tenant.lastName)
  })

  it('the holder approves, limits and refuses; a refusal takes everything and lasts', async () => {
    await add(tenant)
    const decide = (decision: 'approved' | 'limited' | 'refused') =>
      decideAccess(holder, 'kesco', contract.code, tenant.id, { level: decision }, now)
    await decide('approved')
    expect(await seenBy(tenant)).toMatchObject({ level: 'masked' })
    await decide('limited')
    expect(await seenBy(tenant)).toMatchObject({ level: 'amounts' })
    await decide('refused')
    expect(await seenBy(tenant)).toBeUndefined()
    expect(await listContracts(tenant)).toEqual([])
    expect(await add(tenant)).toEqual({ ok: false, code: 'holderRefused' })
    expect(await listRefusedContracts(tenant)).toEqual([
      { code: contract.code, billerName: 'KESCO', alias: null },
    ])
    expect(await listRefusedContracts(holder)).toEqual([])
    expect(await listPeopleWithAccess(holder, contract.id)).toMatchObject([
      { accountId: tenant.id, decision: 'refused' },
    ])
  })

  it('a limit outlasts removing the contract and adding it again', async () => {
    await giveAccess(db, tenant, await makeContract(db))
    await add(tenant)
    await decideAccess(holder, 'kesco', contract.code, tenant.id, { level: 'limited' }, now)
    expect(await removeContract(tenant, 'kesco', contract.code, now)).toMatchObject({ ok: true })
    expect(await seenBy(tenant)).toBeUndefined()
    expect(await add(tenant)).toMatchObject({ ok: true })
    expect(await listPeopleWithAccess(holder, contract.id)).toMatchObject([
      { decision: 'limited', level: 'amounts' },
    ])
  })

  it('only the holder decides and sees who has the contract', async () => {
    await add(tenant)
    const other = await makeAccount(db)
    await giveAccess(db, other, contract)
    expect(await listPeopleWithAccess(tenant, contract.id)).toEqual([])
    expect(await decideAccess(tenant, 'kesco', contract.code, other.id, { level: 'approved' }, now)).toEqual({
      ok: false,
      code: 'notFound',
    })
    expect(
      await decideAccess(holder, 'kesco', contract.code, holder.id, { level: 'refused' }, now),
    ).toMatchObject({
      ok: false,
    })
  })
})

describe('adding and removing', () => {
  it('asks for one’s own name, in any spelling of case and accents', async () => {
    // Whether or not there is such a contract.
    for (const contractCode of [contract.code, 'DPR-99999999']) {
      expect(await add(tenant, { contractCode, firstName: 'Somebody' })).toEqual({
        ok: false,
        code: 'namesNotOwn',
      })
    }
    expect(await add(tenant, { firstName: 'ÁRTA', lastName: 'berisha' })).toMatchObject({ ok: true })
    expect(await add(tenant)).toEqual({ ok: false, code: 'alreadyAdded' })
    expect(await add(tenant, { contractCode: 'DPR-99999999' })).toEqual({
      ok: false,
      code: 'contractUnknown',
    })
  })

  it('never removes the last one, even when two are removed at once', async () => {
    const codes = [contract.code, (await makeContract(db)).code]
    for (const contractCode of codes) await add(tenant, { contractCode })
    const results = await Promise.all(codes.map(code => removeContract(tenant, 'kesco', code, now)))
    expect(results.map(result => (result.ok ? 'ok' : result.code)).sort()).toEqual(['lastContract', 'ok'])
    expect(await listContracts(tenant)).toHaveLength(1)
  })

  it('puts back what was taken off a short while ago, as it was; nothing later, and nothing of another', async () => {
    await add(tenant, { alias: 'Shtëpia' })
    const other = await makeContract(db)
    await add(tenant, { contractCode: other.code })
    await removeContract(tenant, 'kesco', contract.code, now)
    const hoursOn = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
    expect(await listRemovedContracts(tenant, hoursOn(23))).toMatchObject([
      { code: contract.code, alias: 'Shtëpia' },
    ])
    expect(await listRemovedContracts(holder, hoursOn(23))).toEqual([])
    expect(await listRemovedContracts(tenant, hoursOn(25))).toEqual([])
    const restore = (account: Account, at: Date) => restoreContract(account, 'kesco', contract.code, at)
    const notFound = { ok: false, code: 'notFound' }
    expect(await restore(tenant, hoursOn(25))).toEqual(notFound)
    expect(await restore(holder, hoursOn(1))).toEqual(notFound)
    expect(await restore(tenant, hoursOn(1))).toMatchObject({ ok: true })
    expect(await listContracts(tenant, 'Shtëpia')).toMatchObject([{ code: contract.code }])
    expect(await restore(tenant, hoursOn(1))).toEqual(notFound)
    // Whom the holder refused meanwhile does not come back by it.
    await removeContract(tenant, 'kesco', contract.code, now)
    await decideAccess(holder, 'kesco', contract.code, tenant.id, { level: 'refused' }, now)
    expect(await restore(tenant, hoursOn(1))).toEqual(notFound)
    expect(await listRemovedContracts(tenant, hoursOn(1))).toEqual([])
  })

  it('names, finds by code or name, and does nothing to another’s contract', async () => {
    await add(tenant)
    await nameContract(tenant, 'kesco', contract.code, 'Shtëpia 100%')
    expect(await listContracts(tenant, '0%')).toMatchObject([{ alias: 'Shtëpia 100%' }])
    expect(await listContracts(tenant, contract.code.slice(4))).toHaveLength(1)
    for (const search of ['SHTEPIA', 'shte\u0308pia', ...spellings(contract.code)])
      expect(`${search} ${(await listContracts(tenant, search)).length}`).toBe(`${search} 1`)
    for (const search of ['zzz', '%', '-']) expect(await listContracts(tenant, search)).toEqual([])
    expect((await listContracts(holder))[0]!.alias).toBeNull()
    const stranger = await makeAccount(db)
    expect(await nameContract(stranger, 'kesco', contract.code, 'mine')).toEqual({
      ok: false,
      code: 'notFound',
    })
    expect(await removeContract(stranger, 'kesco', contract.code, now)).toEqual({
      ok: false,
      code: 'notFound',
    })
    expect(await listPresentReadings(stranger, contract.id)).toEqual([])
  })
})

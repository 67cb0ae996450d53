// Businesses on accounts: added, confirmed by staff, and what a confirmed one opens.
import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { accountBusinesses } from '../../db/schema/accounts.ts'
import { caseEvents, cases } from '../../db/schema/cases.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { closeAccount } from '../../lib/accounts/closing.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { getDocumentForStaff, getOwnDocument } from '../../lib/cases/documents.ts'
import { fileCase, findCaseOf } from '../../lib/cases/filing.ts'
import { businessForm } from '../../lib/cases/forms.ts'
import { forgetCases } from '../../lib/cases/jobs.ts'
import { moveCase, moveOwnCase } from '../../lib/cases/moves.ts'
import { getCase, listOwnCases } from '../../lib/cases/queries.ts'
import { listCases } from '../../lib/cases/queue.ts'
import { addContract } from '../../lib/contracts/commands.ts'
import { decideAccess } from '../../lib/contracts/decisions.ts'
import { listPeopleWithAccess } from '../../lib/contracts/people.ts'
import { getContract } from '../../lib/contracts/queries.ts'
import { removeUnused, type Upload } from '../../lib/files/commands.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { testDatabase } from '../support/database.ts'
import { pdf } from '../support/files.ts'
import { giveAccess, makeAccount, makeContract, makeStaff } from '../support/people.ts'
import { mustRead, readForm } from '../support/read-form.ts'
import { filesIn, store, uploadsFolder } from '../support/uploads-folder.ts'

const folder = uploadsFolder()
const db = await testDatabase()
const now = new Date('2026-11-21T10:00:00Z')
const extract: Upload[] = [{ name: 'ekstrakti.pdf', type: 'application/pdf', bytes: pdf, scan: null }]

type Account = Awaited<ReturnType<typeof makeAccount>>
let owner: Account
let agent: Staff
let contract: Awaited<ReturnType<typeof makeContract>>
let nui = 811_000_000

beforeEach(async () => {
  nui += 1
  owner = await makeAccount(db)
  agent = await makeStaff(db, 'agent', [2])
  contract = await makeContract(db, {
    businessNumber: String(nui),
    businessName: 'Drita Sh.p.k.',
    category: 'business',
  })
  await giveAccess(db, owner, contract)
})

const addBusiness = (
  account: { id: string },
  input: Parameters<typeof fileCase<'business'>>[1],
  documentIds: string[],
  idempotencyKey: string,
) => fileCase('business', input, { owner: { accountId: account.id }, documentIds, idempotencyKey }, now)
const findBusinessOf = ({ id }: Account, key: string) => findCaseOf({ accountId: id }, key)
const listBusinesses = (account: Account) => listOwnCases(account, 'business')
const removeBusiness = (account: Account, id: string) => moveOwnCase(account, id, 'withdraw', {}, now)
const getBusiness = (staff: Staff, id: string) => getCase(staff, 'registrations', id, now)
const listOpen = async (staff: Staff) =>
  (await listCases(staff, 'registrations', 'open', undefined, now)).cases.map(({ id }) => id)
const move = (staff: Staff, id: string, name: 'take' | 'accept' | 'reject', note: string | null = null) =>
  moveCase(staff, id, name, { note }, now)
const contractsOf = async (staff: Staff, id: string) =>
  (await getBusiness(staff, id))!.facts.find(({ label }) => label === 'contracts')!.value

const typed = () => ({
  biller: 'kesco',
  nipt: String(nui),
  businessName: 'Drita Sh.p.k.',
  legalRepresentative: 'Arta Berisha',
})
async function add(account: Account, changes: Record<string, string> = {}) {
  const read = readForm(businessForm, { ...typed(), ...changes })
  if (!read.ok) return read
  return addBusiness(account, read.value, await store(extract, account.id, now), randomUUID())
}
const levelOf = async (account: Account) => (await getContract(account, 'kesco', contract.code))?.level

async function confirmed(account: Account): Promise<string> {
  const added = await add(account)
  if (!added.ok) throw new Error(added.code)
  expect(await move(agent, added.value, 'accept')).toMatchObject({ ok: true })
  return added.value
}

describe('adding', () => {
  it.each([
    ['', 'required'],
    ['12345678', 'businessNumberForm'],
    ['N12345678A', 'businessNumberForm'],
    ['J91402501A', 'businessNumberCheck'],
  ])('refuses %j', async (nipt, code) => {
    expect(await add(owner, { nipt })).toEqual({ ok: false, code })
  })

  it('takes a number whose letter does not fit once it is confirmed, in any spelling, once an account', async () => {
    expect(await add(owner, { nipt: 'J91402501A', confirmNipt: 'on' })).toMatchObject({ ok: true })
    expect(await add(owner, { nipt: 'j 9140 2501-L' })).toMatchObject({ ok: true })
    expect(await add(owner, { nipt: 'J91402501L' })).toEqual({ ok: false, code: 'businessAdded' })
    expect((await listBusinesses(owner)).map(business => business.about).sort()).toEqual([
      'J91402501A',
      'J91402501L',
    ])
    expect(await add(await makeAccount(db), { nipt: 'J91402501L' })).toMatchObject({ ok: true })
  })
})

describe('a form sent twice', () => {
  const input = () => mustRead(businessForm, typed())

  it('at once adds one business, and both answers are that one', async () => {
    const [ids, others] = [await store(extract, owner.id, now), await store(extract, owner.id, now)]
    const key = randomUUID()
    const answers = await Promise.all([ids, ids, others].map(sent => addBusiness(owner, input(), sent, key)))
    const [added] = await listBusinesses(owner)
    expect(answers).toEqual(Array(3).fill({ ok: true, value: added!.id }))
    expect(added!.documents).toHaveLength(1)
    expect(await findBusinessOf(owner, key)).toBe(added!.id)
    expect(await findBusinessOf(await makeAccount(db), key)).toBeUndefined()
  })

  it('with a document that went with a removed business is refused, and adds nothing', async () => {
    const ids = await store(extract, owner.id, now)
    const added = await addBusiness(owner, input(), ids, randomUUID())
    if (!added.ok) throw new Error(added.code)
    await removeBusiness(owner, added.value)
    await removeUnused(ids)
    expect(await addBusiness(owner, input(), ids, randomUUID())).toEqual({
      ok: false,
      code: 'documentsGone',
    })
    expect(await listBusinesses(owner)).toEqual([])
  })
})

describe('a confirmed business', () => {
  it('makes its contracts the account’s as a holder; pending and refused ones do not', async () => {
    const added = await add(owner)
    expect(await levelOf(owner)).toBe('amounts')
    await move(agent, added.ok ? added.value : '', 'reject', 'Ekstrakti ka skaduar.')
    expect(await levelOf(owner)).toBe('amounts')
    expect(await listBusinesses(owner)).toMatchObject([{ state: 'rejected', note: 'Ekstrakti ka skaduar.' }])
    await removeBusiness(owner, added.ok ? added.value : '')
    await confirmed(owner)
    expect(await levelOf(owner)).toBe('holder')
    expect(await getContract(owner, 'kesco', contract.code)).toMatchObject({
      holder: { name: 'Drita Sh.p.k.', businessNumber: String(nui) },
    })
  })

  it('opens the contracts of the biller that confirmed it, and of no other in the country', async () => {
    const nipt = `L${String(nui).slice(1)}A`
    const of = (billerId: number) =>
      makeContract(db, { billerId, code: `AL${billerId}${nui}`, businessNumber: nipt, category: 'business' })
    const [oshee, ukt] = [await of(1), await of(3)]
    for (const one of [oshee, ukt]) await giveAccess(db, owner, one)
    const added = await add(owner, { biller: 'oshee', nipt, confirmNipt: 'on' })
    if (!added.ok) throw new Error(added.code)
    const [ofOshee, ofUkt] = [await makeStaff(db, 'agent', [1]), await makeStaff(db, 'agent', [3])]
    expect(await listOpen(ofUkt)).not.toContain(added.value)
    expect(await listOpen(ofOshee)).toContain(added.value)
    expect(await move(ofUkt, added.value, 'accept')).toMatchObject({ code: 'notFound' })
    expect(await getBusiness(ofOshee, added.value)).toMatchObject({ biller: 'OSHEE' })
    expect(await contractsOf(ofOshee, added.value)).toBe('1')
    expect(await move(ofOshee, added.value, 'accept')).toMatchObject({ ok: true })
    const levels = [
      await getContract(owner, 'oshee', oshee.code),
      await getContract(owner, 'ukt', ukt.code),
    ].map(one => one?.level)
    expect(levels).toEqual(['holder', 'amounts'])
    expect((await listOutbox(1))[0]!.text).toContain('OSHEE')
    // For the other biller it is sent again, and nobody of it is told of yet.
    const tenant = await makeAccount(db)
    const names = { firstName: tenant.firstName, lastName: tenant.lastName }
    await addContract(tenant, { biller: 'ukt', contractCode: ukt.code, alias: undefined, ...names }, now)
    expect((await listOutbox(1))[0]!.to).toBe(owner.email)
    expect((await listOutbox(1))[0]!.text).not.toContain(ukt.code)
    expect(await add(owner, { biller: 'oshee', nipt, confirmNipt: 'on' })).toMatchObject({
      code: 'businessAdded',
    })
    expect(await add(owner, { biller: 'ukt', nipt, confirmNipt: 'on' })).toMatchObject({ ok: true })
  })

  it('opens no contract of another number, or of none', async () => {
    await confirmed(owner)
    await db.update(contracts).set({ businessNumber: '999999999' }).where(eq(contracts.id, contract.id))
    expect(await levelOf(owner)).toBe('amounts')
    await db.update(contracts).set({ businessNumber: null }).where(eq(contracts.id, contract.id))
    expect(await levelOf(owner)).toBe('amounts')
  })

  it('may be several people’s; each is told of others, and none decides about another', async () => {
    const partner = await makeAccount(db)
    await confirmed(owner)
    await giveAccess(db, partner, contract)
    await confirmed(partner)
    const tenant = await makeAccount(db)
    const names = { firstName: tenant.firstName, lastName: tenant.lastName }
    await addContract(
      tenant,
      { biller: 'kesco', contractCode: contract.code, alias: undefined, ...names },
      now,
    )
    expect((await listOutbox(2)).map(message => message.to).sort()).toEqual(
      [owner.email, partner.email].sort(),
    )
    expect((await listPeopleWithAccess(owner, contract.id)).map(person => person.level)).toEqual(
      expect.arrayContaining(['holder', 'amounts']),
    )
    const decide = (account: Account) =>
      decideAccess(owner, 'kesco', contract.code, account.id, { level: 'refused' }, now)
    expect(await decide(partner)).toEqual({ ok: false, code: 'notFound' })
    expect(await decide(tenant)).toMatchObject({ ok: true })
    expect([await levelOf(partner), await levelOf(tenant)]).toEqual(['holder', undefined])
  })

  it('ends with its removal; its documents go too', async () => {
    const id = await confirmed(owner)
    const [business] = await listBusinesses(owner)
    const before = filesIn(folder).length
    expect(await removeBusiness(await makeAccount(db), id)).toEqual({ ok: false, code: 'notFound' })
    expect(await removeBusiness(owner, id)).toMatchObject({ ok: true })
    expect(await levelOf(owner)).toBe('amounts')
    const documentId = business!.documents[0]!.id
    expect(await getOwnDocument(owner, documentId)).toBeUndefined()
    await removeUnused([documentId])
    expect(filesIn(folder)).toHaveLength(before - 1)
    // Its history stays, and it can be added again.
    const history = await db
      .select()
      .from(caseEvents)
      .where(eq(caseEvents.caseId, id))
      .orderBy(caseEvents.number)
    expect(history.map(({ move, side, madeBy }) => [move, side, madeBy])).toEqual([
      ['file', 'owner', owner.id],
      ['accept', 'staff', agent.id],
      ['withdraw', 'owner', owner.id],
    ])
    expect(await removeBusiness(owner, id)).toEqual({ ok: false, code: 'moved' })
    expect(await add(owner)).toMatchObject({ ok: true })
  })

  it('is none of an account that is closed before staff decide', async () => {
    const added = await add(owner)
    const id = added.ok ? added.value : ''
    await db.transaction(tx => closeAccount(tx, owner.id, 'own-request', now))
    expect(await move(agent, id, 'accept')).toEqual({ ok: false, code: 'moved' })
    expect(await db.$count(accountBusinesses, eq(accountBusinesses.accountId, owner.id))).toBe(0)
    await forgetCases({ accountId: owner.id }, { database: db })
    expect(await getBusiness(agent, id)).toBeUndefined()
  })
})

describe('staff', () => {
  it('see the businesses sent to their billers, and nobody else’s documents', async () => {
    const added = await add(owner)
    const id = added.ok ? added.value : ''
    const others = await makeStaff(db, 'administrator', [1, 3])
    const [business] = await listBusinesses(owner)
    const documentId = business!.documents[0]!.id
    expect(await getBusiness(others, id)).toBeUndefined()
    expect(await listOpen(others)).not.toContain(id)
    expect(await getDocumentForStaff(others, documentId, now)).toBeUndefined()
    expect(await move(others, id, 'accept')).toEqual({ ok: false, code: 'notFound' })
    expect(await getBusiness(agent, id)).toMatchObject({ state: 'pending' })
    expect(await contractsOf(agent, id)).toBe('1')
    expect(await getDocumentForStaff(agent, documentId, now)).toMatchObject({ name: 'ekstrakti.pdf' })
    expect(await getOwnDocument(owner, documentId)).toMatchObject({ type: 'application/pdf' })
    expect(await getOwnDocument(await makeAccount(db), documentId)).toBeUndefined()
  })

  it('do not confirm their own business', async () => {
    const [account] = [agent as unknown as Account]
    const added = await add(account)
    expect(await move(agent, added.ok ? added.value : '', 'accept')).toEqual({
      ok: false,
      code: 'notFound',
    })
  })

  it('decide once: of two at once one is refused', async () => {
    const added = await add(owner)
    const id = added.ok ? added.value : ''
    const results = await Promise.all([
      move(agent, id, 'accept'),
      move(await makeStaff(db, 'agent', [2]), id, 'reject', 'jo'),
    ])
    expect(results.filter(result => result.ok)).toHaveLength(1)
    const [row] = await db.select().from(cases).where(eq(cases.id, id))
    expect(['accepted', 'rejected']).toContain(row!.state)
    expect(await move(agent, id, 'take')).toEqual({ ok: false, code: 'moved' })
  })
})

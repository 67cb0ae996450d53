// The holder's say: for this account and this contract, with an end or without, told to whom it concerns, and written down.
import { eq, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { auditEvents } from '../../db/schema/audit.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { getInvoice } from '../../lib/billing/queries.ts'
import { decideAccess } from '../../lib/contracts/decisions.ts'
import { endAccess } from '../../lib/contracts/ended-access.ts'
import { listAccessEvents, listPeopleWithAccess } from '../../lib/contracts/people.ts'
import { getContract } from '../../lib/contracts/queries.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { addDays, dayIn } from '../../lib/platform/dates.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices } from '../support/people.ts'

const db = await testDatabase()
const now = new Date()
const today = dayIn('Europe/Belgrade', now)

type Account = Awaited<ReturnType<typeof makeAccount>>
let holder: Account
let one: Account
let another: Account
let contract: Awaited<ReturnType<typeof makeContract>>
let invoice: number

beforeEach(async () => {
  holder = await makeAccount(db, { firstName: 'Milan', lastName: 'Petrović' })
  one = await makeAccount(db, { firstName: 'Agron', lastName: 'Dervishi' })
  another = await makeAccount(db, { firstName: 'Erion', lastName: 'Dervishi' })
  contract = await makeContract(db, { holder })
  for (const account of [holder, one, another]) await giveAccess(db, account, contract)
  const [made] = await makeInvoices(db, contract, [{ principal: 1000 }])
  invoice = made!.id
})

type Level = 'approved' | 'limited' | 'refused'
const decide = (account: Account, level: Level, until?: string, by = holder) =>
  decideAccess(by, 'kesco', contract.code, account.id, { level, until }, now)
const levelOf = async (account: Account) => (await getContract(account, 'kesco', contract.code))?.level
const messagesTo = async ({ email }: Account) => (await listOutbox(50)).filter(({ to }) => to === email)
/** As if the day had gone by. */
const letDayPass = () =>
  db
    .update(contractAccess)
    .set({ endsAt: sql`now() - interval '1 second'` })
    .where(sql`contract_id = ${contract.id} and ends_at is not null`)

describe('a decision', () => {
  it('is about this person and this contract alone', async () => {
    const second = await makeContract(db, { holder })
    for (const account of [holder, one]) await giveAccess(db, account, second)
    await decide(one, 'approved')
    expect([await levelOf(one), await levelOf(another)]).toEqual(['masked', 'amounts'])
    expect(await getInvoice(one, invoice, now)).not.toBeNull()
    expect(await getInvoice(another, invoice, now)).toBeNull()
    expect(await getContract(one, 'kesco', second.code)).toMatchObject({ level: 'amounts' })
  })

  it('is told to whom it concerns, and stands in the log of both', async () => {
    await decide(one, 'approved', addDays(today, 30))
    await decide(one, 'limited')
    await decide(one, 'refused')
    const [refused, withdrawn, approved] = await messagesTo(one)
    expect(approved!.subject).toBe(`You can now see the invoices of ${contract.code}`)
    expect(withdrawn!.subject).toBe(`You no longer see the invoices of ${contract.code}`)
    expect(refused!.subject).toBe(`The holder of ${contract.code} has refused you access`)
    for (const { text } of [refused!, withdrawn!, approved!]) expect(text).not.toContain('Petrović')
    expect(await messagesTo(another)).toEqual([])
    const events = await listAccessEvents(holder, contract.id)
    expect(events).toMatchObject([
      { action: 'access.refused', by: 'you', whom: 'Agron D.', until: null },
      { action: 'access.limited', by: 'you', whom: 'Agron D.', until: null },
      { action: 'access.approved', by: 'you', whom: 'Agron D.', until: addDays(today, 30) },
    ])
    expect(await listAccessEvents(one, contract.id)).toEqual([])
  })

  it('made again is already so: nobody is told twice, and nothing is written', async () => {
    expect(await decide(one, 'approved', today)).toMatchObject({ ok: true, value: 'decided' })
    expect(await decide(one, 'approved', today)).toMatchObject({ ok: true, value: 'already' })
    expect(await messagesTo(one)).toHaveLength(1)
    expect(await decide(one, 'approved')).toMatchObject({ ok: true, value: 'decided' })
    const written = await db.$count(auditEvents, eq(auditEvents.subject, `contract:${contract.id}`))
    expect(written).toBe(2)
  })

  it('made by two holders at once is made once each, one after the other', async () => {
    const number = `81${String(contract.id).padStart(7, '0')}`
    const partner = await makeAccount(db)
    await giveAccess(db, partner, contract)
    await db.execute(sql`insert into account_businesses (account_id, biller_id, number, confirmed_at)
      values (${partner.id}, 2, ${number}, now())`)
    await db.update(contracts).set({ businessNumber: number }).where(eq(contracts.id, contract.id))
    const results = await Promise.all([decide(one, 'refused'), decide(one, 'refused', undefined, partner)])
    expect(results.map(result => result.ok && result.value).sort()).toEqual(['already', 'decided'])
    expect(await messagesTo(one)).toHaveLength(1)
    // Of several holders, none decides about another.
    expect(await decide(partner, 'refused')).toEqual({ ok: false, code: 'notFound' })
    expect(await decide(holder, 'refused', undefined, partner)).toEqual({ ok: false, code: 'notFound' })
  })

  it('of somebody who is not the holder, or about nobody, finds nothing', async () => {
    const stranger = await makeAccount(db)
    for (const by of [one, another, stranger])
      expect(await decide(another, 'approved', undefined, by)).toEqual({ ok: false, code: 'notFound' })
    expect(await decide(stranger, 'approved')).toEqual({ ok: false, code: 'notFound' })
  })
})

describe('an end', () => {
  it('is a day of today or later, of what is allowed alone', async () => {
    expect(await decide(one, 'approved', addDays(today, -1))).toEqual({ ok: false, code: 'untilPast' })
    expect(await decide(one, 'limited', addDays(today, -1))).toMatchObject({ ok: true })
    const [person] = await listPeopleWithAccess(holder, contract.id)
    expect(person).toMatchObject({ decision: 'limited', endsAt: null })
  })

  it('closes the invoices by itself, and both are told once it is written down', async () => {
    await decide(one, 'approved', today)
    expect(await levelOf(one)).toBe('masked')
    await letDayPass()
    expect(await levelOf(one)).toBe('amounts')
    expect(await getInvoice(one, invoice, now)).toBeNull()
    expect(await getContract(one, 'kesco', contract.code)).toMatchObject({ openProof: null })
    expect((await listPeopleWithAccess(holder, contract.id))[0]).toMatchObject({
      decision: 'limited',
      endsAt: null,
    })
    await endAccess(db, new Date())
    await endAccess(db, new Date())
    expect((await messagesTo(one)).map(({ subject }) => subject)).toEqual([
      `Your access to ${contract.code} has ended`,
      `You can now see the invoices of ${contract.code}`,
    ])
    expect((await messagesTo(holder)).map(({ subject }) => subject)).toEqual([
      `An access to your contract ${contract.code} has ended`,
    ])
    expect(await levelOf(one)).toBe('amounts')
    expect((await listAccessEvents(holder, contract.id))[0]).toMatchObject({
      action: 'access.ended',
      by: 'portal',
      whom: 'Agron D.',
    })
  })

  it('is put off, or taken away, by deciding again', async () => {
    await decide(one, 'approved', today)
    await letDayPass()
    expect(await decide(one, 'approved', addDays(today, 5))).toMatchObject({ ok: true, value: 'decided' })
    expect(await levelOf(one)).toBe('masked')
    await endAccess(db, new Date())
    expect(await levelOf(one)).toBe('masked')
  })
})

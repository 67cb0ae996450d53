// What staff see and do with a request: masked until asked for, each look written down, who else has it open, and what stays inside.
import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { accounts } from '../../db/schema/accounts.ts'
import { cases, caseViewers } from '../../db/schema/cases.ts'
import { ownDataExports } from '../../db/schema/own-data.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { requestForm } from '../../lib/cases/forms.ts'
import { forgetViewers } from '../../lib/cases/jobs.ts'
import { moveCase, moveOwnCase } from '../../lib/cases/moves.ts'
import { getCase } from '../../lib/cases/queries.ts'
import { listCases } from '../../lib/cases/queue.ts'
import { fillTemplate, templates } from '../../lib/cases/templates.ts'
import { isUnmasked, sealUnmasking } from '../../lib/cases/unmasking.ts'
import { makeExport, requestExport, takeExport } from '../../lib/own-data/copy.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices, makeStaff } from '../support/people.ts'
import { mustRead } from '../support/read-form.ts'

const db = await testDatabase()
const OSHEE = 1
const FILED = new Date('2026-11-19T19:28:00Z')
const minutes = (count: number) => new Date(FILED.getTime() + count * 60_000)

let holder: Awaited<ReturnType<typeof makeAccount>>
let contract: Awaited<ReturnType<typeof makeContract>>
let agent: Staff
let colleague: Staff
beforeAll(async () => {
  holder = await makeAccount(db, { firstName: 'Mirela', lastName: 'Dervishi' })
  contract = await makeContract(db, {
    billerId: OSHEE,
    meterNumber: '30418827',
    holderFirstName: 'Zamira',
    holderLastName: 'Qorri',
  })
  await giveAccess(db, holder, contract, { level: 'masked' })
  agent = await makeStaff(db, 'agent', [OSHEE], { firstName: 'Ardita', lastName: 'Marku' })
  colleague = await makeStaff(db, 'agent', [OSHEE], { firstName: 'Besnik', lastName: 'Krasniqi' })
})

async function file(invoice?: string): Promise<string> {
  const typed = { type: 'F', kind: 'F4', note: 'The meter shows less.', intent: 'send', invoice }
  const filed = await fileCase(
    'F4',
    mustRead(requestForm, { ...typed, meterNumber: '30418827', currentReading: '18102' }),
    {
      owner: { accountId: holder.id },
      contract: { biller: 'oshee', code: contract.code },
      documentIds: [],
      idempotencyKey: randomUUID(),
    },
    FILED,
  )
  if (!filed.ok) throw new Error(filed.code)
  return filed.value
}

const see = (id: string, who = agent, at = minutes(60), unmasked = false) =>
  getCase(who, 'requests', id, at, unmasked)

const actions = async (staff: Staff) => {
  const { rows } = await db.execute<{ action: string; subject: string }>(
    sql`select action, subject from audit_events where account_id = ${staff.id} order by id`,
  )
  return rows
}

describe('the page of a request', () => {
  it('has the reading of the invoice that the customer chose beside what they read', async () => {
    const [, second] = await makeInvoices(db, contract, [
      { principal: 100, currentReading: '18240' },
      { principal: 100, currentReading: '18102' },
    ])
    const shown = await see(await file(String(second!.id)))
    expect(shown!.compared.find(({ label }) => label === 'reading')).toMatchObject({
      claimed: '18102',
      recorded: '18102',
      agrees: true,
    })
  })

  it('leaves out the holder’s name until it is asked for, and writes down both', async () => {
    const id = await file()
    const viewer = await makeStaff(db, 'agent', [OSHEE])
    const masked = await see(id, viewer)
    expect(JSON.stringify(masked)).not.toContain('Zamira')
    expect(masked!.compared.find(({ label }) => label === 'holder')).toMatchObject({ agrees: false })
    expect(await actions(viewer)).toEqual([{ action: 'case.viewed', subject: `account:${holder.id}` }])
    const unmasked = await see(id, viewer, minutes(60), true)
    expect(JSON.stringify(unmasked)).toContain('Zamira Qorri')
    expect((await actions(viewer)).slice(1)).toEqual([
      { action: 'case.viewed', subject: `account:${holder.id}` },
      { action: 'holder.viewed', subject: `contract:${contract.id}` },
    ])
  })

  it('is unmasked by a mark of one’s own, of this case, for ten minutes', () => {
    const mark = sealUnmasking('me', 'one', FILED)
    expect(isUnmasked(mark, 'me', 'one', minutes(9))).toBe(true)
    expect(isUnmasked(mark, 'me', 'one', minutes(11))).toBe(false)
    expect(isUnmasked(mark, 'another', 'one', minutes(1))).toBe(false)
    expect(isUnmasked(mark, 'me', 'two', minutes(1))).toBe(false)
    expect(isUnmasked(`${mark}x`, 'me', 'one', minutes(1))).toBe(false)
    expect(isUnmasked(undefined, 'me', 'one', minutes(1))).toBe(false)
  })

  it('says who else has opened it in the last ten minutes', async () => {
    const id = await file()
    expect((await see(id, agent, minutes(60)))!.viewers).toEqual([])
    expect((await see(id, colleague, minutes(62)))!.viewers).toEqual([{ name: 'Ardita M.', minutes: 2 }])
    expect((await see(id, agent, minutes(63)))!.viewers).toEqual([{ name: 'Besnik K.', minutes: 1 }])
    expect((await see(id, agent, minutes(75)))!.viewers).toEqual([])
    const viewers = () => db.$count(caseViewers, eq(caseViewers.caseId, id))
    await forgetViewers(db, minutes(62 + 24 * 60))
    expect(await viewers()).toBe(2)
    await forgetViewers(db, minutes(76 + 24 * 60))
    expect(await viewers()).toBe(0)
  })

  it('offers for handing over whoever may have it: not whose own contract it is, nor another biller’s', async () => {
    const id = await file()
    const neighbour = await makeStaff(db, 'agent', [OSHEE])
    await giveAccess(db, neighbour as never, contract, { level: 'amounts' })
    const elsewhere = await makeStaff(db, 'agent', [2])
    const offered = (await see(id))!.colleagues.map(one => one.id)
    expect(offered).toContain(colleague.id)
    for (const one of [neighbour, elsewhere, agent]) expect(offered).not.toContain(one.id)
    // What is offered is what may be done.
    await moveCase(agent, id, 'take', {}, minutes(1))
    for (const one of [colleague, neighbour, elsewhere]) {
      const result = await moveCase(agent, id, 'handOver', { handTo: one.id }, minutes(2))
      expect(result.ok).toBe(offered.includes(one.id))
    }
  })

  it('says until when and how that is counted', async () => {
    const id = await file()
    expect((await see(id))!.deadline).toMatchObject({ lastOn: '2026-12-04', isLate: false, left: 15 })
    expect((await see(id, agent, minutes(60 * 24 * 17)))!.deadline).toMatchObject({ isLate: true, left: -2 })
  })
})

describe('ready-made texts', () => {
  it('are in the customer’s language, with the number of the case', async () => {
    const id = await file()
    const [one] = await db.select().from(cases).where(eq(cases.id, id))
    for (const [language, word] of [
      ['sq', 'dokument'],
      ['en', 'document'],
      ['sr', 'zahteva'],
    ] as const) {
      await db.update(accounts).set({ language }).where(eq(accounts.id, holder.id))
      const text = await fillTemplate(agent, id, 'document')
      expect(text).toContain(one!.number)
      expect(text).toContain(word)
    }
    expect(await fillTemplate(agent, id, 'nothing')).toBeUndefined()
    expect(await fillTemplate(await makeStaff(db, 'agent', [2]), id, 'photo')).toBeUndefined()
  })

  it('leave with nothing in brackets; staff may note what they like', async () => {
    const id = await file()
    for (const name of templates) {
      const note = (await fillTemplate(agent, id, name))!
      const sent = await moveCase(agent, id, 'reply', { note }, minutes(5))
      expect(sent).toMatchObject(note.includes('[') ? { ok: false, code: 'placeOpen' } : { ok: true })
    }
    const open = { note: 'We come on [day].' }
    for (const move of ['ask', 'accept', 'reject'] as const)
      expect(await moveCase(agent, id, move, open, minutes(6))).toEqual({ ok: false, code: 'placeOpen' })
    expect(await moveCase(agent, id, 'note', open, minutes(7))).toMatchObject({ ok: true })
  })
})

it('what staff wrote for staff is in no copy of own data', async () => {
  const id = await file()
  await moveCase(agent, id, 'take', {}, minutes(1))
  await moveCase(agent, id, 'note', { note: 'SECRET of the reader' }, minutes(2))
  await moveCase(agent, id, 'handOver', { handTo: colleague.id, note: 'SECRET to a colleague' }, minutes(3))
  await moveCase(colleague, id, 'reply', { note: 'Said to the customer' }, minutes(4))
  const now = new Date()
  await requestExport(holder, now)
  const [asked] = await db.select().from(ownDataExports).where(eq(ownDataExports.accountId, holder.id))
  await makeExport({ exportId: asked!.id }, { database: db })
  const copy = await new Response(await takeExport(holder, asked!.id, now)).text()
  expect(copy).toContain('Said to the customer')
  expect(copy).not.toContain('SECRET')
  expect(copy).not.toContain('handOver')
})

it('a list says which customers have answered, until somebody goes on with it', async () => {
  const id = await file()
  const answered = async () => {
    const { cases: found } = await listCases(agent, 'requests', 'open', undefined, minutes(10))
    return found.find(one => one.id === id)?.answered
  }
  await moveCase(agent, id, 'ask', { note: 'Which meter?' }, minutes(1))
  expect(await answered()).toBe(false)
  await moveOwnCase(holder, id, 'answer', { note: 'The one in the hall.' }, minutes(2))
  expect(await answered()).toBe(true)
  await moveCase(agent, id, 'note', { note: 'Look at the photo.' }, minutes(3))
  expect(await answered()).toBe(true)
  await moveCase(agent, id, 'take', {}, minutes(4))
  expect(await answered()).toBe(false)
})

// Requests and complaints: filed by those who may, numbered without a gap, due when the law says, and read by whom they concern.
import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { caseEvents, caseNumbers, cases } from '../../db/schema/cases.ts'
import { daysOff } from '../../db/schema/days-off.ts'
import { messages } from '../../db/schema/notifications.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { catalogue, type RequestCode, requestCodes, typeOf } from '../../lib/cases/catalogue.ts'
import { deadlineShort, howCounted, publicState } from '../../lib/cases/deadline-words.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { requestForm } from '../../lib/cases/forms.ts'
import { moveCase, moveOwnCase } from '../../lib/cases/moves.ts'
import { getCase } from '../../lib/cases/queries.ts'
import { searchCases } from '../../lib/cases/queue.ts'
import { getRequest, listRequests } from '../../lib/cases/request-queries.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { openMessage } from '../../lib/notifications/outbox.ts'
import { testDatabase } from '../support/database.ts'
import {
  giveAccess,
  makeAccount,
  makeContract,
  makeInvoices,
  makePayment,
  makeStaff,
} from '../support/people.ts'
import { mustRead } from '../support/read-form.ts'

const db = await testDatabase()
const OSHEE = 1
const FILED = new Date('2026-11-19T19:28:00Z')
const days = (count: number) => new Date(FILED.getTime() + count * 86_400_000)

type Person = Awaited<ReturnType<typeof makeAccount>>
type Contract = Awaited<ReturnType<typeof makeContract>>
let holder: Person
let contract: Contract
let agent: Staff
let colleague: Staff
beforeAll(async () => {
  holder = await makeAccount(db)
  contract = await makeContract(db, { billerId: OSHEE, holder, meterNumber: '30418827' })
  await giveAccess(db, holder, contract)
  agent = await makeStaff(db, 'agent', [OSHEE], { firstName: 'Ardita', lastName: 'Marku' })
  colleague = await makeStaff(db, 'supervisor', [OSHEE])
})

const address = (of: Contract) => ({ biller: of.billerId === OSHEE ? 'oshee' : 'kesco', code: of.code })

function file(
  person: Person,
  kind: RequestCode,
  said: Record<string, string> = {},
  of = contract,
  now = FILED,
) {
  const typed = { type: typeOf(kind), kind, note: 'The meter shows less.', intent: 'send', ...said }
  const filing = {
    owner: { accountId: person.id },
    contract: address(of),
    documentIds: [],
    idempotencyKey: randomUUID(),
  }
  return fileCase(kind, mustRead(requestForm, typed), filing, now)
}

async function filed(...given: Parameters<typeof file>) {
  const result = await file(...given)
  if (!result.ok) throw new Error(result.code)
  const [one] = await db.select().from(cases).where(eq(cases.id, result.value))
  return one!
}

const move = (id: string, name: Parameters<typeof moveCase>[2], said = {}, now = days(1), by = agent) =>
  moveCase(by, id, name, { note: 'Please send a photo.', ...said }, now)

describe('a request', () => {
  it.each(requestCodes)('%s is filed with a number and a limit', async kind => {
    const one = await filed(holder, kind)
    expect(one.number).toMatch(new RegExp(`^${kind}\\d{9}$`))
    const limit = 'limit' in catalogue[kind] ? catalogue[kind].limit : { count: 15, unit: 'calendarDays' }
    expect({ count: one.limitCount, unit: one.limitUnit }).toEqual(limit)
  })

  it('is due at the end of its fifteenth day, at the biller’s midnight', async () => {
    expect((await filed(holder, 'F2')).dueAt).toEqual(new Date('2026-12-04T23:00:00Z'))
  })

  it('of working days leaves out weekends and days off', async () => {
    // 20, 24, 25, 26, 27 November: the 23rd is free.
    expect((await filed(holder, 'M2')).dueAt).toEqual(new Date('2026-11-27T23:00:00Z'))
  })

  it('for a reconnection runs from the payment, where that is known and nothing else is due', async () => {
    const mine = await makeContract(db, { billerId: OSHEE, holder })
    await giveAccess(db, holder, mine)
    const paid = new Date(FILED.getTime() - 3 * 3_600_000)
    await makePayment(db, mine, { amount: 1000, paidOn: '2026-11-19', receivedAt: paid })
    expect((await filed(holder, 'C3', {}, mine)).dueAt).toEqual(new Date(paid.getTime() + 86_400_000))
    await makeInvoices(db, mine, [{ principal: 1000, dueOn: '2026-10-31' }])
    expect((await filed(holder, 'C3', {}, mine)).dueAt).toEqual(days(1))
  })

  it('names an invoice of its contract alone', async () => {
    const [own] = await makeInvoices(db, contract, [{ principal: 1000, period: '2026-09-01' }])
    const others = await makeContract(db, { billerId: OSHEE })
    const [foreign] = await makeInvoices(db, others, [{ principal: 1000 }])
    expect(await file(holder, 'F1', { invoice: String(foreign!.id) })).toEqual({
      ok: false,
      code: 'invoiceUnknown',
    })
    const one = await filed(holder, 'F1', { invoice: String(own!.id) })
    const seen = await getRequest(holder, address(contract), one.number!, FILED)
    expect(seen?.invoice).toMatchObject({ id: own!.id, period: '2026-09-01' })
  })

  it('is of a kind that its biller hears', async () => {
    const phone = await makeContract(db, { billerId: 4, code: 'T-1001', holder })
    await giveAccess(db, holder, phone)
    const filing = {
      owner: { accountId: holder.id },
      contract: { biller: 'albtelecom', code: 'T-1001' },
      documentIds: [],
      idempotencyKey: randomUUID(),
    }
    const input = mustRead(requestForm, { type: 'M', kind: 'M1', note: 'x', intent: 'send' })
    expect(await fileCase('M1', input, filing, FILED)).toEqual({ ok: false, code: 'kindNotOffered' })
  })

  it('tells its sender the number, and by when the answer is due', async () => {
    const one = await filed(holder, 'F5')
    const told = await db.select().from(messages).where(eq(messages.accountId, holder.id))
    const said = told
      .map(({ sealed }) => JSON.stringify(openMessage(sealed)))
      .filter(text => text.includes(one.number!))
    expect(said.length).toBeGreaterThan(0)
    // Fifteen days from when it was filed.
    expect(said.join()).toContain('by 4 December')
  })
})

describe('numbers', () => {
  it('have no gap and come once, whatever fails or is sent at once', async () => {
    const kesco = await makeContract(db, { holder })
    await giveAccess(db, holder, kesco)
    const sent = Array.from({ length: 20 }, (_, n) =>
      file(holder, 'P2', n % 3 === 2 ? { invoice: '999999999999' } : {}, kesco),
    )
    const results = await Promise.all(sent)
    const made = results.filter(({ ok }) => ok).length
    const rows = await db
      .select({ number: cases.number })
      .from(cases)
      .where(eq(cases.contractId, kesco.id))
      .orderBy(cases.number)
    expect(rows.map(({ number }) => number)).toEqual(
      Array.from({ length: made }, (_, n) => `P2${String(n + 1).padStart(9, '0')}`),
    )
    const [counted] = await db.select().from(caseNumbers).where(eq(caseNumbers.billerId, 2))
    expect(counted!.last).toBe(made)
  })
})

describe('who sees a request', () => {
  it('is who filed it, and the holder of its contract without its papers', async () => {
    const tenant = await makeAccount(db)
    await giveAccess(db, tenant, contract, { level: 'masked' })
    const one = await filed(tenant, 'C2')
    const see = (person: Person, of = address(contract)) => getRequest(person, of, one.number!, FILED)
    expect(await see(tenant)).toMatchObject({ isOwn: true, open: ['withdraw', 'write', 'amend'] })
    expect(await see(holder)).toMatchObject({ isOwn: false, open: [], documents: [] })
    const payer = await makeAccount(db)
    await giveAccess(db, payer, contract, { level: 'amounts' })
    const other = await makeAccount(db)
    await giveAccess(db, other, contract, { level: 'masked' })
    for (const person of [payer, other, await makeAccount(db)]) {
      expect(await see(person)).toBeUndefined()
      expect((await listRequests(person, {}, FILED)).counts.all).toBe(0)
      expect(await moveOwnCase(person, one.id, 'withdraw', {}, FILED)).toEqual({
        ok: false,
        code: 'notFound',
      })
    }
    // By its number under another contract there is nothing.
    expect(await see(tenant, { biller: 'oshee', code: 'AL9999999' })).toBeUndefined()
  })

  it('files none with a level that sees amounts alone', async () => {
    const payer = await makeAccount(db)
    await giveAccess(db, payer, contract, { level: 'amounts' })
    expect(await file(payer, 'F2')).toEqual({ ok: false, code: 'notFound' })
    expect(await file(await makeAccount(db), 'F2')).toEqual({ ok: false, code: 'notFound' })
  })

  it('is not the staff of another biller, nor whose contract it is', async () => {
    const one = await filed(holder, 'F2')
    expect(await move(one.id, 'take', {}, days(1), await makeStaff(db, 'agent', [2]))).toMatchObject({
      ok: false,
    })
    const neighbour = await makeStaff(db, 'agent', [OSHEE])
    await giveAccess(db, neighbour, contract, { level: 'amounts' })
    expect(await move(one.id, 'take', {}, days(1), neighbour)).toMatchObject({ ok: false })
    expect(await move(one.id, 'handOver', { handTo: neighbour.id })).toMatchObject({ ok: false })
  })
})

describe('how late it is', () => {
  it.each(['M2', 'F2', 'C3'] as const)('%s is the same to staff and to its owner', async kind => {
    const one = await filed(holder, kind)
    // Over a weekend and a day off.
    const later = days(18)
    const [theirs] = await searchCases(agent, 'requests', one.number!, later)
    const own = (await getRequest(holder, address(contract), one.number!, later))!
    for (const locale of locales) {
      const words = deadlineShort(own, locale)
      expect(words).toMatch(/\d/)
      expect(deadlineShort({ ...theirs!, biller: theirs! }, locale)).toBe(words)
    }
    expect(publicState(theirs!)).toBe('late')
    await move(one.id, 'reject', {}, later)
    const decided = (await getRequest(holder, address(contract), one.number!, days(40)))!
    expect(decided).toMatchObject({ inTime: false })
    expect(howCounted(decided, 'en')).toEqual(
      howCounted({ ...(await getCase(agent, 'requests', one.id, days(40)))!, biller: decided.biller }, 'en'),
    )
    expect(howCounted(decided, 'en').join(' ')).toContain('It was closed on 07/12/2026; the limit ended')
  })

  it('stays as it was counted when a day off becomes known after the decision, and says so', async () => {
    const one = await filed(holder, 'M2')
    await move(one.id, 'accept', {}, days(3))
    const words = async () =>
      howCounted((await getRequest(holder, address(contract), one.number!, days(9)))!, 'en')
    expect((await words()).join(' ')).toContain('Public holidays left out: 23/11/2026.')
    const day = { country: 'AL', on: '2026-11-24', name: 'Ditë zie', source: 'VKM' } as const
    await db.insert(daysOff).values(day)
    expect((await words()).slice(1)).toEqual([
      'It was closed on 22/11/2026; the limit ended 27/11/2026.',
      'The public holidays were changed after that. The limit of a closed request stays as it was counted.',
    ])
    await db.delete(daysOff).where(eq(daysOff.on, day.on))
  })
})

describe('staff’s moves', () => {
  it('lead from the queue to an answer, and what is for staff stays with them', async () => {
    const one = await filed(holder, 'F4')
    const seen = () => getRequest(holder, address(contract), one.number!, days(5))
    expect(await move(one.id, 'take')).toMatchObject({ ok: true })
    expect(await move(one.id, 'note', { note: 'SECRET of the reader' })).toMatchObject({ ok: true })
    expect(
      await move(one.id, 'handOver', { handTo: colleague.id, note: 'SECRET to a colleague' }),
    ).toMatchObject({ ok: true })
    expect(await move(one.id, 'reply', { note: 'We come tomorrow.' })).toMatchObject({ ok: true })
    expect(await move(one.id, 'ask', {}, days(2))).toMatchObject({ ok: true })
    expect(await seen()).toMatchObject({ state: 'waiting', deadline: { isStopped: true, isLate: false } })
    expect(await moveOwnCase(holder, one.id, 'answer', { note: 'Here it is.' }, days(4))).toMatchObject({
      ok: true,
    })
    expect(await move(one.id, 'take', {}, days(4))).toMatchObject({ ok: true })
    expect(await move(one.id, 'accept', { note: 'Corrected.' }, days(5))).toMatchObject({ ok: true })
    const shown = await seen()
    expect(shown?.history.map(({ move, note }) => [move, note])).toEqual([
      ['file', null],
      ['take', 'Please send a photo.'],
      ['reply', 'We come tomorrow.'],
      ['ask', 'Please send a photo.'],
      ['answer', 'Here it is.'],
      ['take', 'Please send a photo.'],
      ['accept', 'Corrected.'],
    ])
    expect(shown?.history.map(({ by }) => by)).toContain('Ardita M.')
    expect(JSON.stringify(shown)).not.toContain('SECRET')
    expect(shown).toMatchObject({ state: 'accepted', inTime: true })
    const [row] = await db.select().from(cases).where(eq(cases.id, one.id))
    // Two midnights passed while the customer was asked.
    expect(row).toMatchObject({ dueAt: new Date('2026-12-06T23:00:00Z'), firstDecidedAt: days(5) })
    expect(await db.$count(caseEvents, eq(caseEvents.caseId, one.id))).toBe(9)
  })

  it('without an answer end a wait that outlasted the limit in time', async () => {
    const one = await filed(holder, 'M2')
    expect(await move(one.id, 'ask')).toMatchObject({ ok: true })
    expect(await move(one.id, 'reject', {}, days(30))).toMatchObject({ ok: true })
    expect(await getRequest(holder, address(contract), one.number!, days(31))).toMatchObject({
      inTime: true,
      counted: { lastOn: '2026-12-24', isLate: false },
    })
    const [row] = await db.select().from(cases).where(eq(cases.id, one.id))
    expect(row!.dueAt).toEqual(new Date('2026-12-24T23:00:00Z'))
  })

  it('from a page that is no longer true change nothing, but what is written is kept', async () => {
    const one = await filed(holder, 'F2')
    expect(await move(one.id, 'take', { seen: 1 })).toMatchObject({ ok: true })
    expect(await move(one.id, 'accept', { seen: 1 }, days(1), colleague)).toEqual({
      ok: false,
      code: 'moved',
    })
    expect(await move(one.id, 'note', { seen: 1 }, days(1), colleague)).toMatchObject({ ok: true })
    expect(await move(one.id, 'release', { seen: 3 })).toMatchObject({
      ok: true,
      value: { state: 'pending' },
    })
    const [row] = await db.select().from(cases).where(eq(cases.id, one.id))
    expect(row!.takenBy).toBeNull()
  })
})

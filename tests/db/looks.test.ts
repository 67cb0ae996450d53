// Staff look at a customer: found by one exact identifier, for a reason, within their scope, masked, and written down first.
import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { accountBusinesses, accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { rateLimits } from '../../db/schema/limits.ts'
import { callNotes, staffLooks } from '../../db/schema/staff-looks.ts'
import { alarmSubject } from '../../lib/auth/look-limits.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import {
  findCustomer,
  followLook,
  lookAt,
  lookFromCase,
  noteCall,
  revealMasked,
} from '../../lib/looks/commands.ts'
import { CONTACTS_PAGE, getContacts } from '../../lib/looks/contact-queries.ts'
import { getContractForStaff } from '../../lib/looks/contract-queries.ts'
import { getCustomerForStaff } from '../../lib/looks/customer-queries.ts'
import { getStaffHome } from '../../lib/looks/staff-home.ts'
import { notify } from '../../lib/notifications/outbox.ts'
import { listAccessLog } from '../../lib/own-data/access-log.ts'
import { log } from '../../lib/platform/log.ts'
import { addCase } from '../support/cases.ts'
import { testDatabase } from '../support/database.ts'
import {
  giveAccess,
  makeAccount,
  makeContract,
  makeInvoices,
  makePayment,
  makeStaff,
} from '../support/people.ts'
import { makeDisconnection, makeOutage } from '../support/supply.ts'

const db = await testDatabase()
const [OSHEE, KESCO] = [1, 2]
const NOW = new Date('2026-11-26T10:00:00Z')
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)
const query = (text: string, values: unknown[]) => db.$client.query(text, values)

type Account = Awaited<ReturnType<typeof makeAccount>>
type Contract = Awaited<ReturnType<typeof makeContract>>
let holder: Account
let contract: Contract
let agent: Staff
let elsewhere: Staff

const SECRETS = [
  'Zamira',
  'Qorri',
  'Rruga e Panjohur',
  '+38344777001',
  'M-SECRET',
  '1177700019',
  'zamira@example.com',
  'zamira-q',
]

beforeAll(async () => {
  holder = await makeAccount(db, {
    firstName: 'Zamira',
    lastName: 'Qorri',
    phone: '+38344777001',
    personalNumber: '1177700019',
    email: 'zamira@example.com',
    username: 'zamira-q',
  })
  contract = await makeContract(db, { holder, address: 'Rruga e Panjohur 7', meterNumber: 'M-SECRET' })
  await giveAccess(db, holder, contract)
  await makeInvoices(db, contract, [
    { principal: 1000, period: '2026-10-01', dueOn: '2026-10-31', issuedOn: '2026-10-05' },
    { principal: 500, period: '2024-01-01', dueOn: '2024-01-31', number: `${contract.code}-old` },
  ])
  await makePayment(db, contract, { amount: 700, paidOn: '2026-10-20' })
  agent = await makeStaff(db, 'agent', [KESCO])
  elsewhere = await makeStaff(db, 'agent', [OSHEE])
})

afterEach(() => {
  vi.restoreAllMocks()
})

const PHONE = { reason: 'phone', words: undefined } as const
const find = (who: Staff, identifier: string, biller: 'kesco' | 'oshee' = 'kesco', at = NOW) =>
  findCustomer(who, { biller, identifier, ...PHONE }, at)
const codes = (of: Contract = contract) => ({ biller: 'kesco', code: of.code }) as const
const look = (who: Staff, of: Contract = contract, at = NOW) => lookAt(who, codes(of), PHONE, at)
const see = (who: Staff, of: Contract = contract, at = NOW) => getContractForStaff(who, 'kesco', of.code, at)
const looked = async (who: Staff, of: Contract = contract) => {
  const seen = await see(who, of)
  if (!seen?.look) throw new Error('not looked at')
  return seen
}
const looksOf = (who: Staff) => db.select().from(staffLooks).where(eq(staffLooks.staffId, who.id))
const eventsOf = (who: Staff) =>
  db
    .select({ action: auditEvents.action, subject: auditEvents.subject, details: auditEvents.details })
    .from(auditEvents)
    .where(eq(auditEvents.accountId, who.id))
    .orderBy(auditEvents.id)
const NOT_FOUND = { ok: false, code: 'notFound' }

describe('finding a customer', () => {
  it('takes each exact identifier in whatever spelling, and nothing less', async () => {
    const byAccount = { ok: true, value: { account: holder.id } }
    const byContract = { ok: true, value: codes() }
    const number = 'F1000000777'
    await addCase(query, {
      ...{ kind: 'F1', queue: 'requests', number, account_id: holder.id, limit_count: 15 },
      ...{ biller_id: KESCO, contract_id: contract.id, limit_unit: 'calendarDays', due_at: NOW },
    })
    for (const [typed, found] of [
      [contract.code.toLowerCase().replace('-', ' '), byContract],
      [number.toLowerCase(), byContract],
      ['1177700019', byAccount],
      ['044 777 001', byAccount],
      ['ZAMIRA@example.com', byAccount],
      ['Zamira-Q', byAccount],
    ] as const)
      expect(await find(agent, typed), typed).toEqual(found)
    const nobody = { ok: false, code: 'nothingFound' }
    for (const typed of [
      'Zamira',
      'Qorri',
      'zamira',
      contract.code.slice(0, -1),
      '044777',
      'example.com',
      '%',
      '',
    ])
      expect(await find(agent, typed), typed).toEqual(nobody)
  })

  it('finds who has no account by what the biller has of them, and one of several contracts', async () => {
    const owner = { holderPersonalNumber: '1188800018', phone: '+38344777002' }
    const first = await makeContract(db, { ...owner, closedOn: '2020-01-01' })
    const second = await makeContract(db, owner)
    for (const typed of ['1188800018', '+383 44 777 002'])
      expect(await find(agent, typed)).toEqual({ ok: true, value: codes(second) })
    expect((await looked(agent, second)).others).toEqual([first.code])
  })

  it('writes down what was looked for in vain without naming anybody, and ends after so many', async () => {
    const guesser = await makeStaff(db, 'agent', [KESCO])
    await find(guesser, '1999999999')
    await find(guesser, 'DPR-9999999')
    await find(guesser, contract.code)
    const [personal, code, found] = await eventsOf(guesser)
    expect(personal).toMatchObject({ action: 'customers.searched', details: { search: null, found: 0 } })
    expect(JSON.stringify(personal)).not.toContain('1999999999')
    expect(code!.details).toMatchObject({ search: 'DPR-9999999', found: 0 })
    expect(found!.details).toMatchObject({ found: 1 })
    for (let n = 0; n < 18; n++) await find(guesser, `DPR-88${n}`)
    expect(await find(guesser, 'DPR-8999')).toMatchObject({ ok: false, code: 'wait' })
    expect(await find(guesser, contract.code)).toMatchObject({ ok: false, code: 'wait' })
  })

  it('needs no company, but where several of theirs mean different things by it', async () => {
    const both = await makeStaff(db, 'agent', [OSHEE, KESCO])
    const any = (identifier: string, biller?: 'kesco' | 'oshee') =>
      findCustomer(both, { biller, identifier, ...PHONE }, NOW)
    expect(await any('044 777 001')).toEqual({ ok: true, value: { account: holder.id } })
    expect(await any(contract.code)).toEqual({ ok: true, value: codes() })
    expect((await looksOf(both)).map(({ billerId }) => billerId)).toEqual([KESCO, KESCO])
    // Somebody's own, of another of the companies than the one that they chose.
    expect(await any(contract.code, 'oshee')).toEqual({ ok: false, code: 'nothingFound' })
    const phone = '+38344777009'
    await makeContract(db, { phone })
    const albanian = await makeContract(db, { billerId: OSHEE, phone })
    expect(await any(phone)).toEqual({ ok: false, code: 'severalFound' })
    expect(await any(phone, 'oshee')).toEqual({ ok: true, value: { biller: 'oshee', code: albanian.code } })
    const searched = (await eventsOf(both)).filter(({ action }) => action === 'customers.searched')
    expect(searched.at(-2)!.details).toMatchObject({ biller: null, found: 2, search: null })
  })
})

describe('the scope', () => {
  it('leaves out other billers, by every way', async () => {
    expect(await find(elsewhere, contract.code)).toEqual({ ok: false, code: 'nothingFound' })
    for (const typed of ['1177700019', 'zamira-q', '044777001'])
      expect(await find(elsewhere, typed, 'oshee')).toEqual({ ok: false, code: 'nothingFound' })
    expect(await look(elsewhere)).toEqual(NOT_FOUND)
    expect(await lookAt(elsewhere, { account: holder.id }, PHONE, NOW)).toEqual(NOT_FOUND)
    expect(await see(elsewhere)).toBeUndefined()
    expect(await getCustomerForStaff(elsewhere, holder.id, NOW)).toBeUndefined()
    expect(await getContacts(elsewhere, 'kesco', contract.code, undefined, NOW)).toBeUndefined()
    expect(await noteCall(elsewhere, codes(), { channel: 'phone', note: 'x' }, NOW)).toEqual(NOT_FOUND)
  })

  it('leaves out one’s own contracts and account: on one’s list, by personal number, phone or business', async () => {
    const person = await makeAccount(db)
    const own = await makeStaff(db, 'agent', [KESCO], { personalNumber: '1166600013', phone: '+38344777003' })
    await db
      .insert(accountBusinesses)
      .values({ accountId: own.id, billerId: KESCO, number: '810000001', confirmedAt: NOW })
    const listed = await makeContract(db, { holder: person })
    await giveAccess(db, own, listed, { removedAt: NOW })
    const contracts = [
      listed,
      await makeContract(db, { holderPersonalNumber: '1166600013' }),
      await makeContract(db, { phone: '+38344777003' }),
      await makeContract(db, { businessNumber: '810000001' }),
    ]
    for (const one of contracts) {
      expect(await find(own, one.code)).toEqual({ ok: false, code: 'nothingFound' })
      expect(await look(own, one)).toEqual(NOT_FOUND)
      expect(await see(own, one)).toBeUndefined()
      expect(await find(agent, one.code)).toMatchObject({ ok: true })
    }
    for (const typed of ['1166600013', own.username])
      expect(await find(own, typed)).toEqual({ ok: false, code: 'nothingFound' })
    expect(await lookAt(own, { account: own.id }, PHONE, NOW)).toEqual(NOT_FOUND)
    expect(await getCustomerForStaff(own, own.id, NOW)).toBeUndefined()
    // Whoever shares a contract with them, and has no other.
    await giveAccess(db, person, listed)
    expect(await lookAt(own, { account: person.id }, PHONE, NOW)).toEqual(NOT_FOUND)
  })

  it('shows an account the contracts of the agent’s billers alone', async () => {
    const both = await makeAccount(db)
    const ours = await makeContract(db, { holder: both })
    const theirs = await makeContract(db, { holder: both, billerId: OSHEE })
    await giveAccess(db, both, ours)
    await giveAccess(db, both, theirs)
    await lookAt(agent, { account: both.id }, PHONE, NOW)
    const shown = await getCustomerForStaff(agent, both.id, NOW)
    expect(shown).toMatchObject({ contracts: [{ code: ours.code, level: 'holder' }] })
    expect(JSON.stringify(shown)).not.toContain(theirs.code)
  })
})

describe('a look', () => {
  it('without one, with one of somebody else, or half an hour later there are the codes and nothing more', async () => {
    const colleague = await makeStaff(db, 'agent', [KESCO])
    const bare = { look: null, biller: expect.anything(), code: contract.code }
    expect(await see(colleague)).toEqual(bare)
    await look(agent)
    expect(await see(colleague)).toEqual(bare)
    expect(await getCustomerForStaff(colleague, holder.id, NOW)).toEqual({ look: null })
    await look(colleague)
    expect(await see(colleague, contract, minutes(29))).toMatchObject({
      look: { reason: 'phone' },
      category: 'household',
    })
    expect(await see(colleague, contract, minutes(31))).toEqual(bare)
    expect((await getContacts(colleague, 'kesco', contract.code, undefined, minutes(31)))?.contacts).toEqual(
      [],
    )
    expect((await eventsOf(colleague)).map(({ action }) => action)).toEqual(['contract.viewed'])
  })

  it('is masked until it is asked for, for ten minutes, whatever of it is shown', async () => {
    const one = await makeStaff(db, 'agent', [KESCO])
    await look(one)
    await lookAt(one, { account: holder.id }, PHONE, NOW)
    const masked = JSON.stringify([await see(one), await getCustomerForStaff(one, holder.id, NOW)])
    for (const secret of SECRETS) expect(masked).not.toContain(secret)
    expect((await eventsOf(one)).map(({ action }) => action)).toEqual(['contract.viewed', 'account.viewed'])

    const looks = await looksOf(one)
    for (const { id } of looks) {
      expect(await revealMasked(agent, id, NOW)).toEqual(NOT_FOUND)
      expect(await revealMasked(one, id, minutes(31))).toEqual(NOT_FOUND)
      expect(await revealMasked(one, id, NOW)).toMatchObject({ ok: true })
    }
    const shown = JSON.stringify([
      await see(one, contract, minutes(9)),
      await getCustomerForStaff(one, holder.id, minutes(9)),
    ])
    for (const secret of SECRETS) expect(shown).toContain(secret)
    const again = JSON.stringify([
      await see(one, contract, minutes(11)),
      await getCustomerForStaff(one, holder.id, minutes(11)),
    ])
    for (const secret of SECRETS) expect(again).not.toContain(secret)
  })

  it('shows what the customer sees: what is due, also from long ago, invoices, payments, people and cases', async () => {
    await look(agent)
    const seen = await looked(agent)
    expect(seen).toMatchObject({
      payments: [{ amount: 700, attemptId: null }],
      people: [{ name: '**', level: 'holder' }],
      cases: [{ kind: 'F1', number: 'F1000000777' }],
    })
    expect(seen.months[0]).toMatchObject({ period: '2026-10-01', invoices: [{ total: 1000 }] })
    expect(seen.unpaid.map(({ number }) => number)).toEqual([`${contract.code}-1`, `${contract.code}-old`])
    expect(seen.older).toHaveLength(1)
  })

  it('shows why the supply may be off, and without it nothing of that', async () => {
    const dark = await makeContract(db, { region: 'Prizren' })
    await makeDisconnection(db, dark, { doneAt: NOW, cancelledOn: '2026-01-01' })
    const id = await makeOutage(db, NOW, { region: 'Prizren' })
    expect(JSON.stringify(await see(agent, dark))).not.toMatch(/announcedOn|Prizren/)
    await look(agent, dark)
    const seen = await looked(agent, dark)
    expect(seen.disconnections).toMatchObject([{ reason: 'debt', doneAt: NOW }])
    expect(seen.outages).toMatchObject([{ id }])
  })

  it('goes on for the same reason to what may be seen, and from a case to what it is about', async () => {
    const one = await makeStaff(db, 'agent', [KESCO])
    await lookAt(one, codes(), { reason: 'other', words: 'Lost letter' }, NOW)
    const [first] = await looksOf(one)
    expect(await followLook(one, first!.id, { account: holder.id }, minutes(5))).toMatchObject({ ok: true })
    expect(await followLook(one, first!.id, { account: holder.id }, minutes(31))).toEqual(NOT_FOUND)
    expect(await followLook(agent, first!.id, { account: holder.id }, minutes(5))).toEqual(NOT_FOUND)
    expect(await getCustomerForStaff(one, holder.id, minutes(6))).toMatchObject({
      look: { reason: 'other', words: 'Lost letter' },
    })
    // The words are staff's own.
    expect(JSON.stringify(await eventsOf(one))).not.toContain('Lost letter')

    const id = await addCase(query, { biller_id: KESCO, contract_id: contract.id })
    expect(await lookFromCase(one, id, NOW)).toEqual({ ok: true, value: codes() })
    expect(await lookFromCase(elsewhere, id, NOW)).toEqual(NOT_FOUND)
    expect((await see(one))?.look).toMatchObject({ reason: 'case', caseId: id })
  })

  it('is in the customer’s access log with its reason, and without the agent’s name', async () => {
    const one = await makeStaff(db, 'agent', [KESCO], { firstName: 'Agim', lastName: 'Secretary' })
    await look(one)
    await see(one)
    await lookAt(one, { account: holder.id }, { reason: 'counter', words: undefined }, NOW)
    await getCustomerForStaff(one, holder.id, NOW)
    const { entries } = await listAccessLog(holder, undefined)
    expect(entries.slice(0, 2)).toMatchObject([
      { sentence: 'staff.account_viewed', reason: 'counter', company: 'KESCO' },
      {
        sentence: 'staff.contract_viewed',
        reason: 'phone',
        company: 'KESCO',
        contract: { code: contract.code },
      },
    ])
    expect(JSON.stringify(entries)).not.toMatch(/Agim|Secretary/)
  })

  it('shows nothing where it cannot be written down', async () => {
    const one = await makeStaff(db, 'agent', [KESCO])
    await look(one)
    await lookAt(one, { account: holder.id }, PHONE, NOW)
    const { id } = (await looksOf(one))[0]!
    await db.execute(sql`alter table audit_events rename to audit_events_away`)
    try {
      await expect(see(one)).rejects.toThrow()
      await expect(getCustomerForStaff(one, holder.id, NOW)).rejects.toThrow()
      await expect(getContacts(one, 'kesco', contract.code, undefined, NOW)).rejects.toThrow()
      await expect(revealMasked(one, id, NOW)).rejects.toThrow()
    } finally {
      await db.execute(sql`alter table audit_events_away rename to audit_events`)
    }
    expect((await see(one))?.look).toMatchObject({ unmasked: false })
  })
})

describe('contacts', () => {
  it('are messages, cases and notes about the contract, the latest first, a page at a time', async () => {
    const one = await makeStaff(db, 'agent', [KESCO], { firstName: 'Drita', lastName: 'Gashi' })
    const of = await makeContract(db, { holder })
    const link = 'https://example.com/secret-link'
    await notify(
      db,
      holder.id,
      { kind: 'contract-added-by-other', contractCode: of.code, biller: 'KESCO', link },
      { contractId: of.id },
    )
    await notify(db, holder.id, { kind: 'password-changed' })
    const id = await addCase(query, { biller_id: KESCO, contract_id: of.id, created_at: minutes(-60) })
    await noteCall(one, codes(of), { channel: 'phone', note: 'She asked about October.' }, minutes(-30))
    await look(one, of)
    const page = (after?: string, who = one) => getContacts(who, 'kesco', of.code, after, NOW)
    const all = await page()
    expect(all!.contacts.map(({ type }) => type).sort()).toEqual(['case', 'message', 'note'])
    expect(all!.contacts.find(({ type }) => type === 'note')).toMatchObject({
      by: 'Drita G.',
      note: 'She asked about October.',
    })
    expect(all!.contacts.find(({ type }) => type === 'case')).toMatchObject({ caseId: id, state: 'pending' })
    const message = all!.contacts.find(({ type }) => type === 'message')
    expect(message).toMatchObject({ kind: 'contract-added-by-other', channel: 'email', state: 'queued' })
    expect(JSON.stringify(message)).not.toMatch(/secret|zamira/)
    expect((await eventsOf(one)).at(-1)).toMatchObject({ action: 'contract.contacts-viewed' })

    // Many of the same instant: none twice, none left out.
    await db.insert(callNotes).values(
      Array.from({ length: CONTACTS_PAGE * 2 }, () => ({
        contractId: of.id,
        staffId: one.id,
        channel: 'letter' as const,
        note: 'x',
        at: minutes(-90),
      })),
    )
    const ids: string[] = []
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const { contacts, next } = (await page(after))!
      ids.push(...contacts.map(contact => contact.id))
      after = next
    }
    expect(ids).toHaveLength(CONTACTS_PAGE * 2 + 3)
    expect(new Set(ids).size).toBe(ids.length)
    expect((await page("' or true"))!.contacts).toHaveLength(CONTACTS_PAGE)
    // No such time, no such id: no place.
    const nobody = '00000000-0000-0000-0000-000000000000'
    for (const after of [
      `2026-99-99T00:00:00.000000Z.${nobody}`,
      `2026-02-30T00:00:00.000000Z.${nobody}`,
      `2026-11-27T25:00:00.000000Z.${nobody}`,
      `0000-00-00T00:00:00.000000Z.${nobody}`,
      `0000-01-01T00:00:00.000000Z.${nobody}`,
      `2026-11-27T00:00:00.000000Z.${'-'.repeat(36)}`,
    ])
      expect(
        (await page(after))!.contacts.map(({ id }) => id),
        after,
      ).toEqual(ids.slice(0, CONTACTS_PAGE))
  })

  it('say of which case and move a message tells, to whoever may see the case', async () => {
    const one = await makeStaff(db, 'agent', [KESCO])
    const of = await makeContract(db, { holder })
    const number = 'F1000000778'
    const caseId = await addCase(query, {
      ...{ kind: 'F1', queue: 'requests', number, account_id: holder.id, limit_count: 15 },
      ...{ biller_id: KESCO, contract_id: of.id, limit_unit: 'calendarDays', due_at: NOW },
    })
    const own = await addCase(query, { biller_id: KESCO, contract_id: of.id, account_id: one.id })
    const texts = { subject: 's', email: 'e', action: 'a', sms: 's', biller: 'KESCO' }
    const event = { kind: 'case-told', ...texts, link: 'https://example.com' } as const
    await notify(db, holder.id, event, { contractId: of.id, caseId, caseMove: 'ask' })
    await notify(db, holder.id, event, { contractId: of.id, caseId: own, caseMove: 'accept' })
    await look(one, of)
    const { contacts } = (await getContacts(one, 'kesco', of.code, undefined, NOW))!
    const told = contacts.flatMap(contact => (contact.type === 'message' ? contact : []))
    for (const { move, about } of told)
      expect(about).toEqual(move === 'ask' ? { caseId, queue: 'requests', number } : null)
    expect(new Set(told.map(({ move }) => move))).toEqual(new Set(['ask', 'accept']))
  })
})

describe('very many looks', () => {
  const times = async (count: number, who: Staff) => {
    let last: unknown
    for (let n = 0; n < count; n++) last = await look(who)
    return last
  }

  it('alarm once an hour, tell supervisors of the biller, and end at a higher number', async () => {
    await db.delete(rateLimits)
    const said = vi.spyOn(log, 'error').mockImplementation(() => {})
    const curious = await makeStaff(db, 'agent', [KESCO], { firstName: 'Kureshtar', lastName: 'Hoxha' })
    expect(await times(60, curious)).toMatchObject({ ok: true })
    expect(said).not.toHaveBeenCalled()
    expect(await times(5, curious)).toMatchObject({ ok: true })
    expect(said).toHaveBeenCalledTimes(1)
    expect(said.mock.calls[0]![1]).toMatch(/^ALARM: /)
    const alarms = await db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.subject, alarmSubject(curious.id)))
    expect(alarms).toMatchObject([{ accountId: curious.id, details: { looks: 60, hours: 1 } }])

    const told = async (who: Staff) => (await getStaffHome(who, new Date())).alarms
    const supervisor = await makeStaff(db, 'supervisor', [KESCO])
    expect(await told(supervisor)).toMatchObject([{ name: 'Kureshtar H.', looks: 60, hours: 1 }])
    expect(await told(await makeStaff(db, 'administrator', [OSHEE, KESCO]))).toHaveLength(1)
    expect(await told(await makeStaff(db, 'supervisor', [OSHEE]))).toEqual([])
    expect(await told(agent)).toEqual([])

    expect(await times(56, curious)).toMatchObject({ ok: false, code: 'tooManyLooks' })
    const { length } = await looksOf(curious)
    expect(length).toBe(120)
    const { id } = (await looksOf(curious))[0]!
    expect(await revealMasked(curious, id, NOW)).toMatchObject({ ok: false, code: 'tooManyLooks' })
    expect(await lookAt(agent, { account: holder.id }, PHONE, NOW)).toMatchObject({ ok: true })

    // The lookup does not tell them who is a customer either.
    const misses = () => query('select count(*)::int from rate_limits where key like $1', ['lookup-misses%'])
    const before = (await misses()).rows
    const [hit, miss] = [await find(curious, contract.code), await find(curious, 'DPR-9999999')]
    expect(hit).toMatchObject({ ok: false, code: 'tooManyLooks' })
    expect(miss).toMatchObject({ ok: false, code: 'tooManyLooks' })
    expect((await misses()).rows).toEqual(before)
    const actions = (await eventsOf(curious)).map(({ action }) => action)
    expect(actions).not.toContain('customers.searched')
  })
})

it('an account’s contracts are shown with what the contract’s page says is due', async () => {
  const person = await makeAccount(db)
  const owing = await makeContract(db, { holder: person })
  const settled = await makeContract(db, { holder: person })
  for (const one of [owing, settled]) await giveAccess(db, person, one)
  await makeInvoices(db, owing, [
    { principal: 1000, period: '2026-10-01', dueOn: '2026-10-31', issuedOn: '2026-10-05' },
    { principal: 500, period: '2024-01-01', dueOn: '2024-01-31', number: `${owing.code}-old` },
  ])
  await look(agent, owing)
  const expected = (await looked(agent, owing)).unpaid.reduce((sum, { due }) => sum + due, 0)
  expect(expected).toBeGreaterThanOrEqual(1500)
  await lookAt(agent, { account: person.id }, PHONE, NOW)
  const shown = await getCustomerForStaff(agent, person.id, NOW)
  const due = shown?.look ? shown.contracts.map(one => [one.code, one.due]) : []
  expect(Object.fromEntries(due)).toEqual({ [owing.code]: expected, [settled.code]: 0 })
})

it('an account that cannot sign in for now is said to be locked', async () => {
  const { limits } = await import('../../lib/platform/limits.ts')
  const { countTry } = await import('../../lib/platform/rate-limits.ts')
  await lookAt(agent, { account: holder.id }, PHONE, NOW)
  expect(await getCustomerForStaff(agent, holder.id, NOW)).toMatchObject({ isLocked: false })
  const [{ phone }] = (await db.select().from(accounts).where(eq(accounts.id, holder.id))) as [Account]
  for (let n = 0; n < 10; n++) await countTry(limits.signInAccount(), `phone ${phone}`)
  expect(await getCustomerForStaff(agent, holder.id, NOW)).toMatchObject({ isLocked: true })
})

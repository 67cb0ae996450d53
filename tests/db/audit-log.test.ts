// Staff's way into the audit log: who sees which events, in pages that neither repeat nor skip, each look written down first.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { desc, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { lookReasons } from '../../db/enums.ts'
import type { accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import type { contracts } from '../../db/schema/contracts.ts'
import { knownActions, sentenceOf } from '../../lib/audit/actions.ts'
import { auditPath, readChosenEvents } from '../../lib/audit/chosen.ts'
import { searchAudit } from '../../lib/audit/commands.ts'
import { AUDIT_PAGE, exportAudit, listAudit, type ShownEvent } from '../../lib/audit/queries.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { moveCase } from '../../lib/cases/moves.ts'
import { getCase } from '../../lib/cases/queries.ts'
import { listCases } from '../../lib/cases/queue.ts'
import { recogniseAtCounter } from '../../lib/counter/commands.ts'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { answering } from '../../lib/platform/answering.ts'
import { recordEvent } from '../../lib/platform/audit.ts'
import { database } from '../../lib/platform/database.ts'
import { addCase } from '../support/cases.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeStaff } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2026-11-25T10:00:00Z')
const at = (iso: string) => new Date(iso)
const query = (text: string, values: unknown[]) => db.$client.query(text, values)

let customer: typeof accounts.$inferSelect
let both: typeof accounts.$inferSelect
let oshee: typeof contracts.$inferSelect
let kesco: typeof contracts.$inferSelect
let agent: Staff
let supervisor: Staff
let administrator: Staff
let ofKesco: Staff
let caseId: string

beforeAll(async () => {
  agent = await makeStaff(db, 'agent', [1], { firstName: 'Agim', lastName: 'Hoxha' })
  supervisor = await makeStaff(db, 'supervisor', [1], { firstName: 'Sara', lastName: 'Leka' })
  administrator = await makeStaff(db, 'administrator', [1])
  ofKesco = await makeStaff(db, 'agent', [2], { firstName: 'Petar', lastName: 'Ilić' })
  customer = await makeAccount(db)
  both = await makeAccount(db)
  oshee = await makeContract(db, { billerId: 1, holder: customer, phone: null })
  kesco = await makeContract(db, { billerId: 2, holder: both })
  await giveAccess(db, customer, oshee)
  await giveAccess(db, both, oshee)
  await giveAccess(db, both, kesco)
  caseId = await addCase(query, {
    ...{ kind: 'F4', queue: 'requests', number: 'F4000000077', biller_id: 1, contract_id: oshee.id },
    ...{ account_id: customer.id, limit_count: 15, limit_unit: 'calendarDays', due_at: now },
  })
  const asked = { address: '192.0.2.77', requestId: '4821-0937-6615' }
  await answering.run({ unreadable: false, unavailable: false, ...asked }, async () => {
    await getCase(agent, 'requests', caseId, now)
    await moveCase(agent, caseId, 'take', {}, now)
    await listCases(agent, 'requests', 'open', undefined, now)
    await recogniseAtCounter(
      agent,
      {
        identifier: customer.username,
        biller: 'oshee',
        contractCode: oshee.code,
        identityDocument: 'passport',
        documentEnding: '48AB',
      },
      now,
    )
  })
  await recordEvent(db, { accountId: customer.id, action: 'session.begun', at: now })
  // Of another biller, of the same customer.
  await recordEvent(db, {
    accountId: both.id,
    action: 'contract.added',
    subject: `contract:${kesco.id}`,
    at: now,
  })
  await recordEvent(db, {
    accountId: ofKesco.id,
    action: 'account.viewed',
    subject: `account:${both.id}`,
    at: now,
  })
  await recordEvent(db, { accountId: ofKesco.id, action: 'requests.listed', at: now })
})

const list = async (who: Staff, chosen: Parameters<typeof listAudit>[1] = {}, before?: number) =>
  listAudit(who, chosen, before, now)
/** But for looks into the log itself. */
const actions = (events: ShownEvent[] | undefined) =>
  events?.map(({ action }) => action).filter(action => !action.startsWith('audit.'))
const newest = async () => (await db.select().from(auditEvents).orderBy(desc(auditEvents.id)).limit(1))[0]!

describe('what is found', () => {
  it('of an account: what its person did and what was done with it', async () => {
    const found = await list(supervisor, { account: customer.id })
    expect(found?.title).toBe('A. B.')
    expect(actions(found?.events)).toEqual([
      'session.begun',
      'counter.account-found',
      'case.taken',
      'case.viewed',
    ])
    const [begun, , , viewed] = found!.events.filter(({ action }) => !action.startsWith('audit.'))
    expect(begun).toMatchObject({ doer: 'customer', name: 'A. B.' })
    expect(viewed).toMatchObject({
      ...{
        doer: 'staff',
        name: 'Agim Hoxha',
        case: { number: 'F4000000077', queue: 'requests', id: caseId },
      },
      account: { id: customer.id, initials: 'A. B.' },
    })
  })

  it('of a contract: its own events, and those of its cases', async () => {
    const found = await list(supervisor, { contract: oshee.id })
    expect(found?.title).toBe(`OSHEE ${oshee.code}`)
    expect(actions(found?.events)).toEqual(['holder.recognised', 'case.taken', 'case.viewed'])
    expect(found?.events.find(({ action }) => action === 'holder.recognised')?.contract).toBe(
      `OSHEE ${oshee.code}`,
    )
  })

  it('of a case: from its number on', async () => {
    const asked = await searchAudit(supervisor, { caseNumber: 'f4000000077' } as never, now)
    expect(asked).toEqual({ ok: true, value: { case: caseId } })
    const found = await list(supervisor, { case: caseId })
    expect(found?.title).toBe('F4000000077')
    expect(actions(found?.events)).toEqual(['case.taken', 'case.viewed'])
  })

  it('of a colleague, by kind and by day', async () => {
    const mine = { person: agent.id }
    expect(actions((await list(supervisor, mine))?.events)).toEqual([
      'holder.recognised',
      'counter.account-found',
      'requests.listed',
      'case.taken',
      'case.viewed',
    ])
    expect(actions((await list(supervisor, { ...mine, group: 'looks' }))?.events)).toEqual([
      'counter.account-found',
      'requests.listed',
      'case.viewed',
    ])
    const day = (from: string, to = from) => list(supervisor, { ...mine, from, to })
    expect(actions((await day('2026-11-25'))?.events)).toHaveLength(5)
    expect((await day('2026-11-24'))?.events).toEqual([])
    // What they did about one customer.
    const about = await list(supervisor, { ...mine, account: customer.id })
    expect(actions(about?.events)).toEqual(['counter.account-found', 'case.taken', 'case.viewed'])
  })

  it('without anybody named: what colleagues did, and nobody else', async () => {
    const found = await list(supervisor)
    expect(new Set(found!.events.map(({ name }) => name))).toEqual(new Set(['Agim Hoxha', 'Sara Leka']))
    expect(found!.colleagues.map(({ name }) => name)).not.toContain('Petar Ilić')
  })

  it('by what a customer signs in with, or a contract’s code, typed as people do', async () => {
    const search = (typed: object, who = supervisor) => searchAudit(who, typed as never, now)
    for (const identifier of [customer.username.toUpperCase(), customer.email, customer.phone])
      expect(await search({ identifier })).toEqual({ ok: true, value: { account: customer.id } })
    const contract = { biller: 'oshee', contractCode: oshee.code.toLowerCase() }
    expect(await search(contract)).toEqual({ ok: true, value: { contract: oshee.id } })
    expect(await search({ biller: 'kesco', contractCode: kesco.code })).toEqual({
      ok: false,
      code: 'noContract',
    })
    expect(await search({ identifier: 'nobody' })).toEqual({ ok: false, code: 'noAccount' })
    expect(await search({ caseNumber: 'F4000000078' })).toEqual({ ok: false, code: 'noCase' })
    const short = caseId.slice(0, 8).toUpperCase()
    expect(await search({ caseNumber: short })).toEqual({ ok: true, value: { case: caseId } })
    expect(JSON.stringify(await newest())).not.toContain(short)
  })
})

describe('who sees what', () => {
  it('nothing of another biller’s, also where the customer is both’s', async () => {
    const found = await list(supervisor, { account: both.id })
    expect(actions(found?.events)).toEqual([])
    // What staff of elsewhere did with what both have has no name here.
    await recordEvent(db, {
      ...{ accountId: ofKesco.id, action: 'contract.viewed', subject: `contract:${oshee.id}`, at: now },
    })
    const [shared] = (await list(supervisor, { contract: oshee.id, group: 'looks' }))!.events.filter(
      ({ action }) => action === 'contract.viewed',
    )
    expect(shared).toMatchObject({ doer: 'others', name: 'P. I.' })
    expect(await list(supervisor, { contract: kesco.id })).toBeUndefined()
    expect(await list(supervisor, { person: ofKesco.id })).toBeUndefined()
    const elsewhere = await makeStaff(db, 'supervisor', [2])
    expect(await list(elsewhere, { account: customer.id })).toBeUndefined()
    expect(await list(elsewhere, { case: caseId })).toBeUndefined()
    expect(await exportAudit(elsewhere, { case: caseId }, now)).toBeUndefined()
    expect(await list(supervisor, { account: randomUUID() })).toBeUndefined()
  })

  it('nothing about their own account, contracts and cases', async () => {
    const holder = await makeStaff(db, 'supervisor', [1])
    const own = await makeContract(db, { billerId: 1 })
    await giveAccess(db, holder as never, own)
    await recordEvent(db, {
      accountId: agent.id,
      action: 'contract.viewed',
      subject: `contract:${own.id}`,
      at: now,
    })
    await recordEvent(db, {
      accountId: agent.id,
      action: 'account.viewed',
      subject: `account:${holder.id}`,
      at: now,
    })
    expect(await list(holder, { account: holder.id })).toBeUndefined()
    expect(await list(holder, { contract: own.id })).toBeUndefined()
    expect(actions((await list(holder, { person: agent.id }))?.events)).toHaveLength(5)
    expect(actions((await list(supervisor, { person: agent.id }))?.events)).toHaveLength(7)
  })

  it('the network address, and the number by which the log is searched, by administrators alone', async () => {
    const seen = async (who: Staff) =>
      new Set(
        (await list(who, { contract: oshee.id }))!.events.flatMap(({ address, requestId }) => [
          address,
          requestId,
        ]),
      )
    expect([...(await seen(supervisor))]).toEqual([null])
    const all = await seen(administrator)
    for (const one of ['192.0.2.77', '4821-0937-6615']) expect(all).toContain(one)
  })
})

describe('a look into it', () => {
  it('is written down before anything is read, and found by whom it is about', async () => {
    await list(supervisor, { account: customer.id, group: 'looks' })
    expect(await newest()).toMatchObject({
      ...{ action: 'audit.viewed', accountId: supervisor.id, subject: `account:${customer.id}` },
      details: { account: customer.id, group: 'looks' },
    })
    await exportAudit(administrator, { contract: oshee.id }, now)
    expect(await newest()).toMatchObject({ action: 'audit.exported', subject: `contract:${oshee.id}` })
  })

  it('shows nothing where it cannot be written down', async () => {
    const broken = () =>
      db.execute(
        sql`alter table audit_events add constraint closed check (action not like 'audit.%') not valid`,
      )
    await broken()
    await expect(list(supervisor, { account: customer.id })).rejects.toThrow()
    await expect(exportAudit(supervisor, {}, now)).rejects.toThrow()
    await db.execute(sql`alter table audit_events drop constraint closed`)
  })

  it('takes three statements', async () => {
    const asked = vi.spyOn(database().$client, 'query')
    await list(supervisor, { contract: oshee.id })
    const statements = asked.mock.calls.map(([one]) => String((one as { text?: string }).text ?? one))
    asked.mockRestore()
    expect(statements).toHaveLength(3)
    expect(statements[1]).toMatch(/^insert into "audit_events"/)
  })
})

describe('pages', () => {
  it('neither repeat nor skip, and the file has all of it', async () => {
    const busy = await makeStaff(db, 'agent', [1])
    const rows = Array.from({ length: AUDIT_PAGE * 2 + 7 }, (_, n) => ({
      ...{ accountId: busy.id, action: n % 2 ? 'requests.listed' : 'case.viewed' },
      // Many at once.
      at: at('2026-11-20T09:00:00Z'),
    }))
    await db.insert(auditEvents).values(rows)
    const seen: number[] = []
    let before: number | undefined
    do {
      const page = await list(supervisor, { person: busy.id }, before)
      seen.push(...page!.events.map(({ id }) => id))
      before = page!.next
    } while (before)
    expect(seen).toHaveLength(rows.length)
    expect(new Set(seen).size).toBe(rows.length)
    expect(seen).toEqual([...seen].sort((a, b) => b - a))
    const file = await exportAudit(supervisor, { person: busy.id, group: 'cases' }, now)
    expect(file).toEqual([])
    expect(await exportAudit(supervisor, { person: busy.id, group: 'looks' }, now)).toHaveLength(rows.length)
  })

  it('have addresses of ids alone; what has no such form is not chosen', () => {
    const chosen = {
      contract: 12,
      person: agent.id,
      group: 'looks',
      from: '2026-11-01',
      to: '2026-11-30',
    } as const
    const path = auditPath(chosen, { before: 99 })
    const typed = Object.fromEntries(new URL(path, 'http://x').searchParams)
    const { chosen: read, before } = readChosenEvents(typed)
    expect(read).toEqual(chosen)
    expect(before).toBe(99)
    const odd = { account: 'x', person: '1', group: 'all', from: '2026-13-01', to: "'", before: '-1' }
    expect(auditPath(readChosenEvents(odd).chosen)).toBe('/staff/audit')
    expect(readChosenEvents({ contract: '1e3' }).chosen.contract).toBeUndefined()
  })

  it.each(['9999-12-31', '0000-01-01', '0001-01-01', '0099-01-01', '0100-01-01', '1999-12-31', '2100-01-01'])(
    'answer to the day %s, which no event has, as to none',
    async day => {
      for (const typed of [{ to: day }, { from: day }, { contract: String(oshee.id), from: day, to: day }]) {
        const { chosen } = readChosenEvents(typed)
        expect(chosen).toMatchObject({ from: undefined, to: undefined })
        expect((await list(supervisor, chosen))?.events).not.toEqual([])
        expect(await exportAudit(supervisor, chosen, now)).not.toEqual([])
      }
    },
  )

  it('answer to the first and the last day that can be chosen', async () => {
    for (const day of ['2000-01-01', '2099-12-31']) {
      const { chosen } = readChosenEvents({ from: day, to: day })
      expect(chosen).toMatchObject({ from: day, to: day })
      expect((await list(supervisor, chosen))?.events).toEqual([])
    }
  })
})

it('every action that the code writes has a sentence', () => {
  const written = new Set<string>()
  for (const file of fs.globSync('{lib,bin,db}/**/*.ts')) {
    for (const [, name] of fs.readFileSync(file, 'utf8').matchAll(/\baction(?::|\s=)\s*'([a-z-]+\.[\w-]+)'/g))
      written.add(name!)
  }
  expect(written.size).toBeGreaterThan(30)
  for (const action of written) expect(sentenceOf(action), action).toBeDefined()
  expect(Object.keys(catalogue('en').audit.actions).sort()).toEqual(
    knownActions.map(action => action.replace('.', '_')).sort(),
  )
  expect(sentenceOf('something.new')).toBeUndefined()
})

it('every reason that the portal itself writes has words', () => {
  const { reasons } = catalogue('en').audit
  const written = [...lookReasons, 'password', 'code', 'own-request', 'dispute']
  expect(Object.keys(reasons).sort()).toEqual(written.sort())
})

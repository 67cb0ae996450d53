// Requests under random schedules: customers and staff race with every move there is, days go by between, and whatever comes of it
// each request is where its history says, due when its history says, nothing said is lost, and nothing inside is seen outside.
import { randomUUID } from 'node:crypto'
import { asc, eq, inArray, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CaseMove, type CaseState, caseMoves, decidedStates, insideMoves } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { caseEvents, cases } from '../../db/schema/cases.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import type { RequestCode } from '../../lib/cases/catalogue.ts'
import { deadlineOf } from '../../lib/cases/deadline-rules.ts'
import { getWorkingDays } from '../../lib/cases/deadlines.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { requestForm } from '../../lib/cases/forms.ts'
import { moveCase } from '../../lib/cases/moves.ts'
import { correctOwnRequest, moveOwnRequest } from '../../lib/cases/own-requests.ts'
import { getRequest } from '../../lib/cases/request-queries.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeStaff } from '../support/people.ts'
import { mustRead } from '../support/read-form.ts'

const RUNS = process.env.DEEP ? 10_000 : 12
const db = await testDatabase()
const OSHEE = 1
const FILED = Date.parse('2026-12-17T10:00:00Z')
/** A limit of each unit. */
const KINDS = ['F5', 'M2', 'C3'] as const satisfies RequestCode[]

type Owner = Awaited<ReturnType<typeof makeAccount>> & { address: { biller: string; code: string } }
let owners: Owner[]
let staff: Staff[]
let working: Awaited<ReturnType<typeof getWorkingDays>>
beforeAll(async () => {
  owners = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const owner = await makeAccount(db)
      const contract = await makeContract(db, { billerId: OSHEE, holder: owner })
      await giveAccess(db, owner, contract)
      return { ...owner, address: { biller: 'oshee', code: contract.code } }
    }),
  )
  staff = [
    await makeStaff(db, 'agent', [OSHEE]),
    await makeStaff(db, 'agent', [OSHEE]),
    await makeStaff(db, 'supervisor', [OSHEE]),
    // Of another biller: nothing of this is theirs.
    await makeStaff(db, 'administrator', [2]),
  ]
  working = await getWorkingDays(db, OSHEE)
})
const ELSEWHERE = 3

const OWN_MOVES = ['answer', 'amend', 'write', 'withdraw'] as const
const STAFF_MOVES = Object.keys(caseMoves).filter(move => !OWN_MOVES.some(own => own === move)) as CaseMove[]
const isInside = (move: string) => insideMoves.some(inside => inside === move)

const attempt = fc.record({
  who: fc.constantFrom(0, 1, 2, 2, ELSEWHERE, 'owner' as const, 'owner' as const, 'stranger' as const),
  /** Of the two requests. */
  which: fc.nat(1),
  move: fc.nat(11),
  says: fc.boolean(),
  /** The page that was seen is that of now, or of a step before. */
  old: fc.integer({ min: 0, max: 9 }).map(one => one === 0),
})
type Attempt = typeof attempt extends fc.Arbitrary<infer Value> ? Value : never
/** Attempts of a step race each other on connections of their own; `hours` go by before it. */
const step = fc.record({
  hours: fc.constantFrom(0, 1, 7, 25, 100, 400),
  attempts: fc.array(attempt, { minLength: 1, maxLength: 4 }),
})
const schedule = fc.record({
  kind: fc.constantFrom(...KINDS),
  owner: fc.nat(18),
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
})

let filings = 0
async function filed(kind: RequestCode, owner: Owner): Promise<string> {
  filings += 1
  const input = mustRead(requestForm, { type: kind[0]!, kind, note: 'It began.', intent: 'send' })
  const of = { owner: { accountId: owner.id }, contract: owner.address, documentIds: [] }
  const result = await fileCase(kind, input, { ...of, idempotencyKey: randomUUID() }, new Date(FILED))
  if (!result.ok) throw new Error(result.code)
  return result.value
}

let notes = 0
type Done = { id: string; move: CaseMove; note: string | null }

async function make(
  ids: string[],
  owner: Owner,
  stranger: Owner,
  one: Attempt,
  now: Date,
): Promise<Done | undefined> {
  const id = ids[one.which]!
  const [{ events } = { events: 1 }] = await db
    .select({ events: cases.events })
    .from(cases)
    .where(eq(cases.id, id))
  const seen = one.old ? events - 1 : events
  if (typeof one.who === 'number') {
    const move = STAFF_MOVES[one.move % STAFF_MOVES.length]!
    notes += 1
    const note = one.says ? `${isInside(move) ? 'SECRET' : 'said'} ${notes}.` : null
    const made = await moveCase(staff[one.who]!, id, move, { note, seen, handTo: staff[1]!.id }, now)
    if (one.who === ELSEWHERE) expect(made).toEqual({ ok: false, code: 'notFound' })
    if (!made.ok) expect(['notFound', 'moved', 'noteRequired']).toContain(made.code)
    return made.ok ? { id, move, note } : undefined
  }
  const customer = one.who === 'owner' ? owner : stranger
  const move = OWN_MOVES[one.move % OWN_MOVES.length]!
  notes += 1
  const note = one.says ? `said ${notes}.` : null
  const made =
    move === 'answer' || move === 'amend'
      ? await correctOwnRequest(customer, id, move, { note, documentIds: [], seen }, now)
      : await moveOwnRequest(customer, id, move, { note: note ?? undefined, seen }, now)
  if (one.who === 'stranger') expect(made).toEqual({ ok: false, code: 'notFound' })
  if (!made.ok) expect(['notFound', 'moved', 'noteRequired', 'nothingNew']).toContain(made.code)
  return made.ok ? { id, move, note } : undefined
}

const leadsTo = (move: CaseMove, was: CaseState): CaseState =>
  caseMoves[move].to === 'same' ? was : (caseMoves[move].to as CaseState)

/** Each request is where its history says and due when it says, and all that was done is in it. */
async function check(ids: string[], done: Done[]): Promise<void> {
  const rows = await db.select().from(cases).where(inArray(cases.id, ids))
  const all = await db
    .select()
    .from(caseEvents)
    .where(inArray(caseEvents.caseId, ids))
    .orderBy(asc(caseEvents.number))
  for (const one of rows) {
    const events = all.filter(({ caseId }) => caseId === one.id)
    const made = done.filter(({ id }) => id === one.id)
    expect(events.map(({ number }) => number)).toEqual([...Array(made.length + 1).keys()].map(n => n + 1))
    expect(
      events
        .slice(1)
        .map(({ move }) => move)
        .sort(),
    ).toEqual(made.map(({ move }) => move).sort())
    for (const [index, { move, was, state }] of events.entries()) {
      if (move === 'file') continue
      expect(was).toBe(events[index - 1]!.state)
      expect(caseMoves[move].from).toContain(was)
      expect(state).toBe(leadsTo(move, was!))
    }
    for (const { move, note } of made) {
      // What a change says is in what it says from then on.
      const holds = (event: (typeof events)[number]) =>
        move === 'amend' ? (event.answers as { note?: string } | null)?.note === note : event.note === note
      if (note) expect(events.filter(event => event.move === move && holds(event))).toHaveLength(1)
    }
    const last = events.at(-1)!
    expect([one.state, one.events]).toEqual([last.state, last.number])
    expect(one.decidedAt !== null).toBe(decidedStates.includes(one.state))
    // Counted when it came into its state: what is decided stays so.
    const limit = { count: one.limitCount!, unit: one.limitUnit! }
    const due = deadlineOf(limit, events, working, one.stateAt!, one.limitFrom ?? undefined).at
    expect([one.number, one.state, one.dueAt]).toEqual([one.number, one.state, due])
  }
}

async function play({
  kind,
  owner: index,
  steps,
}: {
  kind: RequestCode
  owner: number
  steps: { hours: number; attempts: Attempt[] }[]
}) {
  const [owner, stranger] = [owners[index]!, owners[index + 1]!]
  const ids = await Promise.all([filed(kind, owner), filed(kind, owner)])
  const done: Done[] = []
  let now = FILED
  for (const { hours, attempts } of steps) {
    now += hours * 3_600_000
    const at = new Date(now)
    const made = await Promise.all(attempts.map(one => make(ids, owner, stranger, one, at)))
    done.push(...made.filter(one => one !== undefined))
    await check(ids, done)
  }
  const rows = await db
    .select({ number: cases.number, id: cases.id })
    .from(cases)
    .where(inArray(cases.id, ids))
  for (const { number, id } of rows) {
    const page = JSON.stringify(await getRequest(owner, owner.address, number!, new Date(now)))
    expect(page).not.toContain('SECRET')
    for (const { note, move } of done.filter(one => one.id === id))
      if (note && !isInside(move)) expect(page).toContain(`"${note}"`)
    expect(await getRequest(stranger, owner.address, number!, new Date(now))).toBeUndefined()
  }
}

it('customers and staff who race lose nothing, break no rule and see nothing of what is inside', {
  // Ten thousand take a quarter of an hour on two cores that do nothing else.
  timeout: process.env.DEEP ? 3_600_000 : 60_000,
}, async () => {
  await fc.assert(fc.asyncProperty(schedule, play), { numRuns: RUNS })
})

afterAll(async () => {
  const { rows } = await db.execute<{ kind: string; count: number; distinct: number; last: number }>(sql`
    select c.kind, count(*)::int as count, count(distinct number)::int as distinct, max(substr(number, 3)::int) as last
    from cases c join ${billers} b on b.id = c.biller_id where c.queue = 'requests' group by c.kind`)
  // Of so many that were filed at once no number is missing, and none there twice.
  for (const { kind, count, distinct, last } of rows)
    expect([kind, distinct, last]).toEqual([kind, count, count])
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(filings)
})

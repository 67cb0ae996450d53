// Cases under random schedules: whatever owners and staff do at once, each case is where its history says, and nothing is lost.
import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type CaseMove, caseMoves, caseStates } from '../../db/enums.ts'
import { accountBusinesses, accounts } from '../../db/schema/accounts.ts'
import { caseEvents, cases } from '../../db/schema/cases.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { type Filing, fileCase } from '../../lib/cases/filing.ts'
import { businessForm } from '../../lib/cases/forms.ts'
import type { Kind, Made, Move } from '../../lib/cases/kind.ts'
import { moveCase, moveOwnCase } from '../../lib/cases/moves.ts'
import { getCase } from '../../lib/cases/queries.ts'
import { fail, ok } from '../../lib/platform/result.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeStaff } from '../support/people.ts'
import { mustRead } from '../support/read-form.ts'

/** Undoes what accepting does. */
const takeBack: Move['effect'] = async (tx, one) => {
  await tx.delete(accountBusinesses).where(eq(accountBusinesses.number, one.title))
  return ok(undefined)
}

/** A kind with every move, of which one has an effect that leaves a trace, and sometimes fails after it; requests: request-schedules.test.ts. */
const request: Kind = {
  form: { name: 'request', fields: {}, failures: {} },
  queue: 'requests',
  about: async (_, { biller, title }: { biller: number; title: string }) =>
    ok({ billerId: biller, title, about: title, answers: { title } }),
  moves: {
    take: { by: ['agent', 'supervisor'] },
    ask: { by: ['agent', 'supervisor'], note: 'required' },
    answer: { by: 'owner' },
    accept: {
      by: ['agent', 'supervisor'],
      effect: async (tx, one, { chosen, now, by }: Made) => {
        await tx.insert(accountBusinesses).values({
          accountId: one.accountId!,
          billerId: one.billerId,
          number: one.title,
          confirmedAt: now,
        })
        return by.id === clumsy.id ? fail('underWay') : ok({ chosen: chosen.length })
      },
    },
    reject: { by: ['supervisor'], note: 'required' },
    reopen: { by: ['supervisor'], effect: takeBack },
    revoke: { by: ['supervisor'], note: 'required', effect: takeBack },
    withdraw: { by: 'owner', from: ['pending', 'taken', 'waiting'] },
    release: { by: ['agent', 'supervisor'] },
    handOver: { by: ['agent', 'supervisor'] },
    reply: { by: ['agent', 'supervisor'], note: 'required' },
    note: { by: ['agent', 'supervisor'], note: 'required' },
    write: { by: 'owner', note: 'required' },
    amend: { by: 'owner' },
  },
}
/** Whatever else happens at once, these are made. */
const BESIDE: CaseMove[] = ['reply', 'note', 'write']
const leadsTo = (move: CaseMove, was: string): string => {
  const { to }: { to: string } = caseMoves[move]
  return to === 'same' ? was : to
}

vi.mock('../../lib/cases/kinds.ts', async load => {
  const real = await load<typeof import('../../lib/cases/kinds.ts')>()
  return {
    ...real,
    kindOf: (one: { kind: string }) => (one.kind === 'request' ? request : real.kindOf(one)),
  }
})

const db = await testDatabase()
const KESCO = 2
const now = new Date('2026-11-26T10:00:00Z')
let clumsy: Staff
let staff: Staff[]
let nui = 100_000_000

beforeAll(async () => {
  clumsy = await makeStaff(db, 'agent', [KESCO])
  staff = [
    clumsy,
    await makeStaff(db, 'agent', [KESCO]),
    await makeStaff(db, 'supervisor', [KESCO]),
    // Of another biller: nothing of this is theirs.
    await makeStaff(db, 'administrator', [1]),
  ]
})

type Account = Awaited<ReturnType<typeof makeAccount>>
const filing = ({ id }: Account): Filing => ({
  owner: { accountId: id },
  documentIds: [],
  idempotencyKey: randomUUID(),
})
const fileRequest = (owner: Account, of = filing(owner)) => {
  nui += 1
  const input = { biller: KESCO, title: String(nui) }
  return (
    fileCase as unknown as (kind: string, input: object, of: Filing, at: Date) => ReturnType<typeof fileCase>
  )('request', input, of, now)
}
async function filed(owner: Account): Promise<string> {
  const result = await fileRequest(owner)
  if (!result.ok) throw new Error(result.code)
  return result.value
}

const moves = Object.keys(caseMoves) as CaseMove[]
/** Who tries what: staff 0 to 3, the owner, or a stranger. Half the notes are missing. */
const attempt = fc.record({
  who: fc.constantFrom(0, 1, 1, 2, 2, 3, 'owner' as const, 'owner' as const, 'stranger' as const),
  move: fc.constantFrom(...moves),
  note: fc.boolean(),
})
type Attempt = typeof attempt extends fc.Arbitrary<infer Value> ? Value : never
/** Attempts of a step race each other on connections of their own. */
const schedule = fc.array(fc.array(attempt, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 })

async function play(steps: Attempt[][]): Promise<void> {
  const [owner, stranger] = [await makeAccount(db), await makeAccount(db)]
  const id = await filed(owner)
  let succeeded = 0
  let written = 0
  for (const step of steps) {
    const results = await Promise.all(
      step.map(async ({ who, move, note }) => {
        written += 1
        const said = {
          note: note ? `note ${written}` : null,
          answers: who === 'owner' ? { title: `${written}` } : undefined,
          handTo: staff[2]!.id,
        }
        const result =
          typeof who === 'number'
            ? await moveCase(staff[who]!, id, move, said, now)
            : await moveOwnCase(who === 'owner' ? owner : stranger, id, move, said, now)
        if (who === 3 || who === 'stranger') expect(result).toEqual({ ok: false, code: 'notFound' })
        if (!result.ok) expect(['notFound', 'moved', 'noteRequired', 'underWay']).toContain(result.code)
        return { result, ...said }
      }),
    )
    const done = results.filter(({ result }) => result.ok)
    succeeded += done.length
    await checkCase(id, owner, succeeded, done)
  }
}

/** The case is where its history says, every step of it is one of the table, and what was said with those that succeeded is in it. */
async function checkCase(
  id: string,
  owner: Account,
  succeeded: number,
  done: { note: string | null; answers?: { title: string } | undefined }[],
): Promise<void> {
  const [one] = await db.select().from(cases).where(eq(cases.id, id))
  const events = await db
    .select()
    .from(caseEvents)
    .where(eq(caseEvents.caseId, id))
    .orderBy(caseEvents.number)
  expect(events.map(({ number }) => number)).toEqual(
    Array.from({ length: succeeded + 1 }, (_, index) => index + 1),
  )
  const last = events.at(-1)!
  expect([one!.state, one!.events]).toEqual([last.state, last.number])
  for (const [index, event] of events.entries()) {
    if (event.move === 'file') continue
    expect(event.was).toBe(events[index - 1]!.state)
    expect(caseMoves[event.move].from).toContain(event.was)
    expect(event.state).toBe(leadsTo(event.move, event.was!))
    if (request.moves[event.move]!.note) expect(event.note).toBeTruthy()
  }
  for (const { note, answers } of done) {
    if (note) expect(events.filter(event => event.note === note)).toHaveLength(1)
    if (answers)
      expect(events.some(event => (event.answers as typeof answers)?.title === answers.title)).toBe(true)
  }
  const said = events.findLast(event => event.answers)!
  expect(one!.answers).toEqual(said.answers)
  // What accepting does is done exactly while it is accepted: an effect that failed left nothing.
  const held = await db.$count(accountBusinesses, eq(accountBusinesses.accountId, owner.id))
  expect(held).toBe(one!.state === 'accepted' ? 1 : 0)
  expect(one!.decidedAt !== null).toBe(['accepted', 'rejected', 'withdrawn'].includes(one!.state))
}

it('owners and staff who race leave each case where its history says', async () => {
  await fc.assert(fc.asyncProperty(schedule, play), { numRuns: process.env.DEEP ? 4_000 : 12 })
})

describe('two connections at once', () => {
  /** How a case gets where the move begins. */
  const WAY: Record<string, [CaseMove, number | 'owner'][]> = {
    pending: [],
    taken: [['take', 1]],
    waiting: [['ask', 1]],
    accepted: [['accept', 1]],
    rejected: [['reject', 2]],
  }
  const pairs = moves.flatMap(move => caseMoves[move].from.map(state => [move, state] as const))
  const makes = (move: CaseMove, state: string) => {
    const { by, from } = request.moves[move]!
    return { by: by === 'owner' ? ('owner' as const) : 2, may: !from || from.some(one => one === state) }
  }

  it.each(pairs)('%s from %s is made once', async (move, state) => {
    const owner = await makeAccount(db)
    const id = await filed(owner)
    let seen = 1
    const make = (name: CaseMove, who: number | 'owner') =>
      who === 'owner'
        ? moveOwnCase(owner, id, name, { note: 'x', seen }, now)
        : moveCase(staff[who]!, id, name, { note: 'x', seen, handTo: staff[1]!.id }, now)
    for (const [name, who] of WAY[state]!) {
      expect(await make(name, who)).toMatchObject({ ok: true })
      seen += 1
    }
    const { by, may } = makes(move, state)
    const results = await Promise.all([make(move, by), make(move, by), make(move, by)])
    expect(results.filter(result => result.ok)).toHaveLength(BESIDE.includes(move) ? 3 : may ? 1 : 0)
    for (const result of results) if (!result.ok) expect(result.code).toBe('moved')
    const [one] = await db.select().from(cases).where(eq(cases.id, id))
    expect(one!.state).toBe(may ? leadsTo(move, state) : state)
  })

  it('a form sent twice files one case, with one history', async () => {
    const owner = await makeAccount(db)
    const of = filing(owner)
    const answers = await Promise.all([1, 2, 3, 4].map(() => fileRequest(owner, of)))
    expect(new Set(answers.map(answer => answer.ok && answer.value)).size).toBe(1)
    expect(await db.$count(cases, eq(cases.accountId, owner.id))).toBe(1)
  })

  it('a business is confirmed or withdrawn, or its account closed, and never confirmed of nobody', async () => {
    const { closeAccount } = await import('../../lib/accounts/closing.ts')
    for (let round = 0; round < 6; round += 1) {
      const owner = await makeAccount(db)
      nui += 1
      const input = mustRead(businessForm, {
        biller: 'kesco',
        nipt: String(nui),
        businessName: 'D',
        legalRepresentative: 'D',
      })
      const added = await fileCase('business', input, filing(owner), now)
      if (!added.ok) throw new Error(added.code)
      const results = await Promise.all([
        moveCase(staff[1]!, added.value, 'accept', {}, now),
        round % 2
          ? moveOwnCase(owner, added.value, 'withdraw', {}, now)
          : db.transaction(tx => closeAccount(tx, owner.id, 'own-request', now)),
      ])
      expect(results[1]!.ok).toBe(true)
      expect(await db.$count(accountBusinesses, eq(accountBusinesses.accountId, owner.id))).toBe(0)
    }
  })
})

describe('what staff see of a kind', () => {
  it('is the same for one that the queue had not before: history with notes, and the moves that are open', async () => {
    const owner = await makeAccount(db)
    const id = await filed(owner)
    await moveCase(staff[1]!, id, 'ask', { note: 'Një foto, ju lutem.' }, now)
    await moveOwnCase(owner, id, 'answer', { note: 'Ja ku është.', answers: { title: 'x' } }, now)
    const found = (await getCase(staff[2]!, 'requests', id, now))!
    expect(found.history.map(({ move, side, name, note }) => [move, side, name, note])).toEqual([
      ['file', 'owner', null, null],
      ['ask', 'staff', 'Arta Berisha', 'Një foto, ju lutem.'],
      ['answer', 'owner', null, 'Ja ku është.'],
    ])
    expect([found.state, found.answers, found.open]).toEqual([
      'pending',
      { title: 'x' },
      ['take', 'ask', 'accept', 'reject', 'reply', 'note'],
    ])
    expect((await getCase(staff[1]!, 'requests', id, now))!.open).toEqual([
      'take',
      'ask',
      'accept',
      'reply',
      'note',
    ])
    expect(await getCase(staff[2]!, 'registrations', id, now)).toBeUndefined()
  })

  it('no case of their own contracts, whatever its kind', async () => {
    const self = (await db.select().from(accounts).where(eq(accounts.id, staff[1]!.id)))[0]!
    const contract = await makeContract(db)
    await giveAccess(db, self, contract)
    const id = await filed(await makeAccount(db))
    expect(await getCase(staff[1]!, 'requests', id, now)).toBeDefined()
    await db.update(cases).set({ contractId: contract.id }).where(eq(cases.id, id))
    expect(await getCase(staff[1]!, 'requests', id, now)).toBeUndefined()
    expect(await moveCase(staff[1]!, id, 'take', {}, now)).toEqual({ ok: false, code: 'notFound' })
  })
})

describe('the database', () => {
  const caseId = async () => filed(await makeAccount(db))
  const event = (id: string, number: number, was: string | null, move: string, state: string) =>
    sql`insert into case_events (case_id, number, was, move, state, side, made_by, at)
      values (${id}, ${number}, ${was}, ${move}, ${state}, 'staff', ${staff[1]!.id}, now())`
  const moved = (id: string, number: number, state: string) =>
    sql`update cases set events = ${number}, state = ${state}, taken_by = ${staff[1]!.id},
      decided_at = case when ${state} in ('accepted', 'rejected', 'withdrawn') then now() end where id = ${id}`
  const tryBoth = (...statements: ReturnType<typeof sql>[]) =>
    db.transaction(async tx => {
      for (const statement of statements) await tx.execute(statement)
    })

  it('takes exactly the moves of the table', async () => {
    for (const was of caseStates) {
      for (const move of moves) {
        for (const state of caseStates) {
          const { from }: { from: readonly string[] } = caseMoves[move]
          const check = await db.execute<{ fits: boolean }>(
            sql`select ${sql.raw(CHECK)} as fits from (values (2, ${was}, ${move}, ${state})) e (number, was, move, state)`,
          )
          expect(check.rows[0]!.fits, `${was} ${move} ${state}`).toBe(
            from.includes(was) && leadsTo(move, was) === state,
          )
        }
      }
    }
  })

  it.each([
    ['a case that moves without an event', (id: string) => [moved(id, 1, 'taken')], 'cases_last_event'],
    [
      'an event that moves no case to where it leads',
      (id: string) => [event(id, 2, 'pending', 'take', 'taken'), moved(id, 2, 'rejected')],
      'cases_last_event',
    ],
    [
      'an event that begins elsewhere than the one before ended',
      (id: string) => [event(id, 2, 'taken', 'accept', 'accepted'), moved(id, 2, 'accepted')],
      'case_events_after',
    ],
    [
      'a number that is left out',
      (id: string) => [event(id, 3, 'pending', 'take', 'taken'), moved(id, 3, 'taken')],
      'case_events_after',
    ],
    [
      'a second event of the same number',
      (id: string) => [event(id, 1, null, 'file', 'pending')],
      'case_events_case_id_number_pk',
    ],
    [
      'a move that is none',
      (id: string) => [event(id, 2, 'pending', 'reopen', 'pending')],
      'case_events_moves',
    ],
    [
      'a first event that is no filing',
      (id: string) => [event(id, 2, null, 'file', 'pending')],
      'case_events_moves',
    ],
    [
      'a decision without its time',
      (id: string) => [sql`update cases set state = 'rejected' where id = ${id}`],
      'cases_decided_at',
    ],
    [
      'an owner who is both',
      (id: string) => [sql`update cases set email = 'a@example.com' where id = ${id}`],
      'cases_owner',
    ],
  ])('refuses %s', async (_, statements, constraint) => {
    const id = await caseId()
    await expect(tryBoth(...statements(id))).rejects.toSatisfy(
      (error: { constraint?: string; cause?: { constraint?: string } }) =>
        (error.cause?.constraint ?? error.constraint) === constraint,
    )
  })
})

let CHECK = 'true'
beforeAll(async () => {
  const { rows } = await db.execute<{ check: string }>(
    sql`select pg_get_expr(conbin, conrelid) as check from pg_constraint where conname = 'case_events_moves'`,
  )
  CHECK = rows[0]!.check
})

afterAll(async () => {
  // Every case of every schedule, once more.
  const { rows } = await db.execute(sql`select cases.id from cases join case_events e on e.case_id = cases.id
    group by cases.id having max(e.number) <> events or count(*) <> events`)
  expect(rows).toEqual([])
})

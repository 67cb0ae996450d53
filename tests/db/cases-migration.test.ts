// The migration to cases, on a database in use: nothing is lost of what was there, nor of what nodes of before still write.
import fs from 'node:fs'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { makeAccount, makeContract, makeStaff } from '../support/people.ts'

const db = await testDatabase()
const folder = path.join(import.meta.dirname, '../../db/migrations')
const file = fs.readdirSync(folder).find(name => /^\d+_cases\.sql$/.test(name))!
/** The statements about data alone: the schema is there already. */
const fill = fs
  .readFileSync(path.join(folder, file), 'utf8')
  .split('--> statement-breakpoint')
  .filter(statement => /^\s*(SELECT|INSERT|UPDATE) /.test(statement))

const at = (minute: number) => `2026-11-2${1 + minute}T10:00:00Z`
let owner: Awaited<ReturnType<typeof makeAccount>>
let staff: Awaited<ReturnType<typeof makeStaff>>
let contract: Awaited<ReturnType<typeof makeContract>>
beforeEach(async () => {
  owner = await makeAccount(db)
  staff = await makeStaff(db, 'supervisor', [2])
  contract = await makeContract(db)
})

type Old = { state?: string; takenAt?: string; decidedAt?: string; note?: string }
const columns = sql`state, taken_by, taken_at, decided_by, decided_at, decision_note, idempotency_key, created_at`
const review = ({ state = 'pending', takenAt, decidedAt, note }: Old) =>
  sql`${state}, ${takenAt ? staff.id : null}, ${takenAt ?? null}, ${decidedAt ? staff.id : null}, ${decidedAt ?? null},
    ${note ?? null}, gen_random_uuid(), ${at(0)}`
const insertDispute = (old: Old = {}) => sql`insert into disputes
  (contract_id, personal_number, first_name, last_name, email, phone, note, language, ${columns})
  values (${contract.id}, '1234567892', 'Blerta', 'Krasniqi', 'b@example.com', '+38344777888', null, 'sq', ${review(old)}) returning id`
const insertBusiness = (number: string, biller: number | null, old: Old = {}) => sql`insert into businesses
  (account_id, biller_id, number, country, name, legal_representative, ${columns})
  values (${owner.id}, ${biller}, ${number}, 'XK', 'Drita Sh.p.k.', 'Arta Berisha', ${review(old)}) returning id`
const insertDocument = (
  key: string,
  of: 'dispute_id' | 'business_id',
  id: string,
) => sql`insert into documents
  (storage_key, name, type, bytes, ${sql.raw(of)}, created_at) values (${key}, 'a.pdf', 'application/pdf', 1, ${id}, ${at(0)})`
const idOf = async (statement: ReturnType<typeof sql>, on: Pick<typeof db, 'execute'> = db) =>
  (await on.execute<{ id: string }>(statement)).rows[0]!.id

const caseOf = async (id: string) =>
  (
    await db.execute(sql`select kind, queue, biller_id, contract_id, account_id, email, language, title, about, unique_as, answers,
      state, taken_by, decided_at is not null as decided, idempotency_key is not null as keyed,
      (select json_agg(concat_ws(' ', e.number, e.was, e.move, e.state, e.side, e.made_by, e.note) order by e.number)
        from case_events e where e.case_id = id) as history,
      (select json_agg(d.storage_key) from documents d where d.case_id = cases.id) as documents
    from cases where id = ${id}`)
  ).rows[0]
const holders = async () =>
  (await db.execute(sql`select number from account_businesses where account_id = ${owner.id}`)).rows

test('what was there becomes cases with their history, documents and confirmed businesses', async () => {
  const ids = await db.transaction(async tx => {
    // As it was written before there were triggers.
    await tx.execute(sql`set local session_replication_role = replica`)
    const made = [
      await idOf(insertDispute({ state: 'granted', takenAt: at(1), decidedAt: at(2) }), tx),
      await idOf(insertDispute({ state: 'refused', decidedAt: at(2), note: 'arsyeja' }), tx),
      await idOf(insertDispute({ state: 'taken', takenAt: at(1) }), tx),
      await idOf(insertBusiness('811000001', 2, { state: 'granted', decidedAt: at(1) }), tx),
      // Taken, granted, and put back by 0027.
      await idOf(insertBusiness('811000002', 2, { takenAt: at(1) }), tx),
      await idOf(insertBusiness('811000003', null), tx),
    ]
    await tx.execute(insertDocument('old 1', 'dispute_id', made[0]!))
    await tx.execute(insertDocument('old 2', 'business_id', made[3]!))
    await tx.execute(sql`set local session_replication_role = origin`)
    for (const statement of fill) await tx.execute(sql.raw(statement))
    return made
  })
  const [granted, refused, taken, confirmed, pending, nobodys] = await Promise.all(ids.map(caseOf))
  expect(granted).toEqual({
    kind: 'dispute',
    queue: 'registrations',
    biller_id: 2,
    contract_id: contract.id,
    account_id: null,
    email: 'b@example.com',
    language: 'sq',
    title: 'Blerta Krasniqi',
    about: contract.code,
    unique_as: null,
    answers: {
      biller: 'kesco',
      contractCode: contract.code,
      firstName: 'Blerta',
      lastName: 'Krasniqi',
      personalNumber: '1234567892',
      phone: '+38344777888',
      email: 'b@example.com',
      note: null,
    },
    state: 'accepted',
    taken_by: staff.id,
    decided: true,
    keyed: true,
    history: [
      '1 file pending owner',
      `2 pending take taken staff ${staff.id}`,
      `3 taken accept accepted staff ${staff.id}`,
    ],
    documents: ['old 1'],
  })
  expect(refused).toMatchObject({
    state: 'rejected',
    history: ['1 file pending owner', `2 pending reject rejected staff ${staff.id} arsyeja`],
  })
  expect(taken).toMatchObject({ state: 'taken', decided: false, taken_by: staff.id })
  expect(confirmed).toMatchObject({
    kind: 'business',
    account_id: owner.id,
    email: null,
    language: null,
    title: 'Drita Sh.p.k.',
    about: '811000001',
    unique_as: '811000001',
    state: 'accepted',
    answers: {
      biller: 'kesco',
      nipt: '811000001',
      businessName: 'Drita Sh.p.k.',
      legalRepresentative: 'Arta Berisha',
    },
    history: [`1 file pending owner ${owner.id}`, `2 pending accept accepted staff ${staff.id}`],
    documents: ['old 2'],
  })
  expect(pending).toMatchObject({
    state: 'pending',
    taken_by: null,
    history: [`1 file pending owner ${owner.id}`],
  })
  // Nobody saw it: the person adds it again.
  expect(nobodys).toBeUndefined()
  expect(await holders()).toEqual([{ number: '811000001' }])
})

test('what a node of before files, claims and removes meanwhile arrives', async () => {
  const [dispute, business] = [await idOf(insertDispute()), await idOf(insertBusiness('811000004', 2))]
  await db.execute(sql`insert into documents (storage_key, name, type, bytes, created_at)
    values ('new 1', 'a.pdf', 'application/pdf', 1, now()), ('new 2', 'a.pdf', 'application/pdf', 1, now())`)
  await db.execute(sql`update documents set dispute_id = ${dispute} where storage_key = 'new 1'`)
  await db.execute(sql`update documents set business_id = ${business} where storage_key = 'new 2'`)
  expect(await caseOf(dispute)).toMatchObject({ kind: 'dispute', state: 'pending', documents: ['new 1'] })
  expect(await caseOf(business)).toMatchObject({
    kind: 'business',
    account_id: owner.id,
    documents: ['new 2'],
  })
  await db.execute(sql`insert into account_businesses values (${owner.id}, 2, '811000004', now())`)
  await db.execute(sql`delete from businesses where id = ${business}`)
  expect(await caseOf(business)).toBeUndefined()
  expect(await holders()).toEqual([])
  // As its worker removes what nothing of its own refers to.
  await db.execute(sql`delete from documents where storage_key in ('new 1', 'new 2')`)
  const left = await db.execute(sql`select storage_key from documents where storage_key like 'new%'`)
  expect(left.rows).toEqual([{ storage_key: 'new 1' }])
})

test.each(['taken', 'granted', 'refused'])(
  'a node of before cannot make it %s: it might be decided here',
  async state => {
    const id = await idOf(insertDispute())
    const decide = db.execute(
      sql`update disputes set state = ${state}, decided_by = ${staff.id}, decided_at = now() where id = ${id}`,
    )
    await expect(decide).rejects.toMatchObject({
      cause: { message: expect.stringContaining('newer version') },
    })
  },
)

// Requests kept for later: one a contract and kind of an account, with documents that nobody else ever gets.
import { randomUUID } from 'node:crypto'
import { eq, inArray, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { caseDrafts, cases } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { documents } from '../../db/schema/files.ts'
import { discardDraft, forgetOldDrafts, saveDraft } from '../../lib/cases/drafts.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { getRequestForm } from '../../lib/cases/form-queries.ts'
import { requestForm } from '../../lib/cases/forms.ts'
import { forgetCases } from '../../lib/cases/jobs.ts'
import { listRequests } from '../../lib/cases/request-queries.ts'
import { removeUnused } from '../../lib/files/commands.ts'
import { keptDocuments, takeDocuments } from '../../lib/files/forms.ts'
import { testDatabase } from '../support/database.ts'
import { formWith, jpeg, pdf } from '../support/files.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices } from '../support/people.ts'
import { mustRead } from '../support/read-form.ts'
import { uploadsFolder } from '../support/uploads-folder.ts'

uploadsFolder()
process.env.DOCUMENTS_PER_ACCOUNT = '3'
const db = await testDatabase()
const now = new Date('2026-11-26T10:00:00Z')
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

type Person = Awaited<ReturnType<typeof makeAccount>>
let customer: Person
let address: { biller: string; code: string }
let contract: Awaited<ReturnType<typeof makeContract>>
beforeEach(async () => {
  customer = await makeAccount(db)
  contract = await makeContract(db, { billerId: 1, holder: customer })
  await giveAccess(db, customer, contract)
  address = { biller: 'oshee', code: contract.code }
})

const limit = { name: 'requests', points: 100, seconds: 3600 }
const upload = (form: FormData, at = now, person = customer) =>
  takeDocuments(form, { accountId: person.id }, { limit, key: person.id, optional: true }, at)

const save = (typed: Record<string, string> = {}, documentIds: string[] = [], person = customer, at = now) =>
  saveDraft(person, address, 'F1', { typed, documentIds }, at)

const send = (documentIds: string[] = [], person = customer, typed: { invoice?: string } = {}) => {
  const said = { type: 'F', kind: 'F1', note: 'It shows less.', intent: 'send', ...typed }
  const input = mustRead(requestForm, said)
  const owner = { accountId: person.id }
  return fileCase('F1', input, { owner, contract: address, documentIds, idempotencyKey: randomUUID() }, now)
}

/** What the list says was begun. */
const begun = async (person = customer, of?: typeof address) =>
  (await listRequests(person, { contract: of }, now)).begun

const draftsOf = (person = customer) =>
  db.select().from(caseDrafts).where(eq(caseDrafts.accountId, person.id))
const find = (ids: string[]) => db.select().from(documents).where(inArray(documents.id, ids))

/** A form that shows a draft's documents again. */
async function resumed(person = customer): Promise<FormData> {
  const found = await getRequestForm(person, address, 'F1')
  const form = new FormData()
  for (const { reference } of keptDocuments(found!.drafts[0]!.documents, { accountId: person.id }))
    form.append('keptDocuments', reference)
  return form
}

/** What is to be removed, and was not used since. */
async function runRemovals() {
  const { rows } = await db.execute<{ payload: { documentIds: string[] } }>(
    sql`select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where t.identifier = 'remove-unused-documents'`,
  )
  for (const { payload } of rows) await removeUnused(payload.documentIds)
}

describe('a draft', () => {
  it('is one a contract and kind, as it was typed last', async () => {
    await save({ note: 'first', currentReading: 'not a number' })
    await save({ note: 'second' }, [], customer, later(5))
    await saveDraft(customer, address, 'D2', { typed: { newValue: 'Rruga e re' }, documentIds: [] }, now)
    const found = await getRequestForm(customer, address)
    expect(found!.drafts.map(({ kind, typed }) => [kind, typed])).toEqual([
      ['F1', { note: 'second' }],
      ['D2', { newValue: 'Rruga e re' }],
    ])
  })

  it('is kept twice at once as one', async () => {
    const both = await Promise.all([save({ note: 'a' }), save({ note: 'b' })])
    expect(both.every(({ ok }) => ok)).toBe(true)
    expect(await draftsOf()).toHaveLength(1)
  })

  it('is nobody else’s to see, to save into or to discard', async () => {
    const other = await makeAccount(db)
    const saved = await save({ note: 'mine' })
    expect(await save({}, [], other)).toEqual({ ok: false, code: 'notFound' })
    await giveAccess(db, other, contract, { level: 'masked' })
    await save({ note: 'theirs' }, [], other)
    expect((await getRequestForm(other, address))!.drafts.map(({ typed }) => typed.note)).toEqual(['theirs'])
    const id = saved.ok ? saved.value : ''
    expect(await discardDraft(other, id)).toEqual({ ok: false, code: 'notFound' })
    expect(await discardDraft(customer, id)).toMatchObject({ ok: true })
    expect(await discardDraft(customer, id)).toEqual({ ok: false, code: 'notFound' })
    expect(await draftsOf(other)).toHaveLength(1)
  })

  it('is not for who sees amounts alone, nor of a kind that the biller does not hear, nor a book', async () => {
    const guest = await makeAccount(db)
    await giveAccess(db, guest, contract, { level: 'amounts' })
    expect(await save({}, [], guest)).toEqual({ ok: false, code: 'notFound' })
    expect(await getRequestForm(guest, address)).toBeUndefined()
    const water = { biller: 'ukt', code: 'x' }
    expect(await saveDraft(customer, water, 'D4', { typed: {}, documentIds: [] }, now)).toEqual({
      ok: false,
      code: 'kindNotOffered',
    })
    expect(await save({ note: 'n'.repeat(30_000) })).toEqual({ ok: false, code: 'draftTooLong' })
  })
})

describe('its documents', () => {
  it('outlive the hour after which unused ones go, and are sent once', async () => {
    const taken = await upload(formWith({ name: 'foto.jpg', bytes: jpeg }))
    await save({ note: 'x' }, taken.ids)
    await runRemovals()
    const again = await upload(await resumed(), later(3 * 24 * 60))
    expect(again).toMatchObject({ ids: taken.ids, refused: [] })
    const sent = await send(again.ids)
    expect(sent.ok).toBe(true)
    const [document] = await find(taken.ids)
    expect([document!.caseId, document!.draftId]).toEqual([sent.ok && sent.value, null])
    expect(await draftsOf()).toEqual([])
    expect(await send(again.ids)).toEqual({ ok: false, code: 'documentsGone' })
    expect(await db.$count(cases, eq(cases.accountId, customer.id))).toBe(1)
  })

  it('that were taken out are removed, from the draft and from what is sent', async () => {
    const two = await upload(formWith({ name: 'a.pdf', bytes: pdf }, { name: 'b.jpg', bytes: jpeg }))
    await save({}, two.ids)
    await save({}, two.ids.slice(0, 1))
    await runRemovals()
    expect((await find(two.ids)).map(({ id }) => id)).toEqual(two.ids.slice(0, 1))
    await send()
    await runRemovals()
    expect(await find(two.ids)).toEqual([])
  })

  it('count against what an account may store', async () => {
    const two = await upload(formWith({ name: 'a.pdf', bytes: pdf }, { name: 'b.jpg', bytes: jpeg }))
    await save({}, two.ids)
    const more = await upload(formWith({ name: 'c.pdf', bytes: pdf }, { name: 'd.jpg', bytes: jpeg }))
    expect(more.refused.map(({ error }) => error)).toEqual(['documentQuota', 'documentQuota'])
  })

  it('are another account’s by no reference', async () => {
    const taken = await upload(formWith({ name: 'a.pdf', bytes: pdf }))
    await save({}, taken.ids)
    const form = await resumed()
    const other = await makeAccount(db)
    expect((await upload(form, now, other)).ids).toEqual([])
  })

  it('go with the draft where it is discarded, too old, or its account is closed', async () => {
    const made = async () => {
      const taken = await upload(formWith({ name: 'a.pdf', bytes: pdf }))
      const saved = await save({}, taken.ids)
      return { ids: taken.ids, id: saved.ok ? saved.value : '' }
    }
    const discarded = await made()
    await discardDraft(customer, discarded.id)
    await runRemovals()
    expect(await find(discarded.ids)).toEqual([])

    const old = await made()
    await forgetOldDrafts(db, later(29 * 24 * 60))
    expect(await draftsOf()).toHaveLength(1)
    await forgetOldDrafts(db, later(31 * 24 * 60))
    await runRemovals()
    expect([await draftsOf(), await find(old.ids)]).toEqual([[], []])

    const closed = await made()
    await forgetCases({ accountId: customer.id }, { database: db })
    await runRemovals()
    expect([await draftsOf(), await find(closed.ids)]).toEqual([[], []])
  })
})

describe('the list', () => {
  it('has what was begun, for whom may still send it', async () => {
    await save({ note: 'It shows less.' })
    const found = {
      kind: 'F1',
      contract: contract.code,
      biller: { code: 'oshee', timeZone: 'Europe/Tirane' },
    }
    expect(await begun()).toMatchObject([found])
    expect(await begun(customer, address)).toMatchObject([found])
    expect(await begun(customer, { biller: 'kesco', code: contract.code })).toEqual([])
    expect(await begun(await makeAccount(db))).toEqual([])
    await db.update(contractAccess).set({ removedAt: now }).where(eq(contractAccess.accountId, customer.id))
    expect(await begun()).toEqual([])
  })

  it('no longer has it once it is sent', async () => {
    await save({ note: 'It shows less.' })
    await send()
    expect(await begun()).toEqual([])
  })
})

describe('the form', () => {
  it('offers the newest twelve invoices that were not cancelled, and what is open of its kind', async () => {
    await makeInvoices(
      db,
      contract,
      Array.from({ length: 14 }, (_, month) => ({ principal: 100_00, period: `20${10 + month}-05-01` })),
    )
    await db.execute(
      sql`update invoices set cancelled_on = '2026-01-01' where id = (select max(id) from invoices where contract_id = ${contract.id})`,
    )
    const before = (await getRequestForm(customer, address, 'F1'))!
    expect(before.invoices).toHaveLength(12)
    expect(before.invoices.map(({ period }) => period)).toEqual(
      before.invoices
        .map(({ period }) => period)
        .toSorted()
        .reverse(),
    )
    expect(before.open).toBeNull()
    await send([], customer, { invoice: String(before.invoices[1]!.id) })
    expect((await getRequestForm(customer, address, 'F1'))!.open).toEqual({
      number: expect.stringMatching(/^F1\d{9}$/),
      state: 'pending',
      period: before.invoices[1]!.period,
    })
    expect((await getRequestForm(customer, address, 'F2'))!.open).toBeNull()
  })
})

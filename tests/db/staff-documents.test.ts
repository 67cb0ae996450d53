// Documents that staff attach: seen by whoever reads the message that they came with, and by nobody else, wherever it is asked for.
import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { documents } from '../../db/schema/files.ts'
import { ownDataExports } from '../../db/schema/own-data.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { getDocumentForStaff, getOwnDocument } from '../../lib/cases/documents.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { requestForm } from '../../lib/cases/forms.ts'
import { forgetCases } from '../../lib/cases/jobs.ts'
import { moveCase } from '../../lib/cases/moves.ts'
import { correctOwnRequest } from '../../lib/cases/own-requests.ts'
import { getCase } from '../../lib/cases/queries.ts'
import { getRegulatorFile } from '../../lib/cases/regulator-file.ts'
import { getRequest } from '../../lib/cases/request-queries.ts'
import { takeDocuments } from '../../lib/files/forms.ts'
import { removeDecidedDocuments } from '../../lib/files/jobs.ts'
import { makeExport, requestExport, takeExport } from '../../lib/own-data/copy.ts'
import { testDatabase } from '../support/database.ts'
import { formWith, pdf } from '../support/files.ts'
import { giveAccess, makeAccount, makeContract, makeStaff } from '../support/people.ts'
import { mustRead } from '../support/read-form.ts'
import { uploadsFolder } from '../support/uploads-folder.ts'

uploadsFolder()
const db = await testDatabase()
const OSHEE = 1
const FILED = new Date('2026-11-19T19:28:00Z')
const minutes = (count: number) => new Date(FILED.getTime() + count * 60_000)

type Person = Awaited<ReturnType<typeof makeAccount>>
let agent: Staff
let elsewhere: Staff
beforeAll(async () => {
  agent = await makeStaff(db, 'agent', [OSHEE])
  elsewhere = await makeStaff(db, 'administrator', [2])
})

async function uploaded(who: { id: string }, name: string, at = FILED): Promise<string[]> {
  const limit = { name: 'requests', points: 100, seconds: 3600 }
  const how = { limit, key: who.id, optional: true }
  const taken = await takeDocuments(formWith({ name, bytes: pdf }), { accountId: who.id }, how, at)
  expect(taken.refused).toEqual([])
  return taken.ids
}

/** A request with a document of its owner's, one of staff's in an answer, and one in what staff wrote for staff. */
async function talked() {
  const owner = await makeAccount(db)
  const contract = await makeContract(db, { billerId: OSHEE, holder: owner })
  await giveAccess(db, owner, contract)
  const address = { biller: 'oshee', code: contract.code }
  const input = mustRead(requestForm, { type: 'C', kind: 'C1', note: 'It is dark.', intent: 'send' })
  const [own, outside, inside] = [
    await uploaded(owner, 'own.pdf'),
    await uploaded(agent, 'outside.pdf'),
    await uploaded(agent, 'inside.pdf'),
  ]
  const of = { owner: { accountId: owner.id }, contract: address, documentIds: own }
  const filed = await fileCase('C1', input, { ...of, idempotencyKey: randomUUID() }, FILED)
  if (!filed.ok) throw new Error(filed.code)
  const id = filed.value
  const say = (move: 'reply' | 'note', documentIds: string[]) =>
    moveCase(agent, id, move, { note: `A ${move}.`, documentIds }, minutes(1))
  expect(await say('reply', outside)).toMatchObject({ ok: true, value: { events: 2 } })
  expect(await say('note', inside)).toMatchObject({ ok: true, value: { events: 3 } })
  return { owner, contract, address, id, own: own[0]!, outside: outside[0]!, inside: inside[0]! }
}

const numberOf = async (id: string) => (await getCase(agent, 'requests', id, minutes(2)))!.number!

describe('a document of staff', () => {
  it('is opened by the owner where the message is theirs to read, and by no other customer', async () => {
    const { owner, contract, own, outside, inside } = await talked()
    const opens = async (who: Person) =>
      Promise.all([own, outside, inside].map(async id => (await getOwnDocument(who, id)) !== undefined))
    expect(await opens(owner)).toEqual([true, true, false])
    expect(await opens(await makeAccount(db))).toEqual([false, false, false])
    // Whoever sees the contract too reads what was said, not the papers of two others.
    const tenant = await makeAccount(db)
    await giveAccess(db, tenant, contract)
    expect(await opens(tenant)).toEqual([false, false, false])
    // Nor does the owner themself where the contract's requests are not shown to them any more.
    await db
      .update(contractAccess)
      .set({ holderDecision: 'refused' })
      .where(eq(contractAccess.accountId, owner.id))
    expect(await opens(owner)).toEqual([true, false, false])
  })

  it('is opened by staff of the biller, each look written down, and by no others', async () => {
    const { outside, inside } = await talked()
    for (const id of [outside, inside]) {
      expect(await getDocumentForStaff(agent, id, minutes(3))).toMatchObject({ type: 'application/pdf' })
      expect(await getDocumentForStaff(elsewhere, id, minutes(3))).toBeUndefined()
    }
  })

  it('stands on the customer’s page, in the regulator’s file and in the copy of own data without the inside one', async () => {
    const { owner, address, id } = await talked()
    await moveCase(
      agent,
      id,
      'reject',
      { note: 'No.', documentIds: await uploaded(agent, 'no.pdf') },
      minutes(4),
    )
    const number = await numberOf(id)
    const page = await getRequest(owner, address, number, minutes(5))
    expect(page!.documents.map(({ name, event }) => [name, event])).toEqual([
      ['no.pdf', 4],
      ['outside.pdf', 2],
      ['own.pdf', 1],
    ])
    expect(JSON.stringify(page)).not.toContain('inside')
    const file = await getRegulatorFile(owner, address, number, minutes(5))
    expect(file!.papers.map(({ name }) => name)).toEqual(['own.pdf', 'outside.pdf', 'no.pdf'])
    expect(JSON.stringify(file)).not.toContain('inside')

    const now = new Date()
    await requestExport(owner, now)
    const [asked] = await db.select().from(ownDataExports).where(eq(ownDataExports.accountId, owner.id))
    await makeExport({ exportId: asked!.id }, { database: db })
    const copy = await new Response(await takeExport(owner, asked!.id, now)).text()
    for (const name of ['own.pdf', 'outside.pdf', 'no.pdf']) expect(copy).toContain(name)
    expect(copy).not.toContain('inside')
  })

  it('stands on staff’s page with the step that brought it', async () => {
    const { id } = await talked()
    const page = (await getCase(agent, 'requests', id, minutes(2)))!
    const moveOf = (event: number) => page.history.find(({ number }) => number === event)!.move
    expect(page.documents.map(({ name, event }) => [name, moveOf(event)])).toEqual([
      ['inside.pdf', 'note'],
      ['outside.pdf', 'reply'],
      ['own.pdf', 'file'],
    ])
  })

  it('is the case’s and not its bringer’s: in nobody’s quota, and removed with the others', async () => {
    const { owner, id, outside, inside } = await talked()
    const rowOf = async (document: string) =>
      (await db.select().from(documents).where(eq(documents.id, document)))[0]
    expect((await rowOf(outside))!.accountId).toBeNull()
    // With a decision, and said after it.
    const [decision, later] = [await uploaded(agent, 'yes.pdf'), await uploaded(agent, 'more.pdf')]
    await moveCase(agent, id, 'accept', { note: 'Yes.', documentIds: decision }, minutes(5))
    await moveCase(agent, id, 'reply', { note: 'And this.', documentIds: later }, minutes(6))
    await removeDecidedDocuments(db, new Date(FILED.getTime() + 400 * 86_400_000))
    for (const document of [outside, inside, decision[0]!, later[0]!])
      expect((await rowOf(document))!.removedAt).not.toBeNull()

    const other = await talked()
    await forgetCases({ accountId: other.owner.id }, { database: db })
    for (const document of [other.own, other.outside, other.inside])
      expect(await rowOf(document)).toMatchObject({ caseId: null, accountId: null })
    expect(await rowOf(outside)).toMatchObject({ caseId: id })
    expect(owner.id).not.toBe(other.owner.id)
  })

  it('does not come with a move that was refused, and is claimed once', async () => {
    const { owner, id } = await talked()
    const paper = await uploaded(agent, 'late.pdf')
    const say = (seen: number, move: 'ask' | 'reply' = 'ask') =>
      moveCase(agent, id, move, { note: 'Which?', documentIds: paper, seen }, minutes(7))
    expect(await say(1)).toEqual({ ok: false, code: 'moved' })
    expect(await say(3)).toMatchObject({ ok: true })
    expect(await say(4, 'reply')).toEqual({ ok: false, code: 'documentsGone' })
    const answer = { note: 'This one.', documentIds: await uploaded(owner, 'answer.pdf'), seen: 4 }
    expect(await correctOwnRequest(owner, id, 'answer', answer, minutes(8))).toMatchObject({ ok: true })
    const page = (await getCase(agent, 'requests', id, minutes(9)))!
    expect(page.documents.map(({ name, event }) => [name, event]).sort()).toEqual([
      ['answer.pdf', 5],
      ['inside.pdf', 3],
      ['late.pdf', 4],
      ['outside.pdf', 2],
      ['own.pdf', 1],
    ])
  })
})

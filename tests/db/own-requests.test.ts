// What a customer does with requests of their own: finds them, answers, changes, writes, takes back; and the file for the regulator.
import { createHash, randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { auditEvents } from '../../db/schema/audit.ts'
import { cases } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { type RequestCode, typeOf } from '../../lib/cases/catalogue.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { requestForm } from '../../lib/cases/forms.ts'
import { moveCase } from '../../lib/cases/moves.ts'
import { correctOwnRequest, moveOwnRequest } from '../../lib/cases/own-requests.ts'
import { getRegulatorFile } from '../../lib/cases/regulator-file.ts'
import { regulatorPdf } from '../../lib/cases/regulator-pdf.ts'
import { getRequest, listRequests, REQUESTS_PAGE } from '../../lib/cases/request-queries.ts'
import { storeUploads } from '../../lib/files/commands.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { testDatabase } from '../support/database.ts'
import { pdf } from '../support/files.ts'
import { expectLaidOut, textOf } from '../support/pdf.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices, makeStaff } from '../support/people.ts'
import { mustRead } from '../support/read-form.ts'

const db = await testDatabase()
const OSHEE = 1
const FILED = new Date('2026-11-19T19:28:00Z')
const days = (count: number) => new Date(FILED.getTime() + count * 86_400_000)

type Person = Awaited<ReturnType<typeof makeAccount>>
let agent: Awaited<ReturnType<typeof makeStaff>>
beforeAll(async () => {
  agent = await makeStaff(db, 'agent', [OSHEE, 2], { firstName: 'Ardita', lastName: 'Marku' })
})

async function holderOf(billerId = OSHEE) {
  const holder = await makeAccount(db)
  const contract = await makeContract(db, { billerId, holder, meterNumber: '30418827' })
  await giveAccess(db, holder, contract)
  const address = { biller: billerId === OSHEE ? 'oshee' : 'kesco', code: contract.code }
  return { holder, contract, address }
}

async function filed(
  person: Person,
  address: { biller: string; code: string },
  kind: RequestCode = 'F1',
  said: Record<string, string> = {},
  now = FILED,
) {
  const typed = { type: typeOf(kind), kind, note: 'The meter shows less.', intent: 'send', ...said }
  const filing = {
    owner: { accountId: person.id },
    contract: address,
    documentIds: [],
    idempotencyKey: randomUUID(),
  }
  const result = await fileCase(kind, mustRead(requestForm, typed), filing, now)
  if (!result.ok) throw new Error(result.code)
  return (await db.select().from(cases).where(eq(cases.id, result.value)))[0]!
}

const ask = (id: string, now = days(2)) => moveCase(agent, id, 'ask', { note: 'Which meter?' }, now)
const papers = async (person: Person, now: Date) => {
  const stored = await storeUploads(
    [{ name: 'foto.pdf', type: 'application/pdf', bytes: pdf, scan: null }],
    person.id,
    now,
  )
  if (!stored.ok) throw new Error(stored.code)
  return stored.value
}
const nothing = { note: null, documentIds: [] as string[] }

describe('the list', () => {
  it('has pages, and counts what is open and closed', async () => {
    const { holder, address } = await holderOf()
    const other = await makeContract(db, { billerId: 2, holder })
    await giveAccess(db, holder, other)
    for (let n = 0; n < REQUESTS_PAGE + 2; n++) await filed(holder, address, 'C1', {}, days(n / 100))
    const last = await filed(holder, { biller: 'kesco', code: other.code }, 'P2', {}, days(1))
    await moveOwnRequest(holder, last.id, 'withdraw', {}, days(1))
    const all = await listRequests(holder, {}, days(2))
    expect(all.counts).toEqual({ all: REQUESTS_PAGE + 3, decided: 1, open: REQUESTS_PAGE + 2 })
    expect(all.requests[0]).toMatchObject({ id: last.id, state: 'withdrawn' })
    const second = await listRequests(holder, { after: all.next }, days(2))
    expect(second.requests).toHaveLength(3)
    expect(second.next).toBeUndefined()
    const ids = [...all.requests, ...second.requests].map(({ id }) => id)
    expect(new Set(ids).size).toBe(REQUESTS_PAGE + 3)
    const open = await listRequests(holder, { part: 'open', contract: address }, days(2))
    expect(open.counts).toEqual({ all: REQUESTS_PAGE + 2, decided: 0, open: REQUESTS_PAGE + 2 })
    expect((await listRequests(holder, { part: 'decided' }, days(2))).requests.map(({ id }) => id)).toEqual([
      last.id,
    ])
  })

  it('says what waits for the reader, on whatever page, and nothing that waits for somebody else', async () => {
    const { holder, contract, address } = await holderOf()
    const tenant = await makeAccount(db)
    await giveAccess(db, tenant, contract, { level: 'masked' })
    const one = await filed(tenant, address, 'D3')
    await ask(one.id)
    const { expected } = await listRequests(tenant, { part: 'decided' }, days(3))
    expect(expected).toEqual([
      {
        number: one.number,
        kind: 'D3',
        note: 'Which meter?',
        contract: contract.code,
        biller: { code: 'oshee', name: 'OSHEE', country: 'AL', timeZone: 'Europe/Tirane' },
      },
    ])
    const seen = await listRequests(holder, {}, days(3))
    expect(seen.counts.all).toBe(1)
    expect(seen.expected).toEqual([])
  })

  it('says what staff are late with, until they have answered', async () => {
    const { holder, address } = await holderOf()
    const one = await filed(holder, address, 'C1')
    expect((await listRequests(holder, {}, days(15))).late).toEqual([])
    expect((await listRequests(holder, {}, days(17))).late).toMatchObject([{ number: one.number }])
    await ask(one.id, days(17))
    expect((await listRequests(holder, {}, days(18))).late).toEqual([])
  })
})

describe('an answer', () => {
  it('puts the request back, with what was corrected and the papers that came with it', async () => {
    const { holder, address } = await holderOf()
    const one = await filed(holder, address, 'F1', { currentReading: '18102' })
    await ask(one.id)
    const said = { note: 'The one in the hall.', meterNumber: 'M-1', currentReading: '18110', seen: 2 }
    const documentIds = await papers(holder, days(3))
    expect(
      await correctOwnRequest(holder, one.id, 'answer', { ...said, documentIds }, days(3)),
    ).toMatchObject({ ok: true, value: { state: 'pending' } })
    const shown = await getRequest(holder, address, one.number!, days(3))
    expect(shown?.answers).toMatchObject({
      meterNumber: 'M-1',
      currentReading: '18110',
      note: 'The meter shows less.',
    })
    expect(shown?.documents).toMatchObject([{ name: 'foto.pdf' }])
    // Each version is kept.
    expect(shown?.history.map(({ answers, documents }) => [answers?.currentReading, documents])).toEqual([
      ['18102', 0],
      [undefined, 0],
      ['18110', 1],
    ])
  })

  it('that says nothing is none, and neither is one to an older page', async () => {
    const { holder, address } = await holderOf()
    const one = await filed(holder, address, 'D3', { newValue: '+355 67 200 0044' })
    await ask(one.id)
    const same = { ...nothing, newValue: '+355 67 200 0044' }
    expect(await correctOwnRequest(holder, one.id, 'answer', { ...same, seen: 2 }, days(3))).toEqual({
      ok: false,
      code: 'nothingNew',
    })
    // Nor one that only takes back what was said.
    expect(await correctOwnRequest(holder, one.id, 'answer', { ...nothing, seen: 2 }, days(3))).toEqual({
      ok: false,
      code: 'nothingNew',
    })
    const said = { ...same, note: 'Yes.' }
    expect(await correctOwnRequest(holder, one.id, 'answer', { ...said, seen: 1 }, days(3))).toEqual({
      ok: false,
      code: 'moved',
    })
    expect(
      await correctOwnRequest(await makeAccount(db), one.id, 'answer', { ...said, seen: 2 }, days(3)),
    ).toEqual({ ok: false, code: 'notFound' })
  })

  it('keeps what its form does not ask any more, and names no other contract’s invoice', async () => {
    const { holder, address } = await holderOf()
    const one = await filed(holder, address, 'F2')
    await db
      .update(cases)
      .set({ answers: { ...one.answers, tariffGroup: 'B' } })
      .where(eq(cases.id, one.id))
    const [foreign] = await makeInvoices(db, await makeContract(db, { billerId: OSHEE }), [
      { principal: 1000 },
    ])
    const said = { ...nothing, note: 'Changed.', seen: 1 }
    expect(
      await correctOwnRequest(holder, one.id, 'amend', { ...said, invoice: String(foreign!.id) }, days(1)),
    ).toEqual({ ok: false, code: 'invoiceUnknown' })
    expect(await correctOwnRequest(holder, one.id, 'amend', said, days(1))).toMatchObject({ ok: true })
    expect((await getRequest(holder, address, one.number!, days(1)))?.answers).toEqual({
      ...one.answers,
      tariffGroup: 'B',
      note: 'Changed.',
    })
  })

  it('is not made where nobody works any more: a message about what is decided', async () => {
    const { holder, address } = await holderOf()
    const one = await filed(holder, address, 'C1')
    expect(await moveOwnRequest(holder, one.id, 'write', { note: 'Any news?' }, days(1))).toMatchObject({
      ok: true,
    })
    await moveCase(agent, one.id, 'accept', { note: 'The cable was mended.' }, days(2))
    expect(await moveOwnRequest(holder, one.id, 'write', { note: 'Thank you!' }, days(3))).toEqual({
      ok: false,
      code: 'moved',
    })
  })

  it('is not for whom the holder has refused meanwhile', async () => {
    const { contract, address } = await holderOf()
    const tenant = await makeAccount(db)
    await giveAccess(db, tenant, contract, { level: 'masked' })
    const one = await filed(tenant, address, 'C1')
    await db
      .update(contractAccess)
      .set({ holderDecision: 'refused' })
      .where(and(eq(contractAccess.accountId, tenant.id), eq(contractAccess.contractId, contract.id)))
    expect(await moveOwnRequest(tenant, one.id, 'write', { note: 'Hello?' }, days(1))).toEqual({
      ok: false,
      code: 'notFound',
    })
    expect(await getRequest(tenant, address, one.number!, days(1))).toBeUndefined()
  })
})

describe('the file for the regulator', () => {
  const fileOf = (
    person: Person,
    { biller, code }: { biller: string; code: string },
    number: string,
    now: Date,
  ) => getRegulatorFile(person, { biller, code }, number, now)

  it('is there once the answer is late or a refusal, for its owner alone, and that is written down', async () => {
    const { holder, contract, address } = await holderOf()
    const one = await filed(holder, address, 'F1')
    expect(await fileOf(holder, address, one.number!, days(5))).toBeUndefined()
    expect(await fileOf(holder, address, one.number!, days(16))).toMatchObject({ why: 'late' })
    const [written] = await db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.subject, `case:${one.id}`), eq(auditEvents.action, 'case.for-regulator')))
    expect(written).toMatchObject({ accountId: holder.id })
    expect(await fileOf(await makeAccount(db), address, one.number!, days(16))).toBeUndefined()
    const refused = await filed(holder, address, 'C2')
    await moveCase(agent, refused.id, 'reject', { note: 'No.' }, days(1))
    expect(await fileOf(holder, address, refused.number!, days(1))).toMatchObject({ why: 'rejected' })
    const tenant = await makeAccount(db)
    await giveAccess(db, tenant, contract, { level: 'masked' })
    const others = await filed(tenant, address, 'C2')
    expect(await fileOf(holder, address, others.number!, days(16))).toBeUndefined()
    expect((await fileOf(tenant, address, others.number!, days(16)))?.holder).toEqual({
      name: '**',
      address: '**',
      meterNumber: '**',
    })
  })

  it('has the request, its course, bills with readings, and papers with their hashes', async () => {
    const { holder, address, contract } = await holderOf()
    await makeInvoices(db, contract, [
      { principal: 241720, period: '2026-09-01', currentReading: '18240', previousReading: '18024' },
    ] as Parameters<typeof makeInvoices>[2])
    const one = await filed(holder, address, 'F1', { currentReading: '18102' })
    await ask(one.id, days(1))
    const documentIds = await papers(holder, days(2))
    await correctOwnRequest(
      holder,
      one.id,
      'answer',
      { note: 'Here it is.', currentReading: '18110', documentIds, seen: 2 },
      days(2),
    )
    await moveCase(agent, one.id, 'note', { note: 'SECRET' }, days(2))
    const file = (await fileOf(holder, address, one.number!, days(20)))!
    const hash = createHash('sha256').update(pdf).digest('hex')
    for (const locale of locales) {
      const made = regulatorPdf(file, locale)
      const text = textOf(made)
      expect(text).not.toContain('SECRET')
      for (const part of [one.number!, contract.code, '30418827', 'The meter shows less.', 'Which meter?'])
        expect(text).toContain(part)
      for (const part of ['Here it is.', 'foto.pdf', hash.slice(0, 32), hash.slice(32), 'Ardita M.'])
        expect(text).toContain(part)
      expectLaidOut(made)
    }
    expect(textOf(regulatorPdf(file, 'en'))).toMatch(/Energy Regulatory Authority \(ERE\)/)
    expect(textOf(regulatorPdf(file, 'en'))).toMatch(/Your reading .*18,110 \(before: 18,102\)/)
    const addressed = { ...file, regulator: { ...file.regulator, address: 'Rruga e Provës 1\nTiranë' } }
    expect(textOf(regulatorPdf(addressed, 'sq'))).toMatch(/\(ERE\).*Rruga e Provës 1 .*Tiranë/)
  })
})

// Debt certificates: granted by rule to whom the record names, decided by staff otherwise; what one says was true at its moment, however
// much happens at once.
import { createHash, randomUUID } from 'node:crypto'
import { eq, inArray, sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accountBusinesses } from '../../db/schema/accounts.ts'
import { invoices } from '../../db/schema/billing.ts'
import { caseEvents, cases } from '../../db/schema/cases.ts'
import { certificateFiles, certificates } from '../../db/schema/certificates.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { messages } from '../../db/schema/notifications.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { saveDraft } from '../../lib/cases/drafts.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { moveCase, moveOwnCase } from '../../lib/cases/moves.ts'
import {
  getApplication,
  getApplicationForm,
  getCertificateFile,
  listApplications,
  listCertifiable,
  moveOwnApplication,
  withDebts,
} from '../../lib/cases/own-certificates.ts'
import { getCase } from '../../lib/cases/queries.ts'
import { checkFile, findCertificate } from '../../lib/certificates/checking.ts'
import { certificateForm } from '../../lib/certificates/forms.ts'
import type { CertificateContent } from '../../lib/certificates/schema.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { clock } from '../../lib/platform/clock.ts'
import { testDatabase } from '../support/database.ts'
import { begin, makePayable } from '../support/payments.ts'
import {
  giveAccess,
  makeAccount,
  makeContract,
  makeInvoices,
  makePayment,
  makeStaff,
} from '../support/people.ts'
import { mustRead, readForm } from '../support/read-form.ts'
import { signingFile } from '../support/signing.ts'

process.env.CERTIFICATE_KEY_FILE = signingFile('current')
process.env.CERTIFICATE_CHAIN_FILE = signingFile('current')
const db = await testDatabase()
const OSHEE = 1
const NIPT = 'L72031005F'

type Person = Awaited<ReturnType<typeof makeAccount>>
type Contract = Awaited<ReturnType<typeof makeContract>>
let holder: Person
let contract: Contract
let agent: Staff
let supervisor: Staff

beforeAll(async () => {
  agent = await makeStaff(db, 'agent', [OSHEE])
  supervisor = await makeStaff(db, 'supervisor', [OSHEE])
})
beforeEach(async () => {
  holder = await makeAccount(db, { firstName: 'Mirela', lastName: 'Dervishi-Kryeziu' })
  contract = await makeContract(db, { billerId: OSHEE, holder, holderFatherName: 'Agim' })
  await giveAccess(db, holder, contract)
})

const OF_PERSON = ['firstName', 'lastName', 'fatherName', 'personalNumber', 'confirmPersonalNumber']
const OF_BUSINESS = ['nipt', 'confirmNipt', 'businessName', 'legalRepresentative', 'holder']

const ofPerson = (person: Person, said: Record<string, string> = {}) => ({
  kind: 'household',
  firstName: person.firstName,
  lastName: person.lastName,
  fatherName: 'Agim',
  personalNumber: person.personalNumber,
  confirmPersonalNumber: 'on',
  ...said,
})

function apply(person: Person, of: Contract, said: Record<string, string>, key: string = randomUUID()) {
  const typed = { biller: 'oshee', contractCode: of.code, language: 'sq', intent: 'apply', ...said }
  const without = said.kind === 'household' ? OF_BUSINESS : OF_PERSON
  const input = mustRead(certificateForm, typed, without)
  const filing = { owner: { accountId: person.id }, documentIds: [], idempotencyKey: key }
  return fileCase(input.kind, input, filing, clock.now())
}

async function applied(...given: Parameters<typeof apply>): Promise<string> {
  const result = await apply(...given)
  if (!result.ok) throw new Error(result.code)
  return result.value
}

const issuedOf = async (id: string) => {
  const [one] = await db.select().from(certificates).where(eq(certificates.caseId, id))
  return one && { ...one, content: one.content as CertificateContent }
}
const stateOf = async (id: string) =>
  (await db.select({ state: cases.state }).from(cases).where(eq(cases.id, id)))[0]!.state
const toldOf = async (id: string) =>
  (
    await db
      .select({ move: sql<string>`${messages.caseMove}` })
      .from(messages)
      .where(eq(messages.caseId, id))
      .orderBy(messages.createdAt)
  ).map(({ move }) => move)
const see = async (id: string) => (await getApplication(holder, id, clock.now()))!

describe('a household certificate', () => {
  it('is granted at once to the holder whom the record names, and says that nothing is owed', async () => {
    const id = await applied(holder, contract, ofPerson(holder))
    const one = await see(id)
    expect(one).toMatchObject({ state: 'accepted', validity: 'valid', kind: 'household' })
    expect(one.content).toMatchObject({
      person: { firstName: 'Mirela', fatherName: 'Agim', personalNumber: holder.personalNumber },
      business: null,
      contracts: [{ code: contract.code, total: 0 }],
      total: { principal: 0, tvTax: 0, interest: 0, total: 0 },
    })
    expect(one.content!.number).toMatch(/^VD-20\d\d-\d{6}$/)
    expect(await issuedOf(id)).toMatchObject({ initials: 'M. A. D.-K.', accountId: holder.id })
    const events = await db
      .select()
      .from(caseEvents)
      .where(eq(caseEvents.caseId, id))
      .orderBy(caseEvents.number)
    expect(events.map(({ move, side, madeBy }) => [move, side, madeBy])).toEqual([
      ['file', 'owner', holder.id],
      ['accept', 'portal', null],
    ])
    expect(new Set(await toldOf(id))).toEqual(new Set(['accept']))
  })

  it('counts what is owed by the part, late interest to its day', async () => {
    await makeInvoices(db, contract, [
      { principal: 100_000, tvTax: 10_000, dueOn: '2026-01-31' },
      { principal: 50_000, dueOn: '2099-01-31', period: '2026-02-01' },
    ])
    const { content } = await see(await applied(holder, contract, ofPerson(holder)))
    const { principal, tvTax, interest, total } = content!.total
    expect([principal, tvTax]).toEqual([150_000, 10_000])
    expect(interest).toBeGreaterThan(0)
    expect(total).toBe(principal + tvTax + interest)
    const [own] = await withDebts(holder, await listCertifiable(holder), content!.asOf)
    expect(own!.debt.due).toEqual(content!.total)
  })

  it.each([
    ['a name', { firstName: 'Mirjeta' }],
    ['a father’s name', { fatherName: 'Petrit' }],
    ['a number', { personalNumber: '1012345670' }],
  ])('with %s that the record has not is for staff, who see both', async (_, said) => {
    const id = await applied(holder, contract, ofPerson(holder, said as Record<string, string>))
    expect(await stateOf(id)).toBe('pending')
    expect(await issuedOf(id)).toBeUndefined()
    expect(new Set(await toldOf(id))).toEqual(new Set(['file']))
    const seen = (await getCase(agent, 'certificates', id, clock.now(), true))!
    const [field, claimed] = Object.entries(said)[0]!
    const line = seen.compared.find(({ fields }) => fields.includes(field))!
    expect(line.agrees).toBe(false)
    expect(line.claimed).toContain(claimed)
    // One is with staff already.
    expect(await apply(holder, contract, ofPerson(holder))).toMatchObject({
      ok: false,
      code: 'alreadyApplied',
    })
  })

  it('folds names as elsewhere, and needs no father’s name where the record has none', async () => {
    await db.update(contracts).set({ holderFatherName: null }).where(eq(contracts.id, contract.id))
    const id = await applied(
      holder,
      contract,
      ofPerson(holder, { firstName: 'MIRELA', lastName: 'dervishi kryeziu', fatherName: 'Gani' }),
    )
    expect(await stateOf(id)).toBe('accepted')
    // On the paper is what the record has, and nothing that it has not.
    expect((await issuedOf(id))!.content.person).toEqual({
      firstName: 'Mirela',
      lastName: 'Dervishi-Kryeziu',
      fatherName: '',
      personalNumber: holder.personalNumber,
    })
  })

  it('lets nobody write a sentence into what is certified', () => {
    const typed = { biller: 'oshee', contractCode: 'AL0000001', language: 'sq', intent: 'apply' }
    const business = { kind: 'private', nipt: NIPT, businessName: 'A', holder: 'A', confirmNipt: 'on' }
    const of = (legalRepresentative: string) =>
      readForm(certificateForm, { ...typed, ...business, legalRepresentative }, OF_PERSON)
    expect(of('Teuta Leka, and owes no tax until 31.12.2030')).toMatchObject({ code: 'nameForm' })
    expect(of('Teuta Leka-Hoxha')).toMatchObject({ ok: true })
  })

  it('of several applications at once, one alone is with staff', async () => {
    const wrong = ofPerson(holder, { fatherName: 'Petrit' })
    const results = await Promise.all([1, 2, 3, 4].map(() => apply(holder, contract, wrong)))
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results.filter(result => !result.ok && result.code === 'alreadyApplied')).toHaveLength(3)
  })

  it('is nobody’s but the recognised holder’s', async () => {
    const stranger = await makeAccount(db)
    expect(await apply(stranger, contract, ofPerson(stranger))).toMatchObject({ code: 'notFound' })
    await giveAccess(db, stranger, contract, { level: 'masked' })
    expect(await apply(stranger, contract, ofPerson(stranger))).toMatchObject({ code: 'notFound' })
    const address = { biller: 'oshee', code: contract.code }
    expect(await getApplicationForm(stranger, 'household', address, clock.now())).toBeUndefined()
    expect(await listCertifiable(stranger)).toEqual([])
    // A kind of a business does not fit a person's contract.
    const business = {
      kind: 'private',
      nipt: NIPT,
      confirmNipt: 'on',
      businessName: 'A',
      legalRepresentative: 'B',
      holder: 'A',
    }
    expect(await apply(holder, contract, business)).toMatchObject({ code: 'kindNotOfContract' })
  })

  it('is seen, and fetched, by its owner alone', async () => {
    const id = await applied(holder, contract, ofPerson(holder))
    const other = await makeAccount(db)
    expect(await getApplication(other, id, clock.now())).toBeUndefined()
    expect(await getCertificateFile(other, id)).toBeUndefined()
    expect((await listApplications(other, undefined, clock.now())).applications).toEqual([])
    expect(await moveOwnApplication(other, id, 'withdraw', { seen: 2 }, clock.now())).toMatchObject({
      code: 'notFound',
    })
  })

  it('is the same file each time, and genuine to its last byte', async () => {
    const id = await applied(holder, contract, ofPerson(holder))
    const [first, second] = [await getCertificateFile(holder, id), await getCertificateFile(holder, id)]
    expect(first!.pdf.equals(second!.pdf)).toBe(true)
    const { code, fileHash } = (await issuedOf(id))!
    expect(createHash('sha256').update(first!.pdf).digest('hex')).toBe(fileHash)
    expect(await checkFile(first!.pdf)).toEqual({ code })
    const changed = Buffer.from(first!.pdf)
    changed[500]! ^= 1
    expect(await checkFile(changed)).toEqual({ why: 'changed' })
    expect(await checkFile(Buffer.concat([first!.pdf, Buffer.from('\n')]))).toEqual({ why: 'partial' })
  })

  it('sent twice is issued once', async () => {
    const key = randomUUID()
    const [one, two] = await Promise.all([1, 2].map(() => apply(holder, contract, ofPerson(holder), key)))
    expect(one).toEqual(two)
    expect(await db.$count(certificates, eq(certificates.accountId, holder.id))).toBe(1)
  })

  it('waits for the bank: nothing is issued, and nothing filed', async () => {
    const payable = await makePayable(db, [45_600], '2099-01-31')
    await db
      .update(contracts)
      .set({
        holderFirstName: holder.firstName,
        holderLastName: holder.lastName,
        holderNameFolded: holder.nameFolded,
        holderPersonalNumber: holder.personalNumber,
        phone: holder.phone,
      })
      .where(eq(contracts.id, payable.id))
    await giveAccess(db, holder, payable)
    const of = { code: payable.contractCode } as Contract
    // Somebody else's that was left lying keeps nobody waiting.
    const stranger = await makeAccount(db)
    await giveAccess(db, stranger, payable)
    const left = await begin(db, stranger, payable, clock.now())
    const said = ofPerson(holder, { fatherName: 'Gani' })
    expect(await apply(holder, of, said)).toMatchObject({ code: 'paymentUnderWay' })
    await db.execute(
      sql`update payment_attempts set created_at = created_at - interval '1 hour' where id = ${left.id}`,
    )
    expect(await apply(holder, of, said)).toMatchObject({ ok: true })
    await db.execute(sql`update payment_attempts set state = 'cancelled', live = false where id = ${left.id}`)
    await begin(db, holder, payable, clock.now())
    const before = await db.$count(cases)
    expect(await apply(holder, of, ofPerson(holder))).toMatchObject({ code: 'paymentUnderWay' })
    expect(await db.$count(cases)).toBe(before)
    expect(await withDebts(holder, await listCertifiable(holder), clock.now())).toContainEqual(
      expect.objectContaining({ debt: expect.objectContaining({ underWay: true }) }),
    )
  })
})

describe('a business’s certificate', () => {
  const said = (change: Record<string, string> = {}) => ({
    kind: 'public_procurement',
    nipt: NIPT,
    confirmNipt: 'on',
    businessName: 'Hysni Kontabilitet sh.p.k.',
    legalRepresentative: 'Hysni Marku',
    holder: 'Hysni Kontabilitet shpk',
    ...change,
  })
  let own: Contract[]
  beforeEach(async () => {
    await db.update(contracts).set({ businessNumber: null }).where(eq(contracts.businessNumber, NIPT))
    own = []
    for (let count = 0; count < 3; count++) {
      own.push(
        await makeContract(db, {
          billerId: OSHEE,
          category: 'business',
          businessName: 'HYSNI KONTABILITET SH.P.K',
          businessNumber: NIPT,
        }),
      )
    }
    // Of another biller: it is not covered.
    await makeContract(db, { billerId: 2, businessNumber: NIPT, businessName: 'Hysni' })
    await db.insert(accountBusinesses).values({
      accountId: holder.id,
      billerId: OSHEE,
      number: NIPT,
      confirmedAt: clock.now(),
    })
    await giveAccess(db, holder, own[0]!)
  })

  it('covers every contract under its number, those that nobody added too', async () => {
    await makeInvoices(db, own[2]!, [{ principal: 70_000, dueOn: '2099-01-31' }])
    const one = await see(await applied(holder, own[0]!, said()))
    expect(one.state).toBe('accepted')
    expect(one.content!.contracts.map(({ code }) => code)).toEqual(own.map(({ code }) => code).sort())
    expect(one.content!.total.total).toBe(70_000)
    expect(one.content!.business).toEqual({
      nipt: NIPT,
      businessName: 'HYSNI KONTABILITET SH.P.K',
      legalRepresentative: 'Hysni Marku',
      holder: 'HYSNI KONTABILITET SH.P.K',
    })
    expect(await findCertificate(one.code!)).toMatchObject({ business: { nipt: NIPT } })
  })

  it('compares number, name and holder, not who represents it', async () => {
    const other = await applied(holder, own[0]!, said({ legalRepresentative: 'Somebody Else' }))
    expect(await stateOf(other)).toBe('accepted')
    for (const change of [{ nipt: 'K91725009A' }, { businessName: 'Other' }, { holder: 'Other' }]) {
      const id = await applied(holder, own[0]!, said(change as never))
      expect(await stateOf(id), JSON.stringify(change)).toBe('pending')
      await moveOwnCase(holder, id, 'withdraw', {}, clock.now())
    }
  })

  it('is the business’s, and not a person’s who holds one of its contracts', async () => {
    const person = await makeAccount(db, { firstName: 'Teuta' })
    const theirs = await makeContract(db, { billerId: OSHEE, holder: person, businessNumber: NIPT })
    await giveAccess(db, person, theirs)
    expect(await apply(person, theirs, said())).toMatchObject({ code: 'kindNotOfContract' })
    expect(await stateOf(await applied(person, theirs, ofPerson(person)))).toBe('accepted')
  })

  it('is out of date once any of its contracts, or a new one of the business, is billed', async () => {
    const id = await applied(holder, own[0]!, said())
    const { code } = (await issuedOf(id))!
    expect((await findCertificate(code))!.validity).toBe('valid')
    const added = await makeContract(db, { billerId: OSHEE, businessNumber: NIPT, businessName: 'Hysni' })
    expect((await findCertificate(code))!.validity).toBe('valid')
    const [late] = await makeInvoices(db, added, [{ principal: 100 }])
    expect((await findCertificate(code))!.validity).toBe('expired')
    await db.delete(invoices).where(eq(invoices.id, late!.id))
    await makeInvoices(db, own[1]!, [{ principal: 100 }])
    expect((await findCertificate(code))!.validity).toBe('expired')
  })
})

describe('staff', () => {
  const waiting = () => applied(holder, contract, ofPerson(holder, { fatherName: 'Petrit' }))
  const move = (id: string, name: Parameters<typeof moveCase>[2], by = agent, note: string | null = 'Why.') =>
    moveCase(by, id, name, { note }, clock.now())

  it('ask, are answered, and issue what it says then', async () => {
    const id = await waiting()
    expect(await move(id, 'ask')).toMatchObject({ ok: true })
    expect((await see(id)).open).toEqual(['answer', 'withdraw'])
    const seen = { seen: 2 }
    expect(
      await moveOwnApplication(holder, id, 'answer', { ...seen, note: null }, clock.now()),
    ).toMatchObject({
      code: 'nothingNew',
    })
    expect(
      await moveOwnApplication(holder, id, 'answer', { ...seen, note: 'Agim is right.' }, clock.now()),
    ).toMatchObject({ ok: true })
    await makeInvoices(db, contract, [{ principal: 33_300, dueOn: '2099-01-31' }])
    expect(await move(id, 'accept', agent, null)).toMatchObject({ ok: true })
    const one = await see(id)
    expect(one.content!.total.total).toBe(33_300)
    // The company certifies whom its record has.
    expect(one.content!.person!.fatherName).toBe('Agim')
    expect(new Set(await toldOf(id))).toEqual(new Set(['file', 'ask', 'accept']))
  })

  it('refuse with a reason, after which there may be another', async () => {
    const id = await waiting()
    expect(await move(id, 'reject', agent, null)).toMatchObject({ code: 'noteRequired' })
    expect(await move(id, 'reject')).toMatchObject({ ok: true })
    expect((await see(id)).history.at(-1)).toMatchObject({ move: 'reject', note: 'Why.' })
    expect(await stateOf(await applied(holder, contract, ofPerson(holder)))).toBe('accepted')
  })

  it('withdraw what was issued, a supervisor alone and with a reason; whoever checks it is told at once', async () => {
    const before = (await issuedOf(await applied(holder, contract, ofPerson(holder))))!
    const id = await applied(holder, contract, ofPerson(holder))
    const { code } = (await issuedOf(id))!
    expect((await findCertificate(before.code))!.validity).toBe('superseded')
    expect(await move(id, 'revoke')).toMatchObject({ code: 'notFound' })
    expect(await move(id, 'revoke', supervisor, null)).toMatchObject({ code: 'noteRequired' })
    expect((await findCertificate(code))!.validity).toBe('valid')
    expect(await move(id, 'revoke', supervisor)).toMatchObject({ ok: true })
    expect((await findCertificate(code))!.validity).toBe('revoked')
    expect(await see(id)).toMatchObject({ state: 'withdrawn', validity: 'revoked' })
    expect(await move(id, 'revoke', supervisor)).toMatchObject({ code: 'moved' })
    expect(await toldOf(id)).toContain('revoke')
    // The one before it is the newest again.
    expect((await findCertificate(before.code))!.validity).toBe('valid')
    // Nobody takes back what was issued to them.
    const again = await applied(holder, contract, ofPerson(holder))
    expect(await moveOwnApplication(holder, again, 'withdraw', { seen: 2 }, clock.now())).toMatchObject({
      code: 'moved',
    })
  })

  it('of another biller, or whose own contract it is, find nothing', async () => {
    const id = await waiting()
    const elsewhere = await makeStaff(db, 'supervisor', [2])
    const self = await makeStaff(db, 'supervisor', [OSHEE])
    await giveAccess(db, self as never, contract)
    for (const who of [elsewhere, self]) {
      expect(await getCase(who, 'certificates', id, clock.now(), false)).toBeUndefined()
      expect(await move(id, 'accept', who)).toMatchObject({ code: 'notFound' })
    }
  })

  it('issue nothing about a contract that is no longer its holder’s', async () => {
    const id = await waiting()
    await db
      .update(contracts)
      .set({ holderPersonalNumber: 'J00101999W' })
      .where(eq(contracts.id, contract.id))
    expect(await move(id, 'accept')).toMatchObject({ code: 'contractGone' })
    expect(await stateOf(id)).toBe('pending')
    expect(await issuedOf(id)).toBeUndefined()
  })
})

describe('how long it counts', () => {
  it('until the next invoice is issued, or a newer certificate of the kind', async () => {
    const first = (await issuedOf(await applied(holder, contract, ofPerson(holder))))!
    const second = (await issuedOf(await applied(holder, contract, ofPerson(holder))))!
    expect((await findCertificate(first.code))!.validity).toBe('superseded')
    expect((await findCertificate(second.code))!.validity).toBe('valid')
    // Whatever day it bears: it came after.
    await makeInvoices(db, contract, [{ principal: 100, issuedOn: '2020-01-01' }])
    expect((await findCertificate(second.code))!.validity).toBe('expired')
    const third = (await issuedOf(await applied(holder, contract, ofPerson(holder))))!
    expect((await findCertificate(third.code))!.validity).toBe('valid')
  })

  it('a draft is kept until it is sent', async () => {
    const address = { biller: 'oshee', code: contract.code }
    const kept = { typed: { fatherName: 'Agim' }, documentIds: [] }
    expect(await saveDraft(holder, address, 'household', kept, clock.now())).toMatchObject({ ok: true })
    await applied(holder, contract, ofPerson(holder))
    const { rows } = await db.execute(sql`select 1 from case_drafts where account_id = ${holder.id}`)
    expect(rows).toEqual([])
  })
})

describe('at once', () => {
  /** What a certificate must say: as of its moment, what was paid by then is paid, and nothing else. */
  it('payments, bills and applications: each certificate says what was true at its moment', async () => {
    const rounds = process.env.DEEP ? 60 : 8
    for (let round = 0; round < rounds; round++) {
      await makeInvoices(db, contract, [
        {
          principal: 10_000,
          dueOn: '2099-01-31',
          number: `${contract.code}-r${round}`,
          period: '2026-03-01',
        },
      ])
      const paid: { at: Date; amount: number }[] = []
      const pay = async (amount: number) =>
        db.transaction(async tx => {
          await tx.execute(sql`select from contracts where id = ${contract.id} for no key update`)
          await makePayment(tx, contract, { amount, paidOn: '2026-11-20' })
          await replayContract(tx, contract.id)
          paid.push({ at: clock.now(), amount })
        })
      // Whichever of its invoices the payments are counted to.
      const due = async () =>
        (
          await db
            .select({ unpaid: invoices.unpaid })
            .from(invoices)
            .where(eq(invoices.contractId, contract.id))
        ).reduce((sum, { unpaid }) => sum + unpaid, 0)
      const billed: Date[] = []
      // As a feed brings one: under the contract's lock.
      const bill = () =>
        db.transaction(async tx => {
          await tx.execute(sql`select from contracts where id = ${contract.id} for no key update`)
          const number = `${contract.code}-f${round}`
          await makeInvoices(tx as never, contract, [
            { principal: 700, dueOn: '2099-02-28', number, period: '2026-04-01' },
          ])
          await replayContract(tx, contract.id)
          billed.push(clock.now())
        })
      const results = await Promise.all([
        apply(holder, contract, ofPerson(holder)),
        pay(3000),
        apply(holder, contract, ofPerson(holder)),
        bill(),
        pay(2000),
        apply(holder, contract, ofPerson(holder)),
      ])
      expect(await due()).toBe(5700)
      const ids = results.flatMap(result => (result?.ok ? [result.value] : []))
      expect(ids).toHaveLength(3)
      const issued = await db
        .select({
          code: certificates.code,
          content: certificates.content,
          asOf: certificates.asOf,
          supersededAt: certificates.supersededAt,
        })
        .from(certificates)
        .where(inArray(certificates.caseId, ids))
        .orderBy(certificates.serial)
      for (const { code, content, asOf } of issued) {
        const before = paid.filter(({ at }) => at <= asOf).reduce((sum, { amount }) => sum + amount, 0)
        const isBilled = billed.some(at => at <= asOf)
        const { total } = content as CertificateContent
        expect(total.total).toBe(10_000 - before + (isBilled ? 700 : 0))
        // Who does not know the bill is out of date by it.
        const { hasNewerInvoice } = (await findCertificate(code))!
        expect(hasNewerInvoice).toBe(!isBilled)
      }
      expect(issued.filter(({ supersededAt }) => supersededAt === null)).toHaveLength(1)
      await pay(5700)
    }
  })
})

it('withdrawn while another is issued, one alone is valid afterwards', async () => {
  const before = await applied(holder, contract, ofPerson(holder))
  for (let round = 0; round < 5; round++) {
    const id = await applied(holder, contract, ofPerson(holder))
    const [revoked, issued] = await Promise.all([
      moveCase(supervisor, id, 'revoke', { note: 'Why.' }, clock.now()),
      apply(holder, contract, ofPerson(holder)),
    ])
    expect([revoked.ok, issued.ok]).toEqual([true, true])
    const all = await db.select().from(certificates).where(eq(certificates.accountId, holder.id))
    expect(all.filter(one => !one.supersededAt && !one.revokedAt)).toHaveLength(1)
  }
  expect((await findCertificate((await issuedOf(before))!.code))!.validity).toBe('superseded')
})

it('an account that is closed leaves what was certified, and nobody’s name', async () => {
  const id = await applied(holder, contract, ofPerson(holder))
  const { code, id: certificateId } = (await issuedOf(id))!
  const { forgetCases } = await import('../../lib/cases/jobs.ts')
  await forgetCases({ accountId: holder.id }, { database: db })
  expect(await findCertificate(code)).toMatchObject({
    validity: 'valid',
    initials: 'M. A. D.-K.',
    total: { total: 0 },
  })
  const [left] = await db.select().from(certificates).where(eq(certificates.id, certificateId))
  expect(JSON.stringify(left)).not.toContain('Mirela')
  expect(JSON.stringify(left)).not.toContain(holder.personalNumber)
  expect(JSON.stringify(left)).not.toContain('Dritës')
  expect(left).toMatchObject({ caseId: null, accountId: null })
  expect(await db.$count(certificateFiles, eq(certificateFiles.certificateId, certificateId))).toBe(0)
})

// A contract that changes hands: whoever moved out and whoever moved in each see their own time, by every way that leads to it.
import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { contractAccess, contractHandovers } from '../../db/schema/contract-access.ts'
import { contracts, readings } from '../../db/schema/contracts.ts'
import { getHistory } from '../../lib/billing/history-queries.ts'
import { listHomeContracts } from '../../lib/billing/home-queries.ts'
import { getInvoiceNeighbours } from '../../lib/billing/invoice-neighbours.ts'
import { getInvoice, listUnpaidInvoices } from '../../lib/billing/queries.ts'
import { getYearStatement } from '../../lib/billing/year-statement-queries.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { getRequestForm } from '../../lib/cases/form-queries.ts'
import { requestForm } from '../../lib/cases/forms.ts'
import { listCertifiable, withDebts } from '../../lib/cases/own-certificates.ts'
import { listInvoiceChoices, listRequests } from '../../lib/cases/request-queries.ts'
import { addContract } from '../../lib/contracts/commands.ts'
import { decideAccess, endOfDay } from '../../lib/contracts/decisions.ts'
import { endAccess } from '../../lib/contracts/ended-access.ts'
import { checkHandover, nameHandover, undoHandover } from '../../lib/contracts/handover.ts'
import { withdrawRecognition } from '../../lib/contracts/holders.ts'
import { listAccessEvents, listPeopleWithAccess } from '../../lib/contracts/people.ts'
import { proveContract } from '../../lib/contracts/proof.ts'
import { getContract, listPresentReadings } from '../../lib/contracts/queries.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { lookAt } from '../../lib/looks/commands.ts'
import { getContractForStaff } from '../../lib/looks/contract-queries.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { listAccessLog } from '../../lib/own-data/access-log.ts'
import { getOwnData, makeExport, requestExport, takeExport } from '../../lib/own-data/copy.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { addDays, addMonths, dayIn } from '../../lib/platform/dates.ts'
import { testDatabase } from '../support/database.ts'
import { formOf } from '../support/payments.ts'
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
const now = new Date()
const ZONE = 'Europe/Belgrade'
const today = dayIn(ZONE, now)
/** The day on which the holder moved out. */
const OUT = addDays(today, -10)
const FIELDS = { alias: undefined, biller: 'kesco' as const }

type Account = Awaited<ReturnType<typeof makeAccount>>
type Contract = Awaited<ReturnType<typeof makeContract>>

const add = (account: Account, contract: Contract) =>
  addContract(
    account,
    { ...FIELDS, contractCode: contract.code, firstName: account.firstName, lastName: account.lastName },
    now,
  )
const moveOut = (account: Account, contract: Contract, day = OUT) =>
  nameHandover(account, 'kesco', contract.code, day, now)
const accessOf = async (account: Account, contract: Contract) => {
  const rows = await db.select().from(contractAccess).where(eq(contractAccess.contractId, contract.id))
  return rows.find(({ accountId }) => accountId === account.id)
}
const seenBy = (account: Account, contract: Contract) => getContract(account, 'kesco', contract.code)
/** The biller's next feed names somebody else. */
const nameHolder = (
  contract: Contract,
  { personalNumber, firstName, lastName, nameFolded, phone }: Account,
) =>
  db
    .update(contracts)
    .set({
      holderPersonalNumber: personalNumber,
      holderFirstName: firstName,
      holderLastName: lastName,
      holderNameFolded: nameFolded,
      phone,
    })
    .where(eq(contracts.id, contract.id))
/** As if the day that was named had gone by. */
const letDayPass = async (contract: Contract) => {
  const over = sql`now() - interval '1 minute'`
  await db
    .update(contractAccess)
    .set({ handoverAt: over })
    .where(sql`contract_id = ${contract.id} and handover_at is not null`)
}

async function handedOver() {
  const out = await makeAccount(db, { firstName: 'Milan', lastName: 'Petrović' })
  const tenant = await makeAccount(db, { firstName: 'Agron', lastName: 'Dervishi' })
  const next = await makeAccount(db, { firstName: 'Vesa', lastName: 'Gashi' })
  const contract = await makeContract(db, { holder: out, meterNumber: 'M-1', meterRemote: true })
  await giveAccess(db, out, contract)
  await giveAccess(db, tenant, contract)
  await decideAccess(out, 'kesco', contract.code, tenant.id, { level: 'approved' }, now)
  const month = addMonths(OUT, 0)
  const bill = { principal: 1000, issuedOn: addDays(OUT, 3), dueOn: addDays(today, 5) }
  const [old, spanning, newer] = await makeInvoices(db, contract, [
    { ...bill, period: addMonths(month, -1), units: '100', currentReading: '500' },
    { ...bill, period: month, periodFrom: OUT, periodTo: addDays(OUT, 2), units: '200' },
    { ...bill, period: month, periodFrom: addDays(OUT, 3), units: '300', currentReading: '900' },
  ])
  const reading = { billerId: 2, contractId: contract.id, meterNumber: 'M-1', register: 'A1' as const }
  await db.insert(readings).values([
    { ...reading, readAt: new Date(now.getTime() - 20 * 86_400_000), value: '500' },
    { ...reading, readAt: new Date(now.getTime() - 86_400_000), value: '900' },
  ])
  // Both came after the day; one pays what was before it.
  const paid = { amount: 300, paidOn: addDays(OUT, 4) }
  await makePayment(db, contract, { ...paid, reference: `OLD${contract.id}`, invoiceNumber: old!.number })
  await makePayment(db, contract, { ...paid, reference: `NEW${contract.id}`, invoiceNumber: newer!.number })
  await db.transaction(tx => replayContract(tx, contract.id))
  await moveOut(out, contract)
  return { out, tenant, next, contract, old: old!, spanning: spanning!, newer: newer! }
}

let of: Awaited<ReturnType<typeof handedOver>>
let all: { id: number }[]
beforeAll(async () => {
  of = await handedOver()
  await nameHolder(of.contract, of.next)
  await add(of.next, of.contract)
  all = [of.old, of.spanning, of.newer]
})

const idsOf = (rows: { id: number }[] | undefined) => rows?.map(({ id }) => id).sort((a, b) => a - b)

describe('each in their own time', () => {
  const sides = [
    ['out', () => of.out, () => [of.old.id, of.spanning.id], '500.000', 'OLD'],
    ['in', () => of.next, () => [of.newer.id], '900.000', 'NEW'],
  ] as const

  it.each(sides)('what is due and may be paid: moved %s', async (_, who, own) => {
    expect(idsOf((await getPayableContract(who(), 'kesco', of.contract.code, now))?.invoices)).toEqual(own())
    expect(idsOf(await listUnpaidInvoices(who(), 'all', now))).toEqual(own())
    for (const { id } of all) {
      const total = { [id]: id === of.spanning.id ? 1000 : 700 }
      const begun = await beginAttempt(
        who(),
        { billerCode: 'kesco', contractCode: of.contract.code },
        formOf(total),
        now,
      )
      if (own().includes(id)) expect(begun.ok || begun.code).not.toBe('notFound')
      else expect(begun).toEqual({ ok: false, code: 'notFound' })
    }
  })

  it.each(sides)('an invoice, and what stands beside it: moved %s', async (side, who, own) => {
    for (const { id } of all) {
      const invoice = await getInvoice(who(), id, now)
      expect(invoice !== null).toBe(own().includes(id))
      if (!invoice) continue
      const { why, overdue } = await getInvoiceNeighbours(who(), invoice, now)
      expect(overdue.every(one => own().includes(one.id))).toBe(true)
      if (side === 'in') {
        expect(why).toBeNull()
        expect(invoice.consumption.filter(({ units }) => units !== null)).toHaveLength(1)
      }
    }
  })

  it.each(sides)('history, payments, home, readings: moved %s', async (_, who, own, reading, paid) => {
    const history = (await getHistory(who(), 'kesco', of.contract.code, now))!
    expect(idsOf(history.months.flatMap(month => month.invoices))).toEqual(own())
    expect(history.payments.map(payment => payment.pays.map(({ number }) => number))).toEqual([
      [paid === 'OLD' ? of.old.number : of.newer.number],
    ])
    const year = Number(OUT.slice(0, 4))
    const statements = [year - 1, year].map(one =>
      getYearStatement(who(), 'kesco', of.contract.code, one, now),
    )
    const stated = (await Promise.all(statements)).flatMap(one => one?.invoices ?? [])
    expect(idsOf(stated)).toEqual(own())
    const [home] = await listHomeContracts(who(), now)
    expect(own()).toContain(home!.latest!.id)
    expect(await listPresentReadings(who(), of.contract.id)).toMatchObject([{ value: reading }])
  })

  it.each(sides)('requests: moved %s', async (_, who, own) => {
    const { code } = of.contract
    expect(idsOf(await listInvoiceChoices(who(), { biller: 'kesco', code }))).toEqual(own())
    expect(idsOf((await getRequestForm(who(), { biller: 'kesco', code }, 'F2'))?.invoices)).toEqual(own())
    const file = (id: number) =>
      fileCase(
        'F2',
        mustRead(requestForm, {
          type: 'F',
          kind: 'F2',
          note: 'Too much.',
          intent: 'send',
          invoice: String(id),
        }),
        {
          owner: { accountId: who().id },
          contract: { biller: 'kesco', code },
          documentIds: [],
          idempotencyKey: randomUUID(),
        },
        now,
      )
    for (const { id } of all) {
      const filed = await file(id)
      expect(filed.ok || filed.code).toBe(own().includes(id) ? true : 'invoiceUnknown')
    }
    const { requests } = await listRequests(who(), {}, now)
    expect(requests).toHaveLength(own().length)
  })

  it.each(sides)('the copy of own data: moved %s', async (_, who, own, reading, paid) => {
    await requestExport(who(), now)
    const exportId = (await getOwnData(who(), now)).copy?.id as string
    await makeExport({ exportId }, { database: db })
    const copy = JSON.parse(await new Response(await takeExport(who(), exportId, now)).text())
    const numbers = all.filter(({ id }) => own().includes(id)).map(one => (one as { number?: string }).number)
    expect(copy.invoices.map(({ number }: { number: string }) => number).sort()).toEqual(numbers.sort())
    expect(copy.readings.map(({ value }: { value: string }) => Number(value))).toEqual([Number(reading)])
    expect(copy.payments.map(({ reference }: { reference: string }) => reference)).toEqual([
      `${paid}${of.contract.id}`,
    ])
  })

  it('a certificate of whoever moved in says what they owe', async () => {
    const [certifiable] = await withDebts(of.next, await listCertifiable(of.next), now)
    expect(certifiable!.debt.due.total).toBe(700)
    expect(await listCertifiable(of.out)).toEqual([])
  })

  it('the level is asked anew: whoever moved out keeps the invoices, without the next one’s name', async () => {
    const out = await seenBy(of.out, of.contract)
    expect(out).toMatchObject({ level: 'masked', holdsNow: false, hasMovedOut: true, holder: { name: '**' } })
    expect((await getInvoice(of.out, of.old.id, now))!.holder.name).toBe('**')
    const next = await seenBy(of.next, of.contract)
    expect(next).toMatchObject({ level: 'holder', holdsNow: true, holder: { name: 'Vesa Gashi' } })
  })

  it('those whom the mover-out had approved have what they would have if they came now', async () => {
    expect(await seenBy(of.tenant, of.contract)).toMatchObject({ level: 'amounts', openProof: 'meter' })
    const payable = await getPayableContract(of.tenant, 'kesco', of.contract.code, now)
    expect(idsOf(payable?.invoices)).toEqual([of.newer.id])
    expect(await getInvoice(of.tenant, of.newer.id, now)).toBeNull()
    const people = await listPeopleWithAccess(of.next, of.contract.id)
    expect(people).toMatchObject([{ accountId: of.tenant.id, level: 'amounts', decision: null }])
    // A bill of before proves nothing of the time since.
    const prove = (currentReading: string) =>
      proveContract(of.tenant, 'kesco', of.contract.code, { meterNumber: 'M-1', currentReading }, now)
    expect(await prove('500')).toEqual({ ok: false, code: 'proofWrong' })
    expect(await prove('900')).toMatchObject({ ok: true, value: 'masked' })
    expect(await getInvoice(of.tenant, of.old.id, now)).toBeNull()
    expect(await getInvoice(of.tenant, of.newer.id, now)).not.toBeNull()
  })

  it('staff see the day, and whose time begins or ends with it', async () => {
    const staff = await makeStaff(db, 'agent', [2])
    const address = { biller: 'kesco', code: of.contract.code } as const
    await lookAt(staff, address, { reason: 'phone', words: undefined }, now)
    const seen = await getContractForStaff(staff, address.biller, address.code, now)
    expect(seen).toMatchObject({ handovers: [OUT] })
    const people = (seen as { people: { accountId: string }[] }).people
    const personOf = (account: Account) => people.find(({ accountId }) => accountId === account.id)
    expect(personOf(of.out)).toMatchObject({ untilOn: OUT, fromOn: null })
    for (const account of [of.next, of.tenant])
      expect(personOf(account)).toMatchObject({ untilOn: null, fromOn: OUT })
  })

  it('what happened before is the mover-out’s to read, and nobody decides about them', async () => {
    const actionsOf = async (account: Account) =>
      (await listAccessEvents(account, of.contract.id)).map(({ action }) => action)
    // Everything here happened today, which is the next one's time.
    expect(await actionsOf(of.next)).toEqual(['contract.proved', 'contract.added'])
    expect(await actionsOf(of.out)).toEqual(['access.ended', 'handover.named', 'access.approved'])
    const logOf = async (account: Account) =>
      (await listAccessLog(account, undefined)).entries.map(({ actor, sentence }) => `${actor} ${sentence}`)
    expect(await logOf(of.out)).toContain('self self.handover_named')
    expect((await logOf(of.out)).filter(line => line.startsWith('other'))).toEqual([])
    expect((await logOf(of.next)).filter(line => line.includes('handover'))).toEqual([])
    expect(await listPeopleWithAccess(of.out, of.contract.id)).toEqual([])
    expect(
      await decideAccess(of.next, 'kesco', of.contract.code, of.out.id, { level: 'refused' }, now),
    ).toEqual({ ok: false, code: 'notFound' })
    expect(
      await decideAccess(of.out, 'kesco', of.contract.code, of.tenant.id, { level: 'approved' }, now),
    ).toEqual({ ok: false, code: 'notFound' })
  })
})

describe('the day', () => {
  const people = async () => {
    const holder = await makeAccount(db)
    const tenant = await makeAccount(db)
    const contract = await makeContract(db, { holder })
    await giveAccess(db, holder, contract)
    await giveAccess(db, tenant, contract)
    await decideAccess(holder, 'kesco', contract.code, tenant.id, { level: 'approved' }, now)
    const bill = { principal: 1000, period: addMonths(today, 0), periodFrom: addDays(today, -2) }
    const [invoice] = await makeInvoices(db, contract, [bill])
    return { holder, tenant, contract, invoice: invoice! }
  }

  it('is at most so far ahead and back, and after one’s own time began', async () => {
    const { holder, tenant, contract } = await people()
    const check = (account: Account, day: string) => checkHandover(account, 'kesco', contract.code, day, now)
    expect(await check(holder, addDays(today, 60))).toMatchObject({ ok: true })
    expect(await check(holder, addDays(today, 61))).toEqual({ ok: false, code: 'movesOutTooLate' })
    expect(await check(holder, addDays(today, -31))).toMatchObject({ ok: true })
    expect(await check(holder, addDays(today, -32))).toEqual({ ok: false, code: 'movesOutTooEarly' })
    expect(await check(tenant, today)).toEqual({ ok: false, code: 'notFound' })
    const { next, contract: other } = of
    expect(await checkHandover(next, 'kesco', other.code, OUT, now)).toEqual({
      ok: false,
      code: 'movesOutBeforeOwn',
    })
  })

  it('is of a place: nobody moves out of a fine', async () => {
    const account = await makeAccount(db)
    const fine = await makeContract(db, { holder: account, billerId: 6, code: 'F-4321' })
    await giveAccess(db, account, fine)
    const named = ['police-fines', fine.code, today, now] as const
    expect(await checkHandover(account, ...named)).toEqual({ ok: false, code: 'notFound' })
    expect(await nameHandover(account, ...named)).toEqual({ ok: false, code: 'notFound' })
    expect(await accessOf(account, fine)).toMatchObject({ untilOn: null })
  })

  it('to come changes nothing until it is over, tells those who lose by it, and is undone', async () => {
    const { holder, tenant, contract, invoice } = await people()
    expect(await moveOut(holder, contract, addDays(today, 20))).toMatchObject({ ok: true })
    const [toHolder, toTenant] = await listOutbox(2)
    expect([toHolder!.to, toTenant!.to]).toEqual([holder.email, tenant.email])
    expect(await seenBy(tenant, contract)).toMatchObject({ level: 'masked' })
    expect(await getInvoice(tenant, invoice.id, now)).not.toBeNull()
    expect(await seenBy(holder, contract)).toMatchObject({ level: 'holder', holdsNow: true })
    expect(await moveOut(holder, contract)).toEqual({ ok: false, code: 'handoverNamed' })
    // Whoever adds it meanwhile is as those who were there.
    const early = await makeAccount(db)
    await add(early, contract)
    expect(await accessOf(early, contract)).toMatchObject({ fromOn: null, handoverOn: addDays(today, 20) })
    const undo = () => undoHandover(holder, 'kesco', contract.code, now)
    expect(await undo()).toMatchObject({ ok: true })
    expect(await undo()).toEqual({ ok: false, code: 'handoverOver' })
    for (const account of [holder, tenant, early])
      expect(await accessOf(account, contract)).toMatchObject({
        untilOn: null,
        handoverOn: null,
        handoverAt: null,
      })
    expect(await db.$count(contractHandovers, eq(contractHandovers.contractId, contract.id))).toBe(0)
  })

  it('once over ends what was allowed, before any job says so, and is told once', async () => {
    const { holder, tenant, contract, invoice } = await people()
    const refused = await makeAccount(db)
    await giveAccess(db, refused, contract, { holderDecision: 'refused' })
    await moveOut(holder, contract, today)
    await letDayPass(contract)
    expect(await seenBy(tenant, contract)).toMatchObject({ level: 'amounts' })
    expect(await getInvoice(tenant, invoice.id, now)).toBeNull()
    expect(await getInvoice(holder, invoice.id, now)).not.toBeNull()
    expect(await undoHandover(holder, 'kesco', contract.code, now)).toEqual({
      ok: false,
      code: 'handoverOver',
    })
    await endAccess(db, now)
    const [told] = await listOutbox(1)
    expect(told!.to).toBe(tenant.email)
    await endAccess(db, now)
    expect((await listOutbox(2)).filter(({ to }) => to === tenant.email)).toHaveLength(1)
    expect(await accessOf(tenant, contract)).toMatchObject({ fromOn: today, holderDecision: null })
    // What the holder before refused binds nobody who comes after.
    expect(await add(refused, contract)).toMatchObject({ ok: true })
    expect(await accessOf(refused, contract)).toMatchObject({ holderDecision: null })
  })

  it('whom the record names before the day sees nothing of the mover-out’s time', async () => {
    const { holder, tenant, contract, invoice } = await people()
    await moveOut(holder, contract, addDays(today, 5))
    await nameHolder(contract, tenant)
    expect(await seenBy(tenant, contract)).toMatchObject({ level: 'holder' })
    expect(await getInvoice(tenant, invoice.id, now)).toBeNull()
    expect(await getInvoice(holder, invoice.id, now)).not.toBeNull()
  })

  it('of one of two holders leaves the other everything', async () => {
    const { holder, tenant, contract, invoice } = await people()
    const other = await makeAccount(db)
    await giveAccess(db, other, contract)
    const number = `81${String(contract.id).padStart(7, '0')}`
    await db.execute(sql`insert into account_businesses (account_id, biller_id, number, confirmed_at)
      values (${other.id}, 2, ${number}, now())`)
    await db.update(contracts).set({ businessNumber: number }).where(eq(contracts.id, contract.id))
    await moveOut(holder, contract)
    expect(await seenBy(other, contract)).toMatchObject({ level: 'holder', holdsNow: true })
    expect(await getInvoice(other, invoice.id, now)).not.toBeNull()
    expect(await getInvoice(tenant, invoice.id, now)).not.toBeNull()
    expect(await getInvoice(holder, invoice.id, now)).toBeNull()
    const late = await makeAccount(db)
    await add(late, contract)
    expect(await accessOf(late, contract)).toMatchObject({ fromOn: null })
  })

  it('named by somebody whose recognition staff take back counts for nobody', async () => {
    const { tenant: thief, contract, holder } = await people()
    await nameHolder(contract, { ...thief, phone: '+38344000000' })
    await db
      .update(contractAccess)
      .set({ recognisedAt: now, recognisedBy: 'counter' })
      .where(sql`account_id = ${thief.id} and contract_id = ${contract.id}`)
    await moveOut(thief, contract)
    expect(await accessOf(holder, contract)).toMatchObject({ fromOn: OUT })
    const of = { accountId: thief.id, contractId: contract.id }
    const staff = await makeAccount(db)
    expect(await db.transaction(tx => withdrawRecognition(tx, of, staff, now))).toMatchObject({ ok: true })
    expect(await accessOf(holder, contract)).toMatchObject({ fromOn: null })
    expect(await accessOf(thief, contract)).toMatchObject({ untilOn: null, handoverAt: null })
  })

  it('and somebody who adds the contract at the same moment miss each other never', async () => {
    for (let round = 0; round < 5; round++) {
      const { holder, contract } = await people()
      const late = await makeAccount(db)
      await Promise.all([moveOut(holder, contract), add(late, contract)])
      expect(await accessOf(late, contract)).toMatchObject({ fromOn: OUT })
    }
  })

  it('ends with the day at the biller’s place, also where the clock changes', () => {
    expect(endOfDay(ZONE, '2026-10-25')).toEqual(new Date('2026-10-25T23:00:00Z'))
    expect(endOfDay(ZONE, '2026-10-24')).toEqual(new Date('2026-10-24T22:00:00Z'))
  })
})

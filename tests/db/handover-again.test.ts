// A holder who moves out while somebody is being let in, or who deletes the account and registers again.
import { and, eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { contractAccess, contractHandovers, contractRefusals } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { closeAccount } from '../../lib/accounts/closing.ts'
import { getInvoice } from '../../lib/billing/queries.ts'
import { addContractAccess } from '../../lib/contracts/commands.ts'
import { type AccessDecision, decideAccess } from '../../lib/contracts/decisions.ts'
import { nameHandover, undoHandover } from '../../lib/contracts/handover.ts'
import { recogniseHolder } from '../../lib/contracts/holders.ts'
import { listAccessEvents } from '../../lib/contracts/people.ts'
import { proveContract } from '../../lib/contracts/proof.ts'
import { getContract } from '../../lib/contracts/queries.ts'
import { listAccessLog } from '../../lib/own-data/access-log.ts'
import { getOwnData, makeExport, requestExport, takeExport } from '../../lib/own-data/copy.ts'
import { addDays, addMonths, dayIn } from '../../lib/platform/dates.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices } from '../support/people.ts'

const db = await testDatabase()
const now = new Date()
const today = dayIn('Europe/Belgrade', now)
const OUT = addDays(today, -10)

type Account = Awaited<ReturnType<typeof makeAccount>>
type Contract = Awaited<ReturnType<typeof makeContract>>

/** A holder, a tenant who added the contract, and an invoice of each side of OUT. */
async function people() {
  const holder = await makeAccount(db, { firstName: 'Milan', lastName: 'Petrović' })
  const tenant = await makeAccount(db)
  const contract = await makeContract(db, { holder, meterNumber: 'M-1' })
  await giveAccess(db, holder, contract)
  await giveAccess(db, tenant, contract)
  const month = addMonths(OUT, 0)
  const [old, newer] = await makeInvoices(db, contract, [
    { principal: 1000, period: addMonths(month, -1), currentReading: '500' },
    { principal: 1000, period: month, periodFrom: addDays(OUT, 3), currentReading: '900' },
  ])
  return { holder, tenant, contract, old: old!, newer: newer! }
}

const moveOut = (account: Account, contract: Contract, day = OUT) =>
  nameHandover(account, 'kesco', contract.code, day, now)
const undo = (account: Account, contract: Contract) => undoHandover(account, 'kesco', contract.code, now)
const seenBy = (account: Account, contract: Contract) => getContract(account, 'kesco', contract.code)
const decide = (holder: Account, contract: Contract, tenant: Account, decision: AccessDecision) =>
  decideAccess(holder, 'kesco', contract.code, tenant.id, decision, now)
async function accessOf(account: Account, contract: Contract) {
  const [row] = await db
    .select()
    .from(contractAccess)
    .where(and(eq(contractAccess.accountId, account.id), eq(contractAccess.contractId, contract.id)))
  return row
}
/** Whether the invoices of the time before the day, and after it, open. */
const opens = async (account: Account, { old, newer }: { old: { id: number }; newer: { id: number } }) => [
  (await getInvoice(account, old.id, now)) !== null,
  (await getInvoice(account, newer.id, now)) !== null,
]

/** Until so many connections wait for others. */
const wait = (count: number) =>
  expect
    .poll(async () => {
      const waiting = await db.execute(sql`select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`)
      return waiting.rowCount
    })
    .toBe(count)

/** `second` begins while `first` has done a part of its work and waits for the access of somebody else. */
async function whileWaiting<A, B>(
  person: Account,
  contract: Contract,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  const both = await db.transaction(async tx => {
    await tx
      .select({ id: contractAccess.accountId })
      .from(contractAccess)
      .where(and(eq(contractAccess.accountId, person.id), eq(contractAccess.contractId, contract.id)))
      .for('update')
    const begun = first()
    await wait(1)
    const then = second()
    await wait(2)
    return { begun, then }
  })
  return Promise.all([both.begun, both.then])
}

describe('while the holder is moving out', () => {
  it('they approve nobody for the next one’s time', async () => {
    const { holder, tenant, contract, ...bills } = await people()
    const [named, decided] = await whileWaiting(
      tenant,
      contract,
      () => moveOut(holder, contract),
      () => decide(holder, contract, tenant, { level: 'approved' }),
    )
    expect(named).toMatchObject({ ok: true })
    expect(decided).toEqual({ ok: false, code: 'notFound' })
    expect(await accessOf(tenant, contract)).toMatchObject({ level: 'amounts', holderDecision: null })
    expect(await opens(tenant, bills)).toEqual([false, false])
  })

  it('a bill of theirs opens nothing of the next one’s time', async () => {
    const { holder, tenant, contract, ...bills } = await people()
    const [named, proved] = await whileWaiting(
      tenant,
      contract,
      () => moveOut(holder, contract),
      () => proveContract(tenant, 'kesco', contract.code, { meterNumber: 'M-1', currentReading: '500' }, now),
    )
    expect(named).toMatchObject({ ok: true })
    expect(proved).toEqual({ ok: false, code: 'proofWrong' })
    expect(await accessOf(tenant, contract)).toMatchObject({ level: 'amounts' })
    expect(await opens(tenant, bills)).toEqual([false, false])
  })
})

const close = (account: Account) => db.transaction(tx => closeAccount(tx, account.id, 'own-request', now))
/** Deletes the account and registers again, with all that the person had or with another phone. */
async function comeBack(account: Account, contract: Contract, phone = account.phone): Promise<Account> {
  expect(await close(account)).toMatchObject({ ok: true })
  const { firstName, lastName, personalNumber, nameFolded } = account
  const again = await makeAccount(db, { firstName, lastName, personalNumber, nameFolded, phone })
  await db.transaction(tx => addContractAccess(tx, again.id, contract.id, null, now))
  return again
}
/** The biller's next feed names somebody else. */
async function nameNext(contract: Contract) {
  const { personalNumber, firstName, lastName, nameFolded, phone } = await makeAccount(db)
  await db
    .update(contracts)
    .set({
      holderPersonalNumber: personalNumber,
      holderFirstName: firstName,
      holderLastName: lastName,
      holderNameFolded: nameFolded,
      phone,
    })
    .where(eq(contracts.id, contract.id))
}
const OTHER_PHONE = '+38344999000'
async function copyOf(account: Account) {
  await requestExport(account, now)
  const exportId = (await getOwnData(account, now)).copy?.id as string
  await makeExport({ exportId }, { database: db })
  return JSON.parse(await new Response(await takeExport(account, exportId, now)).text())
}

describe('whoever moved out, deleted the account and registers again', () => {
  it('sees their own time, as often as they do it, and holds the contract no more', async () => {
    const { holder, tenant, contract, ...bills } = await people()
    await moveOut(holder, contract)
    const before = await accessOf(holder, contract)
    let again = holder
    for (let round = 0; round < 2; round++) {
      again = await comeBack(again, contract)
      const { fromOn, untilOn, handoverAt } = before!
      expect(await accessOf(again, contract)).toMatchObject({ fromOn, untilOn, handoverAt, handoverOn: null })
      expect(await seenBy(again, contract)).toMatchObject({ holdsNow: false, hasMovedOut: true })
      expect(await opens(again, bills)).toEqual([true, false])
      expect(await decide(again, contract, tenant, { level: 'approved' })).toMatchObject({ ok: false })
      expect(await moveOut(again, contract, today)).toMatchObject({ ok: false })
    }
    expect(await db.$count(contractRefusals, eq(contractRefusals.contractId, contract.id))).toBe(0)
  })

  it('with one of two holders too, where nothing was handed over', async () => {
    const { holder, contract, ...bills } = await people()
    const other = await makeAccount(db)
    await giveAccess(db, other, contract)
    const number = `82${String(contract.id).padStart(7, '0')}`
    await db.execute(sql`insert into account_businesses (account_id, biller_id, number, confirmed_at)
      values (${other.id}, 2, ${number}, now())`)
    await db.update(contracts).set({ businessNumber: number }).where(eq(contracts.id, contract.id))
    await moveOut(holder, contract)
    expect(await opens(await comeBack(holder, contract), bills)).toEqual([true, false])
  })

  it('proves nothing by the number: the invoices stay shut once the record names another', async () => {
    const { holder, contract, ...bills } = await people()
    await moveOut(holder, contract)
    await nameNext(contract)
    expect(await opens(holder, bills)).toEqual([true, false])
    const again = await comeBack(holder, contract, OTHER_PHONE)
    expect(await seenBy(again, contract)).toMatchObject({ level: 'amounts', openProof: null })
    expect(await opens(again, bills)).toEqual([false, false])
    expect(await copyOf(again)).toMatchObject({ invoices: [] })
    expect(await listAccessEvents(again, contract.id)).toEqual([])
    const { entries } = await listAccessLog(again, undefined)
    expect(entries.map(({ actor, sentence }) => `${actor} ${sentence}`)).not.toContain(
      'other self.handover_named',
    )
  })

  it('nor takes a day back that is to come, until they are recognised', async () => {
    const { holder, contract, ...bills } = await people()
    const day = addDays(today, 5)
    await moveOut(holder, contract, day)
    const again = await comeBack(holder, contract, '+38344999001')
    expect(await accessOf(again, contract)).toMatchObject({ untilOn: day, handoverOn: null })
    expect(await undo(again, contract)).toEqual({ ok: false, code: 'notFound' })
    const atCounter = {
      accountId: again.id,
      contractId: contract.id,
      contractCode: contract.code,
      biller: 'KESCO',
    }
    const rest = {
      billerId: 2,
      hasHoldersName: true,
      isHolderAnyway: false,
      recognisedAt: null,
      holderDecision: null,
    }
    const staff = await makeAccount(db)
    await db.transaction(tx => recogniseHolder(tx, { ...atCounter, ...rest }, staff, {}, now))
    await nameNext(contract)
    expect(await seenBy(again, contract)).toMatchObject({ level: 'masked' })
    expect(await opens(again, bills)).toEqual([true, true])
    expect(await undo(again, contract)).toMatchObject({ ok: true })
    expect(await seenBy(again, contract)).toMatchObject({ level: 'amounts', untilOn: null })
  })

  it('stays limited where somebody had limited them', async () => {
    const { holder, contract } = await people()
    await db
      .update(contractAccess)
      .set({ holderDecision: 'limited' })
      .where(eq(contractAccess.accountId, holder.id))
    await moveOut(holder, contract)
    const again = await comeBack(holder, contract)
    expect(await accessOf(again, contract)).toMatchObject({ holderDecision: 'limited', untilOn: OUT })
  })

  it('names no day while the account is being deleted', async () => {
    const { holder, contract } = await people()
    const closed = db.transaction(async tx => {
      await closeAccount(tx, holder.id, 'own-request', now)
      const named = moveOut(holder, contract)
      await wait(1)
      return { named }
    })
    expect(await (await closed).named).toEqual({ ok: false, code: 'notFound' })
    expect(await db.$count(contractHandovers, eq(contractHandovers.contractId, contract.id))).toBe(0)
  })
})

it('a day taken back leaves nothing that the holder would not have had without it', async () => {
  const { holder, contract, ...bills } = await people()
  await moveOut(holder, contract, addDays(today, 5))
  await undo(holder, contract)
  await nameNext(contract)
  expect(await seenBy(holder, contract)).toMatchObject({ level: 'amounts' })
  expect(await opens(holder, bills)).toEqual([false, false])
})

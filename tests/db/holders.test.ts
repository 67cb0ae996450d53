// Who is recognised as a contract's holder, and attacks with what has leaked or can be worked out: names and personal
// numbers, invoice numbers, totals.
import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import type { accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { contractAccess, contractRefusals } from '../../db/schema/contract-access.ts'
import type { contracts } from '../../db/schema/contracts.ts'
import { rateLimits } from '../../db/schema/limits.ts'
import { ownDataExports } from '../../db/schema/own-data.ts'
import { closeAccount } from '../../lib/accounts/closing.ts'
import { applyContactChange, requestContactChange } from '../../lib/accounts/contact.ts'
import { register, verifyRegistration } from '../../lib/accounts/registration.ts'
import { forgetAccountData } from '../../lib/accounts/retention.ts'
import { type Customer, findSession } from '../../lib/auth/sessions.ts'
import { getHistory } from '../../lib/billing/history-queries.ts'
import { getInvoice, listUnpaidInvoices } from '../../lib/billing/queries.ts'
import { addContract, addContractAccess, removeContract } from '../../lib/contracts/commands.ts'
import { decideAccess } from '../../lib/contracts/decisions.ts'
import { proveContract } from '../../lib/contracts/proof.ts'
import { getContract, listContracts, listPresentReadings } from '../../lib/contracts/queries.ts'
import { recogniseFor, withdrawFor } from '../../lib/counter/command-line.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { listAccessLog } from '../../lib/own-data/access-log.ts'
import { makeExport, requestExport, takeExport } from '../../lib/own-data/copy.ts'
import { getAttempt, getReceipt } from '../../lib/payments/paid-queries.ts'
import { findToPay } from '../../lib/payments/pay-link-commands.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { forgetPayLinks } from '../../lib/payments/retention.ts'
import { answering } from '../../lib/platform/answering.ts'
import { limits } from '../../lib/platform/limits.ts'
import { testDatabase } from '../support/database.ts'
import { begin } from '../support/payments.ts'
import {
  giveAccess,
  makeAccount,
  makeContract,
  makeInvoices,
  makePayment,
  makeStaff,
} from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2026-11-21T10:00:00Z')
const device = { userAgent: 'test', address: '127.0.0.1' }
const HOLDER = { firstName: 'Đorđe', lastName: 'Hoxha' }

type Account = typeof accounts.$inferSelect
let serial = 100
let contract: typeof contracts.$inferSelect
let ids: number[]
const personalNumber = () => `J00101${serial}W`
const holdersPhone = () => `+355682000${serial}`
const meter = { meterNumber: 'm-1 00', currentReading: '15.003' }

/** Four invoices of OSHEE, the newest first in `ids`; numbers as in the sample feed: month and contract. */
beforeEach(async () => {
  serial += 1
  contract = await makeContract(db, {
    billerId: 1,
    code: `AL0000${serial}`,
    holderFirstName: HOLDER.firstName,
    holderLastName: HOLDER.lastName,
    holderNameFolded: 'dorde hoxha',
    holderPersonalNumber: personalNumber(),
    phone: holdersPhone(),
    meterNumber: 'M100',
  })
  ids = await addInvoices(contract, 4)
})

async function addInvoices(to: typeof contract, count: number): Promise<number[]> {
  const bills = Array.from({ length: count }, (_, index) => {
    const period = new Date(Date.UTC(2026, 9 - index, 1)).toISOString().slice(0, 10)
    return {
      number: `${period.slice(0, 7).replace('-', '')}${serial}`,
      period,
      issuedOn: '2026-10-01',
      dueOn: '2026-11-30',
      previousReading: '14000',
      currentReading: String(15_004 - index),
      principal: 1_000 + index,
      tvTax: 100,
    }
  })
  return (await makeInvoices(db, to, bills)).map(({ id }) => id)
}

/** An account of the holder's names and number, as anybody can make it who has them; of another phone unless `person` says so. */
async function namesake(person: Partial<Account> = {}): Promise<Account> {
  const account = await makeAccount(db, { ...HOLDER, personalNumber: personalNumber(), ...person })
  await giveAccess(db, account, contract)
  return account
}
async function stranger(access: Parameters<typeof giveAccess>[3] = {}): Promise<Account> {
  const account = await makeAccount(db)
  await giveAccess(db, account, contract, access)
  return account
}
const seenBy = (account: { id: string }) => getContract(account, 'oshee', contract.code)
const levelOf = async (account: { id: string }) => (await seenBy(account))?.level
const prove = (account: { id: string }, proof: Parameters<typeof proveContract>[3]) =>
  proveContract(account, 'oshee', contract.code, proof, now)
const customerOf = (account: Account) => account as unknown as Customer

async function copyOf(account: { id: string }): Promise<string> {
  await requestExport(account, now)
  const [row] = await db.select().from(ownDataExports).where(eq(ownDataExports.accountId, account.id))
  await makeExport({ exportId: row!.id }, { database: db })
  return new Response(await takeExport(account, row!.id, now)).text()
}

describe('a leaked database of names and personal numbers', () => {
  it('makes nobody the holder: registered with all of it and a phone of one’s own, one sees **', async () => {
    const registered = await register(
      {
        biller: 'oshee',
        contractCode: contract.code,
        ...HOLDER,
        personalNumber: personalNumber(),
        confirmPersonalNumber: true,
        username: `thief${serial}`,
        email: `thief${serial}@example.com`,
        phone: '+355692000077',
        password: 'Portokall 7',
        passwordConfirm: 'Portokall 7',
        acceptTerms: true,
      },
      'sq',
      now,
    )
    if (!registered.ok) throw new Error(registered.code)
    const [message] = await listOutbox(1)
    const code = /\d{6}/.exec(message!.text)![0]
    const verified = await verifyRegistration(registered.value, code, device, now)
    const thief = (await findSession(verified.ok ? verified.value : '', now))!
    const stars = { name: '**', address: '**', phone: '**', personalNumber: '**', meterNumber: '**' }
    expect(await seenBy(thief)).toMatchObject({ level: 'masked', holder: stars })
    const copy = JSON.parse(await copyOf(thief))
    expect(copy).toMatchObject({ contracts: [{ level: 'masked', record: null }], invoices: [], readings: [] })
    expect(JSON.stringify(copy)).not.toMatch(/M100|Rruga/)
  })

  it('nor do the invoices that show ** then, nor guesses at the meter within the limits', async () => {
    const thief = await namesake()
    const invoice = (await getInvoice(thief, ids[0]!, now))!
    expect(invoice).toMatchObject({
      level: 'masked',
      number: `202610${serial}`,
      holder: { meterNumber: '**' },
    })
    const shown = JSON.stringify([
      invoice,
      await seenBy(thief),
      await getHistory(thief, 'oshee', contract.code, now),
      await listPresentReadings(thief, contract.id),
    ])
    expect(shown).not.toContain('M100')
    expect(await prove(thief, { invoiceNumber: invoice.number, invoiceTotal: '11.00' })).toEqual({
      ok: false,
      code: 'proofClosed',
    })
    const answers = []
    for (let guess = 0; guess < 12; guess += 1)
      answers.push(await prove(thief, { meterNumber: `M${guess}`, currentReading: '15004' }))
    expect(answers.slice(0, 10)).toEqual(Array(10).fill({ ok: false, code: 'proofWrong' }))
    // The right one comes too late.
    expect(answers[10]).toMatchObject({ code: 'wait' })
    expect(await prove(thief, meter)).toMatchObject({ code: 'wait' })
    expect(await levelOf(thief)).toBe('masked')
  })

  it('nor guesses from many accounts: wrong ones are counted by contract too', async () => {
    for (let turn = 0; turn < 30; turn += 10) {
      const guesser = await stranger()
      for (let guess = 0; guess < 10; guess += 1)
        expect(await prove(guesser, { meterNumber: `M${guess}`, currentReading: '1' })).toMatchObject({
          code: 'proofWrong',
        })
    }
    expect(await prove(await stranger(), meter)).toMatchObject({ code: 'wait' })
  })

  it('tells the unrecognised of nobody who adds the contract', async () => {
    const thief = await namesake()
    await addContract(
      await makeAccount(db),
      {
        biller: 'oshee',
        contractCode: contract.code,
        firstName: 'Arta',
        lastName: 'Berisha',
        alias: undefined,
      },
      now,
    )
    expect((await listOutbox(20)).filter(message => message.to === thief.email)).toEqual([])
  })
})

describe('the holder is recognised', () => {
  it('by the phone that the biller has, once it is verified, and is told of others from then on', async () => {
    const account = await namesake()
    expect(await levelOf(account)).toBe('masked')
    await changePhone(account, holdersPhone())
    expect(await levelOf(account)).toBe('holder')
    await addContract(
      await makeAccount(db),
      {
        biller: 'oshee',
        contractCode: contract.code,
        firstName: 'Arta',
        lastName: 'Berisha',
        alias: undefined,
      },
      now,
    )
    expect(await listOutbox(1)).toMatchObject([{ to: account.email, channel: 'email' }])
  })

  it('and stays so when the phone is changed again; a stranger with the biller’s phone is nobody', async () => {
    const account = await namesake({ phone: holdersPhone() })
    await changePhone(account, `+38344120${serial}`)
    expect(await levelOf(account)).toBe('holder')
    const [row] = await db.select().from(contractAccess).where(eq(contractAccess.accountId, account.id))
    expect(row).toMatchObject({ recognisedBy: 'phone', recognisedAt: now })
    const other = await makeAccount(db, { phone: holdersPhone() })
    await giveAccess(db, other, contract)
    expect(await levelOf(other)).toBe('amounts')
  })

  it('by meter number and reading of one of the 3 newest bills, in any spelling, and of none older', async () => {
    const account = await namesake()
    expect(await prove(account, { meterNumber: 'M100', currentReading: '15001' })).toMatchObject({
      code: 'proofWrong',
    })
    expect(await prove(account, { meterNumber: 'M101', currentReading: '15004' })).toMatchObject({
      code: 'proofWrong',
    })
    expect(await prove(account, meter)).toEqual({ ok: true, value: 'holder' })
    expect(await seenBy(account)).toMatchObject({ level: 'holder', holder: { meterNumber: 'M100' } })
    expect(JSON.parse(await copyOf(account))).toMatchObject({
      contracts: [{ recognisedBy: 'paper', record: { meterNumber: 'M100' } }],
    })
    expect(await prove(account, meter)).toEqual({ ok: false, code: 'proofClosed' })
  })

  it('by no paper where the biller knows no meter', async () => {
    contract = await makeContract(db, {
      billerId: contract.billerId,
      code: `AL1000${serial}`,
      holderNameFolded: 'dorde hoxha',
      holderPersonalNumber: personalNumber(),
      phone: null,
    })
    const account = await namesake()
    expect(await seenBy(account)).toMatchObject({ level: 'masked', hasHoldersName: true, openProof: null })
    expect(await prove(account, meter)).toEqual({ ok: false, code: 'proofClosed' })
  })

  it('at the counter, by staff of the biller, recorded; and two of them take it back', async () => {
    const account = await namesake()
    const agent = await makeStaff(db, 'agent', [1])
    const supervisor = await makeStaff(db, 'supervisor', [1])
    const onList = (who: Account) => ({
      identifier: who.username,
      biller: 'oshee' as const,
      contractCode: contract.code.toLowerCase(),
    })
    const seen = { identityDocument: 'passport', documentEnding: '48AB' } as const
    const recognise = (who: Account, by = agent) =>
      recogniseFor(by.username, { ...onList(who), ...seen }, now)
    const withdraw = (confirms = supervisor) =>
      withdrawFor(
        { asks: agent.username, confirms: confirms.username },
        { ...onList(account), note: 'Another person.' },
        now,
      )
    const elsewhere = await makeStaff(db, 'agent', [2])
    expect(await recognise(account, elsewhere)).toEqual({ ok: false, code: 'noAccount' })
    expect(await recognise(account, account as never)).toEqual({ ok: false, code: 'notStaff' })
    expect(await recognise(await stranger())).toEqual({ ok: false, code: 'otherHolder' })
    expect(await recognise(await makeAccount(db))).toEqual({ ok: false, code: 'noAccount' })
    expect(await withdraw()).toEqual({ ok: false, code: 'notRecognised' })
    expect(await recognise(account)).toMatchObject({ ok: true })
    expect(await levelOf(account)).toBe('holder')
    expect(await withdraw(agent)).toEqual({ ok: false, code: 'notStaff' })
    expect(await withdraw()).toMatchObject({ ok: true })
    expect(await withdraw()).toEqual({ ok: false, code: 'notRecognised' })
    // The same bill proves nothing any more; the counter can.
    expect(await levelOf(account)).toBe('amounts')
    expect(await prove(account, meter)).toEqual({ ok: false, code: 'proofClosed' })
    expect(await recognise(account)).toMatchObject({ ok: true })
    expect(await levelOf(account)).toBe('holder')
    const events = await db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.subject, `contract:${contract.id}`))
      .orderBy(auditEvents.id)
    const details = { accountId: account.id, document: 'passport', ending: '48AB' }
    expect(events.filter(({ action }) => action.startsWith('holder.'))).toMatchObject([
      { action: 'holder.recognised', accountId: agent.id, details },
      { action: 'holder.withdrawn', accountId: supervisor.id },
      { action: 'holder.recognised', accountId: agent.id },
    ])
  })

  it('no longer once the biller names another holder', async () => {
    const account = await namesake({ phone: holdersPhone() })
    await db.execute(`update contracts set holder_personal_number = 'K00101001D' where id = ${contract.id}`)
    expect(await levelOf(account)).toBe('amounts')
  })

  async function changePhone(account: Account, phone: string) {
    expect(await requestContactChange(customerOf(account), 'phone', phone, undefined, now)).toMatchObject({
      ok: true,
    })
    const [message] = await listOutbox(1)
    const code = /\d{6}/.exec(message!.text)![0]
    expect(await applyContactChange(customerOf(account), 'phone', code, now)).toMatchObject({ ok: true })
  }
})

describe('at level amounts', () => {
  /** Pays the two newest invoices and is shown all that the portal shows them. */
  async function paidAndShown(payer: Account): Promise<{ shown: string; attempt: { id: string } }> {
    const payable = {
      id: contract.id,
      billerId: contract.billerId,
      billerCode: 'oshee',
      contractCode: contract.code,
      invoiceIds: ids,
    }
    const attempt = await begin(db, payer, payable, now, ids.slice(0, 2))
    await makePayment(db, contract, {
      reference: attempt.number,
      paidOn: '2026-11-21',
      amount: attempt.amount,
      method: 'CARD',
      source: 'Drita',
      attemptId: attempt.id,
      transactionId: 'T',
    })
    await db.transaction(tx => replayContract(tx, contract.id))
    const shown = JSON.stringify([
      await getAttempt(payer, attempt.id),
      await getReceipt(payer, attempt.id),
      await getPayableContract(payer, 'oshee', contract.code, now),
      await listUnpaidInvoices(payer, 'all', now),
      await listContracts(payer),
    ])
    return { shown: shown + (await copyOf(payer)), attempt }
  }

  it('no page, receipt or copy shows an invoice’s number, and a payment is told to pay what was chosen', async () => {
    const payer = await stranger()
    const { shown, attempt } = await paidAndShown(payer)
    for (const number of [`202610${serial}`, `202609${serial}`, `202608${serial}`, 'M100'])
      expect(shown).not.toContain(number)
    const payment = (await getAttempt(payer, attempt.id))!
    expect(
      payment.invoices.map(({ invoiceNumber, period, dueOn }) => [invoiceNumber, period, dueOn]),
    ).toEqual([
      ['**', '2026-09-01', '2026-11-30'],
      ['**', '2026-10-01', '2026-11-30'],
    ])
    expect(payment.captures[0]!.pays.map(line => line.invoiceId)).toEqual([ids[1], ids[0]])
    expect(await getReceipt(payer, attempt.id)).toMatchObject({
      contracts: [{ level: 'amounts', holderName: '**' }],
    })
  })

  it('at masked they do, until the contract is taken from the payer', async () => {
    const payer = await stranger({ level: 'masked' })
    expect((await paidAndShown(payer)).shown).toContain(`202610${serial}`)
    await db.update(contractAccess).set({ level: 'amounts', holderDecision: 'refused' })
    expect(await copyOf(payer)).not.toContain(`202610${serial}`)
  })

  it('number and total, both worked out, open nothing of a biller with meters; its meter and reading do', async () => {
    const tenant = await stranger()
    expect(await prove(tenant, { invoiceNumber: `202610${serial}`, invoiceTotal: '11.00' })).toEqual({
      ok: false,
      code: 'proofClosed',
    })
    expect(await levelOf(tenant)).toBe('amounts')
    expect(await prove(tenant, meter)).toEqual({ ok: true, value: 'masked' })
    expect(await seenBy(tenant)).toMatchObject({
      level: 'masked',
      hasHoldersName: false,
      openProof: null,
      holder: { name: '**', meterNumber: '**' },
    })
    expect(await prove(tenant, meter)).toEqual({ ok: false, code: 'proofClosed' })
  })

  it('two accounts on one contract: one’s proof opens nothing to the other', async () => {
    const [one, other] = [await stranger(), await stranger()]
    await prove(one, meter)
    expect([await levelOf(one), await levelOf(other)]).toEqual(['masked', 'amounts'])
  })
})

describe('number and total, of a biller without meters whose numbers cannot be worked out', () => {
  const proved = (account: { id: string }, index: number) =>
    proveContract(
      account,
      'digitalb',
      contract.code,
      { invoiceNumber: `2026${String(10 - index).padStart(2, '0')}${serial}`, invoiceTotal: `11.0${index}` },
      now,
    )
  beforeEach(async () => {
    contract = await makeContract(db, { billerId: 5, code: `D${serial}` })
    ids = await addInvoices(contract, 4)
  })

  it('open one that the account never began to pay, and no other', async () => {
    const tenant = await stranger()
    const payable = {
      id: contract.id,
      billerId: contract.billerId,
      billerCode: 'digitalb',
      contractCode: contract.code,
      invoiceIds: ids,
    }
    await begin(db, tenant, payable, now, [ids[0]!])
    expect(await proved(tenant, 0)).toEqual({ ok: false, code: 'proofWrong' })
    expect(await proved(await stranger(), 0)).toEqual({ ok: true, value: 'masked' })
    expect(await proved(tenant, 1)).toEqual({ ok: true, value: 'masked' })
    expect(await proved(tenant, 2)).toEqual({ ok: false, code: 'proofClosed' })
  })

  it('prove nothing once the number was found right at /pay, however long ago the link that came of it ended', async () => {
    const invoiceNumber = `202610${serial}`
    const found = await findToPay(
      { biller: 'digitalb', contractCode: contract.code, invoiceNumber },
      'en',
      now,
    )
    expect(found).toMatchObject({ ok: true })
    expect(await proved(await stranger(), 0)).toEqual({ ok: false, code: 'proofWrong' })
    await forgetPayLinks(db, new Date(now.getTime() + 360 * 86_400_000))
    expect(await proved(await stranger(), 0)).toEqual({ ok: false, code: 'proofWrong' })
    expect(await proved(await stranger(), 1)).toEqual({ ok: true, value: 'masked' })
  })

  it('are guessed at /pay too: numbers that are on no bill count as wrong proofs of the contract', async () => {
    const most = limits.proofsOfContract().points
    const miss = (n: number) =>
      answering.run({ unreadable: false, unavailable: false, address: `192.0.2.${n}` }, () =>
        findToPay({ biller: 'digitalb', contractCode: contract.code, invoiceNumber: `N${n}` }, 'en', now),
      )
    const nothing = { ok: false, code: 'nothingToPay' }
    for (let n = 1; n < most; n += 1) expect(await miss(n)).toEqual(nothing)
    expect(await proved(await stranger(), 0)).toMatchObject({ ok: true })
    expect(await miss(most)).toEqual(nothing)
    expect(await proved(await stranger(), 1)).toMatchObject({ code: 'wait' })
    // Whoever asks at /pay learns nothing of it.
    expect(await miss(most + 1)).toEqual(nothing)
  })

  it('prove nothing where the biller switched proofs off', async () => {
    await db.execute(`update billers set paper_proof = 'none' where code = 'digitalb'`)
    expect(await proved(await stranger(), 0)).toEqual({ ok: false, code: 'proofClosed' })
    await db.execute(`update billers set paper_proof = 'number' where code = 'digitalb'`)
  })
})

describe('whom the holder refused or withdrew', () => {
  it('cannot come back by proof, nor by removing the contract and adding it again', async () => {
    const holder = await namesake({ phone: holdersPhone() })
    const tenant = await stranger()
    await giveAccess(db, tenant, await makeContract(db))
    await prove(tenant, meter)
    const decide = (decision: 'limited' | 'refused') =>
      decideAccess(holder, 'oshee', contract.code, tenant.id, { level: decision }, now)
    await decide('limited')
    expect(await prove(tenant, meter)).toEqual({ ok: false, code: 'proofClosed' })
    await removeContract(tenant, 'oshee', contract.code, now)
    await addContract(
      tenant,
      {
        biller: 'oshee',
        contractCode: contract.code,
        firstName: 'Arta',
        lastName: 'Berisha',
        alias: undefined,
      },
      now,
    )
    expect(await seenBy(tenant)).toMatchObject({ level: 'amounts', openProof: null })
    expect(await prove(tenant, meter)).toEqual({ ok: false, code: 'proofClosed' })
    await decide('refused')
    expect(await prove(tenant, meter)).toEqual({ ok: false, code: 'notFound' })
    expect(await levelOf(tenant)).toBeUndefined()
  })

  it.each(['limited', 'refused'] as const)(
    'nor, %s, by deleting the account and registering again',
    async decision => {
      const holder = await namesake({ phone: holdersPhone() })
      let tenant = await stranger()
      const { personalNumber } = tenant
      const close = () => db.transaction(tx => closeAccount(tx, tenant.id, 'own-request', now))
      const decide = (answer: 'approved' | typeof decision) =>
        decideAccess(holder, 'oshee', contract.code, tenant.id, { level: answer }, now)
      const again = async () => {
        await close()
        tenant = await makeAccount(db, { personalNumber })
        await db.transaction(tx => addContractAccess(tx, tenant.id, contract.id, null, now))
      }
      await decide(decision)
      await again()
      expect(await seenBy(tenant)).toMatchObject({ level: 'amounts', openProof: null })
      expect(await prove(tenant, meter)).toEqual({ ok: false, code: 'proofClosed' })
      await again()
      expect(await prove(tenant, meter)).toEqual({ ok: false, code: 'proofClosed' })
      // Others are not meant, and what the holder approves later is forgotten with the account.
      expect(await prove(await stranger(), meter)).toMatchObject({ ok: true })
      await decide('approved')
      await again()
      expect(await prove(tenant, meter)).toMatchObject({ ok: true })
    },
  )

  it('which is kept beyond the account without its number, for three years', async () => {
    const tenant = await stranger({ holderDecision: 'refused' })
    await db.transaction(tx => closeAccount(tx, tenant.id, 'own-request', now))
    const kept = () => db.select().from(contractRefusals).where(eq(contractRefusals.contractId, contract.id))
    expect(JSON.stringify(await kept())).not.toContain(tenant.personalNumber)
    const years = (count: number) => new Date(now.getTime() + count * 366 * 86_400_000)
    await forgetAccountData(db, years(2))
    expect(await kept()).toHaveLength(1)
    await forgetAccountData(db, years(3))
    expect(await kept()).toEqual([])
  })

  it('which is not kept of an account closed by a dispute: its number was another’s', async () => {
    const tenant = await stranger({ holderDecision: 'refused' })
    const reason = { staffId: tenant.id, disputeId: 'none' }
    await db.transaction(tx => closeAccount(tx, tenant.id, reason, now))
    expect(await db.$count(contractRefusals, eq(contractRefusals.contractId, contract.id))).toBe(0)
  })
})

describe('the holder', () => {
  it('is told when a bill opens the contract to another, and finds wrong ones in the access log', async () => {
    const holder = await namesake({ phone: holdersPhone() })
    const tenant = await stranger()
    await db.delete(rateLimits)
    await prove(tenant, { ...meter, currentReading: '1' })
    await prove(tenant, meter)
    const [message] = await listOutbox(1)
    expect(message).toMatchObject({ to: holder.email, channel: 'email' })
    expect(message!.text).toContain(contract.code)
    const { entries } = await listAccessLog(holder, undefined)
    expect(entries.map(({ sentence, contract: about }) => [sentence, about?.code])).toEqual([
      ['other.contract_proved', contract.code],
      ['other.proof_refused', contract.code],
    ])
  })

  it('finds there, too, that somebody else’s registration or adding did not agree', async () => {
    const holder = await namesake({ phone: holdersPhone() })
    const typed = {
      biller: 'oshee',
      contractCode: contract.code,
      firstName: 'Arta',
      lastName: 'Berisha',
    } as const
    const registration = {
      ...typed,
      personalNumber: holder.personalNumber,
      username: `wrong${serial}`,
      email: `wrong${serial}@example.com`,
      phone: '+355682777001',
      password: 'Korrik-1912-x',
      terms: 'on',
    }
    const input = { ...registration, confirmPassword: registration.password, confirmPersonalNumber: true }
    expect(await register(input as never, 'sq', now)).toEqual({ ok: false, code: 'detailsMismatch' })
    const other = await makeAccount(db, { lastName: 'Hysa' })
    expect(await addContract(other, { ...typed, alias: undefined }, now)).toEqual({
      ok: false,
      code: 'namesNotOwn',
    })
    const { entries } = await listAccessLog(holder, undefined)
    expect(entries.map(({ sentence }) => sentence)).toEqual([
      'other.contract_refused',
      'portal.registration_refused',
    ])
  })
})

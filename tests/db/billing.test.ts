// What the account of a holder, of somebody else and of a stranger is told of invoices, to the cent of the samples.
import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { invoices } from '../../db/schema/billing.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { historyCsv } from '../../lib/billing/history-csv.ts'
import { getHistory } from '../../lib/billing/history-queries.ts'
import { getInvoiceNeighbours } from '../../lib/billing/invoice-neighbours.ts'
import { invoiceStatus } from '../../lib/billing/invoice-status.ts'
import { getInvoice, listUnpaidInvoices } from '../../lib/billing/queries.ts'
import type { History } from '../../lib/billing/schema.ts'
import { splitPrincipal, sumOf } from '../../lib/billing/statement-rules.ts'
import { getYearStatement } from '../../lib/billing/year-statement-queries.ts'
import { statementSums } from '../../lib/billing/year-statement-rules.ts'
import { listContracts } from '../../lib/contracts/queries.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import { balanceColumns, interestOf } from '../../lib/ledger/queries.ts'
import { balancesOn, replayContract } from '../../lib/ledger/replay.ts'
import { parseMinor, plainAmount } from '../../lib/platform/money.ts'
import { testDatabase } from '../support/database.ts'
import { feedFolder, sampleFolder, sampleRows } from '../support/feeds.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices, makePayment } from '../support/people.ts'

process.env.TRANSFER_DETAILS = '{"kesco":{"beneficiary":"Furnizuesi","iban":"XK139999000123456789"}}'
const db = await testDatabase()
const NOW = new Date('2026-11-21T12:00:00Z')
const minor = (text: unknown) => parseMinor(String(text))!

const account = (
  firstName: string,
  lastName: string,
  personalNumber: string,
  phone?: string,
): Promise<{ id: string }> =>
  makeAccount(db, { firstName, lastName, personalNumber, ...(phone && { phone }) })

async function give(who: { id: string }, code: string, access: Parameters<typeof giveAccess>[3] = {}) {
  const [contract] = await db.select({ id: contracts.id }).from(contracts).where(eq(contracts.code, code))
  await giveAccess(db, who, contract!, access)
  return contract!.id
}

async function invoiceId(number: string): Promise<number> {
  const { rows } = await db.execute<{ id: number }>(sql`select id from invoices where number = ${number}`)
  return rows[0]!.id
}

let arben: { id: string }
let blerta: { id: string }
let stranger: { id: string }

beforeAll(async () => {
  for (const biller of ['oshee', 'kesco'] as const) await loadFeed({ biller, folder: sampleFolder(biller) })
  arben = await account('arben', 'HOXHA', 'J00101999W')
  blerta = await account('Blerta', 'Krasniqi', '1234567892', '+38344123456')
  stranger = await account('Someone', 'Else', '1012345670')
  await give(arben, 'AL0000001', { recognisedAt: NOW, recognisedBy: 'paper' })
  await give(arben, 'AL0000002', { alias: 'Durrës', recognisedAt: NOW, recognisedBy: 'paper' })
  await give(blerta, 'DPR-6687')
})

describe('an invoice', () => {
  it('knows the consumption of the year that ends with its month, of its contract alone', async () => {
    const { rows } = await db.execute<{ id: number; contract_id: number; period: string }>(
      sql`select i.id::int, contract_id::int, period::text from invoices i join contracts c on c.id = i.contract_id
        where c.code = 'AL0000001' order by period desc limit 1`,
    )
    const [newest] = rows
    const { consumption, period } = (await getInvoice(arben, newest!.id, NOW))!
    const billed = await db.execute<{ period: string; units: number }>(
      sql`select period::text, sum(units)::float8 as units from invoices
        where contract_id = ${newest!.contract_id} and cancelled_on is null group by period`,
    )
    expect(consumption).toHaveLength(12)
    expect(consumption.at(-1)!.period).toBe(period)
    for (const month of consumption)
      expect(month.units).toBe(billed.rows.find(row => row.period === month.period)?.units ?? null)
    expect(consumption.filter(({ units }) => units !== null).length).toBeGreaterThan(1)
  })

  it.each(['oshee', 'kesco'] as const)('equals the feed in every figure: %s', async biller => {
    const { invoices, invoice_lines: lines } = sampleRows(biller)
    const reader = await account('Reader', 'OfAll', `reader-${biller}`)
    for (const code of new Set(invoices.map(row => row.contract_code)))
      await give(reader, String(code), { level: 'masked' })
    for (const row of invoices) {
      const invoice = (await getInvoice(reader, await invoiceId(String(row.number)), NOW))!
      expect(invoice).toMatchObject({
        number: row.number,
        contractCode: row.contract_code,
        period: `${row.period}-01`,
        periodFrom: row.period_from,
        periodTo: row.period_to,
        issuedOn: row.issued_on,
        dueOn: row.due_on,
        readingKind: row.reading_kind,
        principal: minor(row.principal),
        tvTax: minor(row.tv_tax),
        total: minor(row.total),
      })
      expect(Number(invoice.previousReading)).toBe(Number(row.previous_reading))
      expect(Number(invoice.currentReading)).toBe(Number(row.current_reading))
      expect(Number(invoice.units)).toBe(Number(row.units_kwh))
      const expected = lines.filter(line => line.invoice_number === row.number)
      expect(
        invoice.lines.map(line => [line.code, Number(line.quantity), Number(line.unitPrice), line.amount]),
      ).toEqual(
        expected.map(line => [line.code, Number(line.quantity), Number(line.unit_price), minor(line.amount)]),
      )
      const { net, vat } = splitPrincipal(invoice.lines, invoice.principal)!
      expect(net + vat).toBe(invoice.principal)
      const rate = Number(invoice.lines[0]!.vatPercent)
      expect(Math.abs(vat - (net * rate) / 100)).toBeLessThan(1)
    }
  })

  it('counts interest to the day it is at the biller, and its cap', async () => {
    const id = await invoiceId('202401001')
    const on = async (now: string) => (await getInvoice(arben, id, new Date(now)))!.due
    expect(await on('2024-02-29T12:00:00Z')).toEqual({
      principal: 45600,
      tvTax: 10000,
      interest: 0,
      total: 55600,
    })
    // 23:30 in London is the next day in Tirana.
    expect((await on('2024-02-29T23:30:00Z')).interest).toBe(46)
    expect((await on('2026-11-21T12:00:00Z')).interest).toBe(45418)
    expect((await on('2036-01-01T12:00:00Z')).interest).toBe(45600)
  })

  it('says what is paid of it, interest included', async () => {
    const paid = (await getInvoice(arben, await invoiceId('202306002'), NOW))!
    expect(paid).toMatchObject({ paid: 21514, due: { total: 0 } })
  })

  it('says on which day at the biller it was corrected, and what the contract is billed by', async () => {
    const id = await invoiceId('202401001')
    const invoice = await getInvoice(arben, id, NOW)
    expect(invoice).toMatchObject({ correctedOn: null, category: 'household', tariffGroup: 'household' })
    // 23:30 in London is the next day in Tirana.
    await db.execute(sql`update invoices set corrected_at = '2026-02-02T23:30:00Z' where id = ${id}`)
    expect(await getInvoice(arben, id, NOW)).toMatchObject({ correctedOn: '2026-02-03' })
    await db.execute(sql`update invoices set corrected_at = null where id = ${id}`)
  })

  it('names the holder to the holder alone', async () => {
    const id = await invoiceId('K-2023-04-6687')
    expect(await getInvoice(blerta, id, NOW)).toMatchObject({
      level: 'holder',
      holder: { name: 'Blerta Krasniqi', address: 'Rruga Agim Ramadani 21', personalNumber: '1234567892' },
      biller: { code: 'kesco', phone: '0800 791 00', email: 'info@kesco-energy.com' },
    })
    const tenant = await account('Blerta', 'Krasniqi', '9999999999')
    await give(tenant, 'DPR-6687', { level: 'masked' })
    await give(tenant, 'AL0000003', { level: 'masked' })
    const hidden = { name: '**', address: '**', phone: '**', personalNumber: '**', businessNumber: '**' }
    expect(await getInvoice(tenant, id, NOW)).toMatchObject({ level: 'masked', holder: hidden })
    expect(await getInvoice(tenant, await invoiceId('202509003'), NOW)).toMatchObject({ holder: hidden })
  })

  it('bears the tax codes, the bank reference and the category as the biller gave them', async () => {
    const id = await invoiceId('K-2023-04-6687')
    const tenant = await account('Blerta', 'Krasniqi', '9999999998')
    await give(tenant, 'DPR-6687', { level: 'masked' })
    expect(await getInvoice(blerta, id, NOW)).toMatchObject({ nivf: null, customerCategory: null })
    await db.execute(sql`update invoices
      set nivf = 'N1', nslf = 'S1', fiscal_qr = 'https://tax.example/1', payment_reference = 'R1' where id = ${id}`)
    await db.execute(sql`update contracts set customer_category = 'Klient familjar' where code = 'DPR-6687'`)
    const given = { paymentReference: 'R1', customerCategory: 'Klient familjar' }
    const codes = { nivf: 'N1', nslf: 'S1', fiscalQr: 'https://tax.example/1' }
    expect(await getInvoice(blerta, id, NOW)).toMatchObject({ ...given, ...codes })
    // At the tax authority they lead to the holder.
    const none = { nivf: null, nslf: null, fiscalQr: null }
    expect(await getInvoice(tenant, id, NOW)).toMatchObject({ ...given, ...none })
  })

  it('says where a transfer goes where its biller’s account is set', async () => {
    const transfer = { beneficiary: 'Furnizuesi', iban: 'XK139999000123456789' }
    expect(await getInvoice(blerta, await invoiceId('K-2023-04-6687'), NOW)).toMatchObject({ transfer })
    expect(await getInvoice(arben, await invoiceId('202401001'), NOW)).toMatchObject({ transfer: null })
  })

  it('is not found for strangers, at level amounts, and where the holder refused', async () => {
    const id = await invoiceId('K-2023-04-6687')
    const visitor = await account('Some', 'Visitor', 'visitor')
    const refused = await account('Refused', 'Person', 'refused')
    await give(visitor, 'DPR-6687', { level: 'amounts' })
    await give(refused, 'DPR-6687', { level: 'masked', holderDecision: 'refused' })
    for (const who of [stranger, arben, visitor, refused]) {
      expect(await getInvoice(who, id, NOW)).toBeNull()
      expect(await getHistory(who, 'kesco', 'DPR-6687', NOW)).toBeNull()
    }
    expect(await listUnpaidInvoices(visitor, 'all', NOW)).toHaveLength(1)
    expect(await listUnpaidInvoices(refused, 'all', NOW)).toEqual([])
    expect(await getInvoice(blerta, 999_999_999, NOW)).toBeNull()
  })
})

describe('unpaid invoices', () => {
  it('are those the samples leave open, with what is due today', async () => {
    expect(await listUnpaidInvoices(arben, 'all', NOW)).toMatchObject([
      {
        number: '202401001',
        overdue: true,
        principal: 45600,
        tvTax: 10000,
        interest: 45418,
        total: 101018,
        underWay: null,
        contract: { code: 'AL0000001', billerCode: 'oshee', currency: 'ALL', level: 'holder' },
      },
    ])
    expect(await listUnpaidInvoices(stranger, 'all', NOW)).toEqual([])
  })

  it('of every contract add up to what the feed leaves unpaid', async () => {
    const reader = await account('Reader', 'OfUnpaid', 'reader-unpaid')
    const expected: string[] = []
    for (const biller of ['oshee', 'kesco'] as const) {
      const { invoices, payments } = sampleRows(biller)
      const paid = new Set(payments.map(row => row.invoice_number))
      expected.push(...invoices.filter(row => !paid.has(row.number!)).map(row => String(row.number)))
      for (const code of new Set(invoices.map(row => row.contract_code))) {
        await give(reader, String(code), { level: 'masked' })
      }
    }
    const listed = await listUnpaidInvoices(reader, 'all', NOW)
    expect(listed.map(invoice => invoice.number).sort()).toEqual(expected.sort())
    for (const invoice of listed)
      expect(invoice.total).toBe(invoice.principal + invoice.tvTax + invoice.interest)
    const one = listed[0]!.contract.id
    expect(await listUnpaidInvoices(reader, [one], NOW)).toEqual(
      listed.filter(({ contract }) => contract.id === one),
    )
  })

  it('say where a payment is under way', async () => {
    const id = await invoiceId('K-2023-04-6687')
    const [unpaid] = await listUnpaidInvoices(blerta, 'all', NOW)
    const [attempt] = await db
      .insert(paymentAttempts)
      .values({
        number: 'T-1',
        accountId: blerta.id,
        billerId: 2,
        gateway: 'sandbox',
        live: true,
        amount: 5409,
        currency: 'EUR',
        startedOn: '2026-11-21',
        idempotencyKey: crypto.randomUUID(),
      })
      .returning({ id: paymentAttempts.id })
    await db.insert(paymentAttemptInvoices).values({
      ...{ attemptId: attempt!.id, invoiceId: id, contractId: unpaid!.contract.id, live: true },
      ...{ interest: 0, principal: 5409, tvTax: 0 },
    })
    expect(await listUnpaidInvoices(blerta, 'all', NOW)).toMatchObject([
      { id, underWay: { attemptId: attempt!.id } },
    ])
    expect(await getInvoice(blerta, id, NOW)).toMatchObject({ underWay: { attemptId: attempt!.id } })
    // Whose payment it is, nobody else is told.
    const other = await account('Some', 'Payer', 'payer')
    await give(other, 'DPR-6687', { level: 'masked' })
    expect(await listUnpaidInvoices(other, 'all', NOW)).toMatchObject([{ id, underWay: { attemptId: null } }])
    expect(await getInvoice(other, id, NOW)).toMatchObject({ underWay: { attemptId: null } })
    // Nor does it matter whose the invoice was when it began.
    const formerId = (await listContracts(arben))[0]!.id
    await db.update(paymentAttemptInvoices).set({ contractId: formerId })
    await db.update(invoices).set({ correctedAt: NOW }).where(eq(invoices.id, id))
    expect(await listUnpaidInvoices(blerta, 'all', NOW)).toMatchObject([
      { id, underWay: { attemptId: attempt!.id } },
    ])
    await db
      .update(paymentAttempts)
      .set({ state: 'cancelled', live: false })
      .where(eq(paymentAttempts.id, attempt!.id))
    expect(await listUnpaidInvoices(blerta, 'all', NOW)).toMatchObject([{ id, underWay: null }])
  })
})

describe('beside an invoice', () => {
  const beside = async (who: { id: string }, number: string) => {
    const invoice = (await getInvoice(arben, await invoiceId(number), NOW))!
    return getInvoiceNeighbours(who, invoice, NOW)
  }

  it('stand why it is so much, the year, and what else is overdue', async () => {
    const invoice = (await getInvoice(arben, await invoiceId('202401001'), NOW))!
    const query = vi.spyOn(db.$client, 'query')
    const { why, overdue, consumption } = await getInvoiceNeighbours(arben, invoice, NOW)
    expect(query).toHaveBeenCalledTimes(1)
    query.mockRestore()
    expect(why).toMatchObject({
      now: { units: 30, total: 55600 },
      before: { period: '2023-12-01', units: 0, total: 21400 },
      to: await invoiceId('202312001'),
    })
    expect(why!.parts.filter(({ amount }) => amount !== 0)).toMatchObject([
      { about: 'usage', perDay: true, before: 0, amount: 28500 },
      { about: 'vat', percent: '20', amount: 5700 },
    ])
    expect(overdue).toEqual([])
    expect(consumption!.months.map(({ units }) => units).slice(-2)).toEqual([0, 30])
    expect((await beside(arben, '202312001')).overdue).toEqual([
      { id: await invoiceId('202401001'), period: '2024-01-01', due: 55600 + 45418 },
    ])
  })

  it('stands nothing for whom it is not', async () =>
    expect(await beside(stranger, '202401001')).toEqual({
      consumption: null,
      why: null,
      overdue: [],
    }))
})

describe('the statement of a year', () => {
  const statementOf = (year: number, at = NOW) => getYearStatement(arben, 'oshee', 'AL0000001', year, at)

  it('states each invoice as the feed has it, and as it stood at the end of the year', async () => {
    const feed = sampleRows('oshee')
    const statement = (await statementOf(2023))!
    const rows = feed.invoices.filter(
      row => row.contract_code === 'AL0000001' && String(row.period).startsWith('2023'),
    )
    expect(statement.invoices.map(({ number }) => number)).toEqual(rows.map(row => row.number).sort())
    for (const invoice of statement.invoices) {
      const row = rows.find(one => one.number === invoice.number)!
      expect([invoice.principal, invoice.tvTax, invoice.total].map(plainAmount)).toEqual([
        ...[row.principal, row.tv_tax, row.total],
      ])
      const lines = feed.invoice_lines!.filter(
        line => line.invoice_number === invoice.number && line.code !== 'TV',
      )
      expect(invoice.net).toBe(
        sumOf(
          lines.map(line => ({ amount: minor(line.amount) })),
          'amount',
        ),
      )
      expect(invoice.net! + invoice.vat!).toBe(invoice.principal)
      // What was issued in the new year was not owed yet.
      if (row.issued_on! > '2023-12-31') expect(invoice.left).toBeNull()
      else expect(invoice.total + invoice.interest - invoice.paid).toBe(invoice.left)
      const paid = feed.payments.filter(
        payment => payment.invoice_number === invoice.number && payment.paid_on! <= '2023-12-31',
      )
      expect(invoice.paid).toBe(
        sumOf(
          paid.map(payment => ({ amount: minor(payment.amount) })),
          'amount',
        ),
      )
    }
    expect(statementSums(statement.invoices)).toMatchObject({
      total: sumOf(statement.invoices, 'total'),
      units: 47,
    })
  })

  it('of a year that is not over is as of today, with the interest of today', async () => {
    const at = new Date('2024-04-10T10:00:00Z')
    const { on, invoices, earlier } = (await statementOf(2024, at))!
    const id = await invoiceId('202401001')
    const { due } = (await getInvoice(arben, id, at))!
    expect(on).toBe('2024-04-10')
    expect(due.interest).toBeGreaterThan(0)
    expect(invoices).toMatchObject([{ id, left: due.total, interest: due.interest, paid: 0 }])
    expect(earlier.left).toBe(0)
  })

  it('goes on where that of the year before ended', async () => {
    const contract = await makeContract(db, { billerId: 1, code: 'AL0000078' })
    await giveAccess(db, arben, contract, { level: 'masked' })
    const bill = (period: string, issuedOn: string, dueOn: string) => ({
      ...{ period, issuedOn, dueOn, number: `AL78-${period}`, principal: 500_000, units: '100' },
    })
    await makeInvoices(db, contract, [
      bill('2025-09-01', '2025-10-03', '2025-10-31'),
      bill('2025-10-01', '2025-11-03', '2025-11-30'),
      bill('2025-12-01', '2026-01-03', '2026-01-31'),
      bill('2026-01-01', '2026-02-03', '2026-02-28'),
    ])
    await makePayment(db, contract, { amount: 800_000, paidOn: '2026-03-02' })
    await db.transaction(tx => replayContract(tx, contract.id))
    const of = async (year: number) => (await getYearStatement(arben, 'oshee', 'AL0000078', year, NOW))!
    const [last, next] = [await of(2025), await of(2026)]
    expect(last.earlier).toEqual({ before: 0, issued: 0, interest: 0, paid: 0, left: 0 })
    const { before, issued, interest, paid, left } = next.earlier
    expect(before).toBe(statementSums(last.invoices).left)
    expect(before).toBeGreaterThan(1_000_000)
    expect(issued).toBe(500_000)
    expect(paid).toBe(800_000)
    expect(interest).toBeGreaterThan(0)
    expect(before + issued + interest - paid).toBe(left)
  })

  it('is masked for whom the holder is, and not there for whom the invoices are not, or without any', async () => {
    const flatmate = await account('Flat', 'Share', 'flatshare')
    await give(flatmate, 'AL0000001', { level: 'masked' })
    const of = (who: { id: string }, year: number) => getYearStatement(who, 'oshee', 'AL0000001', year, NOW)
    expect(await of(flatmate, 2023)).toMatchObject({ level: 'masked', holder: { name: '**', address: '**' } })
    expect(await of(arben, 2019)).toBeNull()
    expect(await of(stranger, 2023)).toBeNull()
    const payer = await account('Only', 'Pays', 'onlypays')
    await give(payer, 'AL0000001')
    expect(await of(payer, 2023)).toBeNull()
  })

  it('knows of each invoice what the ledger knows today', async () => {
    const { rows } = await db.execute<{ id: number; terms: never[] }>(
      sql`select c.id::int, (select terms from ${interestOf(sql`c.biller_id`)}) as terms from contracts c`,
    )
    for (const { id, terms } of rows) {
      const [balances] = await balancesOn(db, id, terms, ['2026-11-21'])
      for (const [invoice, balance] of balances!) {
        const [stored] = await db.select(balanceColumns).from(invoices).where(eq(invoices.id, invoice))
        expect(balance).toMatchObject(stored!)
      }
    }
  })
})

describe('history', () => {
  it('shows the twelve months that end with the latest invoice, missing ones too, and their payments', async () => {
    const query = vi.spyOn(db.$client, 'query')
    const history = (await getHistory(arben, 'oshee', 'AL0000001', NOW))!
    expect(query).toHaveBeenCalledTimes(2)
    query.mockRestore()
    expect(
      history.months.map(month => [month.period, ...month.invoices.map(invoice => invoice.number)]),
    ).toEqual([
      ['2024-01-01', '202401001'],
      ['2023-12-01', '202312001'],
      ['2023-11-01', '202311001'],
      ['2023-10-01', '202310001'],
      ['2023-09-01', '202309001'],
      ['2023-08-01'],
      ['2023-07-01', '202307001'],
      ['2023-06-01'],
      ['2023-05-01'],
      ['2023-04-01'],
      ['2023-03-01'],
      ['2023-02-01'],
    ])
    expect(history.from).toBe('2023-02-01')
    const states = ({ months }: History) => months.flatMap(month => month.invoices.map(({ state }) => state))
    expect(states(history)).toEqual(['overdue', 'paid', 'paid', 'paid', 'paid', 'paid'])
    const beforeDue = (await getHistory(arben, 'oshee', 'AL0000001', new Date('2024-02-29T12:00:00Z')))!
    expect(states(beforeDue)[0]).toBe('unpaid')
    // What is due of each today: interest runs on the one that is late.
    const due = history.months.flatMap(({ invoices }) => invoices.map(invoice => invoice.due))
    expect(due).toEqual([55600 + 45418, 0, 0, 0, 0, 0])
    expect(history).toMatchObject({
      today: '2026-11-21',
      level: 'holder',
      holder: { name: 'Arben Hoxha', address: 'Bulevardi Gjergj Fishta 12' },
    })
    const { months, before } = history.consumption!
    const months2023 = [null, null, null, null, null, 0, null, 47, 0, 0, 0, 30]
    expect(months.map(({ units }) => units)).toEqual(months2023)
    expect(before).toHaveLength(12)
    expect(before.at(-1)!.period).toBe('2023-01-01')
    expect(history.payments).toHaveLength(5)
    expect(history.payments[0]).toMatchObject({
      paidOn: '2024-01-30',
      amount: 21400,
      method: 'CASH',
      source: 'KANALE MM-EASYPAY',
      invoiceNumber: '202312001',
      reversedOn: null,
      unassigned: false,
      surplus: 0,
      attemptId: null,
    })
    expect(sumOf(history.payments, 'amount')).toBe(21400 * 4 + 74980)
  })

  it('shows two invoices of a month, and what became of payments', async () => {
    const invoice = sampleRows('oshee').invoices[0]!
    const payment = { ...sampleRows('oshee').payments[0]!, contract_code: 'AL0000002', amount: '10.00' }
    const folder = feedFolder({
      invoices: [
        { ...invoice, contract_code: 'AL0000002', number: 'N-1', period: '2023-06', issued_on: '2023-07-02' },
        {
          ...invoice,
          contract_code: 'AL0000002',
          number: 'N-2',
          period: '2023-06',
          issued_on: '2023-07-03',
          cancelled_on: '2023-07-05',
        },
      ],
      payments: [
        { ...payment, reference: 'P-1', paid_on: '2025-01-01', invoice_number: 'N-9' },
        {
          ...payment,
          reference: 'P-2',
          paid_on: '2025-01-02',
          invoice_number: 'N-1',
          reversed_on: '2025-01-03',
        },
        { ...payment, reference: 'P-3', paid_on: '2025-01-03', invoice_number: 'N-1', amount: '9999.00' },
      ],
    })
    await loadFeed({ biller: 'oshee', folder })
    const { months, payments: received } = (await getHistory(arben, 'oshee', 'AL0000002', NOW))!
    expect(months[0]!.invoices.map(({ number, state }) => [number, state])).toEqual([
      ['N-2', 'cancelled'],
      ['N-1', 'paid'],
      ['202306002', 'paid'],
    ])
    const { due, paid } = (await getInvoice(arben, await invoiceId('N-1'), NOW))!
    expect(due.total).toBe(0)
    expect(received.slice(0, 3)).toMatchObject([
      { amount: 999900, surplus: 999900 - paid, unassigned: false, reversedOn: null },
      { amount: 1000, surplus: 0, unassigned: false, reversedOn: '2025-01-03' },
      { amount: 1000, surplus: 0, unassigned: true, reversedOn: null, invoiceNumber: 'N-9' },
    ])
    expect(await getInvoice(arben, await invoiceId('N-2'), NOW)).toMatchObject({
      cancelledOn: '2023-07-05',
      due: { principal: 0, tvTax: 0, interest: 0, total: 0 },
    })
  })

  it('names the portal as the source of its own payments, and leads whoever paid to the receipt', async () => {
    const [attempt] = await db
      .insert(paymentAttempts)
      .values({
        number: 'T-2',
        accountId: blerta.id,
        billerId: 2,
        gateway: 'sandbox',
        live: false,
        amount: 100,
        currency: 'EUR',
        state: 'captured',
        startedOn: '2026-11-20',
        idempotencyKey: crypto.randomUUID(),
      })
      .returning()
    const { id } = attempt!
    const contractId = (await listUnpaidInvoices(blerta, 'all', NOW))[0]!.contract.id
    await makePayment(
      db,
      { id: contractId, billerId: 2 },
      {
        reference: 'T-2',
        paidOn: '2026-11-20',
        amount: 100,
        method: 'CARD',
        source: 'sandbox',
        attemptId: id,
        transactionId: 'S-1',
      },
    )
    const flatmate = await account('Flat', 'Mate', 'flatmate')
    await give(flatmate, 'DPR-6687', { level: 'masked' })
    const latest = async (who: { id: string }) =>
      (await getHistory(who, 'kesco', 'DPR-6687', NOW))!.payments[0]
    expect(await latest(blerta)).toMatchObject({ source: null, attemptId: id, amount: 100, surplus: 100 })
    expect(await latest(flatmate)).toMatchObject({ source: null, attemptId: null })
    expect(await getHistory(flatmate, 'kesco', 'DPR-6687', NOW)).toMatchObject({
      level: 'masked',
      holder: { name: '**', address: '**' },
    })
  })

  it('covers the months asked for, with what was paid in them, as far as there are any', async () => {
    const of = async (from: string, to: string) =>
      (await getHistory(arben, 'oshee', 'AL0000001', NOW, { from, to }))!
    const year = await of('2023-01-01', '2023-12-01')
    expect(year).toMatchObject({ from: '2023-07-01', until: '2023-12-31', span: { to: '2024-01-01' } })
    expect(year.months.map(({ period }) => period.slice(5, 7))).toEqual(['12', '11', '10', '09', '08', '07'])
    expect(year.payments.every(({ paidOn }) => paidOn >= '2023-07-01' && paidOn <= '2023-12-31')).toBe(true)
    expect(year.years.slice(0, 2)).toEqual([2024, 2023])
    const billed = year.months.flatMap(({ invoices }) => invoices)
    const charted = year.billed!.months.flatMap(({ units }) => units ?? [])
    expect(charted.reduce((sum, minor) => sum + minor, 0)).toBe(sumOf(billed, 'total'))
    expect(await of('2001-01-01', '2002-01-01')).toMatchObject({ months: [], billed: null, payments: [] })
    // What is asked for beyond is not missing: there is none.
    const all = await of('1999-01-01', '2040-01-01')
    expect([all.months.at(-1)!.period, all.months[0]!.period]).toEqual([all.span!.from, all.span!.to])
    expect(all.until).toBeNull()
  })

  it.each([
    ['sq', ';', ','],
    ['en', ',', '.'],
    ['sr', ';', ','],
  ] as const)('is a file of the same figures for spreadsheets, in %s', async (locale, separator, decimal) => {
    const history = (await getHistory(arben, 'oshee', 'AL0000001', NOW))!
    const lines = historyCsv(history, 'https://drita.example', locale)
    const [latest] = history.months[0]!.invoices
    const amounts = ['556.00', '1010.18'].map(amount => amount.replace('.', decimal))
    expect(lines[1]!.split(separator)).toEqual([
      ...['2024-01', '202401001', '2024-01-31', latest!.dueOn],
      ...[String(Number(latest!.units)), { sq: 'e lexuar', en: 'read', sr: 'očitano' }[locale], ...amounts],
      invoiceStatus(latest!, history.today, locale).children,
      ...['', `https://drita.example/invoices/${latest!.id}`],
    ])
    const empty = lines.indexOf('')
    expect(lines.slice(empty + 2)).toHaveLength(history.payments.length)
    expect(lines[empty + 2]).toContain(['2024-01-30', `214${decimal}00`].join(separator))
    for (const cell of lines.flatMap(line => line.split(separator))) expect(cell).not.toMatch(/^[=+@\t-]/)
  })

  it('is of months that have come, whatever an invoice is for; one of months to come stands alone', async () => {
    const contract = await makeContract(db, { billerId: 1, code: 'AL0000077' })
    await giveAccess(db, arben, contract, { level: 'masked' })
    const bills = (...periods: string[]) =>
      periods.map(period => ({
        ...{ period, number: `AL77-${period}`, principal: 1000, units: '100' },
        ...{ issuedOn: '2026-11-02', dueOn: '2026-12-31' },
      }))
    const shown = async (asked = {}) => {
      const { months, ...history } = (await getHistory(arben, 'oshee', 'AL0000077', NOW, asked))!
      return { ...history, months: months.map(({ period, invoices }) => [period, invoices.length]) }
    }
    await makeInvoices(db, contract, bills('2027-11-01'))
    expect(await shown()).toMatchObject({
      months: [['2027-11-01', 1]],
      from: '2025-12-01',
      consumption: null,
    })

    await makeInvoices(db, contract, bills('2026-08-01', '2026-10-01'))
    const latest = await shown()
    expect(latest).toMatchObject({ from: '2025-11-01', until: null })
    expect(latest.months.slice(0, 4)).toEqual([
      ['2026-10-01', 1],
      ['2026-09-01', 0],
      ['2026-08-01', 1],
      ['2026-07-01', 0],
    ])
    expect(latest.consumption!.months.map(({ period }) => period).at(-1)).toBe('2026-10-01')
    const all = await shown({ from: '2026-08-01', to: '2027-12-01' })
    expect(all.months).toEqual([
      ['2027-11-01', 1],
      ['2026-10-01', 1],
      ['2026-09-01', 0],
      ['2026-08-01', 1],
    ])
    expect(all.consumption!.months).toHaveLength(3)
    expect(await shown({ from: '2027-01-01' })).toMatchObject({ months: [['2027-11-01', 1]], billed: null })
  })

  it('of a contract without invoices covers twelve months up to today', async () => {
    const contract = sampleRows('oshee').contracts[0]!
    const folder = feedFolder({ contracts: [{ ...contract, code: 'AL0000009' }] })
    await loadFeed({ biller: 'oshee', folder })
    await give(arben, 'AL0000009')
    expect(await getHistory(arben, 'oshee', 'AL0000009', NOW)).toMatchObject({
      months: [],
      from: '2025-12-01',
      payments: [],
    })
  })
})

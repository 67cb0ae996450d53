// The list of all unpaid invoices: what stands in it, made at once or by a job, and what is counted for other days.
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { accounts } from '../../db/schema/accounts.ts'
import { messages, notices } from '../../db/schema/notifications.ts'
import { unpaidLists } from '../../db/schema/unpaid.ts'
import { listDebts, listUnpaidInvoices } from '../../lib/billing/queries.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { clock } from '../../lib/platform/clock.ts'
import { limits } from '../../lib/platform/limits.ts'
import { owedOn, perDayOn } from '../../lib/unpaid/clock-rules.ts'
import { askForList, eraseOldLists, getList, makeList, openList } from '../../lib/unpaid/lists.ts'
import { taskList } from '../../lib/worker/handlers.ts'
import { testDatabase } from '../support/database.ts'
import { runDueJobs } from '../support/jobs.ts'
import { begin, formOf, makePayable } from '../support/payments.ts'
import { expectLaidOut, pagesOf, textOf } from '../support/pdf.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices } from '../support/people.ts'

process.env.UNPAID_LIST_AT_ONCE = '12'
const db = await testDatabase()
const now = new Date('2024-03-10T10:00:00Z')
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)

type Account = typeof accounts.$inferSelect
let customer: Account

beforeEach(async () => {
  customer = await makeAccount(db)
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** A contract of OSHEE with so many unpaid invoices, of months before 2024. */
async function makeDebtor(count: number, account = customer): Promise<void> {
  const contract = await makeContract(db, { billerId: 1, holder: account })
  await giveAccess(db, account, contract)
  const bills = Array.from({ length: count }, (_, index) => ({ principal: 10_000 + index, tvTax: 10_000 }))
  await makeInvoices(db, contract, bills)
}

async function fileOf(format: 'pdf' | 'csv', locale: 'sq' | 'en' | 'sr' = 'sq'): Promise<Buffer> {
  const asked = await askForList(customer, { format, locale }, now)
  if (!asked || !('file' in asked)) throw new Error('It was not made at once.')
  return asked.file
}

async function listOf(
  format: 'pdf' | 'csv',
  at = now,
  locale: 'sq' | 'en' = 'sq',
  anew = false,
): Promise<string> {
  const asked = await askForList(customer, { format, locale, anew }, at)
  if (!asked || !('listId' in asked)) throw new Error('It was made at once.')
  return asked.listId
}

describe('a short list', () => {
  it('is a table for Albanian and Serbian settings, without formulas and with every leading zero', async () => {
    const own = await makeContract(db, { billerId: 1, holder: customer, code: '0001234567' })
    await giveAccess(db, customer, own, { alias: '=SUM(1;2)' })
    await makeInvoices(db, own, [
      { principal: 123_456, tvTax: 10_000, number: '000071', period: '2023-12-01', dueOn: '2024-01-31' },
    ])
    const others = await makeContract(db, { billerId: 2 })
    await giveAccess(db, customer, others)
    await makeInvoices(db, others, [{ principal: 4_608, dueOn: '2024-03-31' }])
    const lines = (await fileOf('csv')).toString().split('\r\n')
    expect(lines[0]).toBe(
      '\ufeffKompania;Kodi i klientit;Kontrata;Numri i faturës;Muaji;Afati i pagesës;Principali;Taksa e TV-së;Kamatëvonesa deri sot;Total Debie;Po paguhet;Mbetet;Monedha;Statusi',
    )
    expect(lines[1]).toBe(
      `OSHEE;"\t0001234567";"'=SUM(1;2)";"\t000071";2023-12;2024-01-31;1234,56;100,00;48,15;1382,71;;;ALL;39 ditë vonë`,
    )
    expect(lines[2]).toMatch(
      /^KESCO;DPR-\d+;[^;]+;\*\*;2023-12;2024-03-31;46,08;0,00;0,00;46,08;;;EUR;edhe 21 ditë$/,
    )
    expect(lines.slice(3)).toEqual([
      'Për t’u paguar;;;;;;1234,56;100,00;48,15;1382,71;;;ALL;',
      'Për t’u paguar;;;;;;46,08;0,00;0,00;46,08;;;EUR;',
      '',
    ])
    const english = (await fileOf('csv', 'en')).toString().split('\r\n')
    expect(english[1]).toContain(',2024-01-31,1234.56,100.00,48.15,1382.71,,,ALL,')
  })

  it('is a document with whole rows and one total, which leaves out what is being paid', async () => {
    const contract = await makePayable(db, [100_000, 200_000])
    await giveAccess(db, customer, contract)
    await begin(db, customer, contract, new Date('2024-01-20T10:00:00Z'), [contract.invoiceIds[1]!])
    const pdf = await fileOf('pdf', 'en')
    expectLaidOut(pdf)
    const text = textOf(pdf)
    // 39 days of 1.00 a day on the first.
    expect(text).toContain('1,000.00 100.00 39.00 1,139.00')
    expect(text.match(/1,139\.00 lek/g)).toHaveLength(1)
    expect(text).toContain('* This invoice is being paid')
    expect(text).toContain('**')
    const [, paid, being, total] = (await fileOf('csv', 'en')).toString().split('\r\n')
    expect(paid).toContain(',1000.00,100.00,39.00,1139.00,,,ALL,39 days late')
    expect(being).toMatch(/,,,,,2178.00,,ALL,waiting for the bank$/)
    expect(total).toBe('To pay,,,,,,1000.00,100.00,39.00,1139.00,,,ALL,')
  })

  it('says what of an invoice is being paid, and what that leaves', async () => {
    const contract = await makePayable(db, [100_000])
    await giveAccess(db, customer, contract)
    const form = { ...formOf({ [contract.invoiceIds[0]!]: 110_000 }), amount: 40_000 }
    const begun = await beginAttempt(customer, contract, form, new Date('2024-01-20T10:00:00Z'))
    expect(begun.ok).toBe(true)
    expect(textOf(await fileOf('pdf', 'en'))).toContain('400.00 lek is being paid, 739.00 lek is left')
    const [, being, total] = (await fileOf('csv', 'en')).toString().split('\r\n')
    expect(being).toMatch(/,,,,,400.00,739.00,ALL,part waiting for the bank$/)
    expect(total).toBe('To pay,,,,,,0.00,0.00,0.00,0.00,,,ALL,')
  })

  it('is in the order of its page, and breaks no code', async () => {
    const newest = await makeContract(db, { billerId: 1, holder: customer, code: 'TR010120033044' })
    await giveAccess(db, customer, newest, { addedAt: now })
    await makeInvoices(db, newest, [
      { principal: 1_236_500, tvTax: 10_000, dueOn: '2024-02-29', number: '20230800123' },
    ])
    const oldest = await makeContract(db, { billerId: 1, holder: customer, code: 'TR010120033055' })
    await giveAccess(db, customer, oldest, { addedAt: minutes(-1) })
    await makeInvoices(db, oldest, [
      { principal: 1_236_500, tvTax: 10_000, dueOn: '2023-10-31', number: '20230800124' },
      { principal: 1_236_500, tvTax: 10_000, dueOn: '2024-01-31', number: '20230800125' },
    ])
    for (const locale of ['sq', 'en', 'sr'] as const) {
      const pdf = await fileOf('pdf', locale)
      expectLaidOut(pdf)
      const text = textOf(pdf)
      expect(text.match(/20230800\d+/g)).toEqual(['20230800124', '20230800125', '20230800123'])
      expect(text.match(/TR0101200330\d\d\b/g)).toHaveLength(3)
    }
  })

  it('says that there is none', async () => {
    expect(textOf(await fileOf('pdf', 'en'))).toContain('There are no unpaid invoices.')
    expect((await fileOf('csv', 'en')).toString().split('\r\n')).toHaveLength(2)
  })
})

describe('a long list', () => {
  it('is made once by a job, however often it is wished for and the job is taken, and told once', async () => {
    await makeDebtor(60)
    const [first, second] = await Promise.all([listOf('pdf'), listOf('pdf')])
    expect(second).toBe(first)
    expect(await getList(customer, first, now)).toMatchObject({ state: 'making', written: 0, invoices: 60 })
    expect(await openList(customer, first, now)).toBeUndefined()
    await Promise.all([
      makeList({ listId: first }, { database: db }),
      makeList({ listId: first }, { database: db }),
    ])
    await runDueJobs({ 'make-unpaid-list': taskList()['make-unpaid-list']! })
    const told = await db.select().from(notices).where(eq(notices.accountId, customer.id))
    expect(told).toMatchObject([
      { kind: 'unpaid-list-ready', values: { path: `/invoices/unpaid/list/${first}` } },
    ])
    expect(await db.select().from(messages).where(eq(messages.accountId, customer.id))).toHaveLength(1)
    const { file } = (await openList(customer, first, now))!
    expectLaidOut(file)
    expect(pagesOf(file)).toBe(3)
    expect(textOf(file).match(/Për t’u paguar/g)).toHaveLength(1)
  })

  it('is made anew once it is no longer true, in another language, or where that is wished for', async () => {
    const contract = await makePayable(
      db,
      Array.from({ length: 13 }, () => 20_000),
    )
    await giveAccess(db, customer, contract)
    vi.spyOn(clock, 'now').mockReturnValue(now)
    let asked = 0
    const made = async (anew?: boolean, locale: 'sq' | 'en' = 'sq') => {
      asked += 1
      const listId = await listOf('csv', minutes(asked), locale, anew)
      await makeList({ listId }, { database: db })
      return listId
    }
    const first = await made()
    expect(await made()).toBe(first)
    expect(await listOf('pdf')).not.toBe(first)
    await begin(db, customer, contract, new Date('2024-01-20T10:00:00Z'), [contract.invoiceIds[0]!])
    const paying = await made()
    expect(paying).not.toBe(first)
    expect(await made()).toBe(paying)
    const lists = new Set([first, paying, await made(false, 'en'), await made(true)])
    expect(lists.size).toBe(4)
    // Each was promised for a day.
    for (const listId of lists) expect(await openList(customer, listId, minutes(24 * 60 - 1))).toBeDefined()
  })

  it('is made so many times a day at most', async () => {
    await makeDebtor(13)
    const most = limits.unpaidLists().points
    const made: string[] = []
    for (let count = 0; count < most; count++) {
      made.push(await listOf('csv', minutes(count), 'sq', true))
      await makeList({ listId: made.at(-1)! }, { database: db })
    }
    expect(new Set(made).size).toBe(most)
    const asked = await askForList(customer, { format: 'csv', locale: 'sq', anew: true }, minutes(most))
    expect(asked).toEqual({ listId: made.at(-1), isLimited: true })
    expect(await db.$count(unpaidLists, eq(unpaidLists.accountId, customer.id))).toBe(most)
    expect(made).not.toContain(await listOf('csv', minutes(24 * 60), 'sq', true))
  })

  it('says that it will not be made once its job is given up, and can be asked for again', async () => {
    await makeDebtor(13)
    const listId = await listOf('csv')
    const broken = new Proxy(db, {
      get: (of, name) => {
        if (name === 'transaction') throw new Error('There is no room.')
        return Reflect.get(of, name)
      },
    })
    await expect(makeList({ listId }, { database: broken, isLastTry: false })).rejects.toThrow('no room')
    expect(await getList(customer, listId, now)).toMatchObject({ state: 'making' })
    await expect(makeList({ listId }, { database: broken, isLastTry: true })).rejects.toThrow('no room')
    expect(await getList(customer, listId, now)).toMatchObject({ state: 'failed' })
    expect(await listOf('csv')).not.toBe(listId)
  })

  it('says how far it is, and goes on where its job was taken for dead', async () => {
    await makeDebtor(13)
    const listId = await listOf('csv')
    expect(await listOf('csv', minutes(14))).toBe(listId)
    expect(await getList(customer, listId, minutes(16))).toMatchObject({ state: 'silent' })
    const next = await listOf('csv', minutes(16))
    expect(next).not.toBe(listId)
    expect(await getList(customer, listId, minutes(16))).toBeUndefined()
    await makeList({ listId }, { database: db })
    await makeList({ listId: next }, { database: db })
    const { file, format } = (await openList(customer, next, minutes(20)))!
    expect([format, file.toString().split('\r\n').length]).toEqual(['csv', 1 + 13 + 1 + 1])
  })

  it('tells how many rows are written while it is made', async () => {
    await makeDebtor(210)
    const listId = await listOf('csv')
    const seen: number[] = []
    const watched = new Proxy(db, {
      get: (of, name) => {
        if (name === 'update') seen.push(1)
        return Reflect.get(of, name)
      },
    })
    await makeList({ listId }, { database: watched })
    expect(seen).toHaveLength(1)
    expect(await getList(customer, listId, now)).toMatchObject({ state: 'ready', written: 210 })
  })

  it('is the customer’s alone, for a day', async () => {
    await makeDebtor(13)
    const listId = await listOf('csv')
    await makeList({ listId }, { database: db })
    const stranger = await makeAccount(db)
    expect(await getList(stranger, listId, now)).toBeUndefined()
    expect(await openList(stranger, listId, now)).toBeUndefined()
    expect(await openList(customer, listId, minutes(24 * 60 - 1))).toBeDefined()
    expect(await openList(customer, listId, minutes(24 * 60))).toBeUndefined()
    await eraseOldLists(db, minutes(24 * 60 - 1))
    expect(await db.$count(unpaidLists, eq(unpaidLists.id, listId))).toBe(1)
    await eraseOldLists(db, minutes(24 * 60))
    expect(await db.$count(unpaidLists, eq(unpaidLists.id, listId))).toBe(0)
  })
})

describe('what is counted for other days', () => {
  it('is what the pages to pay say of today, and the customer’s own day for paying', async () => {
    const contract = await makePayable(db, [45_600, 21_400])
    await giveAccess(db, customer, contract)
    await db.update(accounts).set({ statementDay: 15 }).where(eq(accounts.id, customer.id))
    const { debts, payday } = await listDebts(customer, now)
    expect(payday).toBe(15)
    const unpaid = await listUnpaidInvoices(customer, 'all', now)
    expect(debts.map(({ counted, place, ...debt }) => debt)).toEqual(unpaid)
    const page = (await getPayableContract(customer, 'oshee', contract.contractCode, now))!
    expect(debts.map(debt => owedOn(debt, debt.today))).toEqual(page.invoices.map(({ total }) => total))
    expect(debts.reduce((sum, debt) => sum + perDayOn(debt, debt.today), 0)).toBe(page.perDay)
    const stranger = await makeAccount(db)
    expect(await listDebts(stranger, now)).toEqual({ debts: [], payday: null })
  })
})

// An account of 500 contracts beside many other people: its pages ask few questions, and each on an index.
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { openStatementLog, type Plan, type StatementLog } from '../../bin/bench/statement-log.ts'
import type { accounts } from '../../db/schema/accounts.ts'
import { getHistory } from '../../lib/billing/history-queries.ts'
import { listHomeContracts } from '../../lib/billing/home-queries.ts'
import { listUnpaidInvoices } from '../../lib/billing/queries.ts'
import { getYearStatement } from '../../lib/billing/year-statement-queries.ts'
import { listCertifiable, withDebts } from '../../lib/cases/own-certificates.ts'
import { listContracts } from '../../lib/contracts/queries.ts'
import { CONTRACTS_PAGE, pageOf } from '../../lib/contracts/search.ts'
import { listOwnContracts } from '../../lib/estimator/queries.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount } from '../support/people.ts'

let log: StatementLog
const db = await testDatabase(async url => {
  log = await openStatementLog(url)
  return log.url
})
const now = new Date('2026-11-24T10:00:00Z')
const COUNT = 500
/** Contracts of others, each with an invoice and a payment. */
const OTHERS = 12_000

/** A contract of this account with an invoice and a payment in each month of ten years. */
const TEN = {
  biller: 'kesco',
  code: 'MANY-00001',
  months: { from: '2016-11-01', to: '2026-10-01' },
}

let owner: typeof accounts.$inferSelect

beforeAll(async () => {
  owner = await makeAccount(db)
  // Of all billers in turn, a third with an alias; each has two invoices, one of them unpaid at every second.
  await db.execute(sql`with added as (
      insert into contracts (biller_id, code, category, holder_first_name, holder_last_name, holder_name_folded,
        holder_personal_number, phone)
      select 1 + n % 6, 'MANY-' || lpad(n::text, 5, '0'), 'household', ${owner.firstName}, ${owner.lastName},
        ${owner.nameFolded}, ${owner.personalNumber}, ${owner.phone}
      from generate_series(1, ${COUNT}::int) n returning id, biller_id, code),
    given as (insert into contract_access (account_id, contract_id, alias)
      select ${owner.id}, id, case when id % 3 = 0 then 'Pika e shitjes ' || id end from added)
    insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, units, principal, tv_tax, total,
      principal_paid)
    select biller_id, id, code || '-' || month, ('2026-' || month || '-01')::date, '2026-11-03', '2026-11-30', 100, 50000, 0, 50000,
      case when month = '09' or id % 2 = 0 then 50000 else 0 end
    from added, unnest(array['09', '10']) month`)
  await db.execute(sql`with added as (
      insert into contracts (biller_id, code, category) select 1, 'OTHER-' || n, 'household'
      from generate_series(1, ${OTHERS}::int) n returning id, code),
    paid as (insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source)
      select 1, id, code, '2026-10-20', 50000, 'CASH', 'Posta' from added)
    insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, principal, tv_tax, total)
    select 1, id, code, '2026-10-01', '2026-11-03', '2026-11-30', 50000, 0, 50000 from added`)
  // Ten years of the first one, each month billed and paid.
  await db.execute(sql`with first as (select id, biller_id, code from contracts where code = 'MANY-00001'),
    billed as (insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, units, principal, tv_tax, total,
        principal_paid)
      select biller_id, id, code || '/' || n, ('2026-08-01'::date - make_interval(months => n))::date,
        ('2026-09-03'::date - make_interval(months => n))::date, ('2026-09-30'::date - make_interval(months => n))::date,
        200 + n, 210000 + n, 0, 210000 + n, 210000 + n from first, generate_series(0, 117) n)
    insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source, invoice_number)
    select biller_id, id, 'TEN-' || n, ('2026-09-20'::date - make_interval(months => n))::date, 210000 + n, 'CASH', 'Posta',
      code || '/' || n from first, generate_series(0, 117) n`)
  await db.execute(sql`analyze`)
  // Many rows, on a machine that may have other work.
}, 180_000)

/** Tables that are large here. */
const LARGE = ['contracts', 'invoices', 'payments']

function scanned(plan: Plan): string[] {
  const below = (plan.Plans ?? []).flatMap(scanned)
  const table = plan['Relation Name']
  return plan['Node Type'] === 'Seq Scan' && table && LARGE.includes(table) ? [table, ...below] : below
}

const pagesOf = (plan: Plan) => plan['Shared Hit Blocks'] + plan['Shared Read Blocks']

async function asked<Value>(query: () => Promise<Value>) {
  log.take()
  const value = await query()
  const statements = log.take()
  return { value, statements }
}

describe('500 contracts of one account', () => {
  it.each([
    ['home', () => listHomeContracts(owner, now), 1],
    ['what is unpaid', () => listUnpaidInvoices(owner, 'all', now), 1],
    ['the list', () => listContracts(owner), 1],
    ['a search', () => listContracts(owner, 'many 00042'), 1],
    ['ten years of one', () => getHistory(owner, TEN.biller, TEN.code, now, TEN.months), 2],
    ['a year’s statement of it', () => getYearStatement(owner, TEN.biller, TEN.code, 2021, now), 3],
    ['what to estimate by', () => listOwnContracts(owner), 1],
    [
      'what certificates are for',
      async () => withDebts(owner, pageOf(await listCertifiable(owner), '2').shown, now),
      2,
    ],
  ] as const)('of %s little is asked, on indexes', async (_, query, most) => {
    const { statements } = await asked(query as () => Promise<unknown>)
    expect(statements.length).toBeGreaterThan(0)
    expect(statements.length).toBeLessThanOrEqual(most)
    for (const { plan, text } of statements) {
      expect(scanned(plan), text).toEqual([])
      expect(pagesOf(plan), text).toBeLessThan(COUNT * 40)
    }
  })

  it('of which one has ten years of invoices, payments and statements, month by month', async () => {
    const history = (await getHistory(owner, TEN.biller, TEN.code, now, TEN.months))!
    expect(history.months).toHaveLength(120)
    expect(history.months.every(({ invoices }) => invoices.length > 0)).toBe(true)
    expect(history.payments).toHaveLength(118)
    expect(history.consumption).toMatchObject({ by: 'year' })
    expect(history.consumption!.months).toHaveLength(11)
    expect(history.years).toEqual(Array.from({ length: 11 }, (_, back) => 2026 - back))
    const statement = (await getYearStatement(owner, TEN.biller, TEN.code, 2021, now))!
    expect(statement.invoices).toHaveLength(12)
    // The day after the last month is no part of it.
    const year = (await getHistory(owner, TEN.biller, TEN.code, now, {
      from: '2021-01-01',
      to: '2021-12-01',
    }))!
    expect([year.months.length, year.from, year.until]).toEqual([12, '2021-01-01', '2021-12-31'])
    expect(year.payments.every(({ paidOn }) => paidOn.startsWith('2021'))).toBe(true)
  })

  it('are all there, found by a part of a code in any spelling, by alias and by company, and shown by pages', async () => {
    const all = await listContracts(owner)
    expect(all).toHaveLength(COUNT)
    for (const typed of ['many 00042', 'MANY-00042', '00042'])
      expect(
        (await listContracts(owner, typed)).map(({ code }) => code),
        typed,
      ).toEqual(['MANY-00042'])
    expect((await listContracts(owner, 'PIKA E SHITJES')).length).toBeGreaterThan(100)
    expect((await listContracts(owner, 'digitalb')).every(({ biller }) => biller.code === 'digitalb')).toBe(
      true,
    )
    const { shown, pages } = pageOf(all, '10')
    expect([shown.length, pages]).toEqual([CONTRACTS_PAGE, 10])
    expect(await listUnpaidInvoices(owner, 'all', now)).toHaveLength(COUNT / 2)
    // Of fines there are no certificates.
    expect((await listCertifiable(owner)).some(({ biller }) => biller.code === 'police-fines')).toBe(false)
  })
})

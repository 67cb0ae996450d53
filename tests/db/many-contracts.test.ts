// An account of 500 contracts beside many other people: its pages ask few questions, and each on an index. One of three contracts after
// years: none of its lists reads many pages, nor any of those of staff.
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { MONTHS_OF_THE_LOG } from '../../bin/bench/scale-data.ts'
import { openStatementLog, type Plan, pagesOf, type StatementLog } from '../../bin/bench/statement-log.ts'
import type { accounts } from '../../db/schema/accounts.ts'
import { AUDIT_PAGE, listAudit } from '../../lib/audit/queries.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { getHistory } from '../../lib/billing/history-queries.ts'
import { listHomeContracts } from '../../lib/billing/home-queries.ts'
import { listDebts, listUnpaidInvoices } from '../../lib/billing/queries.ts'
import { getYearStatement } from '../../lib/billing/year-statement-queries.ts'
import { listCertifiable, withDebts } from '../../lib/cases/own-certificates.ts'
import { countOpenCases, listCases, summariseQueue } from '../../lib/cases/queue.ts'
import { listContracts } from '../../lib/contracts/queries.ts'
import { CONTRACTS_PAGE, pageOf } from '../../lib/contracts/search.ts'
import { listOwnContracts } from '../../lib/estimator/queries.ts'
import { getStaffHome } from '../../lib/looks/staff-home.ts'
import { listNotices, NOTICES_PER_PAGE } from '../../lib/notices/queries.ts'
import { LOG_PAGE, listAccessLog } from '../../lib/own-data/access-log.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount, makeStaff } from '../support/people.ts'

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
      expect(pagesOf(plan), text).toBeLessThan(COUNT * 7)
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

/** Of each statement, as docs/performance.md has it; and for each contract more than three, where a look is one page or two. */
const MOST_PAGES = 100
const MOST_PAGES_MORE = 3
/** A month is told of at once. */
const BILLS_OF_NOTICE = 3
/** So many contracts staff opened again and again. */
const VIEWED = 15
/** Eight months fill a page, of which each is asked for what the account did, and for all that is about it. */
const PAGES_OF_LOG = 130

describe('three contracts of one account, after three years', () => {
  let reader: typeof accounts.$inferSelect
  let staff: Staff
  beforeAll(async () => {
    reader = await makeAccount(db)
    staff = await makeStaff(db, 'administrator', [1, 2])
    await db.transaction(async tx => {
      await tx.execute(sql`set local session_replication_role = replica`)
      await tx.execute(sql.raw(MONTHS_OF_THE_LOG))
      for (const statement of yearsOf(reader, staff)) await tx.execute(statement)
    })
    await db.execute(sql`vacuum analyze`)
  }, 60_000)

  const pages: Record<string, () => Promise<unknown>> = {
    'what is unpaid': () => listUnpaidInvoices(reader, 'all', now),
    'what to plan for': () => listDebts(reader, now),
    'what staff arrive at': () => getStaffHome(staff, now),
    'what staff have to decide': () => countOpenCases(staff, now),
    'the tiles of requests': () => summariseQueue(staff, 'requests', now),
    'open requests': () => listCases(staff, 'requests', 'open', undefined, now),
    'decided requests': () => listCases(staff, 'requests', 'decided', undefined, now),
  }

  it.each(Object.entries(pages))('%s reads few pages', async (_, query) => {
    await query()
    const { value, statements } = await asked(query)
    expect(statements.length).toBeGreaterThan(0)
    expect(value).not.toEqual([])
    for (const { plan, text } of statements) expect(pagesOf(plan), text).toBeLessThanOrEqual(MOST_PAGES)
  })

  it('what is unpaid of many reads a few for each contract', async () => {
    const { value, statements } = await asked(() => listUnpaidInvoices(owner, 'all', now))
    expect(value).toHaveLength(COUNT / 2)
    expect(pagesOf(statements[0]!.plan)).toBeLessThanOrEqual(MOST_PAGES + (COUNT - 3) * MOST_PAGES_MORE)
  })

  it('the inbox reads few, however many bills its notices tell of', async () => {
    const inbox = () => listNotices(reader, { archived: false, page: 1 }, now)
    await inbox()
    const { value, statements } = await asked(inbox)
    expect(value.notices).toHaveLength(NOTICES_PER_PAGE)
    const bills = value.notices.flatMap(({ items }) => items.map(({ invoice }) => invoice))
    expect(bills).toHaveLength(NOTICES_PER_PAGE * BILLS_OF_NOTICE)
    expect(bills.filter(bill => bill!.due > 0)).toHaveLength(6)
    expect(statements).toHaveLength(3)
    for (const { plan, text } of statements) expect(pagesOf(plan), text).toBeLessThanOrEqual(MOST_PAGES)
  })

  it('the audit log looks up once what many of its events are about', async () => {
    const { value, statements } = await asked(() => listAudit(staff, {}, undefined, new Date()))
    expect(value!.events).toHaveLength(AUDIT_PAGE)
    expect(new Set(value!.events.flatMap(({ contract }) => contract ?? [])).size).toBe(VIEWED)
    expect(statements).toHaveLength(3)
    for (const { plan, text } of statements) expect(pagesOf(plan), text).toBeLessThanOrEqual(MOST_PAGES)
  })

  it('the access log is full, of the newest months alone', async () => {
    const { value, statements } = await asked(() => listAccessLog(reader, undefined))
    const { entries, older } = value
    expect(entries).toHaveLength(LOG_PAGE)
    expect(pagesOf(statements[0]!.plan)).toBeLessThanOrEqual(PAGES_OF_LOG)
    const next = await listAccessLog(reader, older)
    expect(next.entries[0]!.at.getTime()).toBeLessThanOrEqual(entries[0]!.at.getTime())
    const ids = [...entries, ...next.entries].map(({ id }) => id)
    expect(new Set(ids).size).toBe(2 * LOG_PAGE)
  })
})

/** Bills and payments of three years, told of; a log of two with thousands of other people's events; cases, nearly all decided. */
const yearsOf = (reader: { id: string }, staff: { id: string }) => [
  sql`with added as (
      insert into contracts (biller_id, code, category) select 1, 'YEARS-' || n, 'household' from generate_series(1, 3) n returning id)
    insert into contract_access (account_id, contract_id, level, recognised_at, recognised_by)
      select ${reader.id}, id, 'masked', now(), 'paper' from added`,
  // Month by month, as they come: each bill of a contract lies in a page of its own.
  sql`insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, units, principal, tv_tax, total, principal_paid)
    select 1, c.id, 'YEARS-' || c.id || '-' || k, (date '2023-11-01' + make_interval(months => k))::date,
      (date '2023-12-03' + make_interval(months => k))::date, (date '2023-12-31' + make_interval(months => k))::date, 100, 50000, 0, 50000,
      case when k < 34 then 50000 else 0 end
    from generate_series(0, 35) k, (select id from contracts where code like 'YEARS-%' or code like 'OTHER-1__' order by id) c`,
  sql`insert into payments (id, biller_id, contract_id, reference, paid_on, amount, method, source, allocated) overriding system value
    select 1000000 + id, 1, contract_id, 'YEARS-' || id, due_on, 50000, 'CASH', 'Posta', 50000 from invoices
    where number like 'YEARS-%' and unpaid = 0 order by id`,
  sql`insert into payment_allocations (payment_id, invoice_id, contract_id, interest, principal, tv_tax)
    select 1000000 + id, id, contract_id, 0, 50000, 0 from invoices where number like 'YEARS-%' and unpaid = 0`,
  sql`insert into notices (account_id, kind, key, created_at)
    select distinct coalesce(a.account_id, md5(i.contract_id::text)::uuid), 'new-invoice', 'years ' || issued_on, issued_on
    from invoices i left join contract_access a on a.contract_id = i.contract_id where i.number like 'YEARS-%' order by issued_on`,
  sql`insert into notice_items (account_id, event, notice_id, contract_id, invoice_id)
    select n.account_id, 'new-invoice:' || i.id, n.id, i.contract_id, i.id from invoices i
      left join contract_access a on a.contract_id = i.contract_id
      join notices n on n.account_id = coalesce(a.account_id, md5(i.contract_id::text)::uuid) and n.key = 'years ' || i.issued_on
    where i.number like 'YEARS-%' order by i.id`,
  sql`insert into audit_events (at, account_id, action, subject)
    select date_trunc('month', now()) - make_interval(months => k) + n * interval '40 minutes', case when n <= 3 then ${reader.id}::uuid
        else case when n <= 6 then ${staff.id}::uuid else md5(n::text)::uuid end end,
      'session.begun', case when n > 6 and n % 2 = 0 then 'contract:' || (1000 + n) end
    from generate_series(0, 23) k, generate_series(1, 600) n order by k desc, n`,
  sql`insert into audit_events (at, account_id, action, subject)
    select now() - interval '1 hour' + n * interval '1 minute', ${staff.id}::uuid, 'contract.viewed', 'contract:' || id
    from (select id, row_number() over () - 1 as place from (select id from contracts where code like 'OTHER-%' order by id limit ${VIEWED}) c) c
      join generate_series(0, 59) n on n % ${VIEWED}::int = place order by n`,
  sql`insert into cases (id, kind, queue, biller_id, account_id, title, about, answers, state, taken_by, decided_at, state_at, limit_count, limit_unit,
      due_at, created_at)
    select md5('years' || n)::uuid, (array['F1', 'D1', 'P1'])[n % 3 + 1], 'requests', 1, md5(n::text)::uuid, 'A B', 'A', '{}',
      case when n <= 6 then 'pending' else 'accepted' end, null, case when n > 6 then now() - n * interval '1 hour' end, now(), 15, 'calendarDays',
      now(), now() - n * interval '2 hours' from generate_series(1, 1000) n`,
  sql`insert into case_events (case_id, number, was, move, state, side, made_by, at)
    select id, n, case n when 2 then 'pending' end, case n when 1 then 'file' else 'accept' end, case n when 1 then 'pending' else state end,
      case n when 1 then 'owner' else 'staff' end, account_id, created_at from cases, generate_series(1, 2) n
    where queue = 'requests' and (n = 1 or state = 'accepted')`,
]

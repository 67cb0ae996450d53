// Accounts of three and of eleven contracts after three years, each bill on a page of its own: what the statements of their pages read.
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { openStatementLog, pagesOf, type StatementLog } from '../../bin/bench/statement-log.ts'
import type { accounts } from '../../db/schema/accounts.ts'
import { getFindings } from '../../lib/billing/finding-queries.ts'
import { getHistory } from '../../lib/billing/history-queries.ts'
import { listHomeContracts, listUsedContracts } from '../../lib/billing/home-queries.ts'
import { getInvoiceNeighbours } from '../../lib/billing/invoice-neighbours.ts'
import { getInvoice, listDebts } from '../../lib/billing/queries.ts'
import { getYearStatement } from '../../lib/billing/year-statement-queries.ts'
import { listContracts } from '../../lib/contracts/queries.ts'
import { getReadable } from '../../lib/readings/queries.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount } from '../support/people.ts'

let log: StatementLog
const db = await testDatabase(async url => {
  log = await openStatementLog(url)
  return log.url
})
const now = new Date('2026-11-24T10:00:00Z')

/** People with a few contracts of three years, month by month between those of others: no two invoices of one are on a page. */
const owners: (typeof accounts.$inferSelect & { name: string; count: number })[] = []
const THREE_YEARS = { from: '2023-11-01', to: '2026-10-01' }
const BESIDE = 300

async function makeThreeYears(): Promise<void> {
  await db.transaction(async tx => {
    // The rows are right by construction.
    await tx.execute(sql`set local session_replication_role = replica`)
    for (const { id, count, name, ...of } of [
      ...owners,
      { ...owners[0]!, id: null, count: BESIDE, name: 'BESIDE' },
    ])
      await tx.execute(sql`with added as (
          insert into contracts (biller_id, code, category, holder_first_name, holder_last_name, holder_name_folded,
            holder_personal_number, phone)
          select 1, ${name}::text || '-' || n, 'household', ${of.firstName}, ${of.lastName}, ${of.nameFolded}, ${of.personalNumber}, ${of.phone}
          from generate_series(1, ${count}::int) n returning id)
        insert into contract_access (account_id, contract_id) select ${id}::uuid, id from added where ${id}::uuid is not null`)
    // All but the newest two are paid.
    await tx.execute(sql`insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, previous_reading,
        current_reading, reading_kind, units, principal, tv_tax, total, principal_paid)
      select 1, c.id, c.code || '/' || month::date, month, month + interval '33 days', month + interval '2 months', 100, 200, 'read', 100, 50000, 0,
        50000, case when month < '2026-09-01' then 50000 else 0 end
      from generate_series('2023-11-01', '2026-10-01', interval '1 month') month, contracts c
      where c.code ~ '^(FEW|MORE|BESIDE)-' order by month, c.id`)
    await tx.execute(sql`insert into invoice_lines (invoice_id, position, code, quantity, unit_price, amount, vat_percent)
      select i.id, n, 'A2B' || n, 50, 1, 5000, 20 from invoices i, generate_series(1, 2) n where number ~ '^(FEW|MORE|BESIDE)-' order by i.id`)
    await tx.execute(sql`insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source, invoice_number, allocated)
      select 1, contract_id, number, due_on - 3, total, 'CASH', 'Posta', number, total
      from invoices where number ~ '^(FEW|MORE|BESIDE)-' and unpaid = 0 order by id`)
    await tx.execute(sql`insert into payment_allocations (payment_id, invoice_id, contract_id, interest, principal, tv_tax)
      select p.id, i.id, i.contract_id, 0, 50000, 0 from payments p join invoices i on i.number = p.invoice_number and i.biller_id = p.biller_id
      where i.number ~ '^(FEW|MORE|BESIDE)-' and i.unpaid = 0 order by p.id`)
  })
}

/** What each statement reads. Of three rounds the fewest: what a connection learns first, of tables and functions, is no statement's. */
async function fewestPages(query: () => Promise<unknown>): Promise<Map<string, number>> {
  const fewest = new Map<string, number>()
  for (let round = 0; round < 3; round++) {
    log.take()
    await query()
    for (const { text, plan } of log.take())
      fewest.set(text, Math.min(pagesOf(plan), fewest.get(text) ?? Number.POSITIVE_INFINITY))
  }
  return fewest
}

/** Of each statement, for an account of three contracts; and for each contract more. */
const MOST_PAGES = 100
const MOST_PAGES_MORE = 8
/** Of a list, which looks a few things up of each contract; in a small database a look is one page or two. */
const MOST_PAGES_MORE_OF_A_LIST = 2
/** Home looks up who waits for a contract, and its three years: docs/performance.md. */
const MOST_PAGES_MORE_AT_HOME = 4

describe('three years of bills, each on a page of its own', () => {
  type Person = (typeof owners)[number]
  beforeAll(async () => {
    for (const [name, count] of [
      ['FEW', 3],
      ['MORE', 11],
    ] as const)
      owners.push({ name, count, ...(await makeAccount(db)) })
    await makeThreeYears()
    await db.execute(sql`vacuum analyze`)
  }, 180_000)
  const invoiceOf = async (person: Person) => {
    const { rows } = await db.execute<{ id: number }>(
      sql`select id::int from invoices where number = ${`${person.name}-1/2026-10-01`}`,
    )
    return (await getInvoice(person, rows[0]!.id, now))!
  }
  it.each([
    ['home', person => listHomeContracts(person, now), MOST_PAGES_MORE_AT_HOME],
    ['what is unpaid', person => listDebts(person, now), MOST_PAGES_MORE_OF_A_LIST],
    ['whose history to open', person => listUsedContracts(person, now), MOST_PAGES_MORE_OF_A_LIST],
    ['whose reading to send', person => listContracts(person), MOST_PAGES_MORE_OF_A_LIST],
    ['findings', person => getFindings(person, 'oshee', `${person.name}-1`, now)],
    ['a year', person => getHistory(person, 'oshee', `${person.name}-1`, now)],
    ['three years', person => getHistory(person, 'oshee', `${person.name}-1`, now, THREE_YEARS)],
    ['a year’s statement', person => getYearStatement(person, 'oshee', `${person.name}-1`, 2026, now)],
    ['an invoice', async person => getInvoiceNeighbours(person, await invoiceOf(person), now)],
    ['sending a reading', person => getReadable(person, 'oshee', `${person.name}-1`, now)],
  ] as [string, (person: Person) => Promise<unknown>, number?][])(
    'of %s few pages are read',
    async (_, query, mostMore = MOST_PAGES_MORE) => {
      const [few, more] = owners as [Person, Person]
      expect(await query(few)).toBeTruthy()
      const statements = await fewestPages(() => query(few))
      expect(statements.size).toBeGreaterThan(0)
      const ofMore = await fewestPages(() => query(more))
      for (const [text, pages] of statements) {
        expect(pages, text).toBeLessThanOrEqual(MOST_PAGES)
        const pagesMore = (ofMore.get(text)! - pages) / (more.count - few.count)
        expect(pagesMore, text).toBeLessThanOrEqual(mostMore)
      }
    },
  )
})

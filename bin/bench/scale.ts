// Pages on a database as large as a deployment's after years: what their statements take and read, and how that grows with the
// contracts of an account. By hand, never in a pipeline: a million contracts take tens of gigabytes and an hour.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sessionToken } from '../../lib/auth/session-cookie.ts'
import { FEED_FILES } from '../../lib/feed/schema.ts'
import { addDays, addMonths } from '../../lib/platform/dates.ts'
import { codeOf, invoiceNumber, linesOf, NEXT_MONTH, rows } from './data.ts'
import { printTable } from './figures.ts'
import { type Customer, customersOf, makeLargeDatabase } from './scale-data.ts'
import { type Server, startPortal } from './servers.ts'
import { openStatementLog, pagesOf, type Statement, type StatementLog } from './statement-log.ts'

/** For an account of three contracts, of each statement; and for each contract more. */
const MOST_MS = 5
const MOST_PAGES = 100
const MOST_PAGES_MORE = 8
/** The first time a page is opened its data are read from the disk, and the connection plans. */
const ROUNDS = 5

const ofContract = [
  'pay',
  'history',
  'history?from=2023-01',
  'info',
  'access',
  'readings',
  'handover',
  'requests',
  'requests/new',
]
const ofAccount = [
  '/contracts',
  '/contracts/manage',
  '/usage',
  '/invoices/unpaid',
  '/invoices/unpaid/plan',
  '/invoices/unpaid.csv',
]
const ofPerson = [
  '/requests',
  '/certificates',
  '/pay-links',
  '/readings',
  '/inbox',
  '/account',
  '/account/data',
  '/account/sessions',
  '/account/notices',
]
const ofStaff = [
  '',
  '/registrations',
  '/registrations?show=decided',
  '/requests',
  '/certificates',
  '/payments',
  '/feeds',
  '/jobs',
  '/statistics',
  '/audit',
  '/customers',
]

/** Makes the database, asks for every page, loads a month; `folder` takes the feed. */
export async function measureScale(
  serverUrl: string,
  contracts: number,
  folder: string,
  keep: (server: Server) => Server,
): Promise<void> {
  const began = performance.now()
  const seconds = () => ((performance.now() - began) / 1000).toFixed(0)
  const url = await makeLargeDatabase(serverUrl, contracts, what =>
    console.log(`${seconds().padStart(6)} s  ${what}`),
  )
  const log = await openStatementLog(url)
  process.env.JOBS_IN_PROCESS = 'off'
  const portal = keep(await startPortal(log.url))
  await printPages(portal, log, url, contracts)
  await portal.stop()
  await log.close()
  await loadMonth(url, contracts, folder)
  await printSizes(url, contracts)
}

type Page = { ms: number; pages: number; statements: number; worst: Statement }

async function printPages(portal: Server, log: StatementLog, url: string, contracts: number): Promise<void> {
  const [three, eleven] = customersOf(contracts) as [Customer, Customer]
  const few = await openAll(portal, log, url, three)
  const many = await openAll(portal, log, url, eleven)
  const staff = await openEach(portal, log, await signedIn(url, 'admin'), [
    ...ofStaff.map(page => `/staff${page}`),
    `/staff/contracts/oshee/${three.first}`,
  ])
  const line = (name: string, page: Page, more?: number) => [
    name,
    String(page.statements),
    page.ms.toFixed(2),
    String(page.pages),
    more === undefined ? '' : more.toFixed(1),
    page.ms > MOST_MS || page.pages > MOST_PAGES || (more ?? 0) > MOST_PAGES_MORE ? 'over' : '',
  ]
  const mores = new Map(
    [...few].map(([name, page]) => [
      name,
      (many.get(name)!.pages - page.pages) / (eleven.contracts - three.contracts),
    ]),
  )
  console.log(
    '\nThe statement of a page that takes or reads most, for an account of three contracts, and what it reads more for each further one',
  )
  printTable([
    ['page', 'statements', 'ms', 'pages', 'more each', ''],
    ...[...few].map(([name, page]) => line(name, page, mores.get(name))),
    ...[...staff].map(([name, page]) => line(name, page)),
  ])
  for (const [name, { ms, pages, worst }] of [...few, ...staff]) {
    if (ms > MOST_MS || pages > MOST_PAGES || (mores.get(name) ?? 0) > MOST_PAGES_MORE)
      console.log(`\n${name}: ${worst.text.replace(/\s+/g, ' ').slice(0, 600)}`)
  }
}

/** Every page of a customer, those of one contract and of one invoice too. */
async function openAll(
  portal: Server,
  log: StatementLog,
  url: string,
  customer: Customer,
): Promise<Map<string, Page>> {
  const [ids] = await rows<{ invoice: string; payment: string; notice: string }>(
    url,
    `select (select i.id::text from invoices i join contracts c on c.id = i.contract_id where c.code = '${customer.first}' order by period desc limit 1)
        as invoice, (select p.id::text from payment_attempts p where number = 'D-${customer.username}') as payment`,
  )
  const contract = `/contracts/oshee/${customer.first}`
  const pages = [
    ...ofAccount,
    ...ofContract.map(page => `${contract}/${page}`),
    `${contract}/history.csv`,
    `${contract}/statement/2025.pdf`,
    `/invoices/${ids!.invoice}`,
    `/invoices/${ids!.invoice}/pdf`,
    `/invoices/${ids!.invoice}/compare`,
    `/payments/${ids!.payment}`,
    ...ofPerson,
  ]
  const opened = await openEach(portal, log, await signedIn(url, customer.username), pages)
  // Under names that are the same for both.
  return new Map(
    [...opened].map(([name, page]) => [
      name.replace(contract, '…').replace(ids!.invoice, '[id]').replace(ids!.payment, '[id]'),
      page,
    ]),
  )
}

/** A session as its cookie, without the forms that lead to it. */
async function signedIn(url: string, username: string): Promise<string> {
  const [session] = await rows<{ id: string }>(
    url,
    `insert into sessions (account_id, expires_at, password_checked_at, second_step_at)
      select id, now() + interval '5 hours', now(), now() from accounts where username = '${username}' returning id`,
  )
  return `lang=en; authjs.session-token=${sessionToken.encode({ token: { sub: session!.id } })}`
}

async function openEach(
  { url }: Server,
  log: StatementLog,
  cookie: string,
  pages: readonly string[],
): Promise<Map<string, Page>> {
  const opened = new Map<string, Page>()
  for (const page of pages) {
    let found: Statement[] = []
    for (let round = 0; round < ROUNDS; round++) {
      log.take()
      const answer = await fetch(url + page, { headers: { cookie }, redirect: 'manual' })
      await answer.arrayBuffer()
      if (answer.status >= 400 && round === 0) console.log(`${page} was answered with ${answer.status}`)
      const heard = log.take()
      found =
        heard.length === found.length
          ? heard.map((one, n) => (one.ms < found[n]!.ms ? one : found[n]!))
          : heard
    }
    if (found.length === 0) continue
    const worst = found.reduce((one, other) => (pagesOf(other.plan) > pagesOf(one.plan) ? other : one))
    opened.set(page, {
      statements: found.length,
      ms: Math.max(...found.map(({ ms }) => ms)),
      pages: pagesOf(worst.plan),
      worst,
    })
  }
  return opened
}

/** An invoice for every contract, by a process of its own as `npm run feed` is one. */
async function loadMonth(url: string, contracts: number, folder: string): Promise<void> {
  const names = FEED_FILES.invoices.columns.map(({ name }) => name)
  const row = (n: number) => {
    const of: Record<string, string> = {
      number: invoiceNumber(NEXT_MONTH, n + 1),
      contract_code: codeOf(n + 1),
      period: NEXT_MONTH.slice(0, 7),
      issued_on: addDays(addMonths(NEXT_MONTH, 1), 2),
      due_on: addDays(addMonths(NEXT_MONTH, 2), -1),
      units_kwh: String(100 + (n % 500)),
      principal: '1200.00',
      tv_tax: '100.00',
      total: '1300.00',
    }
    return names.map(name => of[name] ?? '').join(',')
  }
  fs.mkdirSync(folder)
  await pipeline(
    Readable.from(linesOf(contracts, row, `${names.join(',')}\n`)),
    fs.createWriteStream(path.join(folder, 'invoices.csv')),
  )
  const began = performance.now()
  const child = spawn(process.execPath, ['bin/feed.ts', '--biller', 'oshee', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DATABASE_URL: url },
  })
  const [status] = await once(child, 'exit')
  if (status !== 0) throw new Error('The month was not loaded.')
  const took = (performance.now() - began) / 1000
  console.log(
    `\nA month of ${contracts} invoices: ${took.toFixed(1)} s, ${Math.round(contracts / took)} rows/s`,
  )
}

async function printSizes(url: string, contracts: number): Promise<void> {
  const began = performance.now()
  await rows(url, 'vacuum analyze')
  console.log(`Vacuum of all after it: ${((performance.now() - began) / 1000).toFixed(1)} s`)
  const sizes = await rows<{ table: string; own: number; indexes: number }>(
    url,
    `select coalesce(parent.relname, c.relname) as table, sum(pg_table_size(c.oid))::float8 as own, sum(pg_indexes_size(c.oid))::float8 as indexes
      from pg_class c left join pg_inherits on inhrelid = c.oid left join pg_class parent on parent.oid = inhparent
      where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('public', 'audit_months')
      group by 1 order by sum(pg_total_relation_size(c.oid)) desc limit 12`,
  )
  const [whole] = await rows<{ size: number }>(
    url,
    'select pg_database_size(current_database())::float8 as size',
  )
  printTable([
    ['table', 'MB', 'indexes MB', 'bytes a contract'],
    ...sizes.map(({ table, own, indexes }) => [
      table,
      megabytes(own),
      megabytes(indexes),
      String(Math.round((own + indexes) / contracts)),
    ]),
    ['all', megabytes(whole!.size), '', String(Math.round(whole!.size / contracts))],
  ])
}

const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0)

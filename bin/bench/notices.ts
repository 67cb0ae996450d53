// Two new invoices for each of many customers, loaded and told of while those who load and send are killed again and again, beside a
// page at a constant load.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FEED_FILES } from '../../lib/feed/schema.ts'
import { addMonths } from '../../lib/platform/dates.ts'
import { type Answers, ask, REQUESTS_PER_SECOND } from './beside-feed.ts'
import { codeOf, invoiceNumber, NEXT_MONTH, rows } from './data.ts'
import { quantile } from './figures.ts'
import type { Target } from './page.ts'

const PER_CUSTOMER = 2
/** Half of them meet whoever loads, half whoever hands over and sends. */
const KILLS = 10
const LONGEST_MS = 120 * 60_000
/** Five times what the settings have: as many as a mail server of one's own takes. */
const EMAILS_PER_MINUTE = 3000

/** So long the work goes on before whoever sends stands still, and so long it stands: less than what makes it dead. */
const GOES_ON_MS = 100_000
const STANDS_MS = 20_000

const nothing = (): Answers => ({ waits: [], not200: 0 })

function add(to: Answers, { waits, not200 }: Answers): void {
  to.waits.push(...waits)
  to.not200 += not200
}

type Sizes = { databaseUrl: string; customers: number; seconds: number }

/** Loads the feed and waits until every message has left; prints what was made, and how long the page was waited for. */
export async function measureNotices(
  target: Target,
  { databaseUrl, customers, seconds }: Sizes,
): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-bench-notices-'))
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    QUIET_HOURS: 'off',
    NOTICE_EMAILS_PER_MINUTE: String(EMAILS_PER_MINUTE),
  }
  const run = (...command: string[]) => spawn(process.execPath, command, { stdio: 'ignore', env })
  let worker: ChildProcess | undefined
  try {
    await addCustomers(databaseUrl, customers)
    writeInvoices(folder, customers)
    await ask(target, sleep(seconds * 1000))
    const [without, during]: [Answers, Answers] = [nothing(), nothing()]
    add(without, await ask(target, sleep(seconds * 1000)))
    const began = performance.now()
    let kills = 0
    const work = async () => {
      const sent = untilSent(databaseUrl, customers)
      worker = run('bin/worker.ts')
      const killer = async () => {
        for (let kill = 0; kill < KILLS / 2; kill++) {
          await Promise.race([sleep(5_000 + Math.random() * 20_000), sent])
          worker!.kill('SIGKILL')
          kills += 1
          worker = run('bin/worker.ts')
        }
      }
      await Promise.all([loadKilled(run, folder).then(count => (kills += count)), killer(), sent])
    }
    const ended = work()
    let isOver = false
    void ended.finally(() => {
      isOver = true
    })
    while (!isOver) {
      add(during, await ask(target, Promise.race([ended, sleep(GOES_ON_MS)])))
      // What else the machine does is not the same all the time: so whoever sends stands still again and again.
      if (isOver || !worker?.kill('SIGSTOP')) continue
      const stopped = worker
      add(without, await ask(target, sleep(STANDS_MS)))
      stopped.kill('SIGCONT')
    }
    await ended
    const took = ((performance.now() - began) / 1000).toFixed(0)
    worker?.kill('SIGKILL')
    add(without, await ask(target, sleep(seconds * 1000)))
    print({ without, during, took, kills, customers })
    await printCounts(databaseUrl)
  } finally {
    worker?.kill('SIGKILL')
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Loads the feed, however often it is broken off. */
async function loadKilled(run: (...command: string[]) => ChildProcess, folder: string): Promise<number> {
  let kills = 0
  for (;;) {
    const importer = run('bin/feed.ts', '--biller', 'oshee', folder)
    const ended = once(importer, 'exit')
    if (kills < KILLS / 2) {
      await Promise.race([sleep(1_000 + Math.random() * 4_000), ended])
      if (importer.kill('SIGKILL')) kills += 1
    }
    const [status] = await ended
    if (status === 0) return kills
  }
}

async function untilSent(url: string, customers: number): Promise<void> {
  const until = Date.now() + LONGEST_MS
  for (; ; await sleep(3000)) {
    const [left] = await rows<{ sent: number }>(
      url,
      `select count(*)::integer as sent from messages join accounts a on a.id = account_id and a.username like 'b-%'
        where notice_id is not null and state = 'sent'`,
    )
    if (left!.sent >= customers) return
    if (Date.now() > until) throw new Error(`Only ${left!.sent} messages have left.`)
  }
}

function print({
  without,
  during,
  took,
  kills,
  customers,
}: {
  without: Answers
  during: Answers
  took: string
  kills: number
  customers: number
}): void {
  const line = (answers: Answers, part: number) => quantile(answers.waits, part).toFixed(1)
  const text = (answers: Answers) =>
    `p50 ${line(answers, 0.5)} ms, p95 ${line(answers, 0.95)} ms (${answers.waits.length} requests)`
  console.log(
    `\n${customers * PER_CUSTOMER} new invoices for ${customers} customers, and the page at ${REQUESTS_PER_SECOND} requests a second`,
  )
  console.log(`without       ${text(without)}, before, after, and while whoever sends stood still`)
  console.log(`meanwhile     ${text(during)}; ${took} s until the last e-mail had left, ${kills} kills`)
  console.log(
    `ratio         p50 ${(quantile(during.waits, 0.5) / quantile(without.waits, 0.5)).toFixed(2)}, p95 ${(quantile(during.waits, 0.95) / quantile(without.waits, 0.95)).toFixed(2)}`,
  )
  console.log(`not 200       ${without.not200 + during.not200}`)
}

async function printCounts(url: string): Promise<void> {
  // Those alone who were added here: a demonstration has accounts of its own.
  const ours = `join accounts a on a.id = account_id and a.username like 'b-%'`
  const [counts] = await rows<Record<string, number>>(
    url,
    `select (select count(*) from notices ${ours} where kind = 'new-invoice')::integer as notices,
      (select count(*) from notice_items ${ours})::integer as items,
      (select count(distinct (account_id, invoice_id)) from notice_items ${ours})::integer as events,
      (select count(*) from messages ${ours} where notice_id is not null and state = 'sent')::integer as messages,
      (select count(*) from messages ${ours} where notice_id is not null and tries > 1)::integer as again`,
  )
  const { notices, items, events, messages, again } = counts!
  console.log(
    `made          ${notices} notices of ${items} invoices (${events} different), ${messages} e-mails, ${again} of them begun again`,
  )
}

/** An account a contract, but for the one that has its own; and a run of before, so that the feed is not the biller's first. */
async function addCustomers(url: string, customers: number): Promise<void> {
  await rows(
    url,
    `insert into accounts (personal_number, username, email, email_verified_at, phone, first_name, last_name, name_folded, password_hash,
        terms_version, terms_accepted_at)
      select 'B' || n, 'b-' || (1000000 + n), 'b' || n || '@example.com', now(), '+35568' || lpad(n::text, 7, '0'), 'Arta', 'Berisha', 'arta berisha', 'none',
        '2026-11-01', now()
      from generate_series(1, ${customers}) n`,
  )
  await rows(
    url,
    `insert into contract_access (account_id, contract_id, level, added_at)
      select a.id, c.id, 'masked', now() - interval '1 year' from accounts a join contracts c on c.code = 'AL' || substr(a.username, 3)
      where a.username ~ '^b-'`,
  )
  await rows(
    url,
    `insert into feed_runs (biller_id, started_at, finished_at, status, report) values (1, now(), now(), 'loaded', '{"files":[{"file":"invoices","added":1}]}')`,
  )
  await rows(url, 'analyze')
}

function writeInvoices(folder: string, customers: number): void {
  const names = FEED_FILES.invoices.columns.map(column => column.name)
  const today = new Date()
  const day = (days: number) => new Date(today.getTime() + days * 86_400_000).toISOString().slice(0, 10)
  let text = `${names.join(',')}\n`
  for (let n = 0; n < customers * PER_CUSTOMER; n++) {
    const contract = (n % customers) + 1
    const period = addMonths(NEXT_MONTH, Math.floor(n / customers))
    const row: Record<string, string | number> = {
      number: invoiceNumber(period, contract),
      contract_code: codeOf(contract),
      period: period.slice(0, 7),
      issued_on: day(-2),
      due_on: day(25),
      units_kwh: 100 + (contract % 500),
      principal: '1200.00',
      tv_tax: '100.00',
      total: '1300.00',
    }
    text += `${names.map(name => row[name] ?? '').join(',')}\n`
  }
  fs.writeFileSync(path.join(folder, 'invoices.csv'), text)
}

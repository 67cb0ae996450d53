// PostgreSQL or the PgBouncer before it is gone, or stands still, while customers look at pages and a bank calls.
import { setTimeout as sleep } from 'node:timers/promises'
import { desc, eq, sql } from 'drizzle-orm'
import type { Database } from '../../../db/client.ts'
import { payments } from '../../../db/schema/ledger.ts'
import { messages } from '../../../db/schema/notifications.ts'
import { paymentAttempts } from '../../../db/schema/payments.ts'
import { sendMessage } from '../../../lib/notifications/outbox.ts'
import { answerFields, getOrder } from '../../../lib/sandbox-bank/book.ts'
import { Customer } from '../../support/customer.ts'
import { type Answer, outcomes, startLoad } from '../../support/load.ts'
import { seconds, slowest } from '../figures.ts'
import { startCounting } from '../met.ts'
import { makeCustomers, openDrillDatabase, PASSWORD, payContract } from '../paying.ts'
import type { Place } from '../place.ts'
import type { Row } from '../table.ts'

const OUTAGE_MS = 25_000
const CUSTOMERS = 8
/** DATABASE_CONNECT_SECONDS or DATABASE_PAGE_SECONDS, three seconds for an answer to a cancel, and a loaded machine's own. */
const LONGEST_MS = 20_000
/** Silence that makes a node not ready: 10 s since the last answer, which is asked for every second (lib/http/health.ts). */
const SILENCE_MS = 10_000 - 1_000 - 500
/** After the database is back: the last of a pool's broken connections, the pooler's own pause, a lane's next try. */
const RECOVERY_MS = 30_000

type Outage = { name: string; begin: () => unknown; end: () => unknown }

export async function outages(place: Place, { table }: { table: Row[] }): Promise<string[]> {
  const { postgres, bouncer } = place
  const lines: string[] = []
  for (const outage of [
    {
      name: 'PostgreSQL stands still',
      begin: () => postgres.primary.freeze(),
      end: () => postgres.primary.thaw(),
    },
    {
      name: 'PostgreSQL is stopped',
      begin: () => postgres.primary.stop(),
      end: () => postgres.primary.start(),
    },
    { name: 'PgBouncer is killed', begin: bouncer.kill, end: bouncer.restart },
  ]) {
    lines.push(...(await passOutage(place, table, outage)))
  }
  return lines
}

async function passOutage(place: Place, table: Row[], outage: Outage): Promise<string[]> {
  const { nginx, nodes, postgres } = place
  const db = openDrillDatabase(postgres.url)
  const customer = new Customer(nginx.url)
  await customer.signIn('milan', 'Demo-2024')
  const call = await payWithoutACall(place, db)
  const worker = await place.startWorker()
  const [first] = nodes
  const pages = startLoad([`${nginx.url}/contracts`], {
    connections: CUSTOMERS,
    cookie: customer.cookie,
    pauseMs: 100,
  })
  const health = startLoad([`${first.portal.url}/api/health`], { connections: 1, pauseMs: 200 })
  const ready = startLoad([`${first.portal.url}/api/ready`], { connections: 1, pauseMs: 200 })
  await sleep(2000)
  const begunAt = Date.now()
  await outage.begin()
  const calls = [await call()]
  await sleep(Math.max(0, begunAt + OUTAGE_MS - Date.now()))
  await outage.end()
  const endedAt = Date.now()
  const recovered = await untilServed(pages.answers, endedAt)
  const readyAgain = await untilServed(ready.answers, endedAt)
  calls.push(await call())
  const worked = await untilWorked(db)
  await sleep(1000)
  const [seen, alive, told] = await Promise.all([pages.stop(), health.stop(), ready.stop()])
  await worker.stop()
  await db.$client.end()

  const broken = told.find(({ status, at }) => status === 503 && at > begunAt)
  const notReadyAfter = broken && broken.at + broken.ms - begunAt
  const met = startCounting()
  met.countAll(seen)
  const nothing = { lost: 0, doubled: 0 }
  table.push({ what: `${outage.name} for ${seconds(OUTAGE_MS)}`, ...met, recoveredMs: recovered, ...nothing })
  expectOnly(seen, begunAt, endedAt + recovered)
  if (alive.some(({ status }) => status !== 200))
    throw new Error(`${outage.name}: /api/health: ${outcomes(alive)}`)
  if (notReadyAfter === undefined || notReadyAfter < SILENCE_MS)
    throw new Error(`${outage.name}: /api/ready, not ready after ${notReadyAfter} ms`)
  if (calls.join() !== '503 with Retry-After,200, captured once')
    throw new Error(`${outage.name}: the bank's calls were answered ${calls}`)
  return [
    `${outage.name} for ${seconds(OUTAGE_MS)}, ${CUSTOMERS} customers: ${outcomes(seen)}; the slowest after ${seconds(slowest(seen))}`,
    `  not ready ${seconds(notReadyAfter)} after its begin; after its end pages again in ${seconds(recovered)}, ready in ${seconds(readyAgain)},`,
    `  a job done in ${seconds(worked)}; the bank's call: ${calls.join('; its repeat: ')}`,
  ]
}

/** A customer pays and closes the browser, and the bank's own call is lost. Returns what calls again, and says how that was answered. */
async function payWithoutACall({ nginx }: Place, db: Database): Promise<() => Promise<string>> {
  const [{ username, codes }] = (await makeCustomers(db, 1, 1)) as [{ username: string; codes: string[] }]
  const customer = new Customer(nginx.url)
  await customer.signIn(username, PASSWORD)
  await payContract(customer, `/contracts/kesco/${codes[0]}`, { returns: false })
  const [attempt] = await db.select().from(paymentAttempts).orderBy(desc(paymentAttempts.createdAt)).limit(1)
  const { id, number } = attempt!
  await db.execute(sql`delete from graphile_worker._private_jobs where payload->>'orderNumber' = ${number}`)
  const order = await getOrder(db, number)
  const body = new URLSearchParams(answerFields(order!, new Date()))
  return async () => {
    const { status, headers } = await fetch(order!.callbackUrl, { method: 'POST', body })
    if (status !== 200) return `${status}${headers.has('retry-after') ? ' with Retry-After' : ''}`
    const booked = await db.select().from(payments).where(eq(payments.attemptId, id))
    const [after] = await db.select().from(paymentAttempts).where(eq(paymentAttempts.id, id))
    return `200, ${after!.state} ${booked.length === 1 ? 'once' : `${booked.length} times`}`
  }
}

/** Milliseconds until a worker, which nobody started again, has done a job. */
async function untilWorked(db: Database): Promise<number> {
  const began = Date.now()
  const to = '+38344777003'
  await sendMessage(db, { to, language: 'en' }, { kind: 'registration-code', code: '123456', minutes: 10 })
  for (;;) {
    const [newest] = await db.select().from(messages).orderBy(desc(messages.createdAt)).limit(1)
    if (newest!.state === 'sent') return Date.now() - began
    if (Date.now() > began + RECOVERY_MS)
      throw new Error(`No worker did a job within ${seconds(RECOVERY_MS)}.`)
    await sleep(100)
  }
}

/** Every answer is a page, or says when to come again; none keeps anybody waiting; before and after all are pages. */
function expectOnly(answers: Answer[], from: number, to: number): void {
  const wrong = answers.filter(({ at, ms, status, retryAfter }) => {
    if (status === 200) return ms > LONGEST_MS
    const during = at + ms >= from && at <= to
    return !(status === 503 && retryAfter && ms <= LONGEST_MS && during)
  })
  if (wrong.length === 0) return
  const told = wrong.slice(0, 5).map(answer => JSON.stringify({ ...answer, at: answer.at - from }))
  throw new Error(`${wrong.length} answers of ${outcomes(answers)} are wrong, among them ${told.join(' ')}`)
}

/** Milliseconds from `since` until the first of the answers that are all 200. */
async function untilServed(answers: Answer[], since: number): Promise<number> {
  for (const until = Date.now() + RECOVERY_MS; ; await sleep(200)) {
    const last = answers.slice(-CUSTOMERS * 3)
    const bad = answers.findLast(({ status }) => status !== 200)
    if (last.every(({ status, at }) => status === 200 && at > since)) {
      return Math.max(0, (bad ? bad.at + bad.ms : since) - since)
    }
    if (Date.now() > until) throw new Error(`${seconds(RECOVERY_MS)} after the end: ${outcomes(last)}`)
  }
}

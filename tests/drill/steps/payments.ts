// Payments while nodes and workers are killed at random moments: none lost, none doubled, each with an end.
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Database } from '../../../db/client.ts'
import { Customer } from '../../support/customer.ts'
import { checkBooks } from '../../support/payments.ts'
import { seconds } from '../figures.ts'
import { makeCustomers, openDrillDatabase, PASSWORD, payContract, persist } from '../paying.ts'
import type { Node, Place, Process } from '../place.ts'

const CUSTOMERS = 6
/** One of so many closes the browser at the bank. */
const ONE_IN = 4
/** People read and type; and there is time for more than one to be killed. */
const THINKS_MS = 1500
/** So long at most a node or a worker lives. */
const LIVES_MS = 12_000
/** A dead worker's jobs are free after 50 s; then the bank calls again. */
const ENDS_MS = 150_000

export async function payments(place: Place, { payments: count }: { payments: number }): Promise<string[]> {
  const { nginx, postgres } = place
  const db = openDrillDatabase(postgres.url)
  try {
    const customers = await makeCustomers(db, CUSTOMERS, Math.ceil(count / CUSTOMERS))
    const began = Date.now()
    const killing = killAtRandom(place)
    const trouble = { count: 0 }
    let closed = 0
    const paid = await Promise.allSettled(
      customers.map(async ({ username, codes }, index) => {
        const customer = new Customer(nginx.url, { 'x-forwarded-for': `203.0.113.${index + 1}` })
        const form = await persist(() => customer.get('/sign-in'), trouble)
        await persist(
          () => customer.submit(form, 'identifier', { identifier: username, password: PASSWORD }),
          trouble,
        )
        for (const code of codes) {
          const returns = randomInt(ONE_IN) > 0
          if (!returns) closed += 1
          await payContract(customer, `/contracts/kesco/${code}`, { returns, trouble })
          await sleep(randomInt(THINKS_MS))
        }
      }),
    )
    const kills = await killing.stop()
    const failed = paid.find(one => one.status === 'rejected')
    if (failed) throw failed.reason
    const paying = Date.now() - began
    const codes = customers.flatMap(customer => customer.codes)
    const ended = await untilAllEnded(db, codes)
    await kills.worker.stop()
    await checkBooks(db)
    const figures = await expectPaidOnce(db, codes)
    return [
      `${codes.length} payments by ${CUSTOMERS} customers in ${seconds(paying)}, ${closed} without coming back; ${kills.nodes} nodes and ` +
        `${kills.workers} workers killed; ${trouble.count} requests broke off and were made again`,
      `each has its end ${seconds(ended)} after the last; ${figures}; the books agree`,
    ]
  } finally {
    await db.$client.end()
  }
}

/** Kills each node and the worker again and again, whatever the others are doing, and starts it again. */
function killAtRandom({ nodes, startWorker }: Place) {
  let stopping = false
  const kills = { nodes: 0, workers: 0 }
  let worker: Process
  const again = async (kill: () => Promise<void>) => {
    for (;;) {
      await sleep(randomInt(LIVES_MS))
      if (stopping) return
      await kill()
    }
  }
  const killWorker = async () => {
    await worker.kill()
    kills.workers += 1
    worker = await startWorker()
  }
  const killNode = async (node: Node) => {
    await node.portal.kill()
    kills.nodes += 1
    await node.start()
  }
  const run = startWorker().then(started => {
    worker = started
    return Promise.all([again(killWorker), ...nodes.map(node => again(() => killNode(node)))])
  })
  // Reported by `stop`, which awaits it.
  run.catch(() => {})
  return {
    stop: async () => {
      stopping = true
      await run
      return { ...kills, worker }
    },
  }
}

const listed = (codes: string[]) =>
  sql.join(
    codes.map(code => sql`${code}`),
    sql`, `,
  )

/** Milliseconds until no attempt to pay these contracts is open. */
async function untilAllEnded(db: Database, codes: string[]): Promise<number> {
  for (const began = Date.now(); ; await sleep(500)) {
    const { rows } = await db.execute<{ state: string; count: number }>(sql`
      select state, count(*)::int as count from payment_attempts where id in (
        select attempt_id from payment_attempt_invoices join contracts on contracts.id = contract_id where code in (${listed(codes)}))
      group by state order by state`)
    if (rows.length === 1 && rows[0]!.state === 'captured') return Date.now() - began
    if (Date.now() > began + ENDS_MS) throw new Error(`Attempts without an end: ${JSON.stringify(rows)}`)
  }
}

/** What the bank took, what was booked, and what was billed are one sum; each invoice has one payment. */
async function expectPaidOnce(db: Database, codes: string[]): Promise<string> {
  const { rows } = await db.execute<
    Record<'billed' | 'unpaid' | 'taken' | 'booked' | 'orders' | 'payments', number>
  >(sql`
    with drilled as (select id from contracts where code in (${listed(codes)})),
    attempts as (select * from payment_attempts where id in (
      select attempt_id from payment_attempt_invoices where contract_id in (select id from drilled))),
    orders as (select * from sandbox_bank_orders where status = 'captured' and order_number in (select number from attempts)),
    booked as (select * from payments where contract_id in (select id from drilled))
    select (select sum(total)::bigint from invoices where contract_id in (select id from drilled)) as billed,
      (select sum(unpaid)::bigint from invoices where contract_id in (select id from drilled)) as unpaid,
      (select sum(amount)::bigint from orders) as taken, (select count(*) from orders) as orders,
      (select sum(amount)::bigint from booked) as booked, (select count(*) from booked) as payments`)
  const { billed, unpaid, taken, booked, orders, payments } = rows[0]!
  const whole = billed === taken && taken === booked && unpaid === 0
  if (!whole || orders !== codes.length || payments !== codes.length) throw new Error(JSON.stringify(rows[0]))
  const amount = (booked / 100).toFixed(2)
  return `${orders} captures at the bank, ${payments} payments booked, both ${amount} €, as billed`
}

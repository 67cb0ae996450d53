// Payments while nodes and workers are killed at random moments: none lost, none doubled, each with an end.
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Customer } from '../../support/customer.ts'
import { compareWithMemory, expectPaidOnce, untilAllEnded } from '../books.ts'
import { newestAttempt } from '../customers.ts'
import { seconds } from '../figures.ts'
import { startCounting } from '../met.ts'
import { makeCustomers, openDrillDatabase, PASSWORD, payContract, persist } from '../paying.ts'
import type { Node, Place, Process } from '../place.ts'
import type { Row } from '../table.ts'

const CUSTOMERS = 6
/** One of so many closes the browser at the bank. */
const ONE_IN = 4
/** People read and type; and there is time for more than one to be killed. */
const THINKS_MS = 1500
/** So long at most a node or a worker lives. */
const LIVES_MS = 12_000

const WHAT = 'nodes and workers killed again and again'

type Options = { payments: number; table: Row[] }

export async function payments(place: Place, { payments: count, table }: Options): Promise<string[]> {
  const { nginx, postgres } = place
  const db = openDrillDatabase(postgres.url)
  try {
    const customers = await makeCustomers(db, CUSTOMERS, Math.ceil(count / CUSTOMERS))
    const began = Date.now()
    const killing = killAtRandom(place)
    const trouble = { count: 0 }
    const met = startCounting()
    const remembered = new Map<string, Set<string>>()
    let closed = 0
    const paid = await Promise.allSettled(
      customers.map(async ({ username, codes }, index) => {
        const customer = new Customer(nginx.url, { 'x-forwarded-for': `203.0.113.${index + 1}` }, met.count)
        const form = await persist(() => customer.get('/sign-in'), trouble)
        await persist(
          () => customer.submit(form, 'identifier', { identifier: username, password: PASSWORD }),
          trouble,
        )
        for (const code of codes) {
          const returns = randomInt(ONE_IN) > 0
          if (!returns) closed += 1
          await payContract(customer, `/contracts/kesco/${code}`, {
            returns,
            trouble,
            paid: order => remembered.set(code, (remembered.get(code) ?? new Set<string>()).add(order)),
            attempt: () => newestAttempt(postgres.url, code),
          })
          await sleep(randomInt(THINKS_MS))
        }
      }),
    )
    const kills = await killing.stop()
    const stoppedAt = Date.now()
    const failed = paid.find(one => one.status === 'rejected')
    if (failed) throw failed.reason
    const paying = Date.now() - began
    const codes = customers.flatMap(customer => customer.codes)
    const ended = await untilAllEnded(db, codes)
    await kills.worker.stop()
    const { lost, doubled } = await compareWithMemory(db, remembered)
    const recoveredMs = Math.max(0, (met.lastError() ?? 0) - stoppedAt)
    table.push({ what: WHAT, ...met, recoveredMs, lost, doubled })
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

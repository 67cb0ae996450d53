// `kill -9` of each part while customers look at pages and pay. Whatever starts it again, as systemd does, is the drill.
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Place } from '../place.ts'
import type { Row } from '../table.ts'
import { type Breaking, underLoad } from '../under-load.ts'

/** systemd's RestartSec of the units. */
const RESTART_MS = 1_000
/** Debian's units of PostgreSQL, PgBouncer and nginx start them again at once. */
const AT_ONCE_MS = 100

/** Of a restart of the database. */
export const DATABASE_GOAL = { errors: 30, recoveredMs: 1_000 }

export async function kills(place: Place, { table }: { table: Row[] }): Promise<string[]> {
  const lines: string[] = []
  for (const [index, node] of place.nodes.entries()) {
    lines.push(
      await underLoad(place, table, {
        what: `node ${index + 1}: kill -9`,
        goal: { gets: 0 },
        fromBegin: true,
        run: async () => {
          await node.portal.kill()
          await sleep(RESTART_MS)
          await node.start()
        },
      }),
    )
  }
  lines.push(await killWebProcess(place, table))
  for (const breaking of [worker(place), nginx(place), pgBouncer(place), postgreSql(place)])
    lines.push(await underLoad(place, table, breaking))
  return lines
}

/** One of two of a node. */
async function killWebProcess(place: Place, table: Row[]): Promise<string> {
  const [first] = place.nodes
  await first.restart({ WEB_PROCESSES: '2' })
  const line = await underLoad(place, table, {
    what: 'a web process of a node: kill -9',
    goal: { gets: 0 },
    fromBegin: true,
    run: async () => {
      const { pid } = first.portal
      const [web] = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
      process.kill(Number(web), 'SIGKILL')
      await sleep(3000)
    },
  })
  await first.restart()
  return line
}

const worker = ({ startWorker }: Place): Breaking => ({
  what: 'worker: kill -9',
  goal: { errors: 0 },
  run: async context => {
    await context.worker.kill()
    await sleep(RESTART_MS)
    context.worker = await startWorker()
  },
})

const nginx = ({ nginx }: Place): Breaking => ({
  what: 'nginx: kill -9',
  run: async () => {
    await nginx.kill()
    await sleep(AT_ONCE_MS)
    await nginx.restart()
  },
})

const pgBouncer = ({ bouncer }: Place): Breaking => ({
  what: 'PgBouncer: kill -9',
  goal: DATABASE_GOAL,
  run: async () => {
    await bouncer.kill()
    await sleep(AT_ONCE_MS)
    await bouncer.restart()
  },
})

const postgreSql = ({ postgres }: Place): Breaking => ({
  what: 'PostgreSQL: kill -9',
  goal: DATABASE_GOAL,
  run: async () => {
    await postgres.primary.kill()
    await sleep(AT_ONCE_MS)
    await postgres.primary.start()
  },
})

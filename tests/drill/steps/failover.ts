// The replica is gone, whoever commits would wait for it, and who reads the past is answered by the server that writes; then that is
// gone, and the replica takes over.
import { setTimeout as sleep } from 'node:timers/promises'
import { seconds } from '../figures.ts'
import type { Node, Place } from '../place.ts'
import type { Row } from '../table.ts'
import { underLoad } from '../under-load.ts'

/** Until whoever watches has noticed, and says what is to be done. */
const NOTICED_MS = 2_000
/** Nodes look every two seconds whether the replica may be read (lib/platform/replica.ts); with a loaded machine's own. */
const READ_MS = 20_000

export async function failover(place: Place, { table }: { table: Row[] }): Promise<string[]> {
  const { bouncer, nodes, postgres } = place
  const lines: string[] = []
  const replica = postgres.replica!
  lines.push(
    await underLoad(place, table, {
      what: 'replica: kill -9, and nobody waits for it after 2 s',
      goal: { errors: 0 },
      run: async () => {
        await untilRead(nodes, true)
        await replica.kill()
        await sleep(NOTICED_MS)
        await postgres.waitForReplica(false)
        await untilRead(nodes, false)
      },
    }),
  )
  await replica.start()
  await postgres.waitForReplica(true)
  const readAgain = await untilRead(nodes, true)
  lines.push(
    `  nodes read the past from the server that writes meanwhile, and from the replica ${seconds(readAgain)} after it followed again`,
  )

  let took = 0
  lines.push(
    await underLoad(place, table, {
      what: 'PostgreSQL: kill -9, and the replica takes over after 2 s',
      fromBegin: true,
      run: async () => {
        await postgres.primary.kill()
        await sleep(NOTICED_MS)
        const began = Date.now()
        await postgres.failOver()
        await bouncer.leadTo(postgres.behind())
        took = Date.now() - began
      },
    }),
  )
  lines.push(
    `  promoted, and PgBouncer and the direct address led there, in ${seconds(took)}; recovered counts from the kill`,
  )
  const began = Date.now()
  await postgres.addReplica()
  const followed = Date.now() - began
  await untilRead(nodes, true)
  lines.push(`  another replica was made and followed after ${seconds(followed)}, and is read`)
  return lines
}

/** Milliseconds until all nodes read the replica, or none does, as they say themselves. */
async function untilRead(nodes: Node[], wanted: boolean): Promise<number> {
  for (const began = Date.now(); ; await sleep(100)) {
    if (nodes.every(node => readsReplica(node) === wanted)) return Date.now() - began
    if (Date.now() > began + READ_MS)
      throw new Error(
        `Within ${seconds(READ_MS)} not every node said whether the replica is read: ${wanted}.`,
      )
  }
}

function readsReplica({ portal }: Node): boolean {
  const said = portal.output()
  return said.lastIndexOf('the replica is read') > said.lastIndexOf('the replica is not read')
}

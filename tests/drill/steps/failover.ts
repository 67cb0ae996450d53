// The replica is gone, and whoever commits would wait for it; then the server that writes is gone, and the replica takes over.
import { setTimeout as sleep } from 'node:timers/promises'
import { seconds } from '../figures.ts'
import type { Place } from '../place.ts'
import type { Row } from '../table.ts'
import { underLoad } from '../under-load.ts'

/** Until whoever watches has noticed, and says what is to be done. */
const NOTICED_MS = 2_000

export async function failover(place: Place, { table }: { table: Row[] }): Promise<string[]> {
  const { bouncer, postgres } = place
  const lines: string[] = []
  const replica = postgres.replica!
  lines.push(
    await underLoad(place, table, {
      what: 'replica: kill -9, and nobody waits for it after 2 s',
      goal: { errors: 0 },
      run: async () => {
        await replica.kill()
        await sleep(NOTICED_MS)
        await postgres.waitForReplica(false)
      },
    }),
  )
  await replica.start()
  await postgres.waitForReplica(true)

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
  lines.push(`  another replica was made and followed after ${seconds(Date.now() - began)}`)
  return lines
}

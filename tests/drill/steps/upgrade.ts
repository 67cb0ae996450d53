// A rolling upgrade under load: from an older release whose database the present one migrates meanwhile, or to another build of the
// present one.
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, rows } from '../../support/postgres.ts'
import { beginAll } from '../begun.ts'
import { seconds } from '../figures.ts'
import { lastWords, openPlace, type Place, runProgram } from '../place.ts'
import { buildRelease, type Release, ROOT } from '../releases.ts'
import type { Row } from '../table.ts'
import { underLoad } from '../under-load.ts'
import { rollNodes } from './stops.ts'

/** As in a year of a small company, so that what goes through a table can be seen to take its time. */
const EVENTS = 300_000
/** Between two looks at who waits for a lock. */
const LOOK_MS = 20

export async function upgrade(
  place: Place,
  { table, from }: { table: Row[]; from?: string },
): Promise<string[]> {
  if (from) return upgradeFrom({ root: from, build: place.release.build }, place.release, table)
  const before = place.release
  const next = await buildRelease({ root: ROOT, build: '.next-drill-upgrade' })
  let finished = ''
  const line = await underLoad(place, table, {
    what: 'rolling upgrade to another build',
    goal: { errors: 0 },
    run: async () => {
      const finish = await beginAll(place)
      await rollTo(place, next)
      finished = await finish()
    },
  })
  await rollTo(place, before)
  return [line, finished]
}

/** On servers of its own, which begin with the older release's tables. */
async function upgradeFrom(older: Release, next: Release, table: Row[]): Promise<string[]> {
  const place = await openPlace(await buildRelease(older))
  const said: string[] = []
  try {
    await rows(
      place.postgres.url,
      `insert into audit_events (action, subject, at)
        select 'drill.upgrade', n, now() - n * interval '1 minute' from generate_series(1, ${EVENTS}) n`,
    )
    const line = await underLoad(place, table, {
      what: 'rolling upgrade from an older release',
      goal: { errors: 0 },
      run: async context => {
        const finish = await beginAll(place)
        said.push(...(await migrate(place)))
        // The older release goes on serving, also where a node of it is started again.
        await place.nodes[0].restart()
        place.release = next
        // Beside the older one, so that jobs of both releases go to workers of both.
        const worker = await place.startWorker()
        await rollNodes(place)
        await context.worker.stop()
        context.worker = worker
        said.push(await finish())
      },
    })
    return [line, ...said]
  } catch (error) {
    throw new Error([(error as Error).message, ...said, lastWords(place)].join('\n'), { cause: error })
  } finally {
    await place.end()
  }
}

function rollTo(place: Place, release: Release): Promise<void> {
  place.release = release
  return rollNodes(place)
}

/** `npm run migrate` of the present release; how long it took, and for how long it kept others waiting. */
async function migrate({ postgres, settings }: Place): Promise<string[]> {
  const watching = watchLocks(postgres.url)
  const began = Date.now()
  const program = runProgram(['bin/migrate.ts'], settings)
  const status = await program.ended
  const took = Date.now() - began
  const { longestMs, waited } = await watching.stop()
  if (status !== 0) throw new Error(`The migrations ended with ${status}:\n${program.output()}`)
  const tried = program.output().split('waits for a table that somebody holds').length - 1
  return [
    `  migrated under load in ${seconds(took)} with ${EVENTS} events in the audit: a table that was held was waited for ${tried} times;`,
    `  others waited for a lock of the migrations ${waited} times, ${longestMs.toFixed(0)} ms at most`,
  ]
}

/** Looks again and again at who waits for a lock that the migrations hold, or wait for before them. */
function watchLocks(url: string): { stop: () => Promise<{ longestMs: number; waited: number }> } {
  const waits = new Map<string, number>()
  let stopping = false
  const watch = async () => {
    const client = await connect(url)
    try {
      for (; !stopping; await sleep(LOOK_MS)) {
        const { rows: found } = await client.query<{ wait: string; ms: number }>(
          `select l.pid || ' ' || l.waitstart as wait, (extract(epoch from clock_timestamp() - l.waitstart) * 1000)::float8 as ms
            from pg_locks l where not l.granted and l.waitstart is not null and exists (
              select from pg_stat_activity m where m.pid = any (pg_blocking_pids(l.pid)) and m.application_name = 'drita-migrations')`,
        )
        for (const { wait, ms } of found) waits.set(wait, ms)
      }
    } finally {
      await client.end()
    }
  }
  const watching = watch()
  // Reported by `stop`, which awaits it.
  watching.catch(() => {})
  return {
    stop: async () => {
      stopping = true
      await watching
      return { longestMs: Math.max(0, ...waits.values()), waited: waits.size }
    },
  }
}

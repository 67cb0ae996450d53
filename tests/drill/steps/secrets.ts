// Another AUTH_SECRET, as README's "Changing AUTH_SECRET" says, while customers look at pages and pay: nobody is signed out, and
// what was sealed, signed or sent with the old one still counts.
import { beginAll } from '../begun.ts'
import { type Place, type Process, runProgram } from '../place.ts'
import type { Row } from '../table.ts'
import { underLoad } from '../under-load.ts'
import { rollNodes } from './stops.ts'

const NEXT_SECRET = 'another-secret-of-the-drill-0123456789'

export async function secrets(place: Place, { table }: { table: Row[] }): Promise<string[]> {
  const { settings } = place
  let resealed = ''
  let finished = ''
  const line = await underLoad(place, table, {
    what: 'AUTH_SECRET changed',
    goal: { errors: 0 },
    run: async context => {
      const finish = await beginAll(place)
      const old = settings.AUTH_SECRET!
      await roll(place, context, { AUTH_SECRET_PREVIOUS: NEXT_SECRET })
      await roll(place, context, { AUTH_SECRET: NEXT_SECRET, AUTH_SECRET_PREVIOUS: old })
      const reseal = runProgram(['bin/reseal.ts'], settings)
      if ((await reseal.ended) !== 0) throw new Error(`reseal failed:\n${reseal.output()}`)
      resealed = reseal.output().trim()
      finished = await finish()
    },
  })
  return [line, finished, `  ${resealed}`]
}

/** Gives the worker and all nodes, one after the other, other settings. */
async function roll(
  place: Place,
  context: { worker: Process },
  changed: Record<string, string>,
): Promise<void> {
  Object.assign(place.settings, changed)
  await context.worker.stop()
  context.worker = await place.startWorker()
  await rollNodes(place)
}

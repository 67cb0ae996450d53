// Restarts as people do them: of PostgreSQL, announced to PgBouncer and not, of PgBouncer, and of nginx with other settings.
import type { Place } from '../place.ts'
import type { Row } from '../table.ts'
import { underLoad } from '../under-load.ts'
import { DATABASE_GOAL } from './kills.ts'

export async function restarts(place: Place, { table }: { table: Row[] }): Promise<string[]> {
  const { bouncer, postgres } = place
  const restart = async () => {
    await postgres.primary.stop('fast')
    await postgres.primary.start()
  }
  return [
    await underLoad(place, table, {
      what: 'PostgreSQL restarted, PgBouncer not told',
      goal: DATABASE_GOAL,
      run: restart,
    }),
    await underLoad(place, table, {
      what: 'PostgreSQL restarted between PAUSE and RESUME',
      goal: { errors: 0 },
      run: async () => {
        await bouncer.command('PAUSE')
        await restart()
        await bouncer.command('RESUME')
      },
    }),
    await underLoad(place, table, {
      what: 'PgBouncer restarted',
      goal: DATABASE_GOAL,
      run: async () => {
        await bouncer.finish()
        await bouncer.restart()
      },
    }),
  ]
}

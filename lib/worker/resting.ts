// Which jobs rest: those of a channel that takes nothing, and those that move money while payments are stopped.
import { sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { RESTS_IN_MAINTENANCE } from '../platform/jobs.ts'

/** The flags of jobs that are not to be begun now, by the database's clock, as every node sees it. */
export async function listResting(db: Executor): Promise<string[]> {
  const { rows } = await db.execute<{ flag: string }>(sql`
    select channel as flag from channel_pauses where until > now()
    union all
    select ${RESTS_IN_MAINTENANCE} from maintenance where starts_at <= now() and ends_at > now()`)
  return rows.map(({ flag }) => flag)
}

// Channels that are left alone for a while, on all nodes alike: their jobs rest (lib/worker/resting.ts).
import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import type { MessageChannel } from '../../db/enums.ts'
import { channelPauses } from '../../db/schema/notifications.ts'

/** As long as a try may take by default: a channel that hangs is tried half of the time. A code has ten minutes. */
const PAUSE_SECONDS = 15

/** Has no message tried on the channel for a while; those that wait lose no try. */
export async function pauseChannel(db: Database, channel: MessageChannel): Promise<void> {
  const until = sql`now() + make_interval(secs => ${PAUSE_SECONDS})`
  await db
    .insert(channelPauses)
    .values({ channel, until })
    .onConflictDoUpdate({ target: channelPauses.channel, set: { until } })
}

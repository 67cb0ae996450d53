// Counters of guesses, shared by all nodes; the table that rate-limiter-flexible expects.
import { bigint, index, integer, pgTable, text } from 'drizzle-orm/pg-core'

export const rateLimits = pgTable(
  'rate_limits',
  {
    key: text().primaryKey(),
    points: integer().notNull().default(0),
    /** Milliseconds since 1970. */
    expire: bigint({ mode: 'number' }),
  },
  t => [index('rate_limits_expire').on(t.expire)],
)

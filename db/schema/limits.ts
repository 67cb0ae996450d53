// Counters of guesses, shared by all nodes; the table that rate-limiter-flexible expects.
import { index, pgTable } from 'drizzle-orm/pg-core'

export const rateLimits = pgTable(
  'rate_limits',
  c => ({
    key: c.text().primaryKey(),
    points: c.integer().notNull().default(0),
    /** Milliseconds since 1970. */
    expire: c.bigint({ mode: 'number' }),
  }),
  t => [index('rate_limits_expire').on(t.expire)],
)

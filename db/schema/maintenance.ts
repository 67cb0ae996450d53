// Whether the portal is being worked on: customers read, and nobody pays (lib/maintenance).
import { sql } from 'drizzle-orm'
import { check, pgTable } from 'drizzle-orm/pg-core'
import { accounts } from './accounts.ts'

/** One row at most: work that is going on or announced. It is over at its end, or when the row is deleted. */
export const maintenance = pgTable(
  'maintenance',
  c => ({
    id: c.smallint().primaryKey().default(1),
    startsAt: c.timestamp({ withTimezone: true }).notNull(),
    endsAt: c.timestamp({ withTimezone: true }).notNull(),
    setBy: c.uuid().references(() => accounts.id, { onDelete: 'set null' }),
    setAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    check('maintenance_one', sql`${t.id} = 1`),
    check('maintenance_ends', sql`${t.endsAt} > ${t.startsAt}`),
  ],
)

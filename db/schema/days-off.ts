// Days off work of each country, beside Saturdays and Sundays.
import { check, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { countries } from '../enums.ts'
import { accounts } from './accounts.ts'

/** On the days on which they are kept. What was known when the portal began: db/days-off.ts. */
export const daysOff = pgTable(
  'days_off',
  c => ({
    country: c.text({ enum: countries }).notNull(),
    on: c.date().notNull(),
    name: c.text().notNull(),
    source: c.text().notNull(),
    /** Not known for certain yet. */
    isProvisional: c.boolean().notNull().default(false),
    /** Who of the staff put it there, or said that it is so. */
    confirmedBy: c.uuid().references(() => accounts.id),
    confirmedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [primaryKey({ columns: [t.country, t.on] }), check('days_off_country', isOneOf(t.country, countries))],
)

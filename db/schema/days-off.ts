// Days off work of each country, beside Saturdays and Sundays, and the years that staff have confirmed.
import { sql } from 'drizzle-orm'
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

/** Years of which staff changed or confirmed the days off: of others there is no row. */
export const daysOffYears = pgTable(
  'days_off_years',
  c => ({
    country: c.text({ enum: countries }).notNull(),
    year: c.smallint().notNull(),
    /** How often its days were changed or confirmed: each change names the count that its page showed. */
    changes: c.integer().notNull(),
    /** Who of the staff said that all its days are there and certain. */
    confirmedBy: c.uuid().references(() => accounts.id),
    confirmedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    primaryKey({ columns: [t.country, t.year] }),
    check('days_off_years_country', isOneOf(t.country, countries)),
    check('days_off_years_confirmed', sql`(${t.confirmedBy} is null) = (${t.confirmedAt} is null)`),
  ],
)

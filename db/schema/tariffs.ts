// What billers charge, as dated rows with their source.
import { sql } from 'drizzle-orm'
import { check, pgTable, uniqueIndex } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { blockKinds } from '../enums.ts'
import { accounts } from './accounts.ts'
import { ofBiller } from './billers.ts'

/**
 * What a biller charges a tariff group from a day on, until its next row begins: so rows can neither overlap nor leave a hole between
 * them. Rows are added; one that another from the same day takes the place of is kept. What was known when the portal began:
 * db/tariffs.ts.
 */
export const tariffs = pgTable(
  'tariffs',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: ofBiller(),
    tariffGroup: c.text().notNull(),
    validFrom: c.date({ mode: 'string' }).notNull(),
    /** Major units per kWh before VAT; the low ones: at night, null where the meter has one register. */
    priceHigh: c.numeric({ precision: 10, scale: 4 }).notNull(),
    priceLow: c.numeric({ precision: 10, scale: 4 }),
    /** From how many kWh a month on the block's prices hold, for all of the month (whole) or for what is above it. */
    blockLimit: c.integer(),
    blockKind: c.text({ enum: blockKinds }),
    blockPriceHigh: c.numeric({ precision: 10, scale: 4 }),
    blockPriceLow: c.numeric({ precision: 10, scale: 4 }),
    /** Minor units a month, before VAT. */
    fixedFee: c.integer().notNull(),
    /** Minor units a month, without VAT. */
    tvTax: c.integer().notNull(),
    vatPercent: c.numeric({ precision: 5, scale: 2 }).notNull(),
    source: c.text().notNull(),
    /** What is assumed or unverified in it. */
    note: c.text(),
    /** Who of the staff added it; null: known when the portal began. */
    recordedBy: c.uuid().references(() => accounts.id),
    recordedAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When another row from the same day took its place. */
    replacedAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    uniqueIndex('tariffs_from').on(t.billerId, t.tariffGroup, t.validFrom).where(sql`replaced_at is null`),
    check(
      'tariffs_prices',
      sql`least(${t.priceHigh}, ${t.priceLow}, ${t.blockPriceHigh}, ${t.blockPriceLow}) >= 0`,
    ),
    check('tariffs_amounts', sql`${t.fixedFee} >= 0 and ${t.tvTax} >= 0`),
    check('tariffs_vat', sql`${t.vatPercent} between 0 and 100`),
    check(
      'tariffs_block',
      sql`num_nulls(${t.blockLimit}, ${t.blockKind}, ${t.blockPriceHigh}) in (0, 3) and ${t.blockLimit} > 0`,
    ),
    check(
      'tariffs_low',
      sql`(${t.blockPriceLow} is null) = (${t.priceLow} is null or ${t.blockLimit} is null)`,
    ),
    check('tariffs_block_kind', isOneOf(t.blockKind, blockKinds)),
  ],
)

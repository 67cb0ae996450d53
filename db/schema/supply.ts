// When the supply is off: work and faults in an area, and disconnections of a contract, as feeds bring them.
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, pgTable, primaryKey, unique } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { disconnectionReasons, outageKinds } from '../enums.ts'
import { ofBiller } from './billers.ts'
import { contracts } from './contracts.ts'

/** Work that was planned or a fault. It concerns the contracts whose region, branch and zone are those that it names. */
export const outages = pgTable(
  'outages',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: ofBiller(),
    reference: c.text().notNull(),
    kind: c.text({ enum: outageKinds }).notNull(),
    region: c.text(),
    branch: c.text(),
    zone: c.text(),
    /** Streets or a quarter, as the biller says it. */
    place: c.text(),
    startsAt: c.timestamp({ withTimezone: true }).notNull(),
    /** Null: nobody knows yet. */
    endsAt: c.timestamp({ withTimezone: true }),
    textSq: c.text(),
    textEn: c.text(),
    textSr: c.text(),
    cancelledOn: c.date({ mode: 'string' }),
    /** How often feeds have called it off: each time is told of. */
    calledOff: c.smallint().notNull().default(0),
    /** Region, branch and zone as they are compared, those that it does not name empty: what a contract's are looked up by. */
    area: c
      .text()
      .notNull()
      .generatedAlwaysAs(
        sql`fold_place(coalesce(region, '')) || '|' || fold_place(coalesce(branch, '')) || '|' || fold_place(coalesce(zone, ''))`,
      ),
    /** Where it is, as it is searched: each word after a blank. */
    words: c
      .text()
      .notNull()
      .generatedAlwaysAs(
        sql`' ' || place_words(coalesce(region, '') || ' ' || coalesce(branch, '') || ' ' || coalesce(zone, '') || ' ' || coalesce(place, ''))`,
      ),
  }),
  t => [
    unique('outages_biller_reference').on(t.billerId, t.reference),
    index('outages_start').on(t.billerId, t.startsAt),
    index('outages_area').on(t.billerId, t.area, t.startsAt),
    check('outages_kind', isOneOf(t.kind, outageKinds)),
    check('outages_times', sql`${t.endsAt} >= ${t.startsAt}`),
  ],
)

/**
 * What outages may call the area of a contract (lib/supply/columns.ts), for each region, branch and zone that contracts of a feed name,
 * unknown ones empty: worked out here once, and not for each contract at each look.
 */
export const contractAreas = pgTable(
  'contract_areas',
  c => ({
    region: c.text().notNull(),
    branch: c.text().notNull(),
    zone: c.text().notNull(),
    areas: c.text().array().notNull().generatedAlwaysAs(sql`areas_of(region, branch, zone)`),
  }),
  t => [primaryKey({ columns: [t.region, t.branch, t.zone] })],
)

/** A disconnection of a contract: announced, done, undone or called off. */
export const disconnections = pgTable(
  'disconnections',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    billerId: c.smallint().notNull(),
    contractId: c.bigint({ mode: 'number' }).notNull(),
    reference: c.text().notNull(),
    announcedOn: c.date({ mode: 'string' }).notNull(),
    /** The first day on which it may be done. */
    notBefore: c.date({ mode: 'string' }).notNull(),
    reason: c.text({ enum: disconnectionReasons }).notNull(),
    /** What to pay so that it does not happen, in minor units; null: no amount was named. */
    amount: c.bigint({ mode: 'number' }),
    doneAt: c.timestamp({ withTimezone: true }),
    reconnectedAt: c.timestamp({ withTimezone: true }),
    cancelledOn: c.date({ mode: 'string' }),
  }),
  t => [
    unique('disconnections_biller_reference').on(t.billerId, t.reference),
    foreignKey({ columns: [t.billerId, t.contractId], foreignColumns: [contracts.billerId, contracts.id] }),
    index('disconnections_contract').on(t.contractId, t.announcedOn),
    check('disconnections_reason', isOneOf(t.reason, disconnectionReasons)),
    check('disconnections_amount', sql`${t.amount} >= 0`),
    check('disconnections_days', sql`${t.notBefore} >= ${t.announcedOn}`),
  ],
)

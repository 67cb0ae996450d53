// Which contracts an account sees, of which time, and whom a holder refused.
import { sql } from 'drizzle-orm'
import { check, index, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import { isOneOf } from '../checks.ts'
import { accessLevels, holderDecisions, recognitions } from '../enums.ts'
import { ofAccount } from './accounts.ts'
import { ofContract } from './contracts.ts'

/**
 * An account's contract. `level` is what somebody who is not the holder may see. Whether an account is the holder follows
 * from the contract's present data (accessLevel in lib/contracts/access.ts); stored is only how a person was recognised.
 */
export const contractAccess = pgTable(
  'contract_access',
  c => ({
    accountId: ofAccount(),
    contractId: ofContract(),
    level: c.text({ enum: accessLevels }).notNull().default('amounts'),
    /** The holder's answer: approved lifts to masked, limited stays at amounts, refused shows nothing; null: none yet. */
    holderDecision: c.text({ enum: holderDecisions }),
    /** When names and personal number were found to be the account's own, and by what; null: by nothing that is kept. */
    recognisedAt: c.timestamp({ withTimezone: true }),
    /** paper: meter and reading of a bill. counter: staff saw the person. phone: the biller's, verified here before it was changed. */
    recognisedBy: c.text({ enum: recognitions }),
    alias: c.text(),
    /** Taken off the list. The row stays, so that the holder's answer outlasts removing and adding again. */
    removedAt: c.timestamp({ withTimezone: true }),
    addedAt: c.timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** When what the holder allowed ends; null: it has no end. */
    endsAt: c.timestamp({ withTimezone: true }),
    /** Came after a holder who moved out on this day: sees only what begins after it. */
    fromOn: c.date({ mode: 'string' }),
    /** The holder who moves out on this day: sees only what begins by then. */
    untilOn: c.date({ mode: 'string' }),
    /** Was there before somebody else moved out on this day: will be as one who comes after it. */
    handoverOn: c.date({ mode: 'string' }),
    /** When the day in `untilOn` or `handoverOn` is over. */
    handoverAt: c.timestamp({ withTimezone: true }),
  }),
  t => [
    primaryKey({ columns: [t.accountId, t.contractId] }),
    index('contract_access_contract').on(t.contractId),
    index('contract_access_ends').on(t.endsAt).where(sql`ends_at is not null`),
    index('contract_access_handover').on(t.handoverAt).where(sql`handover_on is not null`),
    check(
      'contract_access_handed_over',
      sql`(${t.handoverAt} is null) = (${t.untilOn} is null and ${t.handoverOn} is null)`,
    ),
    check('contract_access_level', isOneOf(t.level, accessLevels)),
    check('contract_access_decision', isOneOf(t.holderDecision, holderDecisions)),
    check('contract_access_recognised', sql`(${t.recognisedAt} is null) = (${t.recognisedBy} is null)`),
    check('contract_access_recognised_by', isOneOf(t.recognisedBy, recognitions)),
    check('contract_access_alias', sql`length(${t.alias}) between 1 and 60`),
  ],
)

/**
 * The days on which holders moved out. Whose they were stands in their access, for as long as they have an account; whoever adds
 * the contract after it begins there.
 */
export const contractHandovers = pgTable(
  'contract_handovers',
  c => ({ contractId: ofContract(), movesOutOn: c.date({ mode: 'string' }).notNull() }),
  t => [primaryKey({ columns: [t.contractId, t.movesOutOn] })],
)

/**
 * Whom a contract's holder refused or limited, or who moved out of it, and who then deleted the account: kept so that the same person
 * comes back by no proof, and to no time but their own (lib/contracts/refusals.ts). The personal number is a hash under a key of the row's own.
 */
export const contractRefusals = pgTable(
  'contract_refusals',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    contractId: ofContract(),
    sealedKey: c.text().notNull(),
    personHash: c.text().notNull(),
    /** False: they moved out, and nobody refused them anything. */
    wasRefused: c.boolean().notNull().default(true),
    /** As in their access, of whoever moved out. */
    fromOn: c.date({ mode: 'string' }),
    untilOn: c.date({ mode: 'string' }),
    handoverAt: c.timestamp({ withTimezone: true }),
    keptAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [
    index('contract_refusals_contract').on(t.contractId),
    index('contract_refusals_kept').on(t.keptAt),
    check('contract_refusals_moved_out', sql`(${t.handoverAt} is null) = (${t.untilOn} is null)`),
    check('contract_refusals_reason', sql`${t.wasRefused} or ${t.untilOn} is not null`),
  ],
)

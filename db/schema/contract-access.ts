// Which contracts an account sees, and whom a holder refused.
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
  }),
  t => [
    primaryKey({ columns: [t.accountId, t.contractId] }),
    index('contract_access_contract').on(t.contractId),
    check('contract_access_level', isOneOf(t.level, accessLevels)),
    check('contract_access_decision', isOneOf(t.holderDecision, holderDecisions)),
    check('contract_access_recognised', sql`(${t.recognisedAt} is null) = (${t.recognisedBy} is null)`),
    check('contract_access_recognised_by', isOneOf(t.recognisedBy, recognitions)),
    check('contract_access_alias', sql`length(${t.alias}) between 1 and 60`),
  ],
)

/**
 * Whom a contract's holder refused or limited and who then deleted the account: kept so that the same person comes back by
 * no proof (lib/contracts/refusals.ts). The personal number is a hash under a key of the row's own.
 */
export const contractRefusals = pgTable(
  'contract_refusals',
  c => ({
    id: c.bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    contractId: ofContract(),
    sealedKey: c.text().notNull(),
    personHash: c.text().notNull(),
    keptAt: c.timestamp({ withTimezone: true }).notNull(),
  }),
  t => [index('contract_refusals_contract').on(t.contractId), index('contract_refusals_kept').on(t.keptAt)],
)

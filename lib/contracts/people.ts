// Who else has a contract, and what has happened with it, for its holder.
import { and, asc, desc, eq, inArray, isNull, ne, not, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { staffMembers } from '../../db/schema/auth.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { database } from '../platform/database.ts'
import {
  accessLevel,
  dayAt,
  hasMovedOut,
  heldUntilDay,
  holdsNow,
  inOwnTime,
  isAccess,
  isOver,
  movedOutBefore,
  selectAccess,
} from './access.ts'

type Who = { id: string }

export type PersonWithAccess = Awaited<ReturnType<typeof listPeopleWithAccess>>[number]

/**
 * Who has the contract besides its holder; empty where the customer is not the holder, or moved out. `decision`, `endsAt`: what holds
 * now.
 */
export async function listPeopleWithAccess(customer: Who, contractId: number) {
  const mine = selectAccess(database(), { id: contracts.id }).where(
    and(isAccess(customer.id, contractId), holdsNow),
  )
  return selectAccess(database(), {
    accountId: contractAccess.accountId,
    firstName: accounts.firstName,
    lastName: accounts.lastName,
    level: accessLevel,
    decision: sql<'approved' | 'limited' | 'refused' | null>`case
      when ${contractAccess.handoverOn} is not null and ${contractAccess.handoverAt} <= now() then null
      when ${isOver} then 'limited' else ${contractAccess.holderDecision} end`,
    endsAt: sql<Date | null>`case when not ${isOver} then ${contractAccess.endsAt} end`.mapWith(
      contractAccess.endsAt,
    ),
    addedAt: contractAccess.addedAt,
  })
    .where(
      and(
        inArray(contractAccess.contractId, mine),
        ne(contractAccess.accountId, customer.id),
        isNull(contractAccess.removedAt),
        not(hasMovedOut),
      ),
    )
    .orderBy(asc(contractAccess.addedAt))
}

/** What a holder is told of; each has a sentence (`access.log.<action>`). */
export const toldActions = [
  'contract.added',
  'contract.removed',
  'contract.restored',
  'contract.proved',
  'holder.proved',
  'holder.recognised',
  'holder.withdrawn',
  'access.approved',
  'access.limited',
  'access.refused',
  'access.ended',
  'handover.named',
  'handover.undone',
] as const

/** So many of the latest are shown; all of them stand in the access log of one's own data. */
const MOST_EVENTS = 12

export type AccessEvent = Awaited<ReturnType<typeof listAccessEvents>>[number]

/**
 * Who did what with the contract, the latest first, in the holder's own time. `by`: whose deed it was, with a name where it is another
 * person's. `whom`: whose access it changed; null names nobody, or somebody who has no account any more.
 */
export async function listAccessEvents(customer: Who, contractId: number) {
  const actor = alias(accounts, 'actor')
  const person = alias(accounts, 'person')
  const nameOf = (one: typeof actor | typeof person) =>
    sql<string | null>`nullif(concat_ws(' ', ${one.firstName}, left(${one.lastName}, 1) || '.'), '')`
  return selectAccess(database(), {
    id: auditEvents.id,
    at: auditEvents.at,
    action: sql<(typeof toldActions)[number]>`${auditEvents.action}`,
    by: sql<
      'you' | 'other' | 'staff' | 'portal'
    >`case when ${auditEvents.accountId} = ${accounts.id} then 'you'
      when ${auditEvents.accountId} is null then 'portal' when ${staffMembers.accountId} is not null then 'staff' else 'other' end`,
    who: nameOf(actor),
    whom: nameOf(person),
    until: sql<
      string | null
    >`coalesce(${auditEvents.details} ->> 'until', ${auditEvents.details} ->> 'movesOutOn')`,
  })
    .innerJoin(auditEvents, eq(auditEvents.subject, sql`'contract:' || ${contracts.id}`))
    .leftJoin(actor, eq(actor.id, auditEvents.accountId))
    .leftJoin(staffMembers, eq(staffMembers.accountId, auditEvents.accountId))
    .leftJoin(person, sql`${person.id} = (${auditEvents.details} ->> 'accountId')::uuid`)
    .where(
      and(
        isAccess(customer.id, contractId),
        or(sql`${accessLevel} = 'holder'`, and(hasMovedOut, heldUntilDay)),
        inArray(auditEvents.action, [...toldActions]),
        or(eq(auditEvents.accountId, customer.id), inOwnTime(dayAt(auditEvents.at))),
        not(movedOutBefore(auditEvents.accountId)),
      ),
    )
    .orderBy(desc(auditEvents.id))
    .limit(MOST_EVENTS)
}

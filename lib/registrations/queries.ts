// What staff see of disputes and businesses. Every look is written down.
import { and, desc, eq, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { billers, contracts } from '../../db/schema/contracts.ts'
import { businesses, disputes } from '../../db/schema/reviews.ts'
import type { Staff } from '../auth/staff.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { documentsOf, shownDocuments } from '../uploads/queries.ts'
import { findEarlierRegistrations } from './disputes.ts'
import type { ReviewState } from './rules.ts'
import type { ReviewKind } from './schema.ts'
import { businessInScope, disputeInScope } from './scope.ts'

export type Review = {
  kind: ReviewKind
  id: string
  name: string
  /** The dispute's contract, or the business's number. */
  about: string
  state: ReviewState
  createdAt: Date
}

const LIST_LENGTH = 200

/** Disputes and businesses for a member of staff: pending first, then taken, then decided; the oldest open ones first. */
export async function listReviews(staff: Staff, now: Date): Promise<Review[]> {
  // So that a long list loses the oldest decisions, and nothing that waits.
  const order = ({ state, createdAt }: typeof disputes | typeof businesses) => [
    sql`case ${state} when 'pending' then 0 when 'taken' then 1 else 2 end`,
    sql`case when ${state} in ('pending', 'taken') then ${createdAt} end`,
    desc(createdAt),
  ]
  const db = database()
  const of = await db
    .select({
      id: disputes.id,
      firstName: disputes.firstName,
      lastName: disputes.lastName,
      biller: billers.name,
      code: contracts.code,
      state: sql<ReviewState>`${disputes.state}`,
      createdAt: disputes.createdAt,
    })
    .from(disputes)
    .innerJoin(contracts, eq(contracts.id, disputes.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(disputeInScope(staff))
    .orderBy(...order(disputes))
    .limit(LIST_LENGTH)
  const own = await db
    .select({
      id: businesses.id,
      name: businesses.name,
      number: businesses.number,
      state: sql<ReviewState>`${businesses.state}`,
      createdAt: businesses.createdAt,
    })
    .from(businesses)
    .where(businessInScope(staff))
    .orderBy(...order(businesses))
    .limit(LIST_LENGTH)
  await recordEvent(db, { accountId: staff.id, action: 'registrations.listed', at: now })
  const reviews: Review[] = [
    ...of.map(({ firstName, lastName, biller, code, ...row }) => ({
      kind: 'dispute' as const,
      name: `${firstName} ${lastName}`,
      about: `${biller} ${code}`,
      ...row,
    })),
    ...own.map(({ number, ...row }) => ({ kind: 'business' as const, about: number, ...row })),
  ]
  return reviews.sort(inOrder)
}

const RANK: Record<ReviewState, number> = { pending: 0, taken: 1, granted: 2, refused: 2 }

function inOrder(one: Review, other: Review): number {
  const byState = RANK[one.state] - RANK[other.state]
  const older = one.createdAt.getTime() - other.createdAt.getTime()
  return byState || (RANK[one.state] === 2 ? -older : older)
}

const nameOf = (id: unknown) =>
  sql<string | null>`(select s.first_name || ' ' || s.last_name from ${accounts} s where s.id = ${id})`

/** A dispute in full, with the registrations that hold its details; undefined where it is not for this member of staff. */
export async function getDispute(staff: Staff, disputeId: string, now: Date) {
  const [row] = await database()
    .select({
      dispute: disputes,
      state: sql<ReviewState>`${disputes.state}`,
      biller: billers.name,
      contractCode: contracts.code,
      timeZone: billers.timeZone,
      holder: sql<
        string | null
      >`nullif(concat_ws(' ', ${contracts.holderFirstName}, ${contracts.holderLastName}), '')`,
      holderAgrees: sql<boolean>`${contracts.holderPersonalNumber} is not distinct from ${disputes.personalNumber}`,
      documents: documentsOf('dispute'),
      takenBy: nameOf(disputes.takenBy),
      decidedBy: nameOf(disputes.decidedBy),
    })
    .from(disputes)
    .innerJoin(contracts, eq(contracts.id, disputes.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(and(eq(disputes.id, disputeId), disputeInScope(staff)))
  if (!row) return undefined
  const earlier = await findEarlierRegistrations(database(), row.dispute)
  await recordEvent(database(), {
    accountId: staff.id,
    action: 'dispute.viewed',
    subject: `dispute:${disputeId}`,
    at: now,
  })
  // Whoever is registered sees in their own access log that staff looked at their data.
  for (const { id } of earlier) {
    await recordEvent(database(), {
      accountId: staff.id,
      action: 'account.viewed',
      subject: `account:${id}`,
      details: { dispute: disputeId },
      at: now,
    })
  }
  return { ...row, documents: shownDocuments(row.documents), earlier }
}

/** A business in full, with whose account it is on; undefined where it is not for this member of staff. */
export async function getBusiness(staff: Staff, businessId: string, now: Date) {
  const [row] = await database()
    .select({
      business: businesses,
      state: sql<ReviewState>`${businesses.state}`,
      firstName: accounts.firstName,
      lastName: accounts.lastName,
      contracts: sql<number>`(select count(*)::int from ${contracts} c where c.business_number = ${businesses.number})`,
      documents: documentsOf('business'),
      takenBy: nameOf(businesses.takenBy),
      decidedBy: nameOf(businesses.decidedBy),
    })
    .from(businesses)
    .innerJoin(accounts, eq(accounts.id, businesses.accountId))
    .where(and(eq(businesses.id, businessId), businessInScope(staff)))
  if (!row) return undefined
  await recordEvent(database(), {
    accountId: staff.id,
    action: 'business.viewed',
    subject: `account:${row.business.accountId}`,
    details: { business: businessId },
    at: now,
  })
  return { ...row, documents: shownDocuments(row.documents) }
}

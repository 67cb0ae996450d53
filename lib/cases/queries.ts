// What staff see of disputes and businesses. Every look is written down.
import { and, eq, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { businesses, disputes } from '../../db/schema/reviews.ts'
import type { Staff } from '../auth/staff.ts'
import { documentsOf, shownDocuments } from '../files/queries.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { findEarlierRegistrations } from './kinds/disputes.ts'
import { isDecided, mayMove, type ReviewState } from './rules.ts'
import type { ReviewKind } from './schema.ts'
import { businessInScope, disputeInScope, isOthersBusiness, isOthersDispute } from './scope.ts'

export type Review = {
  kind: ReviewKind
  id: string
  name: string
  /** The biller with the dispute's contract, or with the business's number. */
  about: string
  state: ReviewState
  createdAt: Date
}

export const QUEUE_PAGE = 50

/** Which part of the queue, as SQL over disputes and businesses, in the very words of their indexes. */
const PARTS = {
  /** Pending and taken, the oldest first. */
  open: { states: sql`('pending', 'taken')`, place: sql`created_at`, order: sql`asc`, beyond: sql`>` },
  /** Granted and refused, the latest first. */
  decided: { states: sql`('granted', 'refused')`, place: sql`decided_at`, order: sql`desc`, beyond: sql`<` },
}

/**
 * A page of the disputes and businesses for a member of staff: `QUEUE_PAGE` at most, those that follow the dispute or
 * business `after`. `next`: what the next page follows, where there is one.
 */
export async function listReviews(
  staff: Staff,
  part: keyof typeof PARTS,
  after: string | undefined,
  now: Date,
): Promise<{ reviews: Review[]; next: string | undefined }> {
  const { states, place, order, beyond } = PARTS[part]
  const billerIds = sql`any (${sql.param(staff.billerIds)}::smallint[])`
  // Each biller gives a page from its own part of the index, however much others have.
  const page = sql`state in ${states} ${after && sql`and (${place}, id) ${beyond} (select place, id from after)`}
    order by ${place} ${order}, id ${order} limit ${QUEUE_PAGE + 1}`
  const { rows } = await database().execute<Omit<Review, 'createdAt'> & { createdAt: string }>(sql`
    with after as (
      select ${place} as place, id from disputes where id = ${after ?? null}
      union all select ${place}, id from businesses where id = ${after ?? null}),
    listed as (
      select 'dispute' as kind, d.id, d.first_name || ' ' || d.last_name as name, billers.name as biller, d.contract_id,
        null as number, d.state, d.created_at, d.${place} as place
      from billers cross join lateral (select * from disputes where biller_id = billers.id and ${isOthersDispute(staff)} and ${page}) d
      where billers.id = ${billerIds}
      union all
      select 'business', b.id, b.name, billers.name, null, b.number, b.state, b.created_at, b.${place}
      from billers cross join lateral (select * from businesses where biller_id = billers.id and ${isOthersBusiness(staff)} and ${page}) b
      where billers.id = ${billerIds}
      order by place ${order}, id ${order} limit ${QUEUE_PAGE + 1})
    select kind, listed.id, listed.name, biller || ' ' || coalesce(number, contracts.code) as about, state,
      created_at as "createdAt"
    from listed left join contracts on contracts.id = listed.contract_id
    order by place ${order}, listed.id ${order}`)
  await recordEvent(database(), { accountId: staff.id, action: 'registrations.listed', at: now })
  const reviews = rows
    .slice(0, QUEUE_PAGE)
    .map(({ createdAt, ...row }) => ({ ...row, createdAt: new Date(createdAt) }))
  return { reviews, next: rows.length > QUEUE_PAGE ? reviews.at(-1)!.id : undefined }
}

const nameOf = (id: unknown) =>
  sql<string | null>`(select s.first_name || ' ' || s.last_name from ${accounts} s where s.id = ${id})`

/**
 * A dispute in full; undefined where it is not for this member of staff. `earlier`: the registrations that it may close,
 * shown to who decides, and only while it is open: who is registered is nothing that filing a dispute tells.
 */
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
  const decides = mayMove('dispute', 'grant', staff.role) && !isDecided(row.state)
  const earlier = decides ? await findEarlierRegistrations(database(), row.dispute, staff) : []
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
      biller: billers.name,
      state: sql<ReviewState>`${businesses.state}`,
      firstName: accounts.firstName,
      lastName: accounts.lastName,
      contracts: sql<number>`(select count(*)::int from ${contracts} c where c.business_number = ${businesses.number}
        and c.biller_id = ${businesses.billerId})`,
      documents: documentsOf('business'),
      takenBy: nameOf(businesses.takenBy),
      decidedBy: nameOf(businesses.decidedBy),
    })
    .from(businesses)
    .innerJoin(accounts, eq(accounts.id, businesses.accountId))
    .innerJoin(billers, eq(billers.id, businesses.billerId))
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

// Businesses on an account: added by the customer, confirmed or refused by staff, removed again.
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../../db/client.ts'
import { billers } from '../../../db/schema/billers.ts'
import { documents } from '../../../db/schema/files.ts'
import { businesses } from '../../../db/schema/reviews.ts'
import { wrongBusinessNumber } from '../../accounts/wrong-numbers.ts'
import type { Customer } from '../../auth/sessions.ts'
import type { Staff } from '../../auth/staff.ts'
import { claimDocuments, documentsGone, removeWhenUnused } from '../../files/commands.ts'
import { documentsOf, type ShownDocument, shownDocuments } from '../../files/queries.ts'
import { notify } from '../../notifications/outbox.ts'
import { recordEvent } from '../../platform/audit.ts'
import { database } from '../../platform/database.ts'
import { env } from '../../platform/env.ts'
import { readBusinessNumber } from '../../platform/identifiers.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { type ReviewFailure, reviewed } from '../review.ts'
import { afterMove, isDecided, mayMove, type ReviewState } from '../rules.ts'
import type { BusinessInput, ReviewInput } from '../schema.ts'
import { businessInScope } from '../scope.ts'

type Who = Pick<Customer, 'id'>

/**
 * Keeps a business with its stored documents for the biller's staff to confirm; of a form sent twice, the one that is
 * there. The same number counts once an account and biller.
 */
export async function addBusiness(
  customer: Who,
  input: BusinessInput,
  documentIds: string[],
  idempotencyKey: string,
  now: Date,
): Promise<Result<string, 'businessNumberForm' | 'businessNumberCheck' | 'businessAdded' | 'documentsGone'>> {
  const { nipt: wrong } = wrongBusinessNumber(input)
  if (wrong) return fail(wrong)
  const number = readBusinessNumber(input.nipt)!
  return database()
    .transaction(async tx => {
      const [biller] = await tx.select({ id: billers.id }).from(billers).where(eq(billers.code, input.biller))
      const [added] = await tx
        .insert(businesses)
        .values({
          accountId: customer.id,
          billerId: biller!.id,
          ...number,
          name: input.businessName,
          legalRepresentative: input.legalRepresentative,
          idempotencyKey,
          createdAt: now,
        })
        .onConflictDoNothing()
        .returning({ id: businesses.id })
      if (!added) {
        const before = await findAdded(tx, customer, idempotencyKey)
        return before ? ok(before) : fail('businessAdded')
      }
      await claimDocuments(tx, documentIds, { businessId: added.id })
      await recordEvent(tx, {
        accountId: customer.id,
        action: 'business.added',
        subject: `business:${added.id}`,
        at: now,
      })
      return ok(added.id)
    })
    .catch(documentsGone)
}

/** The business that this form added; undefined where it added none yet. */
export const findBusinessOf = (customer: Who, idempotencyKey: string) =>
  findAdded(database(), customer, idempotencyKey)

async function findAdded(db: Executor, { id }: Who, idempotencyKey: string): Promise<string | undefined> {
  const [row] = await db
    .select({ id: businesses.id })
    .from(businesses)
    .where(and(eq(businesses.accountId, id), eq(businesses.idempotencyKey, idempotencyKey)))
  return row?.id
}

export type OwnBusiness = {
  id: string
  /** The biller's name. */
  biller: string
  number: string
  name: string
  legalRepresentative: string
  state: ReviewState
  /** What staff wrote with their decision. */
  decisionNote: string | null
  createdAt: Date
  documents: ShownDocument[]
}

/** The customer's businesses with their documents, the newest first. */
export async function listBusinesses(customer: Who): Promise<OwnBusiness[]> {
  const rows = await database()
    .select({
      id: businesses.id,
      biller: billers.name,
      number: businesses.number,
      name: businesses.name,
      legalRepresentative: businesses.legalRepresentative,
      state: sql<ReviewState>`${businesses.state}`,
      decisionNote: businesses.decisionNote,
      createdAt: businesses.createdAt,
      documents: documentsOf('business'),
    })
    .from(businesses)
    .innerJoin(billers, eq(billers.id, businesses.billerId))
    .where(eq(businesses.accountId, customer.id))
    .orderBy(desc(businesses.createdAt), businesses.id)
  return rows.map(row => ({ ...row, documents: shownDocuments(row.documents) }))
}

/** Takes a business off the account: its contracts of that biller are the account's as a holder no more, its documents go. */
export async function removeBusiness(
  customer: Who,
  businessId: string,
  now: Date,
): Promise<Result<undefined, 'notFound'>> {
  return database().transaction(async tx => {
    const documentIds = await tx
      .select({ id: documents.id })
      .from(documents)
      .where(eq(documents.businessId, businessId))
    const removed = await tx
      .delete(businesses)
      .where(and(eq(businesses.id, businessId), eq(businesses.accountId, customer.id)))
      .returning({ id: businesses.id })
    if (removed.length === 0) return fail('notFound')
    await removeWhenUnused(
      tx,
      documentIds.map(({ id }) => id),
    )
    await recordEvent(tx, {
      accountId: customer.id,
      action: 'business.removed',
      subject: `business:${businessId}`,
      at: now,
    })
    return ok(undefined)
  })
}

/** Takes, confirms or refuses a business. Of two at once the second waits, and is refused (`moved`). */
export async function reviewBusiness(
  staff: Staff,
  businessId: string,
  input: ReviewInput,
  now: Date,
): Promise<Result<ReviewState, Extract<ReviewFailure, 'notFound' | 'moved'>>> {
  return database().transaction(async tx => {
    const [business] = await tx
      .select()
      .from(businesses)
      .where(and(eq(businesses.id, businessId), businessInScope(staff)))
      .for('update')
    // Nobody confirms their own business.
    if (!business || business.accountId === staff.id) return fail('notFound')
    const state = afterMove(business.state as ReviewState, input.intent)
    // No page of theirs has the button.
    if (!mayMove('business', input.intent, staff.role)) return fail('notFound')
    if (!state) return fail('moved')
    await tx
      .update(businesses)
      .set(reviewed(staff, input, state, now))
      .where(eq(businesses.id, business.id))
    await recordEvent(tx, {
      accountId: staff.id,
      action: `business.${state}`,
      subject: `account:${business.accountId}`,
      details: { business: business.id },
      at: now,
    })
    if (isDecided(state)) await tellOwner(tx, business, state === 'granted', input.note)
    return ok(state)
  })
}

async function tellOwner(
  tx: Transaction,
  business: typeof businesses.$inferSelect,
  granted: boolean,
  note: string | null,
): Promise<void> {
  const [biller] = await tx
    .select({ name: billers.name })
    .from(billers)
    .where(eq(billers.id, business.billerId!))
  const link = `${env().APP_URL}${granted ? '/contracts/add' : '/account/business'}`
  const values = { business: business.name, biller: biller!.name, link }
  const { accountId } = business
  if (granted) await notify(tx, accountId, { kind: 'business-confirmed', ...values })
  else await notify(tx, accountId, { kind: 'business-refused', ...values, note: note ?? '' })
}

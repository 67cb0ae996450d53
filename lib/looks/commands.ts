// Staff open a customer, for a reason; ask for what is masked; note what was said.
import { and, eq, sql } from 'drizzle-orm'
import { billerOf } from '../../db/billers.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { cases } from '../../db/schema/cases.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { callNotes, staffLooks } from '../../db/schema/staff-looks.ts'
import { askForLook, takeLook } from '../auth/look-limits.ts'
import type { Staff } from '../auth/staff.ts'
import { billerCodes } from '../billers/contract-codes.ts'
import { caseInScope } from '../cases/scope.ts'
import { hasCodes } from '../contracts/access.ts'
import { okOnce } from '../forms/answers.ts'
import type { Answer, Input } from '../forms/form.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { limits } from '../platform/limits.ts'
import { countTry, returnTry } from '../platform/rate-limits.ts'
import { fail, type Result } from '../platform/result.ts'
import { findTargets, recordedOf, type Target } from './find.ts'
import type { callNoteForm, findCustomerForm, lookForm } from './forms.ts'
import { isOpenLook, recordLook } from './looks.ts'
import type { Subject } from './schema.ts'
import { accountInScope, contractInScope, contractsInScope, type Who } from './scope.ts'

type Why = Input<typeof lookForm> & { caseId?: string | null }
type Opened = Promise<Answer<Subject, 'tooManyLooks'>>

/**
 * Opens the one customer whom an exact identifier names, with the biller that is chosen, else with any of theirs. What is not found is
 * counted, and written down by what it may have been; what is found, as every look. `severalFound`: the billers mean different things
 * by it. Whoever has no look left is told that before anything is searched.
 */
export async function findCustomer(
  staff: Staff,
  { biller, identifier, ...why }: Input<typeof findCustomerForm>,
  now: Date,
): Promise<Answer<Subject, 'nothingFound' | 'severalFound' | 'tooManyLooks'>> {
  const left = await askForLook(staff)
  if (!left.ok) return left
  const misses = limits.lookupMisses()
  const seconds = await countTry(misses, staff.id)
  if (seconds > 0) return { ok: false, code: 'wait', seconds }
  const searched = billerCodes.filter(
    code => staff.billerIds.includes(billerOf(code).id) && (biller === undefined || biller === code),
  )
  const [found, ...more] = await findTargets(staff, searched, identifier)
  const details = {
    ...recordedOf(identifier, searched),
    biller: biller ?? null,
    found: found ? 1 + more.length : 0,
  }
  await recordEvent(database(), { accountId: staff.id, action: 'customers.searched', details, at: now })
  if (!found) return fail('nothingFound')
  if (more.length > 0) return fail('severalFound')
  const ofBiller = { ...staff, billerIds: [billerOf(found.biller).id] }
  const opened = await openLook(ofBiller, found.target, why, now)
  // Their last looks may have been taken meanwhile: then a hit is counted as a miss is.
  if (opened.ok) await returnTry(misses, staff.id)
  return opened
}

/** Opens a contract or an account whose address is known already. */
export async function lookAt(staff: Staff, subject: Subject | undefined, why: Why, now: Date): Opened {
  const target = subject && (await targetOf(subject))
  return target ? openLook(staff, target, why, now) : fail('notFound')
}

/** Opens it for the reason of a look of theirs that is not over. */
export async function followLook(
  staff: Staff,
  look: string,
  subject: Subject | undefined,
  now: Date,
): Opened {
  const { reason, words, caseId } = staffLooks
  const [why] = await database()
    .select({ reason, words, caseId })
    .from(staffLooks)
    .where(isOpenLook(staff, look, now))
  return why ? lookAt(staff, subject, { ...why, words: why.words ?? undefined }, now) : fail('notFound')
}

/** Opens what a case that they may see is about: its contract, else its account. */
export async function lookFromCase(staff: Staff, id: string, now: Date): Opened {
  const { contractId, accountId } = cases
  const [found] = await database()
    .select({ contractId, accountId })
    .from(cases)
    .where(and(eq(cases.id, id), caseInScope(staff)))
  const why = { reason: 'case', words: undefined, caseId: id } as const
  if (found?.contractId) return openLook(staff, { contractId: found.contractId }, why, now)
  return found?.accountId ? openLook(staff, { accountId: found.accountId }, why, now) : fail('notFound')
}

async function targetOf(subject: Subject): Promise<Target | undefined> {
  if ('account' in subject) return { accountId: subject.account }
  const [found] = await database()
    .select({ contractId: contracts.id })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(hasCodes(subject.biller, subject.code))
  return found
}

async function openLook(staff: Staff, target: Target, { reason, words, caseId }: Why, now: Date): Opened {
  const found = await inScope(staff, target)
  if (!found) return fail('notFound')
  const taken = await takeLook(staff)
  if (!taken.ok) return taken
  const { billerId, subject } = found
  return database().transaction(async tx => {
    await tx.insert(staffLooks).values({
      staffId: staff.id,
      billerId,
      reason,
      words: reason === 'other' ? words : null,
      caseId: caseId ?? ('caseId' in target ? target.caseId : null),
      at: now,
      ...('accountId' in target ? target : { contractId: target.contractId }),
    })
    return okOnce(tx, subject)
  })
}

/** Where the target is seen, and for whose customer; undefined where it is not for this member of staff. */
async function inScope(
  staff: Who,
  target: Target,
): Promise<{ billerId: number; subject: Subject } | undefined> {
  if ('accountId' in target) {
    const { rows } = await database().execute<{ billerId: number | null; account: string }>(sql`
      select ${accounts.id} as account, (select min(biller_id) from contracts where id in ${contractsInScope(staff)}) as "billerId"
      from ${accounts} where ${accounts.id} = ${target.accountId} and ${accountInScope(staff)}`)
    return (
      rows[0] && { billerId: rows[0].billerId ?? staff.billerIds[0]!, subject: { account: rows[0].account } }
    )
  }
  const [contract] = await database()
    .select({ billerId: billers.id, biller: billers.code, code: contracts.code })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(and(eq(contracts.id, target.contractId), contractInScope(staff)))
  if (!contract) return undefined
  const { billerId, ...subject } = contract
  return { billerId, subject }
}

/** Shows for a while what is masked, to whoever looks: written down before anything is. */
export async function revealMasked(staff: Staff, look: string, now: Date): Opened {
  const [found] = await database()
    .select()
    .from(staffLooks)
    .where(isOpenLook(staff, look, now))
  const target: Target | undefined = found?.contractId
    ? { contractId: found.contractId }
    : found && { accountId: found.accountId! }
  const scope = target && (await inScope(staff, target))
  if (!scope) return fail('notFound')
  const taken = await takeLook(staff)
  if (!taken.ok) return taken
  return database().transaction(async tx => {
    await tx.update(staffLooks).set({ unmaskedAt: now }).where(eq(staffLooks.id, look))
    await recordLook(tx, staff, found!, 'unmasked', now)
    return okOnce(tx, scope.subject)
  })
}

/** Keeps what was said about a contract; nothing is shown for it, so that a look that is over loses no words. */
export const noteCall = (
  staff: Staff,
  { biller, code }: { biller: string; code: string },
  said: Input<typeof callNoteForm>,
  now: Date,
): Promise<Result<{ biller: string; code: string }, 'notFound'>> =>
  database().transaction(async tx => {
    const [contract] = await tx
      .select({ id: contracts.id, billerId: billers.id, biller: billers.code, code: contracts.code })
      .from(contracts)
      .innerJoin(billers, eq(billers.id, contracts.billerId))
      .where(and(hasCodes(biller, code), contractInScope(staff)))
    if (!contract) return fail('notFound')
    const { id, billerId, ...subject } = contract
    await tx.insert(callNotes).values({ contractId: id, staffId: staff.id, ...said, at: now })
    await recordEvent(tx, {
      accountId: staff.id,
      action: 'call.noted',
      subject: `contract:${id}`,
      details: { channel: said.channel, biller: billerId },
      at: now,
    })
    return okOnce(tx, subject)
  })

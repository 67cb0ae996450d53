// A look: who opened what, why, whether it is over, and that it is written down.
import { and, eq, gt, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { staffLooks } from '../../db/schema/staff-looks.ts'
import { recordEvent } from '../platform/audit.ts'
import { LOOK_MINUTES, UNMASKED_MINUTES } from './schema.ts'
import type { Who } from './scope.ts'

export type Look = Pick<
  typeof staffLooks.$inferSelect,
  'id' | 'reason' | 'words' | 'billerId' | 'caseId' | 'contractId' | 'accountId'
> & {
  /** What is masked is shown. */
  unmasked: boolean
}

const minutesBefore = (now: Date, minutes: number) => new Date(now.getTime() - minutes * 60_000)

/** The look is theirs, and not over. */
export const isOpenLook = (staff: Who, id: string, now: Date) =>
  and(
    eq(staffLooks.id, id),
    eq(staffLooks.staffId, staff.id),
    gt(staffLooks.at, minutesBefore(now, LOOK_MINUTES)),
  )

/** Their latest look that is not over, as JSON; null: none. `is`: at what, of staff_looks. */
export const openLookJson = (staff: Who, is: SQL, now: Date) => sql<Look | null>`(
  select json_build_object('id', id, 'reason', reason, 'words', words, 'billerId', biller_id, 'caseId', case_id,
    'contractId', contract_id, 'accountId', account_id,
    'unmasked', coalesce(unmasked_at > ${minutesBefore(now, UNMASKED_MINUTES).toISOString()}::timestamptz, false))
  from staff_looks where staff_id = ${staff.id} and ${is} and at > ${minutesBefore(now, LOOK_MINUTES).toISOString()}::timestamptz
  order by at desc limit 1)`

/** Whoever is looked at finds it in their access log, with the reason. Call it before anything is shown. */
export async function recordLook(
  db: Executor,
  staff: Who,
  look: Omit<Look, 'words' | 'unmasked'>,
  what: 'viewed' | 'unmasked' | 'contacts-viewed',
  now: Date,
): Promise<void> {
  const { id, reason, billerId, caseId, contractId, accountId } = look
  const of = contractId === null ? 'account' : 'contract'
  await recordEvent(db, {
    accountId: staff.id,
    action: `${of}.${what}`,
    subject: `${of}:${contractId ?? accountId}`,
    details: { look: id, reason, biller: billerId, ...(caseId && { case: caseId }) },
    at: now,
  })
}

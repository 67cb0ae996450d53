// What is masked in a case is shown for a while to the member of staff who asked for it, and to nobody else.
import { and, eq } from 'drizzle-orm'
import { cases } from '../../db/schema/cases.ts'
import { takeLook } from '../auth/look-limits.ts'
import type { Staff } from '../auth/staff.ts'
import { okOnce } from '../forms/answers.ts'
import type { Answer } from '../forms/form.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { fail } from '../platform/result.ts'
import { seal, unseal } from '../platform/seal.ts'
import { caseInScope } from './scope.ts'

const PURPOSE = 'case unmasked'
const MINUTES = 10

/** For the address of the case's page. */
export const sealUnmasking = (staffId: string, caseId: string, now: Date): string =>
  seal(JSON.stringify([staffId, caseId, now.getTime() + MINUTES * 60_000]), PURPOSE)

/** Writes down that a member of staff asked for what is masked in a case; its value says where the page is, and opens it there. */
export async function unmaskCase(
  staff: Staff,
  caseId: string,
  now: Date,
): Promise<Answer<{ id: string; queue: string; mark: string }, 'tooManyLooks'>> {
  const [one] = await database()
    .select({ id: cases.id, queue: cases.queue })
    .from(cases)
    .where(and(eq(cases.id, caseId), caseInScope(staff)))
  if (!one) return fail('notFound')
  const taken = await takeLook(staff)
  if (!taken.ok) return taken
  return database().transaction(async tx => {
    const event = { accountId: staff.id, action: 'case.unmasked', subject: `case:${caseId}`, at: now }
    await recordEvent(tx, event)
    return okOnce(tx, { ...one, mark: sealUnmasking(staff.id, caseId, now) })
  })
}

export function isUnmasked(mark: unknown, staffId: string, caseId: string, now: Date): boolean {
  const opened = typeof mark === 'string' ? unseal(mark, PURPOSE) : undefined
  if (opened === undefined) return false
  const [staff, one, until] = JSON.parse(opened) as [string, string, number]
  return staff === staffId && one === caseId && until > now.getTime()
}

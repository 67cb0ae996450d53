// What a directory's claims give whoever it signs in: never more than its setting allows.
import { type StaffRole, staffRoles } from '../../db/enums.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import type { StaffDirectory } from '../platform/staff-directories.ts'
import { cut } from '../platform/text.ts'

export type Claims = Readonly<Record<string, unknown>>
export type Grant = { role: StaffRole; billers: BillerCode[] }

/** A claim's values: one text, or a list of them; anything else says nothing. */
function valuesOf(claims: Claims, name: string): string[] {
  const claim = Object.hasOwn(claims, name) ? claims[name] : undefined
  return (Array.isArray(claim) ? claim : [claim]).filter(value => typeof value === 'string')
}

/** What the values stand for in the setting; what is not in it stands for nothing. */
const meantBy = <Meant>(given: string[], values: Record<string, Meant>): Meant[] =>
  given.flatMap(value => (Object.hasOwn(values, value) ? [values[value]!] : []))

/** The highest of the roles that the claims name, for all of the billers; undefined where they name no role here, or no biller. */
export function grantOf(
  { role, billers }: Pick<StaffDirectory, 'role' | 'billers'>,
  claims: Claims,
): Grant | undefined {
  const roles = meantBy(valuesOf(claims, role.claim), role.values)
  // They are listed from the least to the most.
  const highest = staffRoles.findLast(one => roles.includes(one))
  const granted = Array.isArray(billers) ? billers : meantBy(valuesOf(claims, billers.claim), billers.values)
  if (!highest || granted.length === 0) return undefined
  return { role: highest, billers: [...new Set(granted)].sort() }
}

/** Whether the claims say that a second step was passed, where the setting demands it. */
export const passedSecondStep = (
  { secondStep }: Pick<StaffDirectory, 'secondStep'>,
  claims: Claims,
): boolean => !secondStep || valuesOf(claims, secondStep.claim).some(step => secondStep.values.includes(step))

const MAX_NAME = 100

/** Names to show: as the directory has them, in two parts where it says so, else the whole as the first. */
export function namesOf(claims: Claims): { firstName: string; lastName: string } {
  const text = (name: string) =>
    cut((valuesOf(claims, name)[0] ?? '').replace(/[\p{C}\s]+/gu, ' ').trim(), MAX_NAME)
  const [given, family] = [text('given_name'), text('family_name')]
  if (given && family) return { firstName: given, lastName: family }
  return { firstName: text('name') || given || family || text('preferred_username'), lastName: '' }
}

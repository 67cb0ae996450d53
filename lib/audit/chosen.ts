// What of the audit log an address chooses: ids, groups and days, nothing of what somebody typed.

import { parseId } from '../cases/schema.ts'
import { type IsoDate, isIsoDate } from '../platform/dates.ts'
import { type ActionGroup, groupNames } from './actions.ts'

/** `account`, `contract`, `case`: whom or what it is about, one at most. `person`: a member of staff who did it. Days are inclusive. */
export type ChosenEvents = {
  account?: string
  contract?: number
  case?: string
  person?: string
  group?: ActionGroup
  from?: IsoDate
  to?: IsoDate
}
export type About = Pick<ChosenEvents, 'account' | 'contract' | 'case'>

const LONGEST_ID = 15
const number = (typed: unknown): number | undefined =>
  typeof typed === 'string' && new RegExp(`^[1-9]\\d{0,${LONGEST_ID - 1}}$`).test(typed)
    ? Number(typed)
    : undefined
/** Of this century: no event is older, and neither the database nor a zone's clock knows every other year. */
const day = (typed: unknown): IsoDate | undefined =>
  typeof typed === 'string' && typed.startsWith('20') && isIsoDate(typed) ? typed : undefined

/** What an address says; `before`: the event that its page follows. What has no such form is not chosen. */
export function readChosenEvents(of: Record<string, unknown>): { chosen: ChosenEvents; before?: number } {
  const about: About = of.account
    ? { account: parseId(of.account) }
    : of.contract
      ? { contract: number(of.contract) }
      : { case: parseId(of.case) }
  return {
    chosen: {
      ...about,
      person: parseId(of.person),
      group: groupNames.find(name => name === of.group),
      from: day(of.from),
      to: day(of.to),
    },
    before: number(of.before),
  }
}

/** The page of what is chosen, or its file. */
export function auditPath(
  chosen: ChosenEvents,
  { before, file }: { before?: number; file?: true } = {},
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...chosen, before })) if (value) query.set(name, String(value))
  const page = file ? '/staff/audit.csv' : '/staff/audit'
  return query.size > 0 ? `${page}?${query}` : page
}

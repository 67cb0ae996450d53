// What moves of staff have in common, whether on a dispute or a business.
import type { Staff } from '../auth/staff.ts'
import type { ReviewMove, ReviewState } from './rules.ts'

/**
 * `notFound`: nothing of theirs, or not for their role. `moved`: somebody else was faster. `chooseAccount`: the registrations to remove were not chosen,
 * or have changed. `confirmClosing`: it was not confirmed of each of them. `underWay`: a payment of theirs is. `staffAccount`: it works here.
 */
export type ReviewFailure =
  | 'notFound'
  | 'moved'
  | 'chooseAccount'
  | 'confirmClosing'
  | 'underWay'
  | 'staffAccount'

/** What a move writes down. */
export const reviewed = (
  staff: Staff,
  input: { intent: ReviewMove; note: string | null },
  state: ReviewState,
  now: Date,
) =>
  input.intent === 'take'
    ? { state, takenBy: staff.id, takenAt: now }
    : { state, decidedBy: staff.id, decidedAt: now, decisionNote: input.note }

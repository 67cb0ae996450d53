// How disputes and businesses are dealt with: every move, and who may make it. The only place that knows.
import type { ReviewKind } from './schema.ts'

export const reviewStates = ['pending', 'taken', 'granted', 'refused'] as const
export type ReviewState = (typeof reviewStates)[number]
export type ReviewMove = 'take' | 'grant' | 'refuse'
type Role = 'agent' | 'supervisor' | 'administrator'

const MOVES: Record<ReviewMove, { from: readonly ReviewState[]; to: ReviewState }> = {
  take: { from: ['pending'], to: 'taken' },
  grant: { from: ['pending', 'taken'], to: 'granted' },
  refuse: { from: ['pending', 'taken'], to: 'refused' },
}

/** An agent prepares a dispute; closing somebody's account, or keeping it, is a supervisor's decision. */
const DECIDED_BY: Record<ReviewKind, readonly Role[]> = {
  dispute: ['supervisor', 'administrator'],
  business: ['agent', 'supervisor', 'administrator'],
}

/** The state that a move leads to; undefined where it may not be made from here. */
export const afterMove = (state: ReviewState, move: ReviewMove): ReviewState | undefined =>
  MOVES[move].from.includes(state) ? MOVES[move].to : undefined

/** Whether a member of staff of this role may make the move at all. */
export const mayMove = (kind: ReviewKind, move: ReviewMove, role: Role): boolean =>
  move === 'take' || DECIDED_BY[kind].includes(role)

/** The moves open to a member of staff, in their order. */
export const openMoves = (kind: ReviewKind, state: ReviewState, role: Role): ReviewMove[] =>
  (['take', 'grant', 'refuse'] as const).filter(
    move => afterMove(state, move) !== undefined && mayMove(kind, move, role),
  )

/** Whether nothing more can happen. */
export const isDecided = (state: ReviewState): boolean => state === 'granted' || state === 'refused'

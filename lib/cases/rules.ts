// Who may make which move from where: the table of moves (db/enums.ts), narrowed by the kind.
import { type CaseMove, type CaseState, caseMoves, decidedStates, insideMoves } from '../../db/enums.ts'

export type { CaseMove, CaseState }
export { insideMoves }

/** Who makes a move: the owner, or staff of these roles. `from`: only from these states, where the table has more. */
export type Rule<Role extends string = string> = {
  from?: readonly CaseState[]
  by: 'owner' | readonly Role[]
}
type Rules = { [Name in CaseMove]?: Rule }

/** The state that a move leads to; undefined where it may not be made from here. */
export function afterMove(moves: Rules, state: CaseState, move: CaseMove): CaseState | undefined {
  const { from, to }: { from: readonly CaseState[]; to: CaseState | 'same' } = caseMoves[move]
  const rule = moves[move]
  if (!rule || !from.includes(state) || !(rule.from ?? from).includes(state)) return undefined
  return to === 'same' ? state : to
}

/** Whether the owner (`owner`), or a member of staff of this role, may make the move at all. */
export const mayMake = ({ by }: Rule, maker: string): boolean =>
  by === 'owner' ? maker === 'owner' : by.includes(maker)

/** The moves that are open, in the order of their table. */
export const openMoves = (moves: Rules, state: CaseState, maker: string): CaseMove[] =>
  (Object.keys(caseMoves) as CaseMove[]).filter(
    move => afterMove(moves, state, move) !== undefined && mayMake(moves[move]!, maker),
  )

/** A text still has a place that its writer was to fill in, as ready-made ones have them: `[day]`. */
export const hasOpenPlace = (text: string): boolean => /\[[^\]\n]*\]|\{[^}\n]*\}|_{3,}/.test(text)

/** Nothing is to be done, unless it is reopened. */
export const isDecided = (state: CaseState): boolean => decidedStates.includes(state)

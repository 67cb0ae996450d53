// Every kind of case, by its code: the database, addresses and texts have it too.
import { type CaseState, decidedStates, openStates } from '../../db/enums.ts'
import type { Kind } from './kind.ts'
import { business } from './kinds/business.ts'
import { certificateCases } from './kinds/certificate.ts'
import { dispute } from './kinds/dispute.ts'
import { requests } from './kinds/request.ts'
import { withdrawal } from './kinds/withdrawal.ts'

export const kinds = { business, dispute, withdrawal, ...certificateCases, ...requests } satisfies Record<
  string,
  Kind
>
export type KindCode = keyof typeof kinds

/** The kinds of a queue; none: there is no such queue. */
export const kindsIn = (queue: string): KindCode[] =>
  (Object.keys(kinds) as KindCode[]).filter(code => kinds[code].queue === queue)

export const queues: string[] = [...new Set(Object.values<Kind>(kinds).map(({ queue }) => queue))]

/** The open and the decided states that a case of the queue can be in: none waits where nobody is asked. */
export const statesIn = (queue: string): Record<'open' | 'decided', CaseState[]> => ({
  open: openStates.filter(
    state => state !== 'waiting' || kindsIn(queue).some(code => kindOf({ kind: code })?.moves.ask),
  ),
  decided: decidedStates,
})

/** Where a kind's texts are in `kinds`, but for its name. */
export const textsOf = (code: KindCode): KindTexts => ((kinds[code] as Kind).texts ?? code) as KindTexts
type KindTexts = 'business' | 'dispute' | 'withdrawal' | 'certificate' | 'request'

/** Undefined for a kind that only a newer version knows. */
export const kindOf = ({ kind }: { kind: string }): Kind | undefined =>
  Object.hasOwn(kinds, kind) ? kinds[kind as KindCode] : undefined

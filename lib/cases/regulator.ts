// When somebody may turn to the regulator with a request: it was not answered in time, or refused.
import { type BillerCode, billerOf } from '../../db/billers.ts'
import type { ShownRequest } from './request-queries.ts'

export type Regulator = NonNullable<ReturnType<typeof billerOf>['regulator']>

export const regulatorOf = (biller: string): Regulator | undefined => billerOf(biller as BillerCode).regulator

/** Why; undefined while the company has its time, where it did what was asked, and where the request is not the reader's own. */
export function regulatorReason({
  isOwn,
  state,
  deadline,
  inTime,
}: Pick<ShownRequest, 'isOwn' | 'state' | 'deadline' | 'inTime'>): 'late' | 'rejected' | undefined {
  if (!isOwn || state === 'withdrawn') return undefined
  if (deadline?.isLate || inTime === false) return 'late'
  return state === 'rejected' ? 'rejected' : undefined
}

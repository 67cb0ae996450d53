// Terms of late interest for tests.
import type { InterestTerm } from '../../lib/ledger/interest-rules.ts'

/** 0.1 % a day, capped at the principal, for good: OSHEE's. */
export const term = (changes: Partial<InterestTerm> = {}): InterestTerm => ({
  fromOn: '1900-01-01',
  untilOn: null,
  perDayPpm: 1000,
  capPercent: 100,
  recordedAt: 0,
  ...changes,
})

// Which answer of Help may make a kind of request needless.

import type { RequestCode } from '@/lib/cases/catalogue.ts'
import type { Question } from '@/lib/help/topics.ts'

export const HELPS: { [Code in RequestCode]?: Question } = {
  F1: 'estimated-reading',
  F2: 'corrected-invoice',
  F3: 'missing-invoice',
  F4: 'estimated-reading',
  D3: 'update-account-data',
  P1: 'payment-not-shown',
  P5: 'interest',
  M1: 'no-present-reading',
}

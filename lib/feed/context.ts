// What the rules of reading are told of a biller and of the day.

import { type BillerCode, normaliseContractCode } from '../billers/contract-codes.ts'
import { normaliseAnyPhone } from '../billers/phones.ts'
import { dayIn } from '../platform/dates.ts'
import { normaliseBusinessNumber, normalisePersonalNumber } from '../platform/identifiers.ts'
import { foldName } from '../platform/names.ts'
import type { FeedContext } from './cell-rules.ts'

export const feedContext = (biller: BillerCode, timeZone: string, now: Date): FeedContext => ({
  today: dayIn(timeZone, now),
  dayOf: instant => dayIn(timeZone, new Date(instant)),
  normaliseContractCode: code => normaliseContractCode(biller, code),
  normalisePersonalNumber,
  normaliseBusinessNumber: number => normaliseBusinessNumber(number)?.number,
  normalisePhone: phone => normaliseAnyPhone(phone, biller),
  foldName,
})

// What the rules of reading are told of a biller and of the day.
import { normaliseBusinessNumber, normalisePersonalNumber } from '../accounts/identifiers.ts'
import { normaliseAnyPhone } from '../accounts/phones.ts'
import { type BillerCode, normaliseContractCode } from '../contracts/codes.ts'
import { foldName } from '../contracts/names.ts'
import { dayIn } from '../platform/dates.ts'
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

// What the rules of reading are told of a biller and of the day.
import { type BillerCode, readContractCode } from '../billers/contract-codes.ts'
import { readAnyPhone } from '../billers/phones.ts'
import { dayIn } from '../platform/dates.ts'
import type { FeedContext } from './cell-rules.ts'

export const feedContext = (biller: BillerCode, timeZone: string, now: Date): FeedContext => ({
  today: dayIn(timeZone, now),
  dayOf: instant => dayIn(timeZone, new Date(instant)),
  readContractCode: code => readContractCode(biller, code),
  readPhone: phone => readAnyPhone(phone, biller),
})

// A notice as its reader sees it.

import type { Country, Currency, DisconnectionReason } from '../../db/enums.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import type { TitleFields } from '../billing/schema.ts'
import type { AccessLevel } from '../contracts/rules.ts'
import type { IsoDate } from '../platform/dates.ts'
import type { Threshold } from '../tariffs/schema.ts'

/** The contract of an item, as its reader may see it. */
export type NoticeContract = TitleFields & {
  id: number
  code: string
  level: AccessLevel
  biller: {
    code: BillerCode
    name: string
    country: Country
    currency: Currency
    timeZone: string
    unit: string
  }
}

/** One thing that a notice tells of, as it is now. Amounts are minor units of the biller's currency. */
export type NoticeItem = {
  noticeId: string
  contract: NoticeContract
  /** The day it is at the biller. */
  today: IsoDate
  invoice: {
    id: number
    period: IsoDate
    dueOn: IsoDate
    total: number
    /** What is due of it today, interest included. */
    due: number
    isOverdue: boolean
    /** All of it was paid before it was issued, by what was over. */
    isPaidInAdvance: boolean
    cancelledOn: IsoDate | null
    /** Billed units, and those of the invoice before; null: none, or not for this reader. */
    units: string | null
    unitsBefore: string | null
  } | null
  payment: { amount: number; paidOn: IsoDate; reversedOn: IsoDate | null } | null
  disconnection: {
    notBefore: IsoDate
    /** What is left of the amount that its biller named; null: it named none. */
    toPay: number | null
    /** It is for a debt of which nothing is left. */
    isPaid: boolean
    reason: DisconnectionReason
    doneAt: Date | null
    reconnectedAt: Date | null
    cancelledOn: IsoDate | null
  } | null
  outage: { id: number; startsAt: Date; endsAt: Date | null; cancelledOn: IsoDate | null } | null
  /** The limit that a month's use came near, and how near it is now; null: the month is over, or it is not known any more. */
  threshold: { month: IsoDate; limit: number; now: Threshold | null } | null
}

export type Notice = {
  id: string
  kind: string
  /** What the words of a single event are made of (NoticeValues). */
  values: Record<string, string | number>
  createdAt: Date
  readAt: Date | null
  archivedAt: Date | null
  /** What it tells of: at most so many as were asked for, and of contracts that the reader has by now. */
  items: NoticeItem[]
  /** How many there are. */
  count: number
}

/** A notice in words. `href`: the page it leads to, without the portal's address. */
export type NoticeText = {
  title: string
  text?: string
  href?: string
  facts: { label: string; value: string }[]
}

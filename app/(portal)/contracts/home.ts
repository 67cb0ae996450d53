// What the parts of home are told.
import type { HomeContract } from '@/lib/billing/home-queries.ts'
import type { Standing } from '@/lib/billing/home-rules.ts'
import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import type { HomeAttempt } from '@/lib/payments/home-attempts.ts'

export type HomeStanding = Standing<HomeContract, UnpaidInvoice>

export type Home = {
  locale: Locale
  now: Date
  /** A contract each, the most urgent first; those that their holder refused are not among them. */
  standings: HomeStanding[]
  unpaid: UnpaidInvoice[]
  inDoubt: HomeAttempt[]
  lastPaid: HomeAttempt | undefined
}

export const pathOf = ({ biller, code }: HomeContract): string => `/contracts/${biller.code}/${code}`

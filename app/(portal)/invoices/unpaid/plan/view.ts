// What the plan is about: the invoices of one currency that can be paid, of one contract or of all, and what was typed.
import { readContractAddress } from '@/lib/billers/contract-codes.ts'
import type { Debt } from '@/lib/billing/schema.ts'
import { groupBy, sumOf } from '@/lib/billing/statement-rules.ts'
import { INSTALMENTS } from '@/lib/cases/catalogue.ts'
import type { IsoDate } from '@/lib/platform/dates.ts'
import type { Currency } from '@/lib/platform/money.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { perDayOn } from '@/lib/unpaid/clock-rules.ts'
import { readCash } from '@/lib/unpaid/schema.ts'

/** Where the account has no day for paying. */
const USUAL_PAYDAY = 10
const USUAL_MONTHS = '3'

export type Query = 'biller' | 'code' | 'currency' | 'cash' | 'months'
type Asked = Awaited<PageProps<never, Query>['searchParams']>

/** An invoice of the plan. `perDay`: what tomorrow adds. */
export type Planned = Debt & { perDay: number }

export type View = {
  debts: Planned[]
  currency: Currency
  total: number
  perDay: number
  today: IsoDate
  /** The contract asked for; undefined: all. */
  contract: Debt['contract'] | undefined
  contracts: Debt['contract'][]
  /** What is unpaid in other currencies. */
  others: { currency: Currency; total: number }[]
  payday: number
  ownPayday: boolean
  /** As it was typed, and read; undefined where nothing was, or nothing that can be read. */
  typed: string | undefined
  cash: number | undefined
  months: (typeof INSTALMENTS)[number]
}

/** The contract that the address names; undefined where it names none, null where there can be none such. */
export const contractAsked = ({ biller, code }: Asked) =>
  biller === undefined
    ? undefined
    : (readContractAddress({ biller: String(biller), code: String(code) }) ?? null)

/** Undefined where nothing can be paid. */
export function viewOf(all: readonly Debt[], payday: number | null, asked: Asked): View | undefined {
  const named = contractAsked(asked)
  const payable = all.filter(
    ({ underWay, contract }) =>
      !underWay && (!named || (contract.billerCode === named.biller && contract.code === named.code)),
  )
  const byCurrency = groupBy(payable, ({ contract }) => contract.currency)
  // What is late comes first, unless another was asked for.
  const chosen =
    byCurrency.find(([one]) => one.contract.currency === asked.currency) ??
    byCurrency.find(some => some.some(({ overdue }) => overdue)) ??
    byCurrency[0]
  if (!chosen) return undefined
  const [first] = chosen
  const { today } = first
  const debts = chosen.map(debt => ({ ...debt, perDay: perDayOn(debt, today) }))
  const typed = typeof asked.cash === 'string' && asked.cash !== '' ? asked.cash : undefined
  return {
    debts,
    currency: first.contract.currency,
    total: sumOf(debts, 'total'),
    perDay: sumOf(debts, 'perDay'),
    today,
    contract: named ? first.contract : undefined,
    contracts: [...new Map(debts.map(({ contract }) => [contract.id, contract])).values()],
    others: byCurrency
      .filter(some => some !== chosen)
      .map(some => ({ currency: some[0].contract.currency, total: sumOf(some, 'total') })),
    payday: payday ?? USUAL_PAYDAY,
    ownPayday: payday !== null,
    typed,
    cash: readCash(typed),
    months: INSTALMENTS.find(months => months === asked.months) ?? USUAL_MONTHS,
  }
}

/** What the address says, for the next form or link of the page. */
export function queryOf({ contract, currency, others, typed, months }: View): Record<string, string> {
  return {
    ...(contract && { biller: contract.billerCode, code: contract.code }),
    ...(others.length > 0 && { currency }),
    ...(typed !== undefined && { cash: typed }),
    ...(months !== USUAL_MONTHS && { months }),
  }
}

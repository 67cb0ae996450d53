// A debt paid in instalments, simulated. Pure; amounts in minor units of one currency.
import type { IsoDate } from '../platform/dates.ts'
import { type Counted, monthsLater, nextPayday, owedOn } from './clock-rules.ts'

/** `waiting`: what all would cost on the day of the last instalment, had nothing been paid until then. */
export type Instalments = { parts: { on: IsoDate; amount: number }[]; total: number; waiting: number }

/** What `total` is paid in: equal parts, of which the first ones take what cannot be shared. */
export function partsOf(total: number, months: number): number[] {
  const least = Math.floor(total / months)
  const over = total - least * months
  return Array.from({ length: months }, (_, index) => least + (index < over ? 1 : 0))
}

/** What is due on `today`, in so many months from the next payday on. */
export function instalmentsOf(
  debts: readonly Counted[],
  months: number,
  payday: number,
  today: IsoDate,
): Instalments {
  const sumOn = (day: IsoDate) => debts.reduce((sum, debt) => sum + owedOn(debt, day), 0)
  const total = sumOn(today)
  const first = nextPayday(payday, today)
  const parts = partsOf(total, months).map((amount, index) => ({ on: monthsLater(first, index), amount }))
  return { parts, total, waiting: sumOn(parts.at(-1)!.on) }
}

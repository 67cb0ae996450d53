// Ten years of a made-up contract, honest in all: seasons, weather, holidays, estimates made up for, a new meter, late payments.
import type { StrayPayment, Watched, WatchedInvoice } from '../../lib/billing/finding-rules.ts'
import { amountDue, nothingPaid } from '../../lib/ledger/rules.ts'
import { addDays, addMonths, daysBetween, type IsoDate } from '../../lib/platform/dates.ts'
import { calculateBill } from '../../lib/tariffs/rules.ts'
import { term } from './interest.ts'
import { tariffsOf } from './tariffs.ts'

/** Numbers from 0 to 1 that the seed decides. */
export function randomOf(seed: number) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
export type Random = ReturnType<typeof randomOf>

export const between = (random: Random, from: number, to: number) => from + (to - from) * random()
export const wholeBetween = (random: Random, from: number, to: number) =>
  Math.floor(between(random, from, to + 1))
/** About 0, of a deviation of 1. */
const normal = (random: Random) =>
  Math.SQRT2 * (random() + random() + random() + random() + random() + random() - 3)

const MONTHS = 120
const FIRST = '2016-12-01'

/** Who lives there. `summer`: a house of people who live abroad; `empty`: nobody at first, and between tenants. */
export const HOUSEHOLDS = ['ordinary', 'heating', 'small', 'summer', 'empty'] as const
export type Household = (typeof HOUSEHOLDS)[number]

/** An invoice, and the day on which it is paid whole. */
export type MadeUp = WatchedInvoice & { paidOn: IsoDate }

export type History = {
  household: Household
  tariffs: Watched['tariffs']
  bills: MadeUp[]
  strays: StrayPayment[]
}

/** kWh a day in each month, as they are really used. */
function usedByDay(random: Random, household: Household): number[] {
  const level = household === 'small' ? between(random, 1.5, 4) : between(random, 5, 20)
  const winter = household === 'heating' ? between(random, 0.5, 1.2) : between(random, 0.1, 0.4)
  const cooling = between(random, 0, 0.35)
  const growth = between(random, -0.03, 0.08)
  const child = wholeBetween(random, 0, MONTHS * 2)
  let tenant = 1
  let vacant = household === 'empty' ? wholeBetween(random, 2, 10) : 0
  return Array.from({ length: MONTHS }, (_, month) => {
    const inYear = (month + 11) % 12
    const season =
      1 + winter * Math.cos((2 * Math.PI * inYear) / 12) + (inYear === 6 || inYear === 7 ? cooling : 0)
    const weather = 1 + 0.1 * normal(random)
    const habit = 1 + 0.12 * normal(random)
    const grown = (1 + growth) ** (month / 12) * (month >= child ? 1.3 : 1)
    if (household === 'summer') {
      const isThere = inYear === 6 || inYear === 7 || (inYear === 11 && random() < 0.3)
      return isThere ? level * between(random, 0.6, 1.2) : 0
    }
    if (vacant > 0) {
      vacant--
      if (vacant === 0) tenant = between(random, 0.6, 1.5)
      return 0
    }
    if (household === 'empty' && random() < 0.03) vacant = wholeBetween(random, 1, 5)
    const away = random() < (inYear === 6 || inYear === 7 ? 0.35 : 0.03) ? between(random, 0.05, 0.8) : 1
    return level * season * weather * habit * grown * tenant * away
  })
}

type Read = { units: number; kind: WatchedInvoice['readingKind'] }

/** As the biller reads or estimates them: what an estimate had too little or too much, the next reading makes up for. */
function billed(random: Random, used: readonly number[], isRemote: boolean): Read[] {
  const bills: Read[] = []
  let owed = 0
  let estimates = 0
  for (const units of used) {
    if (estimates === 0 && !isRemote && random() < 0.05) estimates = wholeBetween(random, 1, 3)
    if (estimates > 0) {
      estimates--
      const like = bills.slice(-3)
      const guess = Math.round(like.reduce((sum, one) => sum + one.units, 0) / (like.length || 1))
      owed += units - guess
      bills.push({ units: guess, kind: 'estimated' })
      continue
    }
    const read = Math.max(0, units + owed)
    owed = units + owed - read
    bills.push({ units: read, kind: isRemote ? 'remote' : 'read' })
  }
  return bills
}

/** Each paid late, but in order; the last ones perhaps not at all. */
export function madeUpHistory(seed: number, household: Household): History {
  const random = randomOf(seed)
  const kesco = random() < 0.5
  const [first, ...later] = kesco ? tariffsOf('kesco', '4/01') : tariffsOf('oshee', 'household')
  // As if the first were older: what Kosovo charged before 2022 is not known here.
  const tariffs = [{ ...first!, validFrom: '2015-01-01' }, ...later]
  const jitter = random() < 0.3 ? 1 : 0
  const days = Array.from({ length: MONTHS + 1 }, (_, month) =>
    addDays(addMonths(FIRST, month), wholeBetween(random, -jitter, jitter)),
  )
  const used = usedByDay(random, household)
  const reads = billed(
    random,
    used.map((perDay, month) => Math.round(perDay * daysBetween(days[month]!, days[month + 1]!))),
    random() < 0.3,
  )
  const replacedAt = random() < 0.3 ? wholeBetween(random, 1, MONTHS - 1) : -1
  let reading = wholeBetween(random, 0, 30_000)
  let paidOn: IsoDate = FIRST
  const lateness = between(random, -15, 40)
  const bills = reads.map(({ units, kind }, month): MadeUp => {
    const period = addMonths(FIRST, month)
    const [periodFrom, periodTo] = [days[month]!, addDays(days[month + 1]!, -1)]
    const bill = calculateBill(tariffs, { from: periodFrom, to: periodTo }, { high: units, low: 0 })
    if (!bill.ok) throw new Error(`no tariff for ${period}`)
    const { net, vat, tvTax } = bill.value
    // A new meter begins at nothing: the bill has the old one's end and the new one's beginning.
    const previousReading = month === replacedAt ? 0 : reading
    reading = previousReading + (month === replacedAt ? Math.round(units / 2) : units)
    const dueOn = addDays(addMonths(period, 2), -1)
    const paid = addDays(dueOn, Math.round(lateness + between(random, -10, 30)))
    if (paid > paidOn) paidOn = paid
    return {
      id: month + 1,
      number: `N${month + 1}`,
      period,
      periodFrom,
      periodTo,
      issuedOn: addDays(addMonths(period, 1), wholeBetween(random, 1, 6)),
      dueOn,
      previousReading,
      currentReading: reading,
      readingKind: kind,
      units,
      unitsLow: 0,
      principal: net + vat,
      tvTax,
      isUnderWay: false,
      isComplainedOf: false,
      ...nothingPaid(),
      paidOn,
    }
  })
  // Some pay more than they must, a round sum or the same bill twice.
  const strays = bills.flatMap(({ id, paidOn, principal, tvTax }): StrayPayment[] => {
    const total = principal + tvTax
    const rounded = Math.ceil(total / 50_000) * 50_000
    if (random() < 0.02)
      return [{ id, paidOn, amount: rounded, left: rounded - total || 50_000, invoiceNumber: null }]
    return random() < 0.01 ? [{ id, paidOn, amount: total, left: total, invoiceNumber: null }] : []
  })
  // A bill that never came.
  const kept = bills.filter(() => random() > 0.004)
  return { household, tariffs, bills: kept, strays }
}

/** As much as a page looks at, on a day: what had come by then, what was paid by then. */
export function seenOn(history: History, code: string, today: IsoDate): Watched {
  const known = history.bills.filter(({ issuedOn }) => issuedOn <= today)
  const recent = known.slice(-28)
  const unpaid = known.slice(0, -28).filter(({ paidOn }) => paidOn > today)
  const terms = { remindFrom: 100, interest: [term()] }
  return {
    code,
    tariffs: history.tariffs,
    today,
    terms,
    asksToMove: false,
    strays: history.strays.filter(({ paidOn }) => paidOn <= today && paidOn > addMonths(today, -12)),
    invoices: [...unpaid, ...recent].map(bill =>
      bill.paidOn > today
        ? bill
        : {
            ...bill,
            principalPaid: bill.principal,
            tvTaxPaid: bill.tvTax,
            interestCountedTo: bill.paidOn,
            interestPaid: amountDue({ ...bill, cancelled: false }, bill, terms.interest, bill.paidOn)
              .interest,
          },
    ),
  }
}

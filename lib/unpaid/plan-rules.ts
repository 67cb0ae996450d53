// Which whole invoices to pay with a limited amount, so that waiting with the others costs least. Pure; minor units of one currency.
import type { IsoDate } from '../platform/dates.ts'

/** `perDay`: the interest that tomorrow adds while it is unpaid. */
export type Candidate = { id: number; dueOn: IsoDate; number: string; total: number; perDay: number }

/**
 * `chosen`: by due date. `saves`: a day's interest that is spared. `most`: no choice spares more than that, which is `saves` where
 * the best was found.
 */
export type Plan<One> = { chosen: One[]; sum: number; saves: number; most: number }

/** Choices and invoices that a search looks at: so many take some tens of milliseconds. */
const STEPS = 300_000

type Budget = { left: number }

const byDueDate = (a: Candidate, b: Candidate): number =>
  a.dueOn === b.dueOn ? (a.number < b.number ? -1 : 1) : a.dueOn < b.dueOn ? -1 : 1

/**
 * The choice that spares most of a day's interest and costs no more than `cash`. Of several that spare the same, the one with the
 * earliest due date, then the next earliest, and so on: with interest or without, older debts go first. Where the steps are used up
 * before all have been asked, it spares what the best that was found spares, and of those that spare the same it may be another.
 */
export function planFor<One extends Candidate>(debts: readonly One[], cash: number): Plan<One> {
  const affordable = debts.filter(({ total }) => total <= cash).sort(byDueDate)
  const search = { left: STEPS }
  const byWorth = affordable.filter(({ perDay }) => perDay > 0).sort(byWorthFirst)
  const best = bestOf(byWorth, cash, undefined, search)
  const kept = new Set<One>()
  let witness = new Set<One>(best.chosen())
  let undecided = byWorth
  let [left, needed] = [cash, best.saves]
  const decided = new Set<One>()
  for (const debt of affordable) {
    decided.add(debt)
    if (debt.total > left) continue
    if (!witness.has(debt)) {
      // With it, the others have to spare what is needed as well.
      const wanted = needed - debt.perDay
      if (wanted > 0) {
        if (search.left <= 0) continue
        undecided = undecided.filter(one => !decided.has(one))
        const other = bestOf(undecided, left - debt.total, wanted, search)
        if (other.saves < wanted) continue
        witness = new Set(other.chosen())
      }
    }
    kept.add(debt)
    left -= debt.total
    needed -= debt.perDay
  }
  // Of what was not asked any more, there may be some that what is left pays.
  for (const debt of affordable) {
    if (kept.has(debt) || debt.total > left) continue
    kept.add(debt)
    left -= debt.total
  }
  const chosen = affordable.filter(debt => kept.has(debt))
  const saves = sparedBy(chosen)
  return { chosen, sum: cash - left, saves, most: Math.max(saves, best.most) }
}

const sparedBy = (debts: readonly Candidate[]): number => debts.reduce((sum, { perDay }) => sum + perDay, 0)

/** Pays what is due first, then the next that still fits, whatever it costs. */
export function oldestFirst<One extends Candidate>(debts: readonly One[], cash: number): Plan<One> {
  const chosen: One[] = []
  let left = cash
  for (const debt of debts.toSorted(byDueDate)) {
    // Whoever pays by age stops at what they cannot pay.
    if (debt.total > left) break
    chosen.push(debt)
    left -= debt.total
  }
  const saves = sparedBy(chosen)
  return { chosen, sum: cash - left, saves, most: saves }
}

const byWorthFirst = (a: Candidate, b: Candidate): number =>
  b.perDay * a.total - a.perDay * b.total || a.total - b.total

/** A choice, as what it changes of another: its last change, by the place of the item. */
type Choice = { price: number; spared: number; changed: number; of: Choice | undefined }

/**
 * The best choice, by what each spares for its price: from the one that takes the best as long as they fit, in steps that add the
 * next or give up the last, over all choices that could still come to more (Pisinger's minimal algorithm for the knapsack problem).
 * `byWorth`: what each spares for its price, the most first; what spares nothing is not among them.
 * Ends at the first choice that spares `enough`, where that is said, and when the steps are used up.
 */
function bestOf<One extends Candidate>(
  byWorth: readonly One[],
  cash: number,
  enough: number | undefined,
  search: Budget,
): { chosen: () => One[]; saves: number; most: number } {
  search.left -= byWorth.length
  const items = byWorth.filter(({ total }) => total <= cash)
  const first: Choice = { price: 0, spared: 0, changed: -1, of: undefined }
  let next = 0
  for (; next < items.length && first.price + items[next]!.total <= cash; next++) {
    first.price += items[next]!.total
    first.spared += items[next]!.perDay
  }
  const taken = next
  let last = next - 1
  let best = first
  const boundOf = ({ price, spared }: Choice): number => {
    // What is over buys of the next item, what is too much is saved on the last one, both in part.
    const item = price <= cash ? items[next] : items[last]
    if (!item) return price <= cash ? spared : -1
    return spared + Math.floor((item.perDay * (cash - price)) / item.total + 1e-6)
  }
  const isOpen = (choice: Choice) => boundOf(choice) > best.spared
  let open = [first].filter(isOpen)
  const wanted = enough ?? Number.POSITIVE_INFINITY
  const change = (place: number, sign: 1 | -1) => {
    open = withChange(open, items[place]!, place, sign)
    search.left -= open.length
    for (const choice of open) if (choice.price <= cash && choice.spared > best.spared) best = choice
  }
  while (open.length > 0 && best.spared < wanted && search.left > 0) {
    if (next < items.length) change(next++, 1)
    if (last >= 0) change(last--, -1)
    open = open.filter(isOpen)
  }
  const chosen = () => {
    const kept = new Set(items.slice(0, taken))
    for (let choice: Choice | undefined = best; choice?.of; choice = choice.of) {
      const item = items[choice.changed]!
      if (!kept.delete(item)) kept.add(item)
    }
    return [...kept]
  }
  return {
    chosen,
    saves: best.spared,
    most: open.reduce((most, choice) => Math.max(most, boundOf(choice)), best.spared),
  }
}

/** The choices and each of them with one change, by price; without those that cost as much as another or more and spare no more. */
function withChange(choices: readonly Choice[], item: Candidate, changed: number, sign: 1 | -1): Choice[] {
  const changes = choices.map(of => ({
    price: of.price + sign * item.total,
    spared: of.spared + sign * item.perDay,
    changed,
    of,
  }))
  const merged: Choice[] = []
  let [one, other] = [0, 0]
  while (one < choices.length || other < changes.length) {
    const [a, b] = [choices[one], changes[other]]
    const isFirst = b === undefined || (a !== undefined && isBefore(a, b))
    const choice = isFirst ? a! : b
    if (isFirst) one += 1
    else other += 1
    if (merged.length === 0 || choice.spared > merged.at(-1)!.spared) merged.push(choice)
  }
  return merged
}

const isBefore = (a: Choice, b: Choice): boolean =>
  a.price === b.price ? a.spared >= b.spared : a.price < b.price

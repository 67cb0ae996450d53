// Breaks something while customers look at pages and pay, and writes down what they met.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Customers, startCustomers } from './customers.ts'
import { seconds } from './figures.ts'
import { openDrillDatabase } from './paying.ts'
import type { Place, Process } from './place.ts'
import type { Row } from './table.ts'

/** So long customers are at it before. */
const BEFORE_MS = 1_500

/** What may not be more: errors of GET, errors of both together, milliseconds until the last of them. Nothing is ever lost or doubled. */
export type Goal = { gets?: number; errors?: number; recoveredMs?: number }

/** `worker`: the one that runs jobs; whoever ends it puts another one there. */
type Context = { worker: Process; customers: Customers }

export type Breaking = {
  /** As it stands in the table. */
  what: string
  /** Breaks it and mends it. */
  run: (context: Context) => Promise<unknown>
  /** Recovery counts from the beginning of that; else from its end, when it is mended. */
  fromBegin?: true
  goal?: Goal
}

/** Returns what it says beside the table; throws where a goal is missed. */
export async function underLoad(place: Place, table: Row[], breaking: Breaking): Promise<string> {
  const { what, run, fromBegin, goal = {} } = breaking
  const { postgres } = place
  const db = openDrillDatabase(postgres.url)
  const context: Context = {
    worker: await place.startWorker(),
    customers: await startCustomers(place, db),
  }
  try {
    const { met, untilCalm, stop } = context.customers
    await sleep(BEFORE_MS)
    const beganAt = Date.now()
    await run(context)
    const back = fromBegin ? beganAt : Date.now()
    await untilCalm()
    const { paid, lost, doubled, figures } = await stop()
    const recoveredMs = Math.max(0, (met.lastError() ?? 0) - back)
    const row: Row = { what, gets: met.gets, posts: met.posts, recoveredMs, lost, doubled }
    table.push(row)
    const missed = missedGoals(row, goal)
    if (missed.length > 0) throw new Error(`${what}: ${missed.join('; ')} (${met.errors()}; ${figures})`)
    return `${what}: errors ${met.errors()}; ${paid} payments, ${figures}; recovered after ${seconds(recoveredMs)}`
  } finally {
    await context.customers.dismiss()
    await context.worker.stop()
    await db.$client.end()
  }
}

function missedGoals({ gets, posts, recoveredMs, lost, doubled }: Row, goal: Goal): string[] {
  const measured: [string, number, number | undefined][] = [
    ['lost', lost, 0],
    ['doubled', doubled, 0],
    ['errors of GET', gets.failed, goal.gets],
    ['errors', gets.failed + posts.failed, goal.errors],
    ['ms to recover', recoveredMs, goal.recoveredMs],
  ]
  return measured
    .filter(([, value, most]) => most !== undefined && value > most)
    .map(([name, value, most]) => `${value} ${name}, at most ${most}`)
}

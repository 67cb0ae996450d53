// Transactions that begin once more: nothing was done yet where the connection was gone when the first statement was sent.
import { setImmediate } from 'node:timers/promises'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { causes, isLost } from './errors.ts'

const lost = new WeakSet<Error>()

/**
 * To be told of each `begin` that failed by itself, not because its time was over. Whether another connection may serve; then it is
 * beginAgain that notes a failure.
 */
export function mayBeginAgain(error: Error): boolean {
  if (isLost(error)) lost.add(error)
  return lost.has(error)
}

const isLostBegin = (error: unknown) => causes(error).some(one => lost.has(one))

type Transact = NodePgDatabase['transaction']

/**
 * `transact` on another connection where the one it was given has just died, as they do when PostgreSQL is restarted. `met`: as of
 * openDatabase.
 */
export const beginAgain =
  (transact: Transact, met: () => { unavailable: boolean } | undefined): Transact =>
  async (work, config) => {
    const answer = met()
    let begun = false
    const working: typeof work = tx => {
      begun = true
      return work(tx)
    }
    try {
      return await transact(working, config)
    } catch (error) {
      if (begun || !isLostBegin(error)) throw error
    }
    // The pool hears of the others that died with it.
    await setImmediate()
    try {
      return await transact(work, config)
    } catch (error) {
      if (answer && isLostBegin(error)) answer.unavailable = true
      throw error
    }
  }

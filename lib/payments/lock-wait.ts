// Transactions of those who cannot wait: a customer at a page, a bank on the line.
import { sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { env } from '../platform/env.ts'

/** PostgreSQL: lock_not_available, and deadlock_detected, where a feed moved an invoice between contracts of two payments. */
const LOCKED = ['55P03', '40P01']

/** How many run in this process. */
let running = 0

/**
 * Runs a transaction that waits for no row longer than PAYMENT_LOCK_WAIT_MS; once half of the pool does so, others do not
 * wait at all, and every page still finds a connection. `busy`: somebody else holds a row that it needs, nothing was done.
 */
export async function withinLockWait<Value>(
  db: Database,
  work: (tx: Transaction) => Promise<Value>,
): Promise<Value | 'busy'> {
  const mayWait = running < env().DATABASE_POOL / 2
  running += 1
  try {
    return await db.transaction(async tx => {
      const milliseconds = mayWait ? env().PAYMENT_LOCK_WAIT_MS : 1
      await tx.execute(sql`set local lock_timeout = ${sql.raw(String(milliseconds))}`)
      return work(tx)
    })
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string }
    if (code !== undefined && LOCKED.includes(code)) return 'busy'
    throw error
  } finally {
    running -= 1
  }
}

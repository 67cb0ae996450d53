// Deletes one's own account.
import { eq } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import type { Customer } from '../auth/sessions.ts'
import { type CodeFailure, passForChange } from '../auth/two-factor.ts'
import { database } from '../platform/database.ts'
import { fail, type Result } from '../platform/result.ts'
import { type ClosingFailure, closeAccount } from './closing.ts'

/** Closes the customer's account for good, where there is a second step against its code. Their password was asked for before. */
export const deleteOwnAccount = (
  customer: Customer,
  secondCode: string | undefined,
  now: Date,
): Promise<Result<undefined, ClosingFailure | CodeFailure | 'required'>> =>
  database().transaction(async tx => {
    const [account] = await tx.select().from(accounts).where(eq(accounts.id, customer.id)).for('update')
    if (!account || account.closedAt) return fail('notFound')
    const passed = await passForChange(tx, customer, account, secondCode, now)
    return passed.ok ? closeAccount(tx, customer.id, 'own-request', now) : passed
  })

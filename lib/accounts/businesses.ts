// Businesses whose contracts are an account's as a holder. Staff's decision about one is a case (lib/cases).
import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accountBusinesses, accounts } from '../../db/schema/accounts.ts'
import { fail, ok, type Result } from '../platform/result.ts'

type Business = { billerId: number; number: string }

/** Makes the business's contracts with that biller the account's. `moved`: the account was closed meanwhile. */
export async function confirmBusiness(
  tx: Transaction,
  accountId: string,
  business: Business,
  now: Date,
): Promise<Result<undefined, 'moved'>> {
  // Closing waits, and takes it away again; or was faster.
  const [account] = await tx
    .select({ closedAt: accounts.closedAt })
    .from(accounts)
    .where(eq(accounts.id, accountId))
    .for('key share')
  if (!account || account.closedAt) return fail('moved')
  await tx.insert(accountBusinesses).values({ accountId, ...business, confirmedAt: now })
  return ok(undefined)
}

/** They are the account's as a holder no more, where they were. */
export async function removeBusiness(
  tx: Transaction,
  accountId: string,
  { billerId, number }: Business,
): Promise<Result<undefined, never>> {
  await tx
    .delete(accountBusinesses)
    .where(
      and(
        eq(accountBusinesses.accountId, accountId),
        eq(accountBusinesses.billerId, billerId),
        eq(accountBusinesses.number, number),
      ),
    )
  return ok(undefined)
}

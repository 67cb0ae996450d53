// What the queue does with cases: forgets those of an account that is closed, and its drafts.
import { eq } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { caseDrafts, cases } from '../../db/schema/cases.ts'
import { forgetDocuments } from '../files/commands.ts'

/** Its documents are nobody's then, and are removed. */
export const forgetCases = (
  { accountId }: { accountId: string },
  { database }: { database: Database },
): Promise<void> =>
  database.transaction(async tx => {
    await tx.delete(cases).where(eq(cases.accountId, accountId))
    await tx.delete(caseDrafts).where(eq(caseDrafts.accountId, accountId))
    await forgetDocuments(tx, accountId)
  })

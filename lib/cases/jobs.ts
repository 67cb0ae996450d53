// What the queue does with cases: forgets those of an account that is closed with its drafts, and who had which open.
import { eq, lt } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { caseDrafts, cases, caseViewers } from '../../db/schema/cases.ts'
import { forgetCertified } from '../certificates/issuing.ts'
import { forgetDocuments, releaseDocuments } from '../files/commands.ts'
import { daysBefore, purge } from '../platform/purge.ts'

/** Its documents are nobody's then, and are removed. */
export const forgetCases = (
  { accountId }: { accountId: string },
  { database }: { database: Database },
): Promise<void> =>
  database.transaction(async tx => {
    // A move that is under way is waited for: what it issues is forgotten with the others.
    const own = await tx
      .select({ id: cases.id })
      .from(cases)
      .where(eq(cases.accountId, accountId))
      .for('update')
    await releaseDocuments(
      tx,
      own.map(({ id }) => id),
    )
    await forgetCertified(tx, accountId)
    await tx.delete(cases).where(eq(cases.accountId, accountId))
    await tx.delete(caseDrafts).where(eq(caseDrafts.accountId, accountId))
    await forgetDocuments(tx, accountId)
  })

/** Who had a case open is told for minutes (lib/cases/queries.ts). Without an index: the table holds the views of a day or two. */
export const forgetViewers = (db: Database, now: Date): Promise<void> =>
  purge(db, caseViewers, caseViewers.at, lt(caseViewers.at, daysBefore(now, 1)))

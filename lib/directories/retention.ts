// Forgets what signing in by directories leaves behind, and whoever was not signed in by one for long.
import { and, asc, eq, lt } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { directoryAnswers, directorySessions, staffIdentities } from '../../db/schema/directories.ts'
import { closeDirectoryAccount } from '../accounts/directory-accounts.ts'
import { followDirectory } from '../auth/staff-commands.ts'
import { env } from '../platform/env.ts'
import { daysBefore, purge } from '../platform/purge.ts'

/** A session of staff lasts a day at most; whoever signs out of it is led to the directory at once. */
const SESSION_DAYS = 2

/**
 * Deletes answers that would not be taken any more, tokens of sessions that have ended, and empties the accounts of whom no directory
 * has signed in for AUDIT_DAYS: by then the audit log, too, says nothing of them.
 */
export async function forgetDirectories(db: Database, now: Date): Promise<void> {
  const { expiresAt } = directoryAnswers
  await purge(db, directoryAnswers, expiresAt, lt(expiresAt, now))
  const { createdAt } = directorySessions
  await purge(db, directorySessions, createdAt, lt(createdAt, daysBefore(now, SESSION_DAYS)))
  const due = lt(staffIdentities.lastSignInAt, daysBefore(now, env().AUDIT_DAYS))
  const unused = await db
    .select({ accountId: staffIdentities.accountId })
    .from(staffIdentities)
    .where(due)
    .orderBy(asc(staffIdentities.lastSignInAt))
  for (const { accountId } of unused) {
    await db.transaction(async tx => {
      const gone = await tx.delete(staffIdentities).where(and(eq(staffIdentities.accountId, accountId), due))
      // Signed in meanwhile.
      if (gone.rowCount === 0) return
      await followDirectory(tx, accountId, { role: 'none', billers: [] }, 'none', now)
      await closeDirectoryAccount(tx, accountId, now)
    })
  }
}

// Seals stored documents anew, so that a secret of before can be given up (npm run reseal).
import { randomUUID } from 'node:crypto'
import { and, eq, gt, isNull } from 'drizzle-orm'
import { documents } from '../../db/schema/files.ts'
import { database } from '../platform/database.ts'
import { removeWhenUnused } from './commands.ts'
import { getFile, isFileSealedNow, newStorageKey, putFile } from './storage.ts'

const ROWS_AT_ONCE = 500
const HOUR_MS = 3_600_000

/** Seals every document under AUTH_SECRET that is not yet. `unreadable`: those that do not open; the log says why. */
export async function resealDocuments(now: Date): Promise<{ sealed: number; unreadable: number }> {
  const counts = { sealed: 0, unreadable: 0 }
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await database()
      .select()
      .from(documents)
      .where(and(gt(documents.id, after), isNull(documents.removedAt)))
      .orderBy(documents.id)
      .limit(ROWS_AT_ONCE)
    for (const row of rows) {
      if (await isFileSealedNow(row.storageKey)) continue
      if (await resealDocument(row, now)) counts.sealed += 1
      else counts.unreadable += 1
    }
    if (rows.length < ROWS_AT_ONCE) return counts
    after = rows.at(-1)!.id
  }
}

/**
 * The new file has a key and a row of its own, to which nothing refers: a process that ends in between leaves it to the job
 * that removes such files. Then the rows change files, and that job removes the old one, an hour after whoever reads it.
 */
async function resealDocument(document: typeof documents.$inferSelect, now: Date): Promise<boolean> {
  const bytes = await getFile(document.storageKey).catch(() => undefined)
  if (!bytes) return false
  const db = database()
  const spare: typeof documents.$inferSelect = {
    ...document,
    id: randomUUID(),
    storageKey: newStorageKey(),
    accountId: null,
    caseId: null,
    createdAt: now,
  }
  await db.transaction(async tx => {
    await tx.insert(documents).values(spare)
    await removeWhenUnused(tx, [spare.id], new Date(now.getTime() + HOUR_MS))
  })
  await putFile(spare.storageKey, bytes)
  await db.transaction(async tx => {
    await tx.delete(documents).where(eq(documents.id, spare.id))
    const changed = await tx
      .update(documents)
      .set({ storageKey: spare.storageKey })
      .where(and(eq(documents.id, document.id), eq(documents.storageKey, document.storageKey)))
      .returning({ id: documents.id })
    // Removed meanwhile: its file went with it, and the new one goes too.
    const unused = changed.length > 0 ? document.storageKey : spare.storageKey
    await tx.insert(documents).values({ ...spare, storageKey: unused })
  })
  return true
}

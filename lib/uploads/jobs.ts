// Removes documents that nothing refers to.
import { and, eq } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { documents } from '../../db/schema/documents.ts'
import { deleteFile } from '../storage/storage.ts'
import { unused } from './commands.ts'

/** The file goes before the row's deletion is committed: where that fails, the next try finds the row and no file. */
export async function removeUnusedDocuments(
  { documentIds }: { documentIds: string[] },
  { database }: { database: Database },
): Promise<void> {
  for (const id of documentIds) {
    await database.transaction(async tx => {
      const [removed] = await tx
        .delete(documents)
        .where(and(eq(documents.id, id), unused))
        .returning({ storageKey: documents.storageKey })
      if (removed) await deleteFile(removed.storageKey)
    })
  }
}

// Whether every stored file has its row and every row its file: after a restore of one without the other they differ.
import { and, gte, isNull, lt, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { feedRunFiles } from '../../db/schema/feed.ts'
import { documents } from '../../db/schema/files.ts'
import { deleteFile, KEY_FOLDERS, listKeys } from './storage.ts'

/** Rows younger than this may be of files that are just being stored. */
const BEING_STORED_MS = 3_600_000

/** `key`: in the storage. `of`: the document's id, or the feed's run. */
export type Lost = { key: string; of: string }

export type FilesChecked = {
  files: number
  /** Keys of files that no row has: of rows that were removed, or written after the moment that the database was restored to. */
  strays: string[]
  /** Rows whose file is not there. */
  lost: Lost[]
}

/** Compares the storage with the rows, a folder at a time; the portal may run meanwhile. `deleteStrays`: those are deleted. */
export async function checkFiles(
  db: Database,
  { deleteStrays }: { deleteStrays: boolean },
  now: Date,
): Promise<FilesChecked> {
  const checked: FilesChecked = { files: 0, strays: [], lost: [] }
  const old = new Date(now.getTime() - BEING_STORED_MS)
  for (const folder of KEY_FOLDERS) {
    // Files first: the row of each was written before it.
    const keys = new Set(await listKeys(folder))
    const rows = await rowsOf(db, folder)
    const known = new Set(rows.map(({ key }) => key))
    checked.files += keys.size
    for (const key of keys) {
      if (known.has(key)) continue
      checked.strays.push(key)
      if (deleteStrays) await deleteFile(key)
    }
    for (const { key, of, createdAt } of rows)
      if (createdAt < old && !keys.has(key)) checked.lost.push({ key, of })
  }
  return checked
}

/** Rows that say that there is a file: of documents that were not removed, and of feeds. */
async function rowsOf(db: Database, folder: string): Promise<(Lost & { createdAt: Date })[]> {
  const isIn = (key: typeof documents.storageKey | typeof feedRunFiles.storageKey) =>
    and(gte(key, `${folder}/`), lt(key, `${folder}0`))
  const stored = await db
    .select({
      key: documents.storageKey,
      of: sql<string>`'document ' || ${documents.id}`,
      createdAt: documents.createdAt,
    })
    .from(documents)
    .where(and(isIn(documents.storageKey), isNull(documents.removedAt)))
  const ofFeeds = await db
    .select({
      key: feedRunFiles.storageKey,
      of: sql<string>`'feed ' || coalesce(${feedRunFiles.runId}::text, 'that was not taken')`,
      createdAt: feedRunFiles.createdAt,
    })
    .from(feedRunFiles)
    .where(isIn(feedRunFiles.storageKey))
  return [...stored, ...ofFeeds]
}

// What the queue does with documents: removes those that are unused or too old, and has them scanned.
import { and, eq, isNull, lt } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { documents } from '../../db/schema/files.ts'
import { env } from '../platform/env.ts'
import { errorFacts, log } from '../platform/log.ts'
import { removeFile } from './commands.ts'
import { hasScanner, scan } from './scanner.ts'
import { getFile } from './storage.ts'

const DAY_MS = 86_400_000
/** Longer than clamd scans by default (MaxScanTime). */
const SCAN_SECONDS = 150
const BEING_STORED_MS = 60_000
const MOST_AT_ONCE = 1000

/** Every day: removes the files of what was decided DOCUMENT_DAYS ago. One that cannot be removed does not keep the others. */
export async function removeDecidedDocuments(database: Database, now: Date): Promise<void> {
  const before = new Date(now.getTime() - env().DOCUMENT_DAYS * DAY_MS)
  const due = await database
    .select({ id: documents.id })
    .from(documents)
    .where(and(isNull(documents.removedAt), lt(documents.decidedAt, before)))
  let failure: unknown
  for (const { id } of due) {
    await removeFile(id, now).catch((error: unknown) => {
      failure = error
    })
  }
  if (failure) throw failure
}

/**
 * Every few minutes: asks about documents that no scanner has seen, until it has answered; also about those of before there was a
 * scanner. Those that are just being stored come next time.
 */
export async function scanWaitingDocuments(database: Database, now: Date): Promise<void> {
  if (!hasScanner()) return
  const waiting = await database
    .select({ id: documents.id, storageKey: documents.storageKey })
    .from(documents)
    .where(
      and(
        isNull(documents.scan),
        isNull(documents.removedAt),
        lt(documents.createdAt, new Date(now.getTime() - BEING_STORED_MS)),
      ),
    )
    .orderBy(documents.createdAt)
    .limit(MOST_AT_ONCE)
  for (const { id, storageKey } of waiting) {
    const bytes = await getFile(storageKey).catch((error: unknown) => {
      log.error({ ...errorFacts(error), document: id }, 'a document could not be read')
    })
    if (!bytes) continue
    const found = await scan(bytes, SCAN_SECONDS).catch((error: unknown) => {
      log.warn(errorFacts(error), 'the virus scanner does not answer; documents are held')
    })
    if (!found) return
    if (found === 'failed') log.warn({ document: id }, 'the virus scanner took no document; it is held')
    else if (found === 'infected') await removeFile(id, now, 'infected')
    else
      await database
        .update(documents)
        .set({ scan: 'clean' })
        .where(and(eq(documents.id, id), isNull(documents.scan)))
  }
}

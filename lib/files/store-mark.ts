// Whether the folder that keeps uploaded files is the one that this database knows: a node or a worker with a folder of its
// own would not find what others stored, and its jobs would call it lost.
import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Database } from '../../db/client.ts'
import { documentStore } from '../../db/schema/files.ts'
import { env } from '../platform/env.ts'
import { makeFolder } from './storage.ts'

const MARK = 'store-id'

/**
 * Marks the folder and the database at the first start; later throws an Error in sentences where their marks differ. A
 * database that knows no store yet, as one restored from before, takes the mark that the folder has. With STORAGE=s3 there
 * is nothing to check. `given`: the folder, by default that of the settings.
 */
export async function checkStore(db: Database, given?: string): Promise<void> {
  if (env().STORAGE !== 'disk') return
  const folder = given ?? (await makeFolder())
  const file = path.join(folder, MARK)
  await db.transaction(async tx => {
    const mark = await readMark(file)
    // Of several first starts at once the others wait here until one is through.
    const [first] = await tx
      .insert(documentStore)
      .values({ id: mark ?? randomUUID() })
      .onConflictDoNothing()
      .returning({ id: documentStore.id })
    if (first) {
      // Where this process ends before the commit, the next one takes what it wrote.
      if (!mark) await writeFile(file, `${first.id}\n`, { mode: 0o600 })
      return
    }
    const [known] = await tx.select({ id: documentStore.id }).from(documentStore)
    const present = mark ?? (await readMark(file))
    if (present !== known!.id) throw new Error(refusal(folder, file, present, known!.id))
  })
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

async function readMark(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return ''
  })
  return UUID.test(text.trim()) ? text.trim() : undefined
}

const refusal = (folder: string, file: string, present: string | undefined, known: string) =>
  `${
    present
      ? `${folder} keeps the documents of another database.`
      : `This database's documents are kept elsewhere: ${folder} has no mark of theirs.`
  } With STORAGE=disk every node and worker needs the same DATA_DIR; on several machines set STORAGE=s3. ` +
  `After a folder or a database was restored or lost: if what is in this folder is all there is, write ${known} into ${file}.`

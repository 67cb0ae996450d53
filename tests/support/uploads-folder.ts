// Where a test file's uploads go.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { storeUploads, type Upload } from '../../lib/files/commands.ts'

/** A folder for the uploads of a test file, removed after its last test. Call it before anything reads the settings. */
export function uploadsFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-uploads-'))
  process.env.DATA_DIR = folder
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The files in it, by their path in it. */
export const filesIn = (folder: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))

/** Stores documents that nothing refers to yet; throws where the account has no room for them. */
export async function store(uploads: Upload[], accountId: string | null, now: Date): Promise<string[]> {
  const stored = await storeUploads(uploads, accountId, now)
  if (!stored.ok) throw new Error(stored.code)
  return stored.value
}

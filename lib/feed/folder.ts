// Which files of a folder are a feed's.
import fs from 'node:fs/promises'
import path from 'node:path'
import { printable } from '../platform/text.ts'
import { FEED_FILE_NAMES, type FeedFile } from './schema.ts'

/** `names`: more than one where names differ by case alone; then none of them is read. `path` is the first's. */
export type FoundFile = { file: FeedFile; names: string[]; path: string; bytes: number }

export type FoundFiles = { files: FoundFile[]; ignored: string[] }

const IGNORED_LISTED = 100

/**
 * The feed's files, their names without regard to case, in the order of loading; and what else lies there, printable,
 * the first hundred. Throws where none is found.
 */
export async function findFiles(folder: string): Promise<FoundFiles> {
  const entries = await fs.readdir(folder, { withFileTypes: true })
  const files: FoundFile[] = []
  const read = new Set<string>()
  for (const file of FEED_FILE_NAMES) {
    const names: string[] = []
    for (const { name } of entries) {
      if (name.toLowerCase() !== `${file}.csv`) continue
      if ((await fs.stat(path.join(folder, name))).isFile()) names.push(name)
    }
    const [first] = names.sort()
    if (first === undefined) continue
    for (const name of names) read.add(name)
    const place = path.join(folder, first)
    files.push({ file, names, path: place, bytes: names.length > 1 ? 0 : (await fs.stat(place)).size })
  }
  const ignored = entries
    .filter(({ name }) => !read.has(name))
    .map(entry => printable(entry.isDirectory() ? `${entry.name}/` : entry.name, 100))
    .sort()
    .slice(0, IGNORED_LISTED)
  if (files.length === 0) {
    const wanted = FEED_FILE_NAMES.map(file => `${file}.csv`).join(', ')
    const there = ignored.length === 0 ? 'It is empty.' : `It holds ${ignored.slice(0, 20).join(', ')}.`
    throw new Error(`The folder ${folder} holds none of a feed's files (${wanted}). ${there}`)
  }
  return { files, ignored }
}

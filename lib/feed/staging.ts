// Streams a file of the feed into its staging table: read, validated and copied row by row, never held as a whole.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { FeedContext } from './cell-rules.ts'
import { csvReader, Unreadable } from './csv.ts'
import { assertWindows1250, decodeFile } from './decoding.ts'
import type { FoundFile } from './folder.ts'
import { readHeader, rowWriter, stagingColumns } from './rules.ts'
import {
  type BrokenFile,
  type Encoding,
  FEED_FILES,
  type FeedFile,
  type FileDefinition,
  REFUSAL_COLUMNS,
  type RunFile,
} from './schema.ts'

export const stagingTable = (file: FeedFile) => `staging_${file}`

/** Makes a file's staging table, for as long as the connection lives. */
export async function createStaging(client: pg.Client, file: FeedFile): Promise<void> {
  const columns = stagingColumns(file).map(({ name, sql }) => `${name} ${sql}`)
  await client.query(`create temp table ${stagingTable(file)} (${columns.join(', ')})`)
}

/**
 * Fills the staging table from the file, refused rows too, with the reason; a broken file stages nothing. `onBytes` hears of every
 * piece read.
 */
export async function stageFile(
  client: pg.Client,
  found: FoundFile,
  context: FeedContext,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<RunFile> {
  const { file, path, names } = found
  const table = stagingTable(file)
  const stage = async (encoding: Encoding): Promise<RunFile> => {
    const staged = nothingOf(file, encoding)
    const rows = Readable.from(copyRows(path, staged, context, onBytes), { objectMode: false })
    await pipeline(rows, client.query(copyFrom(`copy ${table} from stdin`)), { signal })
    if (staged.broken) await client.query(`truncate ${table}`)
    return staged.broken ? nothingOf(file, 'utf-8', staged.broken) : staged
  }
  if (names.length > 1) {
    return nothingOf(file, 'utf-8', { reason: 'name_twice', line: null, column: names.join(', ') })
  }
  let staged = await stage('utf-8')
  if (staged.broken?.reason === 'not_utf8') {
    try {
      await assertWindows1250(path)
      staged = await stage('windows-1250')
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      staged = nothingOf(file, 'utf-8', error.facts)
    }
  }
  await client.query(`analyze ${table}`)
  return staged
}

const nothingOf = (file: FeedFile, encoding: Encoding, broken: BrokenFile | null = null): RunFile => {
  const counts = { rows: 0, added: 0, changed: 0, removed: 0, refused: 0, waiting: 0 }
  return { file, encoding, ...counts, broken, absent: [] }
}

/** The file as lines for COPY, a piece at a time. A broken file ends early and says so in `staged`. */
async function* copyRows(
  path: string,
  staged: RunFile,
  context: FeedContext,
  onBytes: (bytes: number) => void,
): AsyncGenerator<string> {
  let piece = ''
  let write: ReturnType<typeof rowWriter> | undefined
  const reader = csvReader((fields, line) => {
    if (!write) {
      const header = readHeader(staged.file, fields)
      if ('broken' in header) throw new Unreadable(header.broken.reason, line, header.broken.column)
      const { columns }: FileDefinition = FEED_FILES[staged.file]
      staged.absent = columns.filter((_, i) => header.places[i] === -1).map(column => column.name)
      staged.mended = REFUSAL_COLUMNS.every(name => fields.includes(name))
      write = rowWriter(staged.file, header, context)
      return
    }
    const { row, refused } = write(fields, line)
    staged.rows++
    if (refused) staged.refused++
    piece += row
  })
  try {
    for await (const text of decodeFile(path, staged.encoding, onBytes)) {
      reader.write(text)
      if (piece !== '') yield piece
      piece = ''
    }
    reader.end()
    if (!write) throw new Unreadable('no_header', null)
    if (piece !== '') yield piece
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    staged.broken = error.facts
  }
}

// Streams a file of the feed into its staging table: read, judged and copied row by row, never held as a whole.
import fs from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { csvReader, NotCsv } from './csv.ts'
import { type FeedContext, readHeader, rowWriter, stagingColumns } from './rules.ts'
import { type BrokenFile, FEED_FILES, type FeedFile, type FileDefinition } from './schema.ts'

export const stagingTable = (file: FeedFile) => `staging_${file}`

/**
 * What was staged: refused rows lie in the staging table too, with the reason. A broken file stages nothing.
 * `absent`: columns that the file does not have, as older feeds do not.
 */
export type StagedFile = {
  file: FeedFile
  rows: number
  refused: number
  broken: BrokenFile | null
  absent: string[]
}

const PIECE_BYTES = 256 * 1024

/** Ends the reading of a file that is refused whole. */
class Broken extends Error {
  readonly facts: BrokenFile
  constructor(facts: BrokenFile) {
    super(facts.reason)
    this.facts = facts
  }
}

/** Makes a file's staging table, for as long as the connection lives. */
export async function createStaging(client: pg.Client, file: FeedFile): Promise<void> {
  const columns = stagingColumns(file).map(({ name, sql }) => `${name} ${sql}`)
  await client.query(`create temp table ${stagingTable(file)} (${columns.join(', ')})`)
}

/** Fills the staging table from the file at `path`. `onBytes` hears of every piece read. */
export async function stageFile(
  client: pg.Client,
  file: FeedFile,
  path: string,
  context: FeedContext,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<StagedFile> {
  const table = stagingTable(file)
  const staged: StagedFile = { file, rows: 0, refused: 0, broken: null, absent: [] }
  const rows = Readable.from(copyRows(path, staged, context, onBytes), { objectMode: false })
  await pipeline(rows, client.query(copyFrom(`copy ${table} from stdin`)), { signal })
  if (staged.broken) {
    staged.rows = 0
    staged.refused = 0
    await client.query(`truncate ${table}`)
  }
  await client.query(`analyze ${table}`)
  return staged
}

/** The file as lines for COPY, a piece at a time. A broken file ends early and says so in `staged`. */
async function* copyRows(
  path: string,
  staged: StagedFile,
  context: FeedContext,
  onBytes: (bytes: number) => void,
): AsyncGenerator<string> {
  let piece = ''
  let write: ReturnType<typeof rowWriter> | undefined
  const reader = csvReader((fields, line) => {
    if (!write) {
      const header = readHeader(staged.file, fields)
      if ('broken' in header) throw new Broken({ ...header.broken, line })
      const { columns }: FileDefinition = FEED_FILES[staged.file]
      staged.absent = columns.filter((_, i) => header.places[i] === -1).map(column => column.name)
      write = rowWriter(staged.file, header.places, context)
      return
    }
    const { row, refused } = write(fields, line)
    staged.rows++
    if (refused) staged.refused++
    piece += row
  })
  try {
    for await (const text of decoded(path, onBytes)) {
      reader.write(text)
      if (piece !== '') yield piece
      piece = ''
    }
    reader.end()
    if (!write) throw new Broken({ reason: 'no_header', line: null, column: null })
    if (piece !== '') yield piece
  } catch (error) {
    if (error instanceof Broken) staged.broken = error.facts
    else if (error instanceof NotCsv) staged.broken = { reason: 'not_csv', line: error.line, column: null }
    else throw error
  }
}

async function* decoded(path: string, onBytes: (bytes: number) => void): AsyncGenerator<string> {
  // A byte order mark at the start is dropped, bytes that are not UTF-8 throw.
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decode = (bytes?: Uint8Array) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
    } catch {
      throw new Broken({ reason: 'not_utf8', line: null, column: null })
    }
  }
  for await (const bytes of fs.createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    onBytes((bytes as Buffer).length)
    yield decode(bytes as Buffer)
  }
  yield decode()
}

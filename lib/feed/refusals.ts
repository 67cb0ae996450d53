// The refused rows as they stand in their file: the tables know their lines, the file is read again.
import type pg from 'pg'
import { printable } from '../platform/text.ts'
import { csvReader } from './csv.ts'
import { decodeFile } from './decoding.ts'
import {
  type Encoding,
  FEED_FILES,
  type FeedFile,
  type FeedReport,
  type FileDefinition,
  type RefusedRow,
  WAITING_REASONS,
} from './schema.ts'

const BATCH = 5000
/** What is told of a cell; the whole of it stands in the row. */
const SHOWN = 100

const WAITING = WAITING_REASONS.map(reason => `'${reason}'`).join(', ')

/** Where a file's rows lie, and the file itself. */
export type RowSource = { file: FeedFile; table: string; path: string; encoding: Encoding }

type Refused = Pick<RefusedRow, 'line' | 'column' | 'reason'>

/**
 * The header's fields and the refused rows, by line, some thousand at a time. `most`: only so many, and none of those
 * that only wait. In a transaction.
 */
export async function* readRefusedRows(
  client: pg.Client,
  source: RowSource,
  most?: number,
): AsyncGenerator<{ header: readonly string[]; rows: RefusedRow[] }> {
  const which = most === undefined ? '' : `and refused_reason not in (${WAITING})`
  await client.query(`declare refusals cursor for
    select line, refused_column as column, refused_reason as reason from ${source.table}
    where refused_reason is not null ${which} order by line limit ${most ?? 'all'}`)
  const fetchNext = async () => (await client.query<Refused>(`fetch ${BATCH} from refusals`)).rows
  try {
    let refused = await fetchNext()
    if (refused.length === 0) return
    let rows: RefusedRow[] = []
    let header: { fields: string[]; places: Places } | undefined
    for await (const piece of readPieces(source)) {
      for (const { fields, line } of piece) {
        if (!header) header = { fields, places: placesOf(source.file, fields) }
        const next = refused[rows.length]!
        if (next.line !== line) continue
        rows.push({ file: source.file, ...next, ...shown(next, fields, header.places), fields })
        if (rows.length < refused.length) continue
        yield { header: header.fields, rows }
        refused = await fetchNext()
        if (refused.length === 0) return
        rows = []
      }
    }
    // The file has lost rows since.
    if (header && rows.length > 0) yield { header: header.fields, rows }
  } finally {
    await client.query('close refusals')
  }
}

/** How many rows were refused, by file, column and reason, in the order of the files and the most first. */
export async function countRefusals(
  client: pg.Client,
  sources: readonly Pick<RowSource, 'file' | 'table'>[],
): Promise<NonNullable<FeedReport['refusalCounts']>> {
  const counts: NonNullable<FeedReport['refusalCounts']> = []
  for (const { file, table } of sources) {
    const { rows } = await client.query(
      `select '${file}' as file, refused_column as column, refused_reason as reason, count(*)::int as rows from ${table}
        where refused_reason is not null group by 2, 3 order by 4 desc, 2, 3`,
    )
    counts.push(...rows)
  }
  return counts
}

/** The file's rows, those of a piece at a time. */
async function* readPieces({ path, encoding }: RowSource) {
  let rows: { fields: string[]; line: number }[] = []
  const reader = csvReader((fields, line) => rows.push({ fields, line }))
  for await (const text of decodeFile(path, encoding)) {
    reader.write(text)
    yield rows
    rows = []
  }
  reader.end()
  yield rows
}

type Places = { width: number; key: number[]; of: Map<string, number> }

function placesOf(file: FeedFile, header: readonly string[]): Places {
  const { key }: FileDefinition = FEED_FILES[file]
  return {
    width: header.length,
    key: key.map(name => header.indexOf(name)),
    of: new Map(header.map((name, place) => [name, place])),
  }
}

/** Key and value for people; null where the row has other columns than the header, so that none can be told. */
function shown({ column }: Refused, fields: readonly string[], { width, key, of }: Places) {
  if (fields.length !== width) return { key: null, value: null }
  return {
    key: printable(key.map(place => fields[place]!).join(' '), SHOWN),
    value: column === null ? null : printable(fields[of.get(column)!]!, SHOWN),
  }
}

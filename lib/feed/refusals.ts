// The refused rows as they stand in their file: the tables know their lines, the file is read again.
import type pg from 'pg'
import type { BillerCode } from '../billers/contract-codes.ts'
import { printable } from '../platform/text.ts'
import { csvReader } from './csv.ts'
import { decodeFile } from './decoding.ts'
import { figuresOf } from './examples.ts'
import {
  type Encoding,
  FEED_FILES,
  type FeedFile,
  type FileDefinition,
  type RefusalCount,
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

/** How many rows were refused, by file, column and reason, in the order of the files and the most first; each with its first row. */
export async function countRefusals(
  client: pg.Client,
  biller: BillerCode,
  sources: readonly RowSource[],
): Promise<RefusalCount[]> {
  const counts: RefusalCount[] = []
  for (const source of sources) {
    const { file, table } = source
    const { rows } = await client.query<RefusalCount & { line: number }>(
      `select '${file}' as file, refused_column as column, refused_reason as reason, count(*)::int as rows, min(line) as line
        from ${table} where refused_reason is not null group by 2, 3 order by 4 desc, 2, 3`,
    )
    const cells = await readCells(source, new Set(rows.map(({ line }) => line)))
    counts.push(
      ...rows.map(count => {
        const cellOf = cells.get(count.line)
        return { ...count, figures: cellOf ? figuresOf(biller, count, cellOf) : null }
      }),
    )
  }
  return counts
}

/** Of each of these lines what stands in a column; without rows that have other columns than the header. */
async function readCells(
  source: RowSource,
  lines: ReadonlySet<number>,
): Promise<Map<number, (column: string) => string>> {
  const cells = new Map<number, (column: string) => string>()
  const last = Math.max(...lines)
  let header: Places | undefined
  for await (const piece of readPieces(source)) {
    for (const { fields, line } of piece) {
      header ??= placesOf(source.file, fields)
      const { width, of } = header
      if (lines.has(line) && fields.length === width) cells.set(line, column => fields[of.get(column)!]!)
      if (line >= last) return cells
    }
  }
  return cells
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

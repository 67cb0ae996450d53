// Cuts a validated feed into slices of whole contracts, and keeps its rows by slice in tables that outlive the process:
// a run that was killed goes on with them. They are unlogged: after a crash of PostgreSQL they are empty.
import type pg from 'pg'
import { FEED_FILE_NAMES, type FeedFile } from './schema.ts'
import { stagingTable } from './staging.ts'

/**
 * About so many rows are one slice, and one transaction: long enough that its own cost does not count, short enough
 * (half a second where PostgreSQL has a core to itself) for a payment that waits for it.
 */
export const SLICE_ROWS = 20_000
/** A contract with payments is replayed with all its history: that costs as much as so many rows. */
const REPLAY_ROWS = 20

/**
 * The feed's rows of a file, with their slice (null: a refused row that belongs to no contract), and whether they change
 * what was stored before the run: true to its end, since feeds go one after the other. Of payments it says nothing of
 * ours, which customers make meanwhile, of lines nothing at all. Lines and outages have the code by which they are cut.
 */
export const keptTable = (file: FeedFile, billerId: number) => `feed_staging.${file}_${billerId}`
/** The contracts that the feed concerns, by code, with their slice and the code that stands for those they are tied to. */
export const contractSlices = (billerId: number) => `feed_staging.contract_slices_${billerId}`

/** Stands for the contract of what belongs to none: it is loaded once, by the slice of this code. */
const NO_CONTRACT = "''"

/** By which contract a row `s` is cut: an invoice's line by that of its invoice, in the feed or stored. */
function contractOf(file: FeedFile, billerId: number): { code: string; join: string } {
  if (file === 'outages') return { code: NO_CONTRACT, join: '' }
  if (file === 'contracts') return { code: 's.code', join: '' }
  if (file !== 'invoice_lines') return { code: 's.contract_code', join: '' }
  return {
    code: `coalesce(i.contract_code, (select c.code from invoices o join contracts c on c.id = o.contract_id
      where o.biller_id = ${billerId} and o.number = s.invoice_number))`,
    join: 'left join staging_invoices i on i.number = s.invoice_number and i.refused_reason is null',
  }
}

/**
 * Cuts the staged rows of `files`, in a transaction of the caller's; their staging tables are gone then. Returns how many
 * slices there are, counted from 0. Contracts between which a row moves are in one slice.
 */
export async function cutSlices(
  client: pg.Client,
  billerId: number,
  files: readonly FeedFile[],
  sliceRows: number,
): Promise<number> {
  await dropSlices(client, billerId)
  const roots = connect(await listMoves(client, billerId, files))
  const rows = files.map(file => {
    const { code, join } = contractOf(file, billerId)
    const replayed = file === 'payments' ? ` + ${REPLAY_ROWS}` : ''
    return `select ${code} as code, count(*)${replayed} as rows from ${stagingTable(file)} s ${join} group by 1`
  })
  // Whole contracts in the order of their codes: in most feeds their rows lie near each other. The sum counts what is
  // tied together (the window's peers) as one.
  await client.query(
    `create unlogged table ${contractSlices(billerId)} as
      select code, tied, dense_rank() over (order by place)::integer - 1 as slice from (
        select code, coalesce(root, code) as tied,
          (sum(rows) over (order by coalesce(root, code)))::bigint / $1::bigint as place from (
          select code, sum(rows) as rows from (
            ${rows.join(' union all ')} union all select moved, 0 from unnest($2::text[]) moved) counted
          where code is not null group by code) contract
        left join unnest($2::text[], $3::text[]) tied (moved, root) on moved = code) placed`,
    [sliceRows, [...roots.keys()], [...roots.values()]],
  )
  for (const file of files) await keepRows(client, billerId, file)
  await client.query(`drop table if exists ${FEED_FILE_NAMES.map(stagingTable).join(', ')}`)
  const slices = await countSlices(client, billerId)
  if (slices > 1) {
    for (const table of [contractSlices(billerId), ...files.map(file => keptTable(file, billerId))]) {
      await client.query(`create index on ${table} (slice)`)
    }
    await client.query(`analyze ${contractSlices(billerId)}`)
    for (const file of files) {
      await client.query(`analyze ${keptTable(file, billerId)} (slice, is_stored, refused_reason)`)
    }
  }
  return slices
}

/** What a row `s` of a file changes, where it is stored already: a row `o` of the table of the same name. */
const SAME_KEY: Partial<Record<FeedFile, string>> = {
  contracts: 'o.code = s.code',
  invoices: 'o.number = s.number',
  payments: 'o.reference = s.reference and o.attempt_id is null',
  readings: 'o.meter_number = s.meter_number and o.register = s.register and o.read_at = s.read_at',
  disconnections: 'o.reference = s.reference',
  outages: 'o.reference = s.reference',
}

/** Files whose rows do not name their contract. */
const WITHOUT_CODE: FeedFile[] = ['invoice_lines', 'outages']

async function keepRows(client: pg.Client, billerId: number, file: FeedFile): Promise<void> {
  const { code, join } = contractOf(file, billerId)
  const isStored = SAME_KEY[file]
    ? `exists (select from ${file} o where o.biller_id = ${billerId} and ${SAME_KEY[file]})`
    : 'null::boolean'
  await client.query(
    `create unlogged table ${keptTable(file, billerId)} as select k.slice, ${isStored} as is_stored, s.*
        ${WITHOUT_CODE.includes(file) ? ', k.code as contract_code' : ''}
      from ${stagingTable(file)} s ${join} left join ${contractSlices(billerId)} k on k.code = ${code} order by k.slice`,
  )
}

/** Pairs of contracts between which a row of the feed moves what is stored: the one it leaves, the one it comes to. */
async function listMoves(
  client: pg.Client,
  billerId: number,
  files: readonly FeedFile[],
): Promise<[string, string][]> {
  const moves: [string, string][] = []
  for (const file of files) {
    if (file === 'contracts' || WITHOUT_CODE.includes(file)) continue
    const { rows } = await client.query<[string, string]>({
      text: `select distinct c.code, s.contract_code from ${stagingTable(file)} s
        join ${file} o on o.biller_id = $1 and ${SAME_KEY[file]} join contracts c on c.id = o.contract_id
        where s.refused_reason is null and c.code <> s.contract_code`,
      values: [billerId],
      rowMode: 'array',
    })
    moves.push(...rows)
  }
  return moves
}

/** Who is tied to whom by pairs, over any number of them: each code of a pair with the one that stands for its group. */
export function connect(pairs: readonly [string, string][]): Map<string, string> {
  const parents = new Map<string, string>()
  const find = (code: string): string => {
    let root = code
    for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root))
      root = parent
    // The way is as short next time.
    for (let at = code; at !== root; ) {
      const next = parents.get(at)!
      parents.set(at, root)
      at = next
    }
    return root
  }
  for (const [one, other] of pairs) {
    for (const code of [one, other]) if (!parents.has(code)) parents.set(code, code)
    parents.set(find(one), find(other))
  }
  return new Map([...parents.keys()].map(code => [code, find(code)]))
}

/** How many slices lie in the kept tables; fewer than there were once PostgreSQL has lost them. */
export async function countSlices(client: pg.Client, billerId: number): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select coalesce(max(slice) + 1, 0) as count from ${contractSlices(billerId)}`,
  )
  return rows[0]!.count
}

/** Moves half of a slice to a new one, contracts that are tied together as one; false where they all are. */
export async function splitSlice(
  client: pg.Client,
  billerId: number,
  files: readonly FeedFile[],
  slice: number,
  newSlice: number,
): Promise<boolean> {
  const contracts = contractSlices(billerId)
  const { rowCount } = await client.query(
    `update ${contracts} c set slice = $2 from (
        select tied, ntile(2) over (order by tied) as half from (select distinct tied from ${contracts} where slice = $1) own) h
      where c.slice = $1 and c.tied = h.tied and h.half = 2`,
    [slice, newSlice],
  )
  if (rowCount === 0) return false
  for (const file of files) {
    await client.query(
      `update ${keptTable(file, billerId)} s set slice = $2 from ${contracts} c
        where s.slice = $1 and c.slice = $2 and c.code = s.${file === 'contracts' ? 'code' : 'contract_code'}`,
      [slice, newSlice],
    )
  }
  return true
}

/** Refuses what is accepted of a slice's rows of a file; returns how many. */
export async function refuseSlice(
  client: pg.Client,
  billerId: number,
  file: FeedFile,
  slice: number,
): Promise<number> {
  const { rowCount } = await client.query(
    `update ${keptTable(file, billerId)} set refused_reason = 'not_loadable'
      where slice = $1 and refused_reason is null`,
    [slice],
  )
  return rowCount ?? 0
}

export async function dropSlices(client: pg.Client, billerId: number): Promise<void> {
  const tables = [contractSlices(billerId), ...FEED_FILE_NAMES.map(file => keptTable(file, billerId))]
  await client.query(`drop table if exists ${tables.join(', ')}`)
}

// Loads a run's slices, from the first that is not done.
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import type pg from 'pg'
import { replayTouched } from '../payments/replay.ts'
import {
  CONTRACTS,
  type Merge,
  type Merged,
  mergeContracts,
  mergeInvoices,
  mergeReadings,
  TOUCHED,
} from './merge.ts'
import { mergeInvoiceLines } from './merge-lines.ts'
import { mergePayments } from './merge-payments.ts'
import { inTransaction, type Run, type RunFile, saveProgress } from './runs.ts'
import type { FeedFile, FeedProgress } from './schema.ts'
import { contractSlices } from './slices.ts'

const MERGES: Record<FeedFile, (merge: Merge, staged: RunFile) => Promise<Merged>> = {
  contracts: mergeContracts,
  invoices: mergeInvoices,
  invoice_lines: mergeInvoiceLines,
  payments: mergePayments,
  readings: mergeReadings,
}

/** The failure of a run of which something is loaded: the same feed goes on where it stopped. */
export class FeedBrokeOff extends Error {
  constructor({ slicesDone, slices }: Run, cause: unknown) {
    super(`${slicesDone} of ${slices} parts are loaded.`, { cause })
  }
}

/** Loads what of the run is not loaded yet; `run` counts it. Throws FeedBrokeOff. */
export async function loadSlices(
  client: pg.Client,
  billerId: number,
  run: Run,
  onProgress: (progress: FeedProgress) => void,
): Promise<void> {
  // What a slice reads of large tables is little and lies near each other: by index, not by reading them whole.
  await client.query('set random_page_cost = 1.1')
  const added: Added = { contracts: 0, invoices: 0, payments: 0 }
  try {
    while (run.slicesDone < run.slices) {
      const before = run.files
      await loadSlice(client, billerId, run, onProgress)
      for (const [i, { file, added: count }] of run.files.entries()) {
        if (file in added) added[file as keyof Added] += count - before[i]!.added
      }
      await analyzeGrown(client, added, run.slicesDone === run.slices)
    }
  } catch (error) {
    throw run.slicesDone === 0 ? error : new FeedBrokeOff(run, error)
  }
}

async function loadSlice(
  client: pg.Client,
  billerId: number,
  run: Run,
  onProgress: (progress: FeedProgress) => void,
): Promise<void> {
  const { slices, slicesDone: slice } = run
  const merge: Merge = { client, billerId, now: run.startedAt, slice }
  const files = run.files.map(file => ({ ...file }))
  const mergeFile = async (file: RunFile) => {
    onProgress({
      phase: 'loading',
      file: file.file,
      done: (slice + files.indexOf(file) / files.length) / slices,
    })
    const merged = await MERGES[file.file](merge, file)
    for (const count of ['added', 'changed', 'removed', 'refused'] as const) file[count] += merged[count]
  }
  const after = { ...run, files, slicesDone: slice + 1 }
  await inTransaction(client, async () => {
    await lockContracts(merge)
    await client.query(
      `create temp table ${TOUCHED} (contract_id bigint not null, number text) on commit drop`,
    )
    const contracts = files.find(({ file }) => file === 'contracts')
    if (contracts) await mergeFile(contracts)
    await client.query(
      `create temp table ${CONTRACTS} on commit drop as select c.code, c.id from ${contractSlices(billerId)} s
        join contracts c on c.biller_id = ${billerId} and c.code = s.code where s.slice = ${slice}`,
    )
    for (const file of files) if (file !== contracts) await mergeFile(file)
    await replayTouched(drizzle({ client }), billerId, sql.identifier(TOUCHED))
    await saveProgress(client, after)
  })
  Object.assign(run, after)
}

/**
 * Locks the slice's contracts before anything of them is read or changed, in the order of their ids, as replayContract
 * does for one: a capture at the bank and a feed wait for each other, and never in a ring.
 */
async function lockContracts({ client, billerId, slice }: Merge): Promise<void> {
  await client.query(
    `with locked as materialized (
        select from contracts where biller_id = ${billerId}
          and code in (select code from ${contractSlices(billerId)} where slice = ${slice})
          order by id for no key update)
      select count(*) from locked`,
  )
}

/** Rows added since the planner was told, to the tables that slices are joined with. */
type Added = Record<'contracts' | 'invoices' | 'payments', number>

/** Tells the planner of what was added: after the first slice, each time a table has grown by so much, at the end. */
async function analyzeGrown(client: pg.Client, added: Added, atEnd: boolean): Promise<void> {
  for (const [table, count] of Object.entries(added)) {
    if (count < 10_000) continue
    const { rows } = await client.query<{ known: number }>(
      `select reltuples as known from pg_class where oid = '${table}'::regclass`,
    )
    // How many rows there are it sees itself, by the size; how they are spread changes slowly.
    if (!atEnd && count < 3 * rows[0]!.known) continue
    await client.query(`analyze ${table}`)
    added[table as keyof Added] = 0
  }
}

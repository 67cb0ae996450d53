// Loads a run's slices, from the first that is not done.
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import type pg from 'pg'
import { inTransaction } from '../../db/client.ts'
import { replayTouched } from '../ledger/replay.ts'
import { noticeSlice, type Slice } from '../notices/from-feeds.ts'
import { holdPaidTwice } from '../payments/paid-twice.ts'
import { errorFacts, log } from '../platform/log.ts'
import {
  CONTRACTS,
  type Merge,
  type Merged,
  mergeContracts,
  mergeDisconnections,
  mergeInvoices,
  mergeOutages,
  mergeReadings,
  rowsOf,
  TOUCHED,
} from './merge.ts'
import { mergeInvoiceLines } from './merge-lines.ts'
import { mergePayments } from './merge-payments.ts'
import { type Run, saveProgress } from './runs.ts'
import type { FeedFile, FeedProgress, RunFile } from './schema.ts'
import { contractSlices, refuseSlice, splitSlice } from './slices.ts'

const MERGES: Record<FeedFile, (merge: Merge, staged: RunFile) => Promise<Merged>> = {
  contracts: mergeContracts,
  invoices: mergeInvoices,
  invoice_lines: mergeInvoiceLines,
  payments: mergePayments,
  readings: mergeReadings,
  disconnections: mergeDisconnections,
  outages: mergeOutages,
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
  const untold: Untold = new Map()
  try {
    while (run.slicesDone < run.slices) {
      try {
        await loadSlice(client, billerId, run, untold, onProgress)
      } catch (error) {
        if (!isOfData(error)) throw error
        await narrowDown(client, billerId, run, error)
      }
    }
    for (const [file, rows] of untold) if (rows >= MANY_ROWS) await analyze(client, file, untold)
  } catch (error) {
    throw run.slicesDone === 0 ? error : new FeedBrokeOff(run, error)
  }
}

async function loadSlice(
  client: pg.Client,
  billerId: number,
  run: Run,
  untold: Untold,
  onProgress: (progress: FeedProgress) => void,
): Promise<void> {
  const { slices, slicesDone: slice } = run
  const merge: Merge = {
    client,
    billerId,
    now: run.startedAt,
    slice,
    run: async (statement, values) => (await client.query(statement, values)).rowCount ?? 0,
  }
  const files = run.files.map(file => ({ ...file }))
  const mergeFile = async (file: RunFile) => {
    onProgress({
      phase: 'loading',
      file: file.file,
      done: (slice + files.indexOf(file) / files.length) / slices,
    })
    const merged = await MERGES[file.file](merge, file)
    for (const count of ['added', 'changed', 'removed', 'refused'] as const) file[count] += merged[count]
    untold.set(file.file, (untold.get(file.file) ?? 0) + merged.added)
    await analyzeGrown(client, file.file, untold)
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
    const db = drizzle({ client, casing: 'snake_case' })
    await replayTouched(db, billerId, sql.identifier(TOUCHED))
    await holdPaidTwice(db, sql`select contract_id from ${sql.identifier(TOUCHED)}`, merge.now)
    await noticeSlice(db, { id: run.id, billerId, startedAt: run.startedAt, ...broughtBy(merge, files) })
    await saveProgress(client, after)
  })
  Object.assign(run, after)
}

/** What the slice brought that customers are told of. */
function broughtBy(merge: Merge, files: RunFile[]): Omit<Slice, 'id' | 'billerId' | 'startedAt'> {
  const has = (file: FeedFile) => files.some(one => one.file === file)
  const added = (file: 'invoices' | 'payments', key: string) =>
    sql.raw(`select o.id from ${rowsOf(merge, file)} s join ${file} o on o.biller_id = ${merge.billerId} and o.${key} = s.${key}
      where not s.is_stored and s.refused_reason is null`)
  return {
    contracts: sql.raw(`select id from ${CONTRACTS}`),
    ...(has('invoices') && {
      // One that was moved to another contract is new to those who have that.
      newInvoices: sql`${added('invoices', 'number')} union all select id from changed_invoices where old_contract_id <> contract_id`,
      cancelledInvoices: sql.raw('select id from changed_invoices where cancelled'),
    }),
    ...((has('invoices') || has('invoice_lines')) && {
      correctedInvoices: sql`select o.id from ${sql.identifier(CONTRACTS)} c join invoices o on o.contract_id = c.id
        and o.corrected_at = ${merge.now.toISOString()}::timestamptz ${
          has('invoices')
            ? sql`and o.id not in (select id from changed_invoices where old_contract_id <> contract_id)`
            : sql``
        }`,
    }),
    ...(has('payments') && { newPayments: added('payments', 'reference') }),
    hasReadings: has('readings'),
  }
}

/** Whether the database refused the rows themselves (SQLSTATE classes 22, 23 and P0): they fail again at each try. */
const isOfData = (error: unknown): boolean => /^(22|23|P0)/.test(errorFacts(error).code ?? '')

/**
 * What fails again and again must not keep a biller's other contracts from being loaded: a slice that failed is cut in
 * two, until it is of one contract (or of some that are tied together), whose rows are refused.
 */
async function narrowDown(client: pg.Client, billerId: number, run: Run, error: unknown): Promise<void> {
  const { slicesDone: slice, slices } = run
  const names = run.files.map(({ file }) => file)
  const after = await inTransaction(client, async () => {
    if (await splitSlice(client, billerId, names, slice, slices)) {
      const split = { ...run, slices: slices + 1 }
      await saveProgress(client, split)
      return split
    }
    const files = run.files.map(file => ({ ...file }))
    for (const file of files) file.refused += await refuseSlice(client, billerId, file.file, slice)
    const refused = { ...run, files, slicesDone: slice + 1 }
    await saveProgress(client, refused)
    log.error({ run: run.id, slice, ...errorFacts(error) }, 'ALARM: rows of a feed cannot be loaded')
    return refused
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

/** Rows added since the planner was told, by file. */
type Untold = Map<FeedFile, number>

/** Fewer are found quickly whatever the planner thinks. */
const FEW_ROWS = 500
const MANY_ROWS = 10_000

/**
 * Tells the planner of a file's table that has grown by several times: what follows in the slice, and the next slices,
 * are joined with it. How many rows there are it sees itself; of a table that it knows nothing of it expects few to fit.
 */
async function analyzeGrown(client: pg.Client, file: FeedFile, untold: Untold): Promise<void> {
  const added = untold.get(file) ?? 0
  if (added < FEW_ROWS) return
  const { rows } = await client.query<{ told: number }>(
    `select reltuples as told from pg_class where oid = '${file}'::regclass`,
  )
  if (added >= 3 * rows[0]!.told) await analyze(client, file, untold)
}

async function analyze(client: pg.Client, file: FeedFile, untold: Untold): Promise<void> {
  await client.query(`analyze ${file === 'payments' ? 'payments, payment_allocations' : file}`)
  untold.set(file, 0)
}

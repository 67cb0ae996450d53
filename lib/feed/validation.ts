// Validates staged rows by what only the database can see. Over the whole feed before anything is loaded; nothing is locked.
import type pg from 'pg'
import { FEED_FILES, type FeedFile, type RowReason } from './schema.ts'
import { stagingTable } from './staging.ts'

/** Rows to validate: those `s` of a table that meet `where`. */
type Rows = { client: pg.Client; billerId: number; table: string; where?: string }

type Refusal = { column: string; reason: RowReason; source?: string; condition: string }

/** Refuses the rows `s` that meet `condition`, which may name tables of `source`; returns how many. */
async function refuseRows(rows: Rows, { column, reason, source, condition }: Refusal): Promise<number> {
  const refused = await rows.client.query(
    `update ${rows.table} s set refused_column = '${column}', refused_reason = '${reason}'
      ${source ? `from ${source}` : ''}
      where ${rows.where ?? 'true'} and s.refused_reason is null and ${condition}`,
  )
  return refused.rowCount ?? 0
}

/** Validates a staged file, after those it leans on; returns how many rows it refused. */
export async function validateFile(client: pg.Client, billerId: number, file: FeedFile): Promise<number> {
  const rows = { client, billerId, table: stagingTable(file) }
  let refused = await refuseRepeatedKeys(rows, file)
  if (FEED_FILES[file].columns.some(column => column.name === 'contract_code')) {
    refused += await refuseRows(rows, {
      column: 'contract_code',
      reason: 'unknown_contract',
      condition: `not exists (select from contracts c where c.biller_id = ${billerId} and c.code = s.contract_code)
        and not exists (select from staging_contracts c where c.code = s.contract_code and c.refused_reason is null)`,
    })
  }
  if (file === 'invoice_lines') {
    refused += await refuseRows(rows, {
      column: 'invoice_number',
      reason: 'unknown_invoice',
      condition: `not exists (select from invoices i where i.biller_id = ${billerId} and i.number = s.invoice_number)
        and not exists (select from staging_invoices i where i.number = s.invoice_number and i.refused_reason is null)`,
    })
  }
  if (file === 'payments') refused += await refuseDoubtfulOurs(rows)
  return refused
}

type Lean = { on: 'contracts' | 'invoices'; key: string; named: string; from: RowReason; to: RowReason }

/**
 * Tells rows that name what this very feed refused from those that name what nobody knows, once all files are validated.
 * `brokenFiles` were refused whole: all that is not known was theirs to bring. Returns how many rows of `file` wait so.
 */
export async function validateWaiting(
  client: pg.Client,
  file: FeedFile,
  brokenFiles: readonly FeedFile[],
): Promise<number> {
  const leans: Lean[] = [
    {
      on: 'contracts',
      key: 'code',
      named: 'contract_code',
      from: 'unknown_contract',
      to: 'contract_refused',
    },
    {
      on: 'invoices',
      key: 'number',
      named: 'invoice_number',
      from: 'unknown_invoice',
      to: 'invoice_refused',
    },
  ]
  let waiting = 0
  for (const { on, key, named, from, to } of leans) {
    if (!FEED_FILES[file].columns.some(({ name }) => name === named)) continue
    const isRefused = `exists (select from ${stagingTable(on)} o where o.${key} = s.${named} and o.refused_reason is not null)`
    const marked = await client.query(
      `update ${stagingTable(file)} s set refused_reason = '${to}'
        where s.refused_reason = '${from}' and ${brokenFiles.includes(on) ? 'true' : isRefused}`,
    )
    waiting += marked.rowCount ?? 0
  }
  return waiting
}

/** A key that the file repeats: each of its rows is refused, also where another of them is refused already. */
function refuseRepeatedKeys(rows: Rows, file: FeedFile): Promise<number> {
  const { key } = FEED_FILES[file]
  return refuseRows(rows, {
    column: key[key.length - 1]!,
    reason: 'repeated_key',
    source: `(select ${key.join(', ')} from ${rows.table} where ${key.map(name => `${name} is not null`).join(' and ')}
      group by ${key.join(', ')} having count(*) > 1) repeated`,
    condition: key.map(name => `s.${name} = repeated.${name}`).join(' and '),
  })
}

/**
 * Validates our own payments among the rows anew, by what is known of them now: a capture may have come since. Their
 * contracts must be locked. Returns how many rows more are refused than were.
 */
export async function validateOursAgain(rows: Rows): Promise<number> {
  const taken = await rows.client.query(
    `update ${rows.table} s set refused_column = null, refused_reason = null
      where ${rows.where ?? 'true'} and s.refused_reason in ('differs_from_our_payment', 'our_payment_not_captured')`,
  )
  return (await refuseDoubtfulOurs(rows)) - (taken.rowCount ?? 0)
}

/**
 * Refuses rows that bear one of our payment numbers and cannot confirm it. Another amount or contract than ours is
 * for a person to look at. A number whose capture the bank has not told us is refused too: stored as a payment of its
 * own it would stand in the way of ours when the answer comes, or be counted twice.
 */
async function refuseDoubtfulOurs(rows: Rows): Promise<number> {
  const payments = 'payments p join contracts c on c.id = p.contract_id'
  const stored = `p.biller_id = ${rows.billerId} and p.reference = s.reference and p.attempt_id is not null`
  let refused = 0
  for (const [column, ours] of [
    ['amount', 'p.amount'],
    ['contract_code', 'c.code'],
  ] as const) {
    const condition = `${stored} and ${ours} <> s.${column}`
    refused += await refuseRows(rows, {
      column,
      reason: 'differs_from_our_payment',
      source: payments,
      condition,
    })
  }
  const open = await refuseRows(rows, {
    column: 'reference',
    reason: 'our_payment_not_captured',
    source: 'payment_attempts a',
    // A second capture of an attempt, or one whose number the biller has a payment under, is our payment number with -2, and one
    // of several contracts that with .1, .2 and so on (recordPayments in lib/ledger). What is stored as the biller's is the biller's.
    condition: `a.biller_id = ${rows.billerId} and a.number = substring(s.reference from '^[^-.]+')
      and not exists (select from payments p where p.biller_id = ${rows.billerId} and p.reference = s.reference)`,
  })
  return refused + open
}

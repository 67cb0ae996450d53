// Merges a slice of staged rows into the tables, in sets: adds what is new, changes what differs, and leaves alone what
// is the same. Lines and payments beside it.
import type pg from 'pg'
import { FEED_FILES, type FeedFile, type FileDefinition, type RunFile } from './schema.ts'
import { keptTable } from './slices.ts'

/**
 * What a merge works with: one slice, in one transaction on `client`, which holds the locks of the slice's contracts. `run` runs
 * a statement there and returns how many rows it touched.
 */
export type Merge = {
  client: pg.Client
  billerId: number
  now: Date
  slice: number
  run: (statement: string, values?: unknown[]) => Promise<number>
}

/** What a merge did. `removed`: lines that an invoice's new ones replaced; `refused`: rows refused only now. */
export type Merged = { added: number; changed: number; removed: number; refused: number }

/** Contracts and invoices whose payments must be replayed; see replayTouched. */
export const TOUCHED = 'feed_touched'
/** The slice's contracts: code and id. */
export const CONTRACTS = 'feed_contracts'

/** The slice's rows of a file, refused ones too, as an item of a FROM list. */
export const rowsOf = ({ billerId, slice }: Merge, file: FeedFile) =>
  `(select * from ${keptTable(file, billerId)} where slice = ${slice})`

/** The accepted rows `s` of a file with their contract `c`. */
export const acceptedOf = (merge: Merge, file: FeedFile) =>
  `${rowsOf(merge, file)} s join ${CONTRACTS} c on c.code = s.contract_code and s.refused_reason is null`

/** Pairs of the table's column and the staged expression it takes. */
export type Mapping = readonly (readonly [column: string, staged: string])[]

/** All of a file but what makes the row's key; a contract by its id. */
export function mappingOf(file: FeedFile): Mapping {
  const { key, columns }: FileDefinition = FEED_FILES[file]
  return columns
    .filter(({ name }) => !key.includes(name))
    .map(({ name, stored }) => (name === 'contract_code' ? ['contract_id', 'c.id'] : [stored, `s.${name}`]))
}

/** Of a mapping those that set one of these columns. */
export const only = (mapping: Mapping, ...columns: string[]): Mapping =>
  mapping.filter(([column]) => columns.includes(column))

export const columnsOf = (mapping: Mapping) => mapping.map(([column]) => column).join(', ')
export const valuesOf = (mapping: Mapping) => mapping.map(([, staged]) => staged).join(', ')
export const assignmentsOf = (mapping: Mapping) =>
  mapping.map(([column, staged]) => `${column} = ${staged}`).join(', ')
/** True where a column of `alias` differs. */
export const differs = (mapping: Mapping, alias: string) =>
  mapping.map(([column, staged]) => `${alias}.${column} is distinct from ${staged}`).join(' or ')
/** True where a column of `alias` said something else; what it had left open may come later. */
const saidElse = (mapping: Mapping, alias: string) =>
  mapping
    .map(
      ([column, staged]) =>
        `(${alias}.${column} is not null and ${alias}.${column} is distinct from ${staged})`,
    )
    .join(' or ')

/** The mapping without the columns that the file does not have: what a former one set stays. */
const given = (mapping: Mapping, { absent }: RunFile): Mapping =>
  mapping.filter(([, staged]) => !absent.includes(staged.slice('s.'.length)))

const CONTRACT: Mapping = [...mappingOf('contracts'), ['holder_name_folded', 's.holder_name_folded']]

export async function mergeContracts(merge: Merge, staged: RunFile): Promise<Merged> {
  const { billerId, run } = merge
  const contract = given(CONTRACT, staged)
  const rows = rowsOf(merge, 'contracts')
  const changed = await run(`update contracts c set ${assignmentsOf(contract)} from ${rows} s
      where c.biller_id = ${billerId} and c.code = s.code and s.is_stored and s.refused_reason is null
        and (${differs(contract, 'c')})`)
  const added = await run(`insert into contracts (biller_id, code, ${columnsOf(contract)})
      select ${billerId}, s.code, ${valuesOf(contract)} from ${rows} s
      where not s.is_stored and s.refused_reason is null`)
  await run(`insert into contract_areas (region, branch, zone)
      select distinct coalesce(s.region, ''), coalesce(s.branch, ''), coalesce(s.zone, '') from ${rows} s
      where s.refused_reason is null order by 1, 2, 3 on conflict do nothing`)
  return { added, changed, removed: 0, refused: 0 }
}

const INVOICE = mappingOf('invoices')
/** Columns that say what is owed, and since when: where one changes, payments are replayed. */
const OWED = only(INVOICE, 'contract_id', 'due_on', 'principal', 'tv_tax', 'cancelled_on')

export async function mergeInvoices(merge: Merge, staged: RunFile): Promise<Merged> {
  const { billerId, now, run } = merge
  const invoice = given(INVOICE, staged)
  // What a customer was told of: where it changes, the invoice is corrected. A cancellation shows as such.
  const told = invoice.filter(([column]) => column !== 'cancelled_on')
  const accepted = acceptedOf(merge, 'invoices')
  await run(`create temp table changed_invoices on commit drop as
      select s.line, i.id, i.number, i.contract_id as old_contract_id, c.id as contract_id, ${differs(OWED, 'i')} as owed,
        ${saidElse(told, 'i')} as corrected, i.cancelled_on is null and s.cancelled_on is not null as cancelled
      from ${accepted} join invoices i on i.biller_id = ${billerId} and i.number = s.number
      where s.is_stored and (${differs(invoice, 'i')})`)
  await run(`insert into ${TOUCHED} select contract_id, number from changed_invoices where owed
      union select old_contract_id, number from changed_invoices where owed`)
  await touchNewInvoices(merge)
  // The checks on the sums are immediate: what was paid goes before the amounts change, and is replayed after.
  await run('delete from payment_allocations a using changed_invoices v where a.invoice_id = v.id and v.owed')
  const changed = await run(
    `update invoices i set ${assignmentsOf(invoice)}, corrected_at = case when v.corrected then $1 else i.corrected_at end
      from changed_invoices v join ${rowsOf(merge, 'invoices')} s on s.line = v.line join contracts c on c.id = v.contract_id
      where i.id = v.id`,
    [now],
  )
  // By contract: a customer's invoices lie side by side, and the indexes grow at few places at a time.
  const added = await run(`insert into invoices (biller_id, number, ${columnsOf(invoice)})
      select ${billerId}, s.number, ${valuesOf(invoice)} from ${accepted} where not s.is_stored
      order by c.id, s.period, s.number`)
  return { added, changed, removed: 0, refused: 0 }
}

/** A new invoice concerns payments that waited for it, and those that pay the oldest first. */
async function touchNewInvoices(merge: Merge): Promise<void> {
  const { billerId, run } = merge
  const paid = await run(`select from payments where biller_id = ${billerId} limit 1`)
  if (paid === 0) return
  await run(`insert into ${TOUCHED}
      select c.id, s.number from ${acceptedOf(merge, 'invoices')}
        join payments p on p.biller_id = ${billerId} and p.invoice_number = s.number and p.contract_id = c.id
        where not s.is_stored
      union
      select c.id, s.number from ${acceptedOf(merge, 'invoices')}
        join payments p on p.contract_id = c.id and p.invoice_number is null and p.attempt_id is null
        where not s.is_stored`)
}

const READING = mappingOf('readings')

export async function mergeReadings(merge: Merge): Promise<Merged> {
  const { billerId, run } = merge
  const accepted = acceptedOf(merge, 'readings')
  const sameKey = `r.biller_id = ${billerId} and r.meter_number = s.meter_number and r.register = s.register
    and r.read_at = s.read_at`
  const changed = await run(`update readings r set ${assignmentsOf(READING)} from ${accepted}
      where s.is_stored and ${sameKey} and (${differs(READING, 'r')})`)
  const added =
    await run(`insert into readings (biller_id, meter_number, register, read_at, ${columnsOf(READING)})
      select ${billerId}, s.meter_number, s.register, s.read_at, ${valuesOf(READING)} from ${accepted} where not s.is_stored`)
  return { added, changed, removed: 0, refused: 0 }
}

const DISCONNECTION = mappingOf('disconnections')

export async function mergeDisconnections(merge: Merge): Promise<Merged> {
  const { billerId, run } = merge
  const accepted = acceptedOf(merge, 'disconnections')
  const changed = await run(`update disconnections d set ${assignmentsOf(DISCONNECTION)} from ${accepted}
      where s.is_stored and d.biller_id = ${billerId} and d.reference = s.reference and (${differs(DISCONNECTION, 'd')})`)
  const added = await run(`insert into disconnections (biller_id, reference, ${columnsOf(DISCONNECTION)})
      select ${billerId}, s.reference, ${valuesOf(DISCONNECTION)} from ${accepted} where not s.is_stored`)
  return { added, changed, removed: 0, refused: 0 }
}

const OUTAGE = mappingOf('outages')

export async function mergeOutages(merge: Merge): Promise<Merged> {
  const { billerId, run } = merge
  const accepted = `${rowsOf(merge, 'outages')} s where s.refused_reason is null`
  const changed = await run(`update outages o set ${assignmentsOf(OUTAGE)},
        called_off = o.called_off + (o.cancelled_on is null and s.cancelled_on is not null)::int from ${accepted}
      and s.is_stored and o.biller_id = ${billerId} and o.reference = s.reference and (${differs(OUTAGE, 'o')})`)
  const added = await run(`insert into outages (biller_id, reference, ${columnsOf(OUTAGE)})
      select ${billerId}, s.reference, ${valuesOf(OUTAGE)} from ${accepted} and not s.is_stored`)
  return { added, changed, removed: 0, refused: 0 }
}

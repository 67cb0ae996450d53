// Merges a slice of staged rows into the tables, in sets: adds what is new, changes what differs, and leaves alone what
// is the same. Contracts, invoices and readings; lines and payments beside it.
import type pg from 'pg'
import type { FeedFile } from './schema.ts'
import { keptTable } from './slices.ts'
import type { StagedFile } from './staging.ts'

/** What a merge works with: one slice, in one transaction on `client`, which holds the locks of the slice's contracts. */
export type Merge = { client: pg.Client; billerId: number; now: Date; slice: number }

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

/** Runs a statement; returns how many rows it touched. */
export async function run(merge: Merge, statement: string, values: unknown[] = []): Promise<number> {
  return (await merge.client.query(statement, values)).rowCount ?? 0
}

/** Pairs of the table's column and the staged expression it takes. */
export type Mapping = readonly (readonly [column: string, staged: string])[]

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
const given = (mapping: Mapping, { absent }: StagedFile): Mapping =>
  mapping.filter(([, staged]) => !absent.includes(staged.slice('s.'.length)))

const CONTRACT: Mapping = [
  ['holder_first_name', 's.holder_first_name'],
  ['holder_last_name', 's.holder_last_name'],
  ['holder_father_name', 's.holder_father_name'],
  ['holder_personal_number', 's.holder_personal_number'],
  ['holder_name_folded', 's.holder_name_folded'],
  ['business_name', 's.business_name'],
  ['business_number', 's.business_number'],
  ['category', 's.category'],
  ['region', 's.region'],
  ['branch', 's.branch'],
  ['zone', 's.zone'],
  ['address', 's.address'],
  ['phone', 's.phone'],
  ['connected_on', 's.connected_on'],
  ['phases', 's.phases'],
  ['power_connected_kw', 's.connected_power_kw'],
  ['power_contracted_kw', 's.contracted_power_kw'],
  ['tariff_group', 's.tariff_group'],
  ['meter_number', 's.meter_number'],
  ['meter_remote', 's.meter_remote'],
  ['closed_on', 's.closed_on'],
  ['customer_category', 's.customer_category'],
]

export async function mergeContracts(merge: Merge, staged: StagedFile): Promise<Merged> {
  const contract = given(CONTRACT, staged)
  const rows = rowsOf(merge, 'contracts')
  const changed = await run(
    merge,
    `update contracts c set ${assignmentsOf(contract)} from ${rows} s
      where c.biller_id = $1 and c.code = s.code and s.is_stored and s.refused_reason is null
        and (${differs(contract, 'c')})`,
    [merge.billerId],
  )
  const added = await run(
    merge,
    `insert into contracts (biller_id, code, ${columnsOf(contract)})
      select $1, s.code, ${valuesOf(contract)} from ${rows} s
      where not s.is_stored and s.refused_reason is null`,
    [merge.billerId],
  )
  return { added, changed, removed: 0, refused: 0 }
}

/** Columns that say what is owed, and since when: where one changes, payments are replayed. */
const OWED: Mapping = [
  ['contract_id', 'c.id'],
  ['due_on', 's.due_on'],
  ['principal', 's.principal'],
  ['tv_tax', 's.tv_tax'],
  ['cancelled_on', 's.cancelled_on'],
]

const INVOICE: Mapping = [
  ...OWED,
  ['total', 's.total'],
  ['period', 's.period'],
  ['period_from', 's.period_from'],
  ['period_to', 's.period_to'],
  ['issued_on', 's.issued_on'],
  ['previous_reading', 's.previous_reading'],
  ['current_reading', 's.current_reading'],
  ['reading_kind', 's.reading_kind'],
  ['units', 's.units_kwh'],
  ['nivf', 's.nivf'],
  ['nslf', 's.nslf'],
  ['fiscal_qr', 's.fiscal_qr'],
  ['payment_reference', 's.payment_reference'],
]

export async function mergeInvoices(merge: Merge, staged: StagedFile): Promise<Merged> {
  const { billerId } = merge
  const invoice = given(INVOICE, staged)
  // What a customer was told of: where it changes, the invoice is corrected. A cancellation shows as such.
  const told = invoice.filter(([column]) => column !== 'cancelled_on')
  const accepted = acceptedOf(merge, 'invoices')
  await run(
    merge,
    `create temp table changed_invoices on commit drop as
      select s.line, i.id, i.number, i.contract_id as old_contract_id, c.id as contract_id, ${differs(OWED, 'i')} as owed,
        ${saidElse(told, 'i')} as corrected
      from ${accepted} join invoices i on i.biller_id = $1 and i.number = s.number
      where s.is_stored and (${differs(invoice, 'i')})`,
    [billerId],
  )
  await run(
    merge,
    `insert into ${TOUCHED} select contract_id, number from changed_invoices where owed
      union select old_contract_id, number from changed_invoices where owed`,
  )
  await touchNewInvoices(merge)
  // The checks on the sums are immediate: what was paid goes before the amounts change, and is replayed after.
  await run(
    merge,
    'delete from payment_allocations a using changed_invoices v where a.invoice_id = v.id and v.owed',
  )
  const changed = await run(
    merge,
    `update invoices i set ${assignmentsOf(invoice)}, corrected_at = case when v.corrected then $1 else i.corrected_at end
      from changed_invoices v join ${rowsOf(merge, 'invoices')} s on s.line = v.line join contracts c on c.id = v.contract_id
      where i.id = v.id`,
    [merge.now],
  )
  // By contract: a customer's invoices lie side by side, and the indexes grow at few places at a time.
  const added = await run(
    merge,
    `insert into invoices (biller_id, number, ${columnsOf(invoice)})
      select $1, s.number, ${valuesOf(invoice)} from ${accepted} where not s.is_stored
      order by c.id, s.period, s.number`,
    [billerId],
  )
  return { added, changed, removed: 0, refused: 0 }
}

/** A new invoice concerns payments that waited for it, and those that pay the oldest first. */
async function touchNewInvoices(merge: Merge): Promise<void> {
  const paid = await run(merge, 'select from payments where biller_id = $1 limit 1', [merge.billerId])
  if (paid === 0) return
  await run(
    merge,
    `insert into ${TOUCHED}
      select c.id, s.number from ${acceptedOf(merge, 'invoices')}
        join payments p on p.biller_id = $1 and p.invoice_number = s.number and p.contract_id = c.id
        where not s.is_stored
      union
      select c.id, s.number from ${acceptedOf(merge, 'invoices')}
        join payments p on p.contract_id = c.id and p.invoice_number is null and p.attempt_id is null
        where not s.is_stored`,
    [merge.billerId],
  )
}

const READING: Mapping = [
  ['contract_id', 'c.id'],
  ['value', 's.value_kwh'],
]

export async function mergeReadings(merge: Merge): Promise<Merged> {
  const accepted = acceptedOf(merge, 'readings')
  const sameKey = `r.biller_id = $1 and r.meter_number = s.meter_number and r.register = s.register
    and r.read_at = s.read_at`
  const changed = await run(
    merge,
    `update readings r set ${assignmentsOf(READING)} from ${accepted}
      where s.is_stored and ${sameKey} and (${differs(READING, 'r')})`,
    [merge.billerId],
  )
  const added = await run(
    merge,
    `insert into readings (biller_id, meter_number, register, read_at, ${columnsOf(READING)})
      select $1, s.meter_number, s.register, s.read_at, ${valuesOf(READING)} from ${accepted} where not s.is_stored`,
    [merge.billerId],
  )
  return { added, changed, removed: 0, refused: 0 }
}

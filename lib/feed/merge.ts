// Merges staged files into the tables, in sets: refuses what only the database can see, adds what is new, changes
// what differs, and leaves alone what is the same. Contracts, invoices and readings; lines and payments beside it.
import type pg from 'pg'
import { FEED_FILES, type FeedFile, type FeedFileReport, type RowReason } from './schema.ts'
import type { StagedFile } from './staging.ts'
import { stagingTable } from './staging.ts'

/** What a merge works with. The whole feed is one transaction on `client`. */
export type Merge = { client: pg.Client; billerId: number; now: Date }

/** Contracts and invoices whose payments must be replayed; see replayTouched. */
export const TOUCHED = 'feed_touched'

/** Runs a statement; returns how many rows it touched. */
export async function run(merge: Merge, statement: string, values: unknown[] = []): Promise<number> {
  return (await merge.client.query(statement, values)).rowCount ?? 0
}

/** Refuses the staged rows `s` that meet `condition`, which may name tables of `source`; returns how many. */
export function refuseRows(
  merge: Merge,
  file: FeedFile,
  refusal: { column: string; reason: RowReason; source?: string; condition: string },
): Promise<number> {
  const { column, reason, source, condition } = refusal
  const usesBiller = `${source ?? ''}${condition}`.includes('$1')
  return run(
    merge,
    `update ${stagingTable(file)} s set refused_column = '${column}', refused_reason = '${reason}'
      ${source ? `from ${source}` : ''} where s.refused_reason is null and ${condition}`,
    usesBiller ? [merge.billerId] : [],
  )
}

/** A key that the file repeats: each of its rows is refused, also where another of them is refused already. */
async function refuseRepeatedKeys(merge: Merge, file: FeedFile): Promise<number> {
  const { key } = FEED_FILES[file]
  const table = stagingTable(file)
  return refuseRows(merge, file, {
    column: key[key.length - 1]!,
    reason: 'repeated_key',
    source: `(select ${key.join(', ')} from ${table} where ${key.map(name => `${name} is not null`).join(' and ')}
      group by ${key.join(', ')} having count(*) > 1) repeated`,
    condition: key.map(name => `s.${name} = repeated.${name}`).join(' and '),
  })
}

const refuseUnknownContracts = (merge: Merge, file: FeedFile): Promise<number> =>
  refuseRows(merge, file, {
    column: 'contract_code',
    reason: 'unknown_contract',
    condition: 'not exists (select from contracts c where c.biller_id = $1 and c.code = s.contract_code)',
  })

/** The refusals that every file of a kind shares; returns how many rows it refused. */
export async function refuseCommon(merge: Merge, file: FeedFile): Promise<number> {
  const repeated = await refuseRepeatedKeys(merge, file)
  const hasContract = FEED_FILES[file].columns.some(column => column.name === 'contract_code')
  return repeated + (hasContract ? await refuseUnknownContracts(merge, file) : 0)
}

export function report(
  staged: StagedFile,
  counts: { refused: number; added: number; changed: number; removed?: number },
): FeedFileReport {
  const refused = staged.refused + counts.refused
  const { added, changed, removed = 0 } = counts
  const unchanged = staged.rows - refused - added - changed
  return {
    file: staged.file,
    rows: staged.rows,
    added,
    changed,
    unchanged,
    removed,
    refused,
    broken: staged.broken,
  }
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

export async function mergeContracts(merge: Merge, staged: StagedFile): Promise<FeedFileReport> {
  const refused = await refuseCommon(merge, 'contracts')
  const contract = given(CONTRACT, staged)
  const changed = await run(
    merge,
    `update contracts c set ${assignmentsOf(contract)} from staging_contracts s
      where c.biller_id = $1 and c.code = s.code and s.refused_reason is null and (${differs(contract, 'c')})`,
    [merge.billerId],
  )
  const added = await run(
    merge,
    `insert into contracts (biller_id, code, ${columnsOf(contract)})
      select $1, s.code, ${valuesOf(contract)} from staging_contracts s
      where s.refused_reason is null
        and not exists (select from contracts c where c.biller_id = $1 and c.code = s.code)`,
    [merge.billerId],
  )
  await analyzeAfter(merge, 'contracts', added)
  return report(staged, { refused, added, changed })
}

/** The planner knows nothing yet of rows added by this transaction; what follows is joined with them. */
export async function analyzeAfter(
  merge: Merge,
  table: 'contracts' | 'invoices' | 'payments',
  added: number,
): Promise<void> {
  if (added > 10_000) await run(merge, `analyze ${table}`)
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

const ACCEPTED_INVOICES = `staging_invoices s
  join contracts c on c.biller_id = $1 and c.code = s.contract_code and s.refused_reason is null`

export async function mergeInvoices(merge: Merge, staged: StagedFile): Promise<FeedFileReport> {
  const { billerId } = merge
  const invoice = given(INVOICE, staged)
  // What a customer was told of: where it changes, the invoice is corrected. A cancellation shows as such.
  const told = invoice.filter(([column]) => column !== 'cancelled_on')
  const refused = await refuseCommon(merge, 'invoices')
  await run(
    merge,
    `create temp table changed_invoices on commit drop as
      select s.line, i.id, i.number, i.contract_id as old_contract_id, c.id as contract_id, ${differs(OWED, 'i')} as owed,
        ${saidElse(told, 'i')} as corrected
      from ${ACCEPTED_INVOICES} join invoices i on i.biller_id = $1 and i.number = s.number
      where ${differs(invoice, 'i')}`,
    [billerId],
  )
  await run(
    merge,
    `insert into ${TOUCHED} select contract_id, number from changed_invoices where owed
      union select old_contract_id, number from changed_invoices where owed`,
  )
  await touchNewInvoices(merge)
  await lockTouched(merge, 'changed_invoices')
  // The checks on the sums are immediate: what was paid goes before the amounts change, and is replayed after.
  await run(
    merge,
    'delete from payment_allocations a using changed_invoices v where a.invoice_id = v.id and v.owed',
  )
  const changed = await run(
    merge,
    `update invoices i set ${assignmentsOf(invoice)}, corrected_at = case when v.corrected then $1 else i.corrected_at end
      from changed_invoices v join staging_invoices s on s.line = v.line join contracts c on c.id = v.contract_id
      where i.id = v.id`,
    [merge.now],
  )
  // By contract: a customer's invoices lie side by side, and the indexes grow at few places at a time.
  const added = await run(
    merge,
    `insert into invoices (biller_id, number, ${columnsOf(invoice)})
      select $1, s.number, ${valuesOf(invoice)} from ${ACCEPTED_INVOICES}
      where not exists (select from invoices i where i.biller_id = $1 and i.number = s.number)
      order by c.id, s.period, s.number`,
    [billerId],
  )
  await analyzeAfter(merge, 'invoices', added)
  return report(staged, { refused, added, changed })
}

/** A new invoice concerns payments that waited for it, and those that pay the oldest first. */
async function touchNewInvoices(merge: Merge): Promise<void> {
  const paid = await run(merge, 'select from payments where biller_id = $1 limit 1', [merge.billerId])
  if (paid === 0) return
  const isNew = 'not exists (select from invoices i where i.biller_id = $1 and i.number = s.number)'
  await run(
    merge,
    `insert into ${TOUCHED}
      select c.id, s.number from ${ACCEPTED_INVOICES}
        join payments p on p.biller_id = $1 and p.invoice_number = s.number and p.contract_id = c.id where ${isNew}
      union
      select c.id, s.number from ${ACCEPTED_INVOICES}
        join payments p on p.contract_id = c.id and p.invoice_number is null and p.attempt_id is null where ${isNew}`,
    [merge.billerId],
  )
}

/**
 * Locks the touched contracts, and those that the table `also` names, before anything of them changes, as
 * replayContract does for one: a capture at the bank and a feed wait for each other, and never in a ring.
 */
export async function lockTouched(merge: Merge, also = TOUCHED): Promise<void> {
  await run(
    merge,
    `with locked as materialized (
        select from contracts where id in (select contract_id from ${TOUCHED} union select contract_id from ${also})
          order by id for no key update)
      select count(*) from locked`,
  )
}

const READING: Mapping = [
  ['contract_id', 'c.id'],
  ['value', 's.value_kwh'],
]

export async function mergeReadings(merge: Merge, staged: StagedFile): Promise<FeedFileReport> {
  const refused = await refuseCommon(merge, 'readings')
  const accepted = `staging_readings s
    join contracts c on c.biller_id = $1 and c.code = s.contract_code and s.refused_reason is null`
  const sameKey = `r.biller_id = $1 and r.meter_number = s.meter_number and r.register = s.register
    and r.read_at = s.read_at`
  const changed = await run(
    merge,
    `update readings r set ${assignmentsOf(READING)} from ${accepted}
      where ${sameKey} and (${differs(READING, 'r')})`,
    [merge.billerId],
  )
  const added = await run(
    merge,
    `insert into readings (biller_id, meter_number, register, read_at, ${columnsOf(READING)})
      select $1, s.meter_number, s.register, s.read_at, ${valuesOf(READING)} from ${accepted}
      where not exists (select from readings r where ${sameKey})`,
    [merge.billerId],
  )
  return report(staged, { refused, added, changed })
}

// Merges staged payments. Those that customers made through the portal come back here: they confirm ours.
import {
  analyzeAfter,
  assignmentsOf,
  columnsOf,
  differs,
  lockTouched,
  type Mapping,
  type Merge,
  refuseCommon,
  refuseRows,
  report,
  run,
  TOUCHED,
  valuesOf,
} from './merge.ts'
import type { FeedFileReport } from './schema.ts'
import type { StagedFile } from './staging.ts'

/** Columns that say what a payment pays: where one changes, it is replayed. */
const PAYS: Mapping = [
  ['contract_id', 'c.id'],
  ['paid_on', 's.paid_on'],
  ['amount', 's.amount'],
  ['invoice_number', 's.invoice_number'],
  ['reversed_on', 's.reversed_on'],
]

const PAYMENT: Mapping = [...PAYS, ['method', 's.method'], ['source', 's.source']]

const ACCEPTED = `staging_payments s
  join contracts c on c.biller_id = $1 and c.code = s.contract_code and s.refused_reason is null`

export async function mergePayments(merge: Merge, staged: StagedFile): Promise<FeedFileReport> {
  const { billerId, now } = merge
  const common = await refuseCommon(merge, 'payments')
  const ours = await refuseDoubtfulOurs(merge)
  await run(
    merge,
    `create temp table changed_payments on commit drop as
      select s.line, p.id, false as ours, p.contract_id as old_contract_id, p.invoice_number as old_invoice_number,
        c.id as contract_id, s.invoice_number, ${differs(PAYS, 'p')} as pays
      from ${ACCEPTED} join payments p on p.biller_id = $1 and p.reference = s.reference
      where p.attempt_id is null and (${differs(PAYMENT, 'p')})
      union all
      select s.line, p.id, true, p.contract_id, null, p.contract_id, null, p.reversed_on is distinct from s.reversed_on
      from ${ACCEPTED} join payments p on p.biller_id = $1 and p.reference = s.reference
      where p.attempt_id is not null and (p.confirmed_at is null or p.reversed_on is distinct from s.reversed_on)`,
    [billerId],
  )
  const isNew = 'not exists (select from payments p where p.biller_id = $1 and p.reference = s.reference)'
  await run(
    merge,
    `insert into ${TOUCHED} select contract_id, invoice_number from changed_payments where pays
      union select old_contract_id, old_invoice_number from changed_payments where pays
      union select c.id, s.invoice_number from ${ACCEPTED} where s.reversed_on is null and ${isNew}`,
    [billerId],
  )
  await lockTouched(merge)
  await run(
    merge,
    'delete from payment_allocations a using changed_payments v where a.payment_id = v.id and v.pays',
  )
  const changed = await run(
    merge,
    `update payments p set ${assignmentsOf(PAYMENT)}
      from changed_payments v join staging_payments s on s.line = v.line join contracts c on c.id = v.contract_id
      where p.id = v.id and not v.ours`,
  )
  const confirmed = await run(
    merge,
    `update payments p set confirmed_at = coalesce(p.confirmed_at, $1), reversed_on = s.reversed_on
      from changed_payments v join staging_payments s on s.line = v.line where p.id = v.id and v.ours`,
    [now],
  )
  const added = await run(
    merge,
    `insert into payments (biller_id, reference, received_at, ${columnsOf(PAYMENT)})
      select $1, s.reference, $2, ${valuesOf(PAYMENT)} from ${ACCEPTED} where ${isNew}`,
    [billerId, now],
  )
  await analyzeAfter(merge, 'payments', added)
  return report(staged, { refused: common + ours, added, changed: changed + confirmed })
}

/**
 * Refuses rows that bear one of our payment numbers and cannot confirm it. Another amount or contract than ours is
 * for a person to look at. A number whose capture the bank has not told us is refused too: stored as a payment of its
 * own it would stand in the way of ours when the answer comes, or be counted twice.
 */
async function refuseDoubtfulOurs(merge: Merge): Promise<number> {
  const attempts = 'payment_attempts a'
  // A second capture of an attempt is our receipt number with -2 (recordCapture in lib/payments).
  const ours = "a.biller_id = $1 and a.number = split_part(s.reference, '-', 1)"
  // A capture that is under way ends first: it holds its contract.
  await run(
    merge,
    `with locked as materialized (
        select from contracts where id in (
          select a.contract_id from ${attempts} join staging_payments s on ${ours})
        order by id for no key update)
      select count(*) from locked`,
    [merge.billerId],
  )
  const payments = 'payments p join contracts c on c.id = p.contract_id'
  const stored = 'p.biller_id = $1 and p.reference = s.reference and p.attempt_id is not null'
  const amount = await refuseRows(merge, 'payments', {
    column: 'amount',
    reason: 'differs_from_our_payment',
    source: payments,
    condition: `${stored} and p.amount <> s.amount`,
  })
  const contract = await refuseRows(merge, 'payments', {
    column: 'contract_code',
    reason: 'differs_from_our_payment',
    source: payments,
    condition: `${stored} and c.code <> s.contract_code`,
  })
  const open = await refuseRows(merge, 'payments', {
    column: 'reference',
    reason: 'our_payment_not_captured',
    source: attempts,
    condition: `${ours} and not exists (select from payments p where ${stored})`,
  })
  return amount + contract + open
}

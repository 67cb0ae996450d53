// Merges staged payments. Those that customers made through the portal come back here: they confirm ours.
import {
  acceptedOf,
  assignmentsOf,
  columnsOf,
  differs,
  type Merge,
  type Merged,
  mappingOf,
  only,
  rowsOf,
  TOUCHED,
  valuesOf,
} from './merge.ts'
import { keptTable } from './slices.ts'
import { validateOursAgain } from './validation.ts'

const PAYMENT = mappingOf('payments')
/** What the customer's bank took back stays so, whatever the biller knows of it. */
const REVERSED = `case when exists (select from payment_exceptions x where x.kind = 'charged_back' and x.attempt_id = p.attempt_id
    and x.transaction_id = p.transaction_id) then coalesce(s.reversed_on, p.reversed_on) else s.reversed_on end`
/** Columns that say what a payment pays: where one changes, it is replayed. */
const PAYS = only(PAYMENT, 'contract_id', 'paid_on', 'amount', 'invoice_number', 'reversed_on')

export async function mergePayments(merge: Merge): Promise<Merged> {
  const { client, billerId, now, slice, run } = merge
  const table = keptTable('payments', billerId)
  const refused = await validateOursAgain({ client, billerId, table, where: `s.slice = ${slice}` })
  const accepted = acceptedOf(merge, 'payments')
  const rows = rowsOf(merge, 'payments')
  await run(`create temp table changed_payments on commit drop as
      select s.line, p.id, false as ours, p.contract_id as old_contract_id, p.invoice_number as old_invoice_number,
        c.id as contract_id, s.invoice_number, ${differs(PAYS, 'p')} as pays
      from ${accepted} join payments p on p.biller_id = ${billerId} and p.reference = s.reference
      where s.is_stored and p.attempt_id is null and (${differs(PAYMENT, 'p')})
      union all
      select s.line, p.id, true, p.contract_id, null, p.contract_id, null, p.reversed_on is distinct from ${REVERSED}
      from ${accepted} join payments p on p.biller_id = ${billerId} and p.reference = s.reference
      where p.attempt_id is not null and (p.confirmed_at is null or p.reversed_on is distinct from ${REVERSED})`)
  const isNew = `not exists (select from payments p where p.biller_id = ${billerId} and p.reference = s.reference)`
  await run(`insert into ${TOUCHED} select contract_id, invoice_number from changed_payments where pays
      union select old_contract_id, old_invoice_number from changed_payments where pays
      union select c.id, s.invoice_number from ${accepted} where s.reversed_on is null and ${isNew}`)
  await run('delete from payment_allocations a using changed_payments v where a.payment_id = v.id and v.pays')
  const changed = await run(`update payments p set ${assignmentsOf(PAYMENT)}
      from changed_payments v join ${rows} s on s.line = v.line join contracts c on c.id = v.contract_id
      where p.id = v.id and not v.ours`)
  const confirmed = await run(
    `update payments p set confirmed_at = coalesce(p.confirmed_at, $1), reversed_on = ${REVERSED}
      from changed_payments v join ${rows} s on s.line = v.line where p.id = v.id and v.ours`,
    [now],
  )
  const added = await run(
    `insert into payments (biller_id, reference, received_at, ${columnsOf(PAYMENT)})
      select ${billerId}, s.reference, $1, ${valuesOf(PAYMENT)} from ${accepted} where ${isNew}`,
    [now],
  )
  return { added, changed: changed + confirmed, removed: 0, refused }
}

// Merges the staged lines of invoices, and notes which invoices they correct.
import {
  assignmentsOf,
  columnsOf,
  differs,
  type Merge,
  type Merged,
  mappingOf,
  rowsOf,
  valuesOf,
} from './merge.ts'
import type { RunFile } from './schema.ts'

const LINE = mappingOf('invoice_lines')

const acceptedLines = (merge: Merge) => `${rowsOf(merge, 'invoice_lines')} s
  join invoices i on i.biller_id = ${merge.billerId} and i.number = s.invoice_number and s.refused_reason is null`
const IS_NEW = `not exists (
  select from invoice_lines l where l.invoice_id = i.id and l.position = s.position)`

/** Invoices whose lines were there before and are others now. */
const CORRECTED = 'corrected_lines'

export async function mergeInvoiceLines(merge: Merge, { mended }: RunFile): Promise<Merged> {
  const { billerId, now, run } = merge
  const rows = rowsOf(merge, 'invoice_lines')
  const accepted = acceptedLines(merge)
  await run(`create temp table ${CORRECTED} (invoice_id bigint) on commit drop`)
  // Where one of an invoice's new lines is refused, the others are laid over the old ones and none is taken away. So is the
  // refused one when it comes mended and alone; it completes the invoice, and corrects nothing.
  if (!mended) await noteAddedTo(merge)
  const removed = mended
    ? 0
    : await run(`with removed as (delete from invoice_lines l using (
        select i.id, s.invoice_number from ${rows} s
          join invoices i on i.biller_id = ${billerId} and i.number = s.invoice_number
          group by i.id, s.invoice_number having bool_and(s.refused_reason is null)) whole
      where l.invoice_id = whole.id and not exists (
        select from ${rows} s where s.invoice_number = whole.invoice_number and s.position = l.position)
      returning whole.id)
      insert into ${CORRECTED} select * from removed`)
  const changed =
    await run(`with changed as (update invoice_lines l set ${assignmentsOf(LINE)} from ${accepted}
      where l.invoice_id = i.id and l.position = s.position and (${differs(LINE, 'l')})
      returning i.id)
      insert into ${CORRECTED} select * from changed`)
  const added = await run(`insert into invoice_lines (invoice_id, position, ${columnsOf(LINE)})
      select i.id, s.position, ${valuesOf(LINE)} from ${accepted} where ${IS_NEW}`)
  await run(
    `update invoices i set corrected_at = $1 from (select distinct invoice_id from ${CORRECTED}) c
      where i.id = c.invoice_id and i.corrected_at is distinct from $1`,
    [now],
  )
  return { added, changed, removed, refused: 0 }
}

/** A line more corrects an invoice, unless it had none: then its lines only came later than itself. */
async function noteAddedTo(merge: Merge): Promise<void> {
  if ((await merge.run('select from invoice_lines limit 1')) === 0) return
  await merge.run(`insert into ${CORRECTED} select i.id from ${acceptedLines(merge)}
      where ${IS_NEW} and exists (select from invoice_lines l where l.invoice_id = i.id)`)
}

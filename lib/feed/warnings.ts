// What is loaded all the same and looked at by a person: counted, and the first listed, from the staging tables.
import type pg from 'pg'
import { printable } from '../platform/text.ts'
import { FEED_FILES, type FeedFile, type FeedReport, type FeedWarning } from './schema.ts'

const FIRST_WARNINGS = 100
const KEY_SHOWN = 100

/** The feed's code of the line that carries the TV tax, which is no part of the principal (as in splitPrincipal). */
const TV_LINE = 'TV'

/**
 * Doubts invoices whose lines do not come to their principal. The amounts of lines are before VAT and rounded each,
 * and a biller may round VAT by line or by sum: a minor unit a line is no difference. An invoice with a refused line is
 * left out.
 */
export async function doubtLines(client: pg.Client, billerId: number): Promise<void> {
  await client.query(
    `update staging_invoice_lines l set doubts = concat_ws(' ', l.doubts, 'amount:lines_differ_from_principal')
      from (
        select invoice_number, min(line) as line, count(*) as lines,
            sum(amount * (100 + vat_rate)) filter (where code <> '${TV_LINE}') / 100 as gross
          from staging_invoice_lines group by invoice_number having bool_and(refused_reason is null)) summed
        left join staging_invoices s on s.number = summed.invoice_number and s.refused_reason is null
        left join invoices i on i.biller_id = $1 and i.number = summed.invoice_number
      where l.line = summed.line and abs(summed.gross - coalesce(s.principal, i.principal)) > summed.lines`,
    [billerId],
  )
}

/** What is doubted of the rows that were not refused, by file, column and reason, and the first of them. */
export async function readWarnings(
  client: pg.Client,
  files: readonly { file: FeedFile; table: string }[],
): Promise<Pick<FeedReport, 'warningCounts' | 'warnings'>> {
  const warningCounts: FeedReport['warningCounts'] = []
  const warnings: FeedWarning[] = []
  for (const { file, table } of files) {
    const doubts = `${table} s, unnest(string_to_array(s.doubts, ' ')) doubt
      where s.doubts is not null and s.refused_reason is null`
    const place = `split_part(doubt, ':', 1) as column, split_part(doubt, ':', 2) as reason`
    const counts = await client.query(
      `select '${file}' as file, ${place}, count(*) as rows from ${doubts} group by 2, 3 order by 4 desc, 2, 3`,
    )
    warningCounts.push(...counts.rows)
    if (counts.rows.length === 0 || warnings.length === FIRST_WARNINGS) continue
    const first = await client.query(
      `select '${file}' as file, s.line, ${place}, concat_ws(' ', ${FEED_FILES[file].key.join(', ')}) as key
        from ${doubts} order by line limit ${FIRST_WARNINGS - warnings.length}`,
    )
    warnings.push(...first.rows.map(row => ({ ...row, key: printable(row.key, KEY_SHOWN) })))
  }
  return { warningCounts, warnings }
}

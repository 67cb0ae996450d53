// The settlement files that were loaded, as staff see them: of the accounts at banks of their billers.
import { sql } from 'drizzle-orm'
import type { Difference } from '../../db/enums.ts'
import { database } from '../platform/database.ts'
import type { RefusedRow } from './schema.ts'

type Reader = { billerIds: number[] }

export type SettlementFile = {
  id: number
  account: string
  name: string
  rows: number
  firstDay: string | null
  lastDay: string | null
  loadedAt: Date
  /** First name and first letter of the last one; null: from the command line. */
  loadedBy: string | null
  timeZone: string
  refused: number
  /** Found in its rows and not settled yet. */
  openDifferences: number
}

/** Lists have so many. */
export const LISTED = 50

const columns = sql`f.id, g.code as account, f.name, f.rows, f.first_day as "firstDay", f.last_day as "lastDay", f.loaded_at as "loadedAt",
  s.first_name || ' ' || left(s.last_name, 1) || '.' as "loadedBy", coalesce(g.time_zone, b.time_zone) as "timeZone",
  jsonb_array_length(f.refused) as refused,
  (select count(*)::int from payment_exceptions x join settlement_rows r on r.id = x.settlement_row_id
    where r.file_id = f.id and x.resolved_at is null) as "openDifferences"`

const from = ({
  billerIds,
}: Reader) => sql`from settlement_files f join gateway_accounts g on g.id = f.gateway_account_id
  join billers b on b.id = g.biller_id left join accounts s on s.id = f.loaded_by
  where g.biller_id = any (${sql.param(billerIds)}::smallint[])`

/** The newest first. */
export async function listSettlementFiles(staff: Reader): Promise<SettlementFile[]> {
  const { rows } = await database().execute<SettlementFile>(
    sql`select ${columns} ${from(staff)} order by f.id desc limit ${LISTED}`,
  )
  return rows.map(row => ({ ...row, loadedAt: new Date(row.loadedAt) }))
}

/** One with the rows of it that were refused and what was found; undefined where it is not for them. */
export async function getSettlementFile(staff: Reader, id: number) {
  const { rows } = await database().execute<
    SettlementFile & { refusedRows: RefusedRow[]; differences: { kind: Difference; count: number }[] }
  >(sql`select ${columns}, f.refused as "refusedRows",
      (select coalesce(json_agg(d), '[]') from (select x.kind, count(*)::int as count from payment_exceptions x
        join settlement_rows r on r.id = x.settlement_row_id where r.file_id = f.id group by 1 order by 1) d) as differences
    ${from(staff)} and f.id = ${id}`)
  const [row] = rows
  return row && { ...row, loadedAt: new Date(row.loadedAt) }
}

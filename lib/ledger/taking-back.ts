// Takes payments back that a bank has taken back: what they paid is due again.
import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { IsoDate } from '../platform/dates.ts'

/** Their contracts are locked, and replayed by the caller. Those that were taken back before stay as they are. Returns the others. */
export async function takeBack(
  tx: Transaction,
  paymentIds: readonly number[],
  on: IsoDate,
): Promise<{ id: number; contractId: number }[]> {
  const ids = sql`any (${sql.param(paymentIds)}::bigint[])`
  // What is taken back pays nothing: a check of the database.
  await tx.execute(sql`delete from payment_allocations where payment_id = ${ids}
    and payment_id in (select id from payments where id = ${ids} and reversed_on is null)`)
  const { rows } = await tx.execute<{
    id: number
    contractId: number
  }>(sql`update payments set reversed_on = ${on}
    where id = ${ids} and reversed_on is null returning id, contract_id as "contractId"`)
  return rows.map(({ id, contractId }) => ({ id: Number(id), contractId: Number(contractId) }))
}

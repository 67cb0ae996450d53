// A payment made here, told to those who see the contract's payments beside whoever made it: in the transaction that books it.
import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { inOwnTime, paymentBegins, seesInvoices } from '../contracts/access.ts'
import { clock } from '../platform/clock.ts'
import { tell } from './making.ts'

/**
 * `paymentIds`: of one transaction, a payment a contract: who sees several of them is told of the first. `toldAlready`: the account that paid,
 * or that sent the link.
 */
export async function noticePayment(
  tx: Transaction,
  paymentIds: readonly number[],
  toldAlready: string | undefined,
): Promise<void> {
  const whom = sql`select distinct on (${contractAccess.accountId}) ${contractAccess.accountId}, ${contractAccess.contractId},
      p.id as subject_id
    from payments p join ${contractAccess} on ${contractAccess.contractId} = p.contract_id
      join ${accounts} on ${accounts.id} = ${contractAccess.accountId}
      join ${contracts} on ${contracts.id} = ${contractAccess.contractId}
    where p.id = any (${sql.param([...paymentIds])}::bigint[]) and ${seesInvoices} and ${inOwnTime(paymentBegins('p'))}
      and ${accounts.closedAt} is null and ${accounts.id} is distinct from ${toldAlready ?? null}::uuid
    order by ${contractAccess.accountId}, p.id`
  const kind = 'payment-elsewhere'
  await tell(tx, {
    kind,
    key: `${kind}:${Math.min(...paymentIds)}`,
    subject: 'payment',
    whom,
    createdAt: clock.now(),
  })
}

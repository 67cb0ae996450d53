// Puts a finding away, or takes it out again.
import { and, eq } from 'drizzle-orm'
import { contracts } from '../../db/schema/contracts.ts'
import { dismissedFindings } from '../../db/schema/findings.ts'
import { hasContract, seesInvoices, selectAccess } from '../contracts/access.ts'
import { okOnce } from '../forms/answers.ts'
import { database } from '../platform/database.ts'
import { fail, type Result } from '../platform/result.ts'

/** `finding`: as findingKey says it, of a contract whose invoices the customer sees. */
export const changeFinding = (
  customer: { id: string },
  { biller, code, finding }: { biller: string; code: string; finding: string },
  intent: 'dismiss' | 'restore',
  now: Date,
): Promise<Result<undefined, 'notFound'>> =>
  database().transaction(async tx => {
    const [contract] = await selectAccess(tx, { id: contracts.id }).where(
      and(hasContract(customer.id, biller, code), seesInvoices),
    )
    if (!contract) return fail('notFound')
    const [kind, cause] = finding.split(' ') as [string, string]
    if (intent === 'dismiss') {
      await tx
        .insert(dismissedFindings)
        .values({ accountId: customer.id, contractId: contract.id, kind, cause, dismissedAt: now })
        .onConflictDoNothing()
    } else {
      // With whichever contract it was put away.
      await tx
        .delete(dismissedFindings)
        .where(
          and(
            eq(dismissedFindings.accountId, customer.id),
            eq(dismissedFindings.kind, kind),
            eq(dismissedFindings.cause, cause),
          ),
        )
    }
    return okOnce(tx, undefined)
  })

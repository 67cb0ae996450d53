// Invoices as whoever may see them reads them: who that is stands here alone.
import { and, eq, type SQL } from 'drizzle-orm'
import type { SelectedFields } from 'drizzle-orm/pg-core'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { isOwnInvoice, seesInvoices, selectAccess } from '../contracts/access.ts'
import { interestOf } from '../ledger/queries.ts'
import { database } from '../platform/database.ts'

/**
 * These columns of the invoices that the customer may see, in their own time, with account, contract, biller and its terms of interest
 * joined. `which`: of those.
 */
export const selectSeenInvoices = <Columns extends SelectedFields>(
  customer: { id: string },
  columns: Columns,
  which: SQL | undefined,
) =>
  selectAccess(database(), columns)
    .innerJoin(invoices, eq(invoices.contractId, contracts.id))
    .crossJoinLateral(interestOf(billers.id))
    .where(and(eq(contractAccess.accountId, customer.id), which, seesInvoices, isOwnInvoice))

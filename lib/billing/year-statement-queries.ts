// Reads what a year of a contract's invoices came to, and how they stood at its end.
import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { accessLevel, hasCodes, holderName, isOwnInvoice, seesInvoices } from '../contracts/access.ts'
import { databaseOfContract } from '../contracts/replica-access.ts'
import { maskHolder } from '../contracts/rules.ts'
import { chargesInterest } from '../ledger/interest-rules.ts'
import { interestOf, joinedTerms } from '../ledger/queries.ts'
import { balancesOn } from '../ledger/replay.ts'
import { dayIn } from '../platform/dates.ts'
import { letterheadColumns } from './letterhead.ts'
import { invoiceLinesJson } from './queries.ts'
import type { YearStatement } from './schema.ts'
import { earlierYears, stoodOn } from './year-statement-rules.ts'

/**
 * The statement of a calendar year of billing months, to its last day or up to today; null where the contract is not the customer's to see,
 * or the year has no invoice that stands.
 */
export async function getYearStatement(
  customer: { id: string },
  billerCode: string,
  contractCode: string,
  year: number,
  now: Date,
): Promise<YearStatement | null> {
  const last = `${year}-12-31`
  const db = await databaseOfContract(customer, billerCode, contractCode)
  const rows = await db
    .select({
      contractId: contracts.id,
      contractCode: contracts.code,
      currency: billers.currency,
      level: accessLevel,
      biller: {
        code: billers.code,
        name: billers.name,
        country: billers.country,
        unit: billers.unit,
        ...letterheadColumns,
      },
      holder: { name: holderName, address: contracts.address, businessNumber: contracts.businessNumber },
      terms: joinedTerms,
      timeZone: billers.timeZone,
      // `invoices_of_contract` has all of it.
      invoice: {
        id: invoices.id,
        number: invoices.number,
        period: invoices.period,
        issuedOn: invoices.issuedOn,
        dueOn: invoices.dueOn,
        units: invoices.units,
        readingKind: invoices.readingKind,
        principal: invoices.principal,
        tvTax: invoices.tvTax,
        total: sql<number>`${invoices.principal} + ${invoices.tvTax}`.mapWith(Number),
        lines: sql<
          []
        >`case when ${invoices.period} >= ${`${year}-01-01`} then ${invoiceLinesJson} else '[]' end`,
      },
    })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .crossJoinLateral(interestOf(billers.id))
    .innerJoin(
      contractAccess,
      and(eq(contractAccess.contractId, contracts.id), eq(contractAccess.accountId, customer.id)),
    )
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    // Left, so that whose time it is is read before them, and once.
    .leftJoin(
      invoices,
      and(
        eq(invoices.contractId, contracts.id),
        lte(invoices.period, last),
        isNull(invoices.cancelledOn),
        isOwnInvoice,
      ),
    )
    .where(and(hasCodes(billerCode, contractCode), seesInvoices))
    .orderBy(asc(invoices.period), asc(invoices.number))
  const [first] = rows
  const invoiced = rows.flatMap(({ invoice }) => invoice ?? [])
  if (!first || first.level === 'amounts' || !invoiced.some(invoice => isOf(year, invoice))) return null

  const { contractId, level, holder, terms, timeZone, invoice: _, ...contract } = first
  const today = dayIn(timeZone, now)
  const on = today < last ? today : last
  const lastYear = `${year - 1}-12-31`
  const [before, after] = await balancesOn(db, contractId, terms, [lastYear, on])
  const stood = invoiced.map(invoice => ({
    before: stoodOn(invoice, before!.get(invoice.id)!, terms, lastYear),
    after: stoodOn(invoice, after!.get(invoice.id)!, terms, on),
  }))
  return {
    ...contract,
    level,
    holder: maskHolder(holder, level),
    year,
    on,
    today,
    chargesInterest: chargesInterest(terms),
    invoices: stood.flatMap(({ after }) => (isOf(year, after) ? after : [])),
    earlier: earlierYears(stood.filter(({ after }) => !isOf(year, after))),
  }
}

const isOf = (year: number, { period }: { period: string }) => period.startsWith(String(year))

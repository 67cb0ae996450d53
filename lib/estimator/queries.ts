// What the estimator reads: today's prices, and of whoever is signed in their contracts and their bills.
import { and, asc, desc, eq, gte, isNull, lte, not, sql } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { tariffs } from '../../db/schema/tariffs.ts'
import {
  billerColumns,
  hasMovedOut,
  isOwnInvoice,
  seesInvoices,
  selectAccess,
  titleColumns,
} from '../contracts/access.ts'
import { database } from '../platform/database.ts'
import { addMonths, type IsoDate } from '../platform/dates.ts'
import { compareTariffGroups } from '../tariffs/group-order.ts'
import type { Tariff } from '../tariffs/schema.ts'
import type { BilledMonth } from './schema.ts'

export type GroupPrices = Awaited<ReturnType<typeof listPrices>>[number]

/** The tariff in force on the day, of every group of every biller that has one, in the order of staff's page. */
export async function listPrices(day: IsoDate) {
  const rows = await database()
    .selectDistinctOn([tariffs.billerId, tariffs.tariffGroup], {
      biller: billerColumns,
      id: tariffs.id,
      group: tariffs.tariffGroup,
      validFrom: tariffs.validFrom,
      high: tariffs.priceHigh,
      low: tariffs.priceLow,
      limit: tariffs.blockLimit,
      kind: tariffs.blockKind,
      blockHigh: tariffs.blockPriceHigh,
      blockLow: tariffs.blockPriceLow,
      fixedFee: tariffs.fixedFee,
      tvTax: tariffs.tvTax,
      vatPercent: tariffs.vatPercent,
      source: tariffs.source,
      note: tariffs.note,
    })
    .from(tariffs)
    .innerJoin(billers, eq(billers.id, tariffs.billerId))
    .where(and(lte(tariffs.validFrom, day), isNull(tariffs.replacedAt)))
    .orderBy(asc(tariffs.billerId), asc(tariffs.tariffGroup), desc(tariffs.validFrom))
  const prices = rows.map(({ biller, limit, kind, blockHigh, blockLow, ...row }) => {
    const block = limit && kind && blockHigh ? { limit, kind, high: blockHigh, low: blockLow } : null
    const tariff: Tariff = { ...row, biller: biller.code, validTo: null, block }
    return { biller, tariff }
  })
  return prices.toSorted((a, b) => compareTariffGroups(a.tariff, b.tariff))
}

export type OwnContract = Awaited<ReturnType<typeof listOwnContracts>>[number]

/** The customer's open contracts, as `listContracts` orders them; those whose details they do not see are not among them. */
export async function listOwnContracts(customer: { id: string }) {
  return selectAccess(database(), {
    id: contracts.id,
    biller: billerColumns,
    code: contracts.code,
    ...titleColumns,
    group: contracts.tariffGroup,
    powerKw: contracts.powerContractedKw,
  })
    .where(
      and(
        eq(contractAccess.accountId, customer.id),
        seesInvoices,
        not(hasMovedOut),
        isNull(contracts.closedOn),
      ),
    )
    .orderBy(asc(billers.id), desc(contractAccess.addedAt), asc(contracts.code))
}

/** What the customer's contract was billed for in each of the last two years' months of their own time. */
export async function listBilledMonths(
  customer: { id: string },
  contractId: number,
  today: IsoDate,
): Promise<BilledMonth[]> {
  return selectAccess(database(), {
    period: invoices.period,
    total: sql<number>`sum(${invoices.total})::float8`,
    units: sql<
      number | null
    >`case when count(*) = count(${invoices.units}) then sum(${invoices.units})::float8 end`,
  })
    .innerJoin(invoices, eq(invoices.contractId, contracts.id))
    .where(
      and(
        eq(contractAccess.accountId, customer.id),
        eq(contracts.id, contractId),
        seesInvoices,
        isNull(invoices.cancelledOn),
        gte(invoices.period, addMonths(today, -24)),
        isOwnInvoice,
      ),
    )
    .groupBy(invoices.period)
}

// Reads of readings that customers sent, and of what a new one is compared with.
import { and, desc, eq, or, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts, readings } from '../../db/schema/contracts.ts'
import { customerReadings } from '../../db/schema/customer-readings.ts'
import { isTwoRates } from '../billing/tariff-groups.ts'
import {
  accessLevel,
  billerColumns,
  dayAt,
  hasContract,
  hasMovedOut,
  inOwnTime,
  invoiceBegins,
  isAccess,
  seesInvoices,
  selectAccess,
  titleColumns,
} from '../contracts/access.ts'
import { MASK } from '../contracts/rules.ts'
import { isOfBiller } from '../contracts/sent-readings.ts'
import { documentsOfReading, type StoredDocument, shownDocuments } from '../files/queries.ts'
import { database } from '../platform/database.ts'
import { dayIn, type IsoDate } from '../platform/dates.ts'
import { type GoodReading, notNeeded, type Register, readingState, usualPerDay } from './rules.ts'
import type { BesideBill } from './schema.ts'

/** A bill of the year, the latest first. */
type Bill = {
  units: string | null
  periodFrom: IsoDate | null
  periodTo: IsoDate | null
  issuedOn: IsoDate
  reading: string | null
  isRead: boolean
}
/** The first and the last reading that the biller has of a register of a meter. */
type Meter = { meterNumber: string; register: Register; on: IsoDate; value: number }

const MOST_BILLS = 13

const billsJson = sql<Bill[]>`(select coalesce(json_agg(bill order by bill."issuedOn" desc), '[]') from (
  select ${invoices.units}::text as units, ${invoices.periodFrom} as "periodFrom", ${invoices.periodTo} as "periodTo",
    ${invoices.issuedOn} as "issuedOn", ${invoices.currentReading}::text as reading,
    coalesce(${invoices.readingKind} <> 'estimated', false) as "isRead"
  from ${invoices} where ${invoices.contractId} = ${contracts.id} and ${invoices.cancelledOn} is null
    and ${inOwnTime(invoiceBegins())}
  order by ${invoices.period} desc, ${invoices.number} desc limit ${MOST_BILLS}) bill)`

const metersJson = sql<Meter[]>`(select coalesce(json_agg(json_build_object('meterNumber', r.meter_number,
    'register', case r.register when 'A1' then 'high' else 'low' end, 'on', ${dayAt(sql`r.read_at`)}, 'value', r.value)), '[]')
  from (select *, row_number() over (partition by meter_number, register order by read_at) as first,
      row_number() over (partition by meter_number, register order by read_at desc) as last
    from ${readings} where ${readings.contractId} = ${contracts.id} and ${readings.register} in ('A1', 'A2')) r
  where (r.first = 1 or r.last = 1) and ${inOwnTime(dayAt(sql`r.read_at`))})`

export type ReadableContract = NonNullable<Awaited<ReturnType<typeof findReadable>>>

/** A contract that the customer sees in detail, and what a reading of its meter is compared with; undefined where it is none. */
export async function findReadable(
  db: Executor,
  customer: { id: string },
  biller: string,
  code: string,
  now: Date,
) {
  const [row] = await selectAccess(db, {
    id: contracts.id,
    billerId: contracts.billerId,
    biller: billerColumns,
    code: contracts.code,
    ...titleColumns,
    level: accessLevel,
    tariffGroup: contracts.tariffGroup,
    meterNumber: contracts.meterNumber,
    meterRemote: contracts.meterRemote,
    closedOn: contracts.closedOn,
    hasMovedOut,
    bills: billsJson,
    meters: metersJson,
  }).where(and(hasContract(customer.id, biller, code), seesInvoices))
  if (!row) return undefined
  const { bills, meters, meterNumber, ...contract } = row
  const today = dayIn(contract.biller.timeZone, now)
  const hasTwo =
    isTwoRates(contract.biller.code, contract.tariffGroup) || meters.some(one => one.register === 'low')
  const read = bills.flatMap(({ reading, isRead, periodTo, issuedOn }) =>
    reading !== null && isRead
      ? [{ register: 'high' as const, meterNumber: null, value: Number(reading), on: periodTo ?? issuedOn }]
      : [],
  )
  // What an invoice says of a meter of two registers is of none of them.
  const good: GoodReading[] = hasTwo ? meters : [...read, ...meters]
  return {
    ...contract,
    today,
    hasTwo,
    /** As the customer sees it; null: the biller does not know it. */
    shownMeter: contract.level === 'holder' ? meterNumber : MASK,
    known: { meterNumber, good, usualPerDay: usualPerDay(bills) },
    latest: hasTwo ? undefined : read[0],
    notNeeded: notNeeded({ ...contract, unit: contract.biller.unit }, today),
  }
}

/** The same, for a page. */
export const getReadable = (customer: { id: string }, biller: string, code: string, now: Date) =>
  findReadable(database(), customer, biller, code, now)

/** The first bill whose time ends on the day of the joined reading or after it. */
const besideBill = sql<BesideBill | null>`(select json_build_object('id', ${invoices.id}, 'period', ${invoices.period},
    'currentReading', ${invoices.currentReading}::text)
  from ${invoices} where ${invoices.contractId} = ${customerReadings.contractId} and ${invoices.cancelledOn} is null
    and coalesce(${invoices.periodTo}, ${invoices.issuedOn}) >= ${customerReadings.readOn} and ${inOwnTime(invoiceBegins())}
  order by ${invoices.period}, ${invoices.number} limit 1)`

/** So many are shown. */
const SHOWN = 50

export type ListedReading = Awaited<ReturnType<typeof listSentReadings>>[number]

/**
 * Readings sent of a contract in the customer's own time, the latest first; by others too, where the biller has them or is to get them. `photos`: of their own
 * alone.
 */
export async function listSentReadings(customer: { id: string }, contractId: number) {
  const isOwn: SQL<boolean> = sql`coalesce(${customerReadings.accountId} = ${accounts.id}, false)`
  const rows = await database()
    .select({
      id: customerReadings.id,
      readOn: customerReadings.readOn,
      high: customerReadings.high,
      low: customerReadings.low,
      withdrawnAt: customerReadings.withdrawnAt,
      handedOverAt: customerReadings.handedOverAt,
      isOwn,
      photos: sql<StoredDocument[]>`case when ${isOwn} then ${documentsOfReading} else '[]' end`,
      beside: besideBill,
    })
    .from(customerReadings)
    .innerJoin(contracts, eq(contracts.id, customerReadings.contractId))
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .innerJoin(contractAccess, eq(contractAccess.contractId, contracts.id))
    .innerJoin(accounts, eq(accounts.id, contractAccess.accountId))
    .where(
      and(
        isAccess(customer.id, contractId),
        seesInvoices,
        inOwnTime(sql`${customerReadings.readOn}`),
        or(isOwn, isOfBiller('customer_readings')),
      ),
    )
    .orderBy(desc(customerReadings.readOn), desc(customerReadings.id))
    .limit(SHOWN)
  return rows.map(({ withdrawnAt, handedOverAt, photos, ...row }) => ({
    ...row,
    state: readingState({ withdrawnAt, handedOverAt }),
    photos: shownDocuments(photos),
  }))
}

/** What staff see of the readings sent of the joined contract, the latest first; for queries over contracts. */
export const sentReadingsJson = sql<
  SentForStaff[]
>`(select coalesce(json_agg(sent order by sent."readOn" desc, sent.id desc), '[]') from (
  select ${customerReadings.id}, ${customerReadings.readOn} as "readOn", ${customerReadings.high}::text as high,
    ${customerReadings.low}::text as low, ${customerReadings.meterNumber} as "meterNumber", ${customerReadings.isUnusual} as "isUnusual",
    ${customerReadings.byHolder} as "byHolder",
    ${customerReadings.handedOverAt} as "handedOverAt", ${documentsOfReading} as photos
  from ${customerReadings} where ${customerReadings.contractId} = ${contracts.id} and ${isOfBiller('customer_readings')}
  order by ${customerReadings.readOn} desc, ${customerReadings.id} desc limit ${SHOWN}) sent)`

type SentForStaff = {
  id: number
  readOn: IsoDate
  high: string
  low: string | null
  meterNumber: string | null
  isUnusual: boolean
  byHolder: boolean
  handedOverAt: string | null
  photos: StoredDocument[]
}

// What goes to the regulator with a request: who complains of what, what happened, bills with readings, papers with their hashes.
import { sql } from 'drizzle-orm'
import type { ReadingKind } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { invoices } from '../../db/schema/billing.ts'
import { caseEvents } from '../../db/schema/cases.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { documents } from '../../db/schema/files.ts'
import {
  accessLevel,
  hasContract,
  holderName,
  inOwnTime,
  invoiceBegins,
  selectAccess,
} from '../contracts/access.ts'
import { maskHolder } from '../contracts/rules.ts'
import { hashFile } from '../files/queries.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { isOutside } from './outside.ts'
import { regulatorOf, regulatorReason } from './regulator.ts'
import { getRequest } from './request-queries.ts'

type BillOfFile = {
  number: string
  period: string
  units: string | null
  previousReading: string | null
  currentReading: string | null
  readingKind: ReadingKind | null
  total: number
}
type Paper = { name: string; at: string; storageKey: string; removedAt: string | null }

export type RegulatorFile = NonNullable<Awaited<ReturnType<typeof getRegulatorFile>>>

/** So many of the newest bills before the file is made. */
const BILLS = 13

/**
 * The file of a request of the customer's own; undefined where there is none, or it is not yet time. That it was made is written
 * down before anything is shown. `papers`: the SHA-256 of what is stored of each; null where it is gone.
 */
export async function getRegulatorFile(
  customer: { id: string },
  contract: { biller: string; code: string },
  number: string,
  now: Date,
) {
  const request = await getRequest(customer, contract, number, now)
  const why = request && regulatorReason(request)
  const regulator = regulatorOf(contract.biller)
  if (!why || !regulator) return undefined
  const [row] = await selectAccess(database(), {
    level: accessLevel,
    person: {
      firstName: accounts.firstName,
      lastName: accounts.lastName,
      phone: accounts.phone,
      email: accounts.email,
    },
    holder: { name: holderName, address: contracts.address, meterNumber: contracts.meterNumber },
    bills: sql<
      BillOfFile[]
    >`(select coalesce(json_agg(json_build_object('number', b.number, 'period', b.period, 'units', b.units::text,
        'previousReading', b.previous_reading::text, 'currentReading', b.current_reading::text,
        'readingKind', b.reading_kind, 'total', b.total) order by b.period desc, b.number desc), '[]')
      from (select * from ${invoices} i where i.contract_id = ${contracts.id} and i.cancelled_on is null and ${inOwnTime(invoiceBegins('i'))}
        order by i.period desc, i.number desc limit ${BILLS}) b)`,
    papers: sql<
      Paper[]
    >`(select coalesce(json_agg(json_build_object('name', d.name, 'at', e.at, 'storageKey', d.storage_key,
        'removedAt', d.removed_at) order by e.number, d.name, d.id), '[]')
      from ${documents} d join ${caseEvents} e on e.case_id = d.case_id and e.number = d.case_event
      where d.case_id = ${request.id} and ${isOutside})`,
  }).where(hasContract(customer.id, contract.biller, contract.code))
  if (!row) return undefined
  await recordEvent(database(), {
    accountId: customer.id,
    action: 'case.for-regulator',
    subject: `case:${request.id}`,
    details: { kind: request.kind },
    at: now,
  })
  const papers = []
  for (const { storageKey, ...paper } of row.papers)
    papers.push({ ...paper, sha256: paper.removedAt ? null : ((await hashFile(storageKey)) ?? null) })
  return {
    request,
    why,
    regulator: { code: regulator, address: env().REGULATOR_ADDRESSES[regulator] ?? null },
    person: row.person,
    holder: maskHolder(row.holder, row.level),
    bills: row.bills,
    papers,
    madeAt: now,
  }
}

// What the form of a request is made of: the contract, what the customer began before, and what they pick from.
import { and, eq, type SQL, sql } from 'drizzle-orm'
import { type CaseState, openStates } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { invoices } from '../../db/schema/billing.ts'
import { caseDrafts, cases } from '../../db/schema/cases.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { documents } from '../../db/schema/files.ts'
import {
  accessLevel,
  billerColumns,
  hasContract,
  inOwnTime,
  invoiceBegins,
  seesInvoices,
  selectAccess,
  titleColumns,
} from '../contracts/access.ts'
import { database } from '../platform/database.ts'
import type { IsoDate } from '../platform/dates.ts'
import { type RequestCode, requestCodes } from './catalogue.ts'
import { daysOffOfBiller } from './deadlines.ts'

type Who = { id: string }
type OfContract = { biller: string; code: string }

/** An invoice to pick. `reading`: the one it was billed to, and of which day. */
type PickedInvoice = {
  id: number
  period: IsoDate
  total: number
  units: string | null
  reading: string | null
  readOn: IsoDate | null
}

type DraftRow = {
  id: string
  kind: string
  typed: Record<string, string>
  savedAt: string
  documents: { id: string; name: string }[]
}
export type RequestDraft = Omit<DraftRow, 'kind'> & { kind: RequestCode }

/** As many as there are to pick from. */
const INVOICES = 12

const drafts: SQL<DraftRow[]> =
  sql`(select coalesce(json_agg(json_build_object('id', d.id, 'kind', d.kind, 'typed', d.typed,
    'savedAt', d.saved_at, 'documents', (select coalesce(json_agg(json_build_object('id', f.id, 'name', f.name) order by f.name, f.id), '[]')
      from ${documents} f where f.draft_id = d.id)) order by d.saved_at desc, d.id), '[]')
  from ${caseDrafts} d where d.account_id = ${accounts.id} and d.contract_id = ${contracts.id})`

const newest: SQL<PickedInvoice[]> =
  sql`(select coalesce(json_agg(json_build_object('id', n.id, 'period', n.period, 'total', n.total,
    'units', n.units::text, 'reading', n.current_reading::text, 'readOn', n.period_to) order by n.period desc, n.number desc), '[]')
  from (select i.* from ${invoices} i where i.contract_id = ${contracts.id} and i.cancelled_on is null and ${inOwnTime(invoiceBegins('i'))}
    order by i.period desc, i.number desc limit ${INVOICES}) n)`

/** The newest that is open; `period`: of the invoice it is about. */
type OpenRequest = { number: string; state: CaseState; period: string | null }

const openOfKind = (
  kind: RequestCode,
): SQL<OpenRequest | null> => sql`(select json_build_object('number', c.number, 'state', c.state,
    'period', (select i.period from ${invoices} i where i.contract_id = c.contract_id and i.id = (c.answers ->> 'invoice')::bigint))
  from ${cases} c
  where c.contract_id = ${contracts.id} and c.account_id = ${accounts.id} and c.kind = ${kind}
    and c.state in (${sql.raw(openStates.map(state => `'${state}'`).join(', '))})
  order by c.created_at desc limit 1)`

/**
 * A contract about which the customer may send requests, with those they began; undefined where there is none. With a `kind`:
 * what its form picks from, and the number of a request of that kind of theirs which is open.
 */
export async function getRequestForm(customer: Who, { biller, code }: OfContract, kind?: RequestCode) {
  const [row] = await selectAccess(database(), {
    id: contracts.id,
    biller: billerColumns,
    code: contracts.code,
    ...titleColumns,
    level: accessLevel,
    customer: sql<string>`${accounts.firstName} || ' ' || ${accounts.lastName}`,
    // Seen by the holder alone.
    meterNumber: sql<string | null>`case when ${accessLevel} = 'holder' then ${contracts.meterNumber} end`,
    drafts,
    invoices: kind ? newest : sql<PickedInvoice[]>`'[]'::json`,
    open: kind ? openOfKind(kind) : sql<OpenRequest | null>`null`,
    daysOff: daysOffOfBiller,
  }).where(and(hasContract(customer.id, biller, code), seesInvoices))
  if (!row) return undefined
  // A kind that only another version knows has no form here.
  const known = row.drafts.filter((draft): draft is RequestDraft =>
    requestCodes.some(known => known === draft.kind),
  )
  return { ...row, drafts: known }
}

/** The address's part of a request of the customer's; undefined for another's. */
export async function findRequestNumber(customer: Who, id: string): Promise<string | undefined> {
  const [row] = await database()
    .select({ number: cases.number })
    .from(cases)
    .where(and(eq(cases.id, id), eq(cases.accountId, customer.id)))
  return row?.number ?? undefined
}

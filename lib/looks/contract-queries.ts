// A contract as staff see it: what its customer sees of it, masked until they ask, within a look that is written down first.
import { and, desc, eq, inArray, or, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { cases } from '../../db/schema/cases.ts'
import { contractAccess, contractHandovers } from '../../db/schema/contract-access.ts'
import { contracts, readings } from '../../db/schema/contracts.ts'
import { paymentAttemptInvoices } from '../../db/schema/payments.ts'
import type { Staff } from '../auth/staff.ts'
import {
  asRow,
  historyInvoiceColumns,
  historyOf,
  inMonths,
  listPayments,
  readSpan,
  spanColumns,
  spanOf,
} from '../billing/history-queries.ts'
import type { StoredUnderWay } from '../billing/under-way.ts'
import type { Case } from '../cases/kind.ts'
import type { KindCode } from '../cases/kinds.ts'
import { isOthersCase } from '../cases/scope.ts'
import {
  type AccessLevel,
  accessLevel,
  billerColumns,
  hasCodes,
  holderName,
  supplyColumns,
} from '../contracts/access.ts'
import { MASK, maskHolder } from '../contracts/rules.ts'
import { shownDocuments } from '../files/queries.ts'
import { interestOf, joinedTerms } from '../ledger/queries.ts'
import { database } from '../platform/database.ts'
import { dayIn } from '../platform/dates.ts'
import { sentReadingsJson } from '../readings/queries.ts'
import { newestDisconnections, outagesOfContract, readDisconnection, readOutage } from '../supply/columns.ts'
import { type Look, openLookJson, recordLook } from './looks.ts'
import { contractInScope, type Who } from './scope.ts'

/** Somebody who has the contract on their list. Their name is masked as the holder's is. */
type Person = {
  accountId: string
  name: string
  level: AccessLevel
  decision: string | null
  addedAt: string
  /** Whose time begins after a day, or ends with one. */
  fromOn: string | null
  untilOn: string | null
}
export type CaseOf = Pick<Case, 'id' | 'queue' | 'number' | 'state'> & { kind: KindCode; createdAt: string }
type Reading = { register: (typeof readings.$inferSelect)['register']; value: string; readAt: string }

/** One more than its page shows. */
const SHOWN_CASES = 6

const SHOWN_DISCONNECTIONS = 5

/** The contract's cases, the latest first, but for the member of staff's own. For queries over contracts. */
const casesJson = (staff: Staff) => sql<
  CaseOf[]
>`(select coalesce(json_agg(of order by of."createdAt" desc), '[]') from (
  select ${cases.id}, ${cases.queue}, ${cases.kind}, ${cases.number}, ${cases.state}, ${cases.createdAt} as "createdAt"
  from ${cases} where ${cases.contractId} = ${contracts.id} and ${isOthersCase(staff)}
  order by ${cases.createdAt} desc limit ${SHOWN_CASES}) of)`

const peopleJson = sql<Person[]>`(select coalesce(json_agg(json_build_object('accountId', ${accounts.id},
    'name', ${accounts.firstName} || ' ' || ${accounts.lastName}, 'level', ${accessLevel}, 'decision', ${contractAccess.holderDecision},
    'addedAt', ${contractAccess.addedAt}, 'fromOn', coalesce(${contractAccess.handoverOn}, ${contractAccess.fromOn}),
    'untilOn', ${contractAccess.untilOn}) order by ${contractAccess.addedAt}), '[]')
  from ${contractAccess} join ${accounts} on ${accounts.id} = ${contractAccess.accountId}
  where ${contractAccess.contractId} = ${contracts.id} and ${contractAccess.removedAt} is null)`

/** The days on which holders moved out or will, the latest first. */
const handoversJson = sql<
  string[]
>`(select coalesce(json_agg(h.moves_out_on order by h.moves_out_on desc), '[]')
  from ${contractHandovers} h where h.contract_id = ${contracts.id})`

const readingsJson = sql<
  Reading[]
>`(select coalesce(json_agg(json_build_object('register', newest.register, 'value', newest.value::text,
    'readAt', newest.read_at) order by newest.register), '[]')
  from (select distinct on (r.register) r.register, r.value, r.read_at from ${readings} r
    where r.contract_id = ${contracts.id} order by r.register, r.read_at desc) newest)`

/** Codes of other contracts of the same holder. */
const othersJson = (staff: Who) => sql<
  string[]
>`(select coalesce(json_agg(other.code order by other.code), '[]')
  from (select ${contracts.holderPersonalNumber} as number, ${contracts.id} as id, ${contracts.billerId} as biller_id) this
  cross join lateral (select ${contracts.code} from ${contracts}
    where ${contracts.holderPersonalNumber} = this.number and ${contracts.id} <> this.id and ${contracts.billerId} = this.biller_id
      and ${contractInScope(staff)} limit 50) other)`

/**
 * A contract for a member of staff; undefined where it is not for them. Without a look that is not over only its codes, so that they
 * can say why they look.
 */
export async function getContractForStaff(staff: Staff, biller: string, code: string, now: Date) {
  const whereSeen = <Shown>(shown: ReturnType<typeof sql<Shown>>) =>
    sql<Shown>`case when look.json is not null then ${shown} end`
  const [row] = await database()
    .select({
      id: contracts.id,
      biller: billerColumns,
      code: contracts.code,
      look: sql<Look | null>`look.json`,
      category: contracts.category,
      holder: {
        name: holderName,
        address: contracts.address,
        phone: contracts.phone,
        personalNumber: contracts.holderPersonalNumber,
        businessNumber: contracts.businessNumber,
        meterNumber: contracts.meterNumber,
      },
      ...supplyColumns,
      readings: whereSeen(readingsJson),
      sentReadings: whereSeen(sentReadingsJson),
      people: whereSeen(peopleJson),
      handovers: whereSeen(handoversJson),
      cases: whereSeen(casesJson(staff)),
      others: whereSeen(othersJson(staff)),
      disconnections: whereSeen(newestDisconnections(SHOWN_DISCONNECTIONS)),
      outages: whereSeen(outagesOfContract(now)),
    })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .crossJoinLateral(
      sql`(select ${openLookJson(staff, sql`contract_id = ${contracts.id}`, now)} as json) look`,
    )
    .where(and(hasCodes(biller, code), contractInScope(staff)))
  if (!row) return undefined
  const { look, holder, readings, sentReadings, people, disconnections, outages, ...contract } = row
  if (!look) return { look, biller: row.biller, code: row.code }
  await recordLook(database(), staff, look, 'viewed', now)
  const history = await getHistoryForStaff(staff, row.id, now)
  return {
    ...contract,
    look,
    holder: maskHolder(holder, look.unmasked ? 'holder' : 'masked'),
    people: people.map(person => ({
      ...person,
      name: look.unmasked ? person.name : MASK,
      addedAt: new Date(person.addedAt),
    })),
    disconnections: disconnections.map(readDisconnection),
    outages: outages.map(readOutage),
    sentReadings: sentReadings.map(({ meterNumber, photos, ...sent }) => ({
      ...sent,
      meterNumber:
        meterNumber && maskHolder({ meterNumber }, look.unmasked ? 'holder' : 'masked').meterNumber,
      photos: shownDocuments(photos),
    })),
    readings: readings.map(reading => ({ ...reading, readAt: new Date(reading.readAt) })),
    ...history,
    payments: await listPayments(row.id, history),
  }
}

export type ContractForStaff = Exclude<
  NonNullable<Awaited<ReturnType<typeof getContractForStaff>>>,
  { look: null }
>

/** Being paid through the portal, by whomever. */
const isBeingPaid = sql<StoredUnderWay | null>`(select json_build_object('attemptId', null, 'part', null) from ${paymentAttemptInvoices}
  where ${paymentAttemptInvoices.invoiceId} = ${invoices.id} and ${paymentAttemptInvoices.live})`

const isUnpaid = sql`${invoices.unpaid} > 0 and ${invoices.cancelledOn} is null`

/** What is due today of each of these contracts, in minor units; of those with something due. */
export async function getDueOf(staff: Who, contractIds: number[], now: Date): Promise<Map<number, number>> {
  const rows = await database()
    .select({
      contractId: contracts.id,
      terms: { timeZone: billers.timeZone, remindFrom: billers.remindFrom, interest: joinedTerms },
      invoice: { ...historyInvoiceColumns, underWay: isBeingPaid },
    })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .crossJoinLateral(interestOf(billers.id))
    .innerJoin(invoices, and(eq(invoices.contractId, contracts.id), isUnpaid))
    .where(and(inArray(contracts.id, contractIds), contractInScope(staff)))
  const due = new Map<number, number>()
  for (const { contractId, invoice, terms } of rows) {
    const row = asRow(invoice, terms, dayIn(terms.timeZone, now))
    due.set(contractId, (due.get(contractId) ?? 0) + row.due)
  }
  return due
}

/** Twelve billing months of the contract, and what is due of all its invoices; `older`: those due from before these months. */
async function getHistoryForStaff(staff: Who, contractId: number, now: Date) {
  const rows = await database()
    .select({
      terms: { timeZone: billers.timeZone, remindFrom: billers.remindFrom, interest: joinedTerms },
      span: spanColumns,
      invoice: { ...historyInvoiceColumns, underWay: isBeingPaid },
    })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .crossJoinLateral(interestOf(billers.id))
    .crossJoinLateral(spanOf(now))
    .leftJoin(invoices, and(eq(invoices.contractId, contracts.id), or(inMonths(now), isUnpaid)))
    .where(and(eq(contracts.id, contractId), contractInScope(staff)))
    .orderBy(desc(invoices.period), desc(invoices.number))
  const { terms, span } = rows[0]!
  const today = dayIn(terms.timeZone, now)
  const invoiced = rows.flatMap(({ invoice }) => invoice ?? [])
  const history = historyOf(invoiced, terms, today, readSpan(span))
  const unpaid = invoiced.map(invoice => asRow(invoice, terms, today)).filter(({ due }) => due > 0)
  return { today, ...history, unpaid, older: unpaid.filter(({ period }) => period < history.from) }
}

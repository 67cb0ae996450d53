// What a customer sees of requests and complaints: those they filed, and of a contract whose holder they are everybody's.
import { and, desc, eq, isNull, not, or, type SQL, sql } from 'drizzle-orm'
import { type CaseMove, type CaseState, type Country, type caseSides, decidedStates } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { caseDrafts, caseEvents, cases } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import {
  accessLevel,
  dayAt,
  hasAccess,
  hasCodes,
  hasContract,
  inOwnTime,
  isOwnInvoice,
  movedOutBefore,
  seesInvoices,
  selectAccess,
  titleColumns,
} from '../contracts/access.ts'
import { documentsOfCase, shownDocuments } from '../files/queries.ts'
import { database } from '../platform/database.ts'
import { type RequestCode, requestCodes } from './catalogue.ts'
import { countDeadline, daysOffOfBiller, stepsOfCase } from './deadlines.ts'
import type { Answers } from './kind.ts'
import { kindOf } from './kinds.ts'
import { cameOutside, isOutside } from './outside.ts'
import { openMoves } from './rules.ts'

type Who = { id: string }
type OfContract = { biller: string; code: string }

const quoted = (words: readonly string[]) => sql.raw(words.map(word => `'${word}'`).join(', '))
const isDecidedState = sql`${cases.state} in (${quoted(decidedStates)})`
const isOwn = sql<boolean>`(${cases.accountId} = ${accounts.id})`

/** It waits for what its owner has to say. */
const isExpected = sql`(${isOwn} and ${cases.state} = 'waiting')`

/** Staff should have answered its owner. */
const isLate = (now: Date) =>
  sql`(${isOwn} and ${cases.state} in ('pending', 'taken') and ${cases.dueAt} <= ${now.toISOString()}::timestamptz)`

/** For queries over cases ⨝ accounts ⨝ contract_access ⨝ contracts ⨝ billers. */
const isSeen: SQL = and(
  eq(cases.queue, 'requests'),
  sql`${contractAccess.holderDecision} is distinct from 'refused'`,
  or(
    and(isOwn, sql`${accessLevel} <> 'amounts'`),
    and(
      hasAccess,
      sql`${accessLevel} = 'holder'`,
      sql`${cases.state} <> 'withdrawn'`,
      inOwnTime(dayAt(cases.createdAt)),
      not(movedOutBefore(cases.accountId)),
    ),
  ),
)!

const listed = {
  id: cases.id,
  number: sql<string>`${cases.number}`,
  kind: sql<RequestCode>`${cases.kind}`,
  state: cases.state,
  createdAt: cases.createdAt,
  decidedAt: cases.decidedAt,
  dueAt: cases.dueAt,
  limitCount: cases.limitCount,
  limitUnit: cases.limitUnit,
  limitFrom: cases.limitFrom,
  biller: {
    code: billers.code,
    name: billers.name,
    country: billers.country,
    currency: billers.currency,
    timeZone: billers.timeZone,
  },
  contract: { code: contracts.code, ...titleColumns },
  isOwn,
  /** The month of the invoice it is about. */
  period: sql<string | null>`(select i.period from ${invoices} i
    where i.contract_id = ${contracts.id} and i.id = (${cases.answers} ->> 'invoice')::bigint)`,
  steps: stepsOfCase,
  daysOff: daysOffOfBiller,
}

const selectRequests = <Columns extends typeof listed>(columns: Columns) =>
  selectAccess(database(), columns).innerJoin(cases, eq(cases.contractId, contracts.id))

type Found = Parameters<typeof countDeadline>[0] & {
  steps: Parameters<typeof countDeadline>[1]
  daysOff: string[]
  biller: { timeZone: string }
}

/** With its time limit, in place of what that is counted from. */
const withDeadline = <Row extends Found>({ steps, daysOff, ...row }: Row, now: Date) => ({
  ...row,
  ...countDeadline(row, steps, { timeZone: row.biller.timeZone, daysOff }, now),
})

export const REQUESTS_PAGE = 20

export const requestParts = ['all', 'open', 'decided'] as const
export type RequestPart = (typeof requestParts)[number]

type OfBiller = { code: string; name: string; country: Country; timeZone: string }

/** A request of the customer's own that waits for their answer, or that staff are late with. `note`: what staff asked last. */
type Expected = { number: string; kind: RequestCode; note: string; contract: string; biller: OfBiller }

const billerJson = sql`json_build_object('code', ${billers.code}, 'name', ${billers.name}, 'country', ${billers.country},
  'timeZone', ${billers.timeZone})`

const listOf = (which: SQL): SQL<Expected[]> =>
  sql`coalesce(json_agg(json_build_object('number', ${cases.number}, 'kind', ${cases.kind},
      'contract', ${contracts.code}, 'note', (select e.note from ${caseEvents} e
        where e.case_id = ${cases.id} and e.move = 'ask' order by e.number desc limit 1), 'biller', ${billerJson})
    order by ${cases.createdAt} desc, ${cases.id} desc) filter (where ${which}), '[]')`

/** Begun and not sent. */
type Begun = { kind: RequestCode; savedAt: string; contract: string; biller: OfBiller }

const begunOf = (customer: Who, contract: OfContract | undefined): SQL<Begun[]> =>
  sql`(select coalesce(json_agg(json_build_object('kind', d.kind, 'savedAt', d.saved_at, 'contract', ${contracts.code},
      'biller', ${billerJson}) order by d.saved_at desc, d.id), '[]')
    from ${caseDrafts} d
    join ${contractAccess} on ${contractAccess.accountId} = d.account_id and ${contractAccess.contractId} = d.contract_id
    join ${accounts} on ${accounts.id} = d.account_id
    join ${contracts} on ${contracts.id} = d.contract_id
    join ${billers} on ${billers.id} = ${contracts.billerId}
    where d.account_id = ${customer.id} and ${seesInvoices}
      and d.kind = any (${sql.param([...requestCodes])}::text[])
      and ${contract ? hasCodes(contract.biller, contract.code) : sql`true`})`

/**
 * The requests that a customer sees, of one of their contracts or of all: the newest first, a page of `REQUESTS_PAGE` that
 * follows the request `after` (its id). `counts`: how many there are in each part. Of all of them, the newest first: `expected`, which
 * wait for the customer; `late`, which staff should have answered; `begun`, what was not sent yet.
 */
export async function listRequests(
  customer: Who,
  { contract, part = 'all', after }: { contract?: OfContract; part?: RequestPart; after?: string },
  now: Date,
) {
  const mine = and(
    eq(contractAccess.accountId, customer.id),
    isSeen,
    contract && hasCodes(contract.biller, contract.code),
  )
  const inPart = {
    all: undefined,
    open: sql`not ${isDecidedState}`,
    decided: isDecidedState,
  }[part]
  const follows = sql`(${cases.createdAt}, ${cases.id}) < (select created_at, id from cases where id = ${after ?? null})`
  const rows = await selectRequests(listed)
    .where(and(mine, inPart, after ? follows : undefined))
    .orderBy(desc(cases.createdAt), desc(cases.id))
    .limit(REQUESTS_PAGE + 1)
  const [counts] = await selectAccess(database(), {
    all: sql<number>`count(*)::int`,
    decided: sql<number>`(count(*) filter (where ${isDecidedState}))::int`,
    expected: listOf(isExpected),
    late: listOf(isLate(now)),
    begun: begunOf(customer, contract),
  })
    .innerJoin(cases, eq(cases.contractId, contracts.id))
    .where(mine)
  const requests = rows.slice(0, REQUESTS_PAGE).map(row => withDeadline(row, now))
  const { all, decided, ...noted } = counts!
  return {
    requests,
    next: rows.length > REQUESTS_PAGE ? requests.at(-1)!.id : undefined,
    counts: { all, decided, open: all - decided },
    ...noted,
  }
}

/** A step that the customer may read. `documents`: how many came with it. */
type RequestStep = {
  number: number
  move: CaseMove | 'file'
  side: (typeof caseSides)[number]
  state: CaseState
  /** First name and first letter of the last one, of staff. */
  by: string | null
  note: string | null
  at: string
  documents: number
  /** What the form said from then on, where the step changed it. */
  answers: Answers | null
}

export type Bill = { id: number; number: string; period: string; reading: string | null }

/** A request in full, but for what staff wrote for staff; undefined where it is not for this customer. */
export async function getRequest(customer: Who, contract: OfContract, number: string, now: Date) {
  const [row] = await selectRequests({
    ...listed,
    answers: cases.answers,
    formVersion: cases.formVersion,
    events: cases.events,
    // Those that the form says, and said before.
    bills: sql<Bill[]>`(
      select coalesce(json_agg(json_build_object('id', i.id, 'number', i.number, 'period', i.period,
        'reading', i.current_reading::text)), '[]')
      from ${invoices} i where i.contract_id = ${contracts.id} and i.id::text in (
        select e.answers ->> 'invoice' from ${caseEvents} e where e.case_id = ${cases.id}))`,
    documents: documentsOfCase(cameOutside),
    history: sql<RequestStep[]>`(
      select json_agg(json_build_object('number', e.number, 'move', e.move, 'side', e.side, 'state', e.state,
        'by', s.first_name || ' ' || left(s.last_name, 1) || '.', 'note', e.note, 'at', e.at, 'answers', e.answers,
        'documents', (select count(*) from documents d where d.case_id = e.case_id and d.case_event = e.number))
        order by e.number)
      from ${caseEvents} e left join ${accounts} s on s.id = e.made_by and e.side = 'staff'
      where e.case_id = ${cases.id} and ${isOutside})`,
  }).where(
    and(
      eq(contractAccess.accountId, customer.id),
      isSeen,
      hasCodes(contract.biller, contract.code),
      eq(cases.number, number),
    ),
  )
  if (!row) return undefined
  const { documents, ...one } = row
  return {
    ...withDeadline(one, now),
    invoice: one.bills.find(({ id }) => String(id) === one.answers.invoice),
    // Whoever sees it without having filed it reads what was asked and answered, not another person's papers.
    documents: one.isOwn ? shownDocuments(documents) : [],
    open: one.isOwn ? openMoves(kindOf(one)!.moves, one.state, 'owner') : [],
  }
}

/** Whether the customer may see the request at all. */
export async function seesRequest(customer: Who, caseId: string): Promise<boolean> {
  const rows = await selectAccess(database(), { id: cases.id })
    .innerJoin(cases, eq(cases.contractId, contracts.id))
    .where(and(eq(contractAccess.accountId, customer.id), isSeen, eq(cases.id, caseId)))
  return rows.length > 0
}

export type ListedRequests = Awaited<ReturnType<typeof listRequests>>
export type ListedRequest = ListedRequests['requests'][number]
export type ShownRequest = NonNullable<Awaited<ReturnType<typeof getRequest>>>

/** So many of the newest invoices are chosen from. */
const MOST_INVOICES = 24

/** The invoices of a contract that a request may be about, the newest first. */
export const listInvoiceChoices = (customer: Who, { biller, code }: OfContract) =>
  selectAccess(database(), { id: invoices.id, period: invoices.period, number: invoices.number })
    .innerJoin(invoices, and(eq(invoices.contractId, contracts.id), isNull(invoices.cancelledOn)))
    .where(and(hasContract(customer.id, biller, code), seesInvoices, isOwnInvoice))
    .orderBy(desc(invoices.period), desc(invoices.number))
    .limit(MOST_INVOICES)

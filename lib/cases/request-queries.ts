// What a customer sees of requests and complaints: those they filed, and of a contract whose holder they are everybody's.
import { and, desc, eq, or, type SQL, sql } from 'drizzle-orm'
import { type CaseMove, type CaseState, type caseSides, decidedStates, insideMoves } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { caseEvents, cases } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { daysOff } from '../../db/schema/days-off.ts'
import { accessLevel, hasAccess, hasCodes, selectAccess, titleColumns } from '../contracts/access.ts'
import { documentsOfCase, shownDocuments } from '../files/queries.ts'
import { database } from '../platform/database.ts'
import type { RequestCode } from './catalogue.ts'
import type { Deadline } from './deadline-rules.ts'
import { deadlineOfCase, type Limited } from './deadlines.ts'
import { kindOf } from './kinds.ts'
import { isDecided, openMoves } from './rules.ts'

type Who = { id: string }
type OfContract = { biller: string; code: string }

const quoted = (words: readonly string[]) => sql.raw(words.map(word => `'${word}'`).join(', '))
const isDecidedState = sql`${cases.state} in (${quoted(decidedStates)})`
const isOwn = sql<boolean>`(${cases.accountId} = ${accounts.id})`

/** For queries over cases ⨝ accounts ⨝ contract_access ⨝ contracts. */
const isSeen: SQL = and(
  eq(cases.queue, 'requests'),
  sql`${contractAccess.holderDecision} is distinct from 'refused'`,
  or(
    and(isOwn, sql`${accessLevel} <> 'amounts'`),
    and(hasAccess, sql`${accessLevel} = 'holder'`, sql`${cases.state} <> 'withdrawn'`),
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
  steps: sql<{ state: CaseState; at: string }[]>`(
    select json_agg(json_build_object('state', e.state, 'at', e.at) order by e.number)
    from ${caseEvents} e where e.case_id = ${cases.id})`,
  daysOff: sql<string[]>`(
    select coalesce(json_agg(d."on"), '[]') from ${daysOff} d where d.country = ${billers.country})`,
}

const selectRequests = <Columns extends typeof listed>(columns: Columns) =>
  selectAccess(database(), columns).innerJoin(cases, eq(cases.contractId, contracts.id))

/** `deadline`: while it is open. `inTime`: whether what is decided was so in time. */
type Counted = { deadline?: Deadline; inTime?: boolean }

type Countable = Limited & {
  state: CaseState
  dueAt: Date | null
  decidedAt: Date | null
  steps: { state: CaseState; at: string }[]
  daysOff: string[]
  biller: { timeZone: string }
}

function countDeadline<Row extends Countable>({ steps, daysOff, ...row }: Row, now: Date) {
  const history = steps.map(({ state, at }) => ({ state, at: new Date(at) }))
  const working = { timeZone: row.biller.timeZone, daysOff: new Set(daysOff) }
  const counted: Counted = isDecided(row.state)
    ? { inTime: row.dueAt !== null && row.decidedAt !== null && row.decidedAt < row.dueAt }
    : { deadline: deadlineOfCase(row, history, working, now) }
  return { ...row, ...counted }
}

export const REQUESTS_PAGE = 20

type RequestPart = 'all' | 'open' | 'decided'

/**
 * The requests that a customer sees, of one of their contracts or of all: the newest first, a page of `REQUESTS_PAGE` that
 * follows the request `after` (its id). `counts`: how many there are in each part.
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
  })
    .innerJoin(cases, eq(cases.contractId, contracts.id))
    .where(mine)
  const requests = rows.slice(0, REQUESTS_PAGE).map(row => countDeadline(row, now))
  const { all, decided } = counts!
  return {
    requests,
    next: rows.length > REQUESTS_PAGE ? requests.at(-1)!.id : undefined,
    counts: { all, decided, open: all - decided },
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
}

/** A request in full, but for what staff wrote for staff; undefined where it is not for this customer. */
export async function getRequest(customer: Who, contract: OfContract, number: string, now: Date) {
  const [row] = await selectRequests({
    ...listed,
    answers: cases.answers,
    formVersion: cases.formVersion,
    events: cases.events,
    invoice: sql<{ id: number; period: string; reading: string | null } | null>`(
      select json_build_object('id', i.id, 'period', i.period, 'reading', i.current_reading) from ${invoices} i
      where i.contract_id = ${contracts.id} and i.id::text = ${cases.answers} ->> 'invoice')`,
    documents: documentsOfCase,
    history: sql<RequestStep[]>`(
      select json_agg(json_build_object('number', e.number, 'move', e.move, 'side', e.side, 'state', e.state,
        'by', s.first_name || ' ' || left(s.last_name, 1) || '.', 'note', e.note, 'at', e.at,
        'documents', (select count(*) from documents d where d.case_id = e.case_id and d.case_event = e.number))
        order by e.number)
      from ${caseEvents} e left join ${accounts} s on s.id = e.made_by and e.side = 'staff'
      where e.case_id = ${cases.id} and e.move not in (${quoted(insideMoves)}))`,
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
    ...countDeadline(one, now),
    // Whoever sees it without having filed it reads what was asked and answered, not another person's papers.
    documents: one.isOwn ? shownDocuments(documents) : [],
    open: one.isOwn ? openMoves(kindOf(one)!.moves, one.state, 'owner') : [],
  }
}

// What a customer sees of their own debt certificates: what they could apply for, what they applied for, and what was issued.
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { CaseMove, CaseSide, CertificateKind } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { cases } from '../../db/schema/cases.ts'
import { certificateFiles, certificates } from '../../db/schema/certificates.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { issues } from '../billers/supply.ts'
import { coveredBy, listDebts } from '../certificates/debt.ts'
import { hasNewerInvoice } from '../certificates/newer-invoice.ts'
import { isOfBusiness, validityOf } from '../certificates/rules.ts'
import type { CertificateContent } from '../certificates/schema.ts'
import {
  accessLevel,
  billerColumns,
  hasAccess,
  hasCodes,
  ofBusiness,
  selectAccess,
  titleColumns,
} from '../contracts/access.ts'
import { documentsOfCase, shownDocuments } from '../files/queries.ts'
import { database } from '../platform/database.ts'
import { fail, type Result } from '../platform/result.ts'
import { countDeadline, daysOffOfBiller, stepsOfCase } from './deadlines.ts'
import type { Case } from './kind.ts'
import { kindOf } from './kinds.ts'
import { moveOwnCase } from './moves.ts'
import { cameOutside, isOutside } from './outside.ts'
import { openMoves } from './rules.ts'

type Who = { id: string }

/** The business's number, where the contract is the account's as that. */
const ownNipt = sql<string | null>`case when ${ofBusiness} then ${contracts.businessNumber} end`

const isHolders = (customer: Who) =>
  and(eq(contractAccess.accountId, customer.id), hasAccess, sql`${accessLevel} = 'holder'`)

/** The contracts whose holder the customer is, of billers that issue certificates: of a person, or of a business (`nipt`). */
export async function listCertifiable(customer: Who) {
  const rows = await selectAccess(database(), {
    id: contracts.id,
    biller: billerColumns,
    code: contracts.code,
    ...titleColumns,
    nipt: ownNipt,
  })
    .where(isHolders(customer))
    .orderBy(asc(billers.id), desc(contractAccess.addedAt), asc(contracts.code))
  return rows.filter(({ biller }) => issues(biller.code))
}

/** With what each of them owes now. */
export async function withDebts(customer: Who, certifiable: readonly Certifiable[], now: Date) {
  const ids = certifiable.map(({ id }) => id)
  const debts =
    ids.length > 0 ? await listDebts(database(), inArray(contracts.id, ids), customer.id, now) : []
  const byId = new Map(debts.map(debt => [debt.id, debt]))
  return certifiable.map(one => ({ ...one, debt: byId.get(one.id)! }))
}

export type Certifiable = Awaited<ReturnType<typeof listCertifiable>>[number]

/**
 * What an application about a contract begins with: the details of the account, or of the business; what the certificate would say
 * now (`debts`). Undefined where the customer is not its holder, or the kind is not for it.
 */
export async function getApplicationForm(
  customer: Who,
  kind: CertificateKind,
  contract: { biller: string; code: string },
  now: Date,
) {
  const [row] = await selectAccess(database(), {
    id: contracts.id,
    biller: { id: billers.id, ...billerColumns },
    code: contracts.code,
    ...titleColumns,
    nipt: ownNipt,
    businessName: contracts.businessName,
    firstName: accounts.firstName,
    lastName: accounts.lastName,
    personalNumber: accounts.personalNumber,
    // Of which staff have not decided yet.
    openApplication: sql<
      string | null
    >`(select k.id from cases k where k.account_id = ${accounts.id} and k.kind = ${kind}
      and k.contract_id = ${contracts.id} and k.state in ('pending', 'taken', 'waiting') limit 1)`,
  }).where(and(isHolders(customer), hasCodes(contract.biller, contract.code)))
  if (!row || !issues(row.biller.code, kind) || isOfBusiness(kind) !== (row.nipt !== null)) return undefined
  const covered = coveredBy(row.nipt ? { billerId: row.biller.id, nipt: row.nipt } : { contractId: row.id })
  return { ...row, debts: await listDebts(database(), covered, customer.id, now) }
}

const ofApplication = {
  id: cases.id,
  kind: sql<CertificateKind>`${cases.kind}`,
  state: cases.state,
  title: cases.title,
  about: cases.about,
  nipt: sql<string | null>`${cases.answers} ->> 'nipt'`,
  createdAt: cases.createdAt,
  decidedAt: cases.decidedAt,
  dueAt: cases.dueAt,
  limitCount: cases.limitCount,
  limitUnit: cases.limitUnit,
  limitFrom: cases.limitFrom,
  biller: billerColumns,
  steps: stepsOfCase,
  daysOff: daysOffOfBiller,
  certificate: {
    number: certificates.number,
    asOf: certificates.asOf,
    revokedAt: certificates.revokedAt,
    supersededAt: certificates.supersededAt,
    hasNewerInvoice,
    total: sql<number>`(${certificates.content} -> 'total' ->> 'total')::float8`,
  },
}

type Found = Parameters<typeof countDeadline>[0] & {
  steps: Parameters<typeof countDeadline>[1]
  daysOff: string[]
  biller: { timeZone: string }
  certificate: Parameters<typeof validityOf>[0] | null
}

/** With its time limit, and how its certificate stands. */
const asItStands = <Row extends Found>({ steps, daysOff, ...row }: Row, now: Date) => ({
  ...row,
  ...countDeadline(row, steps, { timeZone: row.biller.timeZone, daysOff }, now),
  validity: row.certificate ? validityOf(row.certificate) : undefined,
})

const isOwn = (customer: Who) => and(eq(cases.accountId, customer.id), eq(cases.queue, 'certificates'))

export const APPLICATIONS_PAGE = 20

export type ListedApplication = Awaited<ReturnType<typeof listApplications>>['applications'][number]

/** The newest first, those that follow the application `after`. */
export async function listApplications(customer: Who, after: string | undefined, now: Date) {
  const follows = sql`(${cases.createdAt}, ${cases.id}) < (
    select created_at, id from cases where id = ${after ?? null} and account_id = ${customer.id})`
  const rows = await database()
    .select(ofApplication)
    .from(cases)
    .innerJoin(billers, eq(billers.id, cases.billerId))
    .leftJoin(certificates, eq(certificates.caseId, cases.id))
    .where(and(isOwn(customer), after ? follows : undefined))
    .orderBy(desc(cases.createdAt), desc(cases.id))
    .limit(APPLICATIONS_PAGE + 1)
  const applications = rows.slice(0, APPLICATIONS_PAGE).map(row => asItStands(row, now))
  return {
    applications,
    next: rows.length > APPLICATIONS_PAGE ? applications.at(-1)!.id : undefined,
  }
}

type Step = { number: number; move: CaseMove | 'file'; side: CaseSide; note: string | null; at: string }

export type Application = NonNullable<Awaited<ReturnType<typeof getApplication>>>

/** An application in full, but for what staff wrote for staff; undefined where it is not the customer's. */
export async function getApplication(customer: Who, id: string, now: Date) {
  const [row] = await database()
    .select({
      ...ofApplication,
      answers: cases.answers,
      events: cases.events,
      documents: documentsOfCase(cameOutside),
      history: sql<Step[]>`(
      select json_agg(json_build_object('number', e.number, 'move', e.move, 'side', e.side, 'note', e.note, 'at', e.at)
        order by e.number)
      from case_events e where e.case_id = ${cases.id} and ${isOutside})`,
      content: sql<Omit<CertificateContent, 'asOf'> | null>`${certificates.content}`,
      code: certificates.code,
    })
    .from(cases)
    .innerJoin(billers, eq(billers.id, cases.billerId))
    .leftJoin(certificates, eq(certificates.caseId, cases.id))
    .where(and(isOwn(customer), eq(cases.id, id)))
  if (!row) return undefined
  const { documents, content, ...one } = row
  return {
    ...asItStands(one, now),
    content: content && one.certificate ? { ...content, asOf: one.certificate.asOf } : null,
    documents: shownDocuments(documents),
    open: openMoves(kindOf(one)!.moves, one.state, 'owner'),
  }
}

/** The file as it was issued, and its number; undefined where there is none that is the customer's. */
export async function getCertificateFile(customer: Who, id: string) {
  const [row] = await database()
    .select({ pdf: certificateFiles.pdf, number: certificates.number })
    .from(cases)
    .innerJoin(certificates, eq(certificates.caseId, cases.id))
    .innerJoin(certificateFiles, eq(certificateFiles.certificateId, certificates.id))
    .where(and(isOwn(customer), eq(cases.id, id)))
  return row
}

/** `nothingNew`: an answer that says nothing. */
export async function moveOwnApplication(
  customer: Who,
  id: string,
  move: 'answer' | 'withdraw',
  said: { note?: string | null; documentIds?: string[]; seen: number },
  now: Date,
): Promise<Result<Pick<Case, 'id' | 'state'>, string>> {
  // Another kind of case has a page, and rules, of its own.
  if ((await database().$count(cases, and(isOwn(customer), eq(cases.id, id)))) === 0) return fail('notFound')
  const saysNothing = !said.note && !said.documentIds?.length
  if (move === 'answer' && saysNothing) return fail('nothingNew')
  return moveOwnCase(customer, id, move, said, now)
}

// An application for a debt certificate. Granted by rule, at once, to the recognised holder whose details are those of the biller's
// record; everybody else's are for staff.
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../../db/client.ts'
import {
  type CertificateKind,
  type Currency,
  certificateKinds,
  type Locale,
  openStates,
} from '../../../db/enums.ts'
import { billers } from '../../../db/schema/billers.ts'
import { cases } from '../../../db/schema/cases.ts'
import { certificates } from '../../../db/schema/certificates.ts'
import { contracts } from '../../../db/schema/contracts.ts'
import { issues } from '../../billers/supply.ts'
import { coveredBy, listDebts } from '../../certificates/debt.ts'
import { certificateForm } from '../../certificates/forms.ts'
import { issueCertificate, type NotIssued, revokeCertificate } from '../../certificates/issuing.ts'
import { hasNewerInvoice } from '../../certificates/newer-invoice.ts'
import { namedBusiness, namedPerson, recordedName, recordOf } from '../../certificates/record.ts'
import { agrees, firmAgrees, isOfBusiness, sumDue, validityOf } from '../../certificates/rules.ts'
import { certificatePath, checkedPath } from '../../certificates/schema.ts'
import { getSigner } from '../../certificates/signing-key.ts'
import {
  accessLevel,
  hasAccess,
  hasContract,
  isAccess,
  ofBusiness,
  selectAccess,
} from '../../contracts/access.ts'
import { languageName } from '../../i18n/locale.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import {
  type About,
  type Case,
  type Compared,
  type Fact,
  type Filed,
  kind,
  type Said,
  STAFF,
  type Words,
} from '../kind.ts'

const DECIDERS = ['supervisor', 'administrator'] as const

const tells = ({ id }: Case) => certificatePath(id)

type Input = Said<typeof certificateForm.fields>

/** Of a contract whose holder the applicant is; `alreadyApplied`: one of this kind is with staff. */
async function aboutApplication(
  db: Executor,
  code: CertificateKind,
  { intent: _, confirmPersonalNumber: _p, confirmNipt: _n, nipt, ...said }: Input,
  { owner }: Filed,
): Promise<Result<About, 'notFound' | 'kindNotOfContract' | 'alreadyApplied'>> {
  if (!('accountId' in owner) || said.kind !== code) return fail('notFound')
  const [row] = await selectAccess(db, {
    billerId: contracts.billerId,
    contractId: contracts.id,
    about: contracts.code,
    ofBusiness,
  }).where(and(hasContract(owner.accountId, said.biller, said.contractCode), sql`${accessLevel} = 'holder'`))
  if (!row) return fail('notFound')
  const { ofBusiness: isBusiness, ...of } = row
  if (!issues(said.biller, code) || isOfBusiness(code) !== isBusiness) return fail('kindNotOfContract')
  const isOpen = and(
    eq(cases.accountId, owner.accountId),
    eq(cases.kind, code),
    eq(cases.contractId, of.contractId),
    inArray(cases.state, openStates),
  )
  if ((await db.$count(cases, isOpen)) > 0) return fail('alreadyApplied')
  const answers = { ...said, nipt: nipt?.number }
  return ok({
    ...of,
    title: said.businessName ?? `${said.firstName} ${said.lastName}`,
    answers: Object.fromEntries(
      Object.entries(answers).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])),
    ),
    limit: { count: 5, unit: 'workingDays' },
  })
}

/** What is claimed beside what the biller's record says. The legal representative is not in it. */
async function compareWithRecord(db: Executor, one: Case): Promise<Compared[]> {
  const record = await recordOf(db, one.contractId!)
  const line = (label: string, fields: string[], recorded: string | null, same = agrees): Compared => {
    const claimed = fields.map(field => one.answers[field] ?? '').join(' ')
    return {
      ...{ label, fields, claimed },
      recorded: recorded || { text: 'unknown' },
      agrees: same(claimed, recorded),
      // A firm's name and number are public.
      ...(same === agrees && { masked: true }),
    }
  }
  return isOfBusiness(one.kind as CertificateKind)
    ? [
        line('nipt', ['nipt'], record.nipt, firmAgrees),
        line('businessName', ['businessName'], record.businessName, firmAgrees),
        line('holder', ['holder'], record.holder, firmAgrees),
      ]
    : [
        line('name', ['firstName', 'lastName'], recordedName(record)),
        line('fatherName', ['fatherName'], record.fatherName),
        line('personalNumber', ['personalNumber'], record.personalNumber),
      ]
}

/** A record without a father's name says nothing of it; name and number have to be there. */
const NEEDED = ['name', 'personalNumber', 'nipt', 'businessName', 'holder']

async function isHolders(db: Executor, one: Case): Promise<boolean> {
  const [access] = await selectAccess(db, { level: accessLevel, ofBusiness }).where(
    and(isAccess(one.accountId!, one.contractId!), hasAccess),
  )
  return access?.level === 'holder' && access.ofBusiness === isOfBusiness(one.kind as CertificateKind)
}

/** Whether nobody need look at it. */
async function isClear(db: Executor, one: Case): Promise<boolean> {
  if (!getSigner()) return false
  const lines = await compareWithRecord(db, one)
  return lines.every(({ label, agrees: does }) => (NEEDED.includes(label) ? does === true : does !== false))
}

/** However it was decided: only to whom the contract is still, and naming whom the record has. */
async function issue(tx: Transaction, one: Case): Promise<Result<{ certificate: string }, NotIssued>> {
  if (!(await isHolders(tx, one))) return fail('contractGone')
  const record = await recordOf(tx, one.contractId!)
  const said = (name: string) => one.answers[name] ?? ''
  const code = one.kind as CertificateKind
  return issueCertificate(tx, {
    caseId: one.id,
    accountId: one.accountId!,
    billerId: one.billerId,
    kind: code,
    contractId: one.contractId!,
    locale: said('language') as Locale,
    person: isOfBusiness(code)
      ? null
      : namedPerson(
          {
            firstName: said('firstName'),
            lastName: said('lastName'),
            fatherName: said('fatherName'),
            personalNumber: said('personalNumber'),
          },
          record,
        ),
    business: isOfBusiness(code)
      ? namedBusiness(
          {
            nipt: said('nipt'),
            businessName: said('businessName'),
            legalRepresentative: said('legalRepresentative'),
            holder: said('holder'),
          },
          record,
        )
      : null,
  })
}

/** The contract, and what stands on the paper: what it would say now, or once it is issued what it says. */
async function aboutCertificate(db: Executor, one: Case, now: Date): Promise<Fact[]> {
  const { legalRepresentative } = one.answers
  const [issued] = await db
    .select({
      number: certificates.number,
      code: certificates.code,
      asOf: certificates.asOf,
      revokedAt: certificates.revokedAt,
      supersededAt: certificates.supersededAt,
      hasNewerInvoice,
      total: sql<number>`(${certificates.content} -> 'total' ->> 'total')::float8`,
      currency: billers.currency,
    })
    .from(certificates)
    .innerJoin(billers, eq(billers.id, certificates.billerId))
    .where(eq(certificates.caseId, one.id))
  const isOpen = openStates.some(state => state === one.state)
  return [
    { label: 'contract', value: one.about },
    ...(legalRepresentative
      ? [{ label: 'legalRepresentative', field: 'legalRepresentative', value: legalRepresentative }]
      : []),
    { label: 'language', field: 'language', value: languageName[one.answers.language as Locale] },
    ...(isOpen
      ? [
          { label: 'now', value: await wouldSay(db, one, now) },
          { label: 'effect', value: { text: 'names' } },
        ]
      : []),
    ...(issued
      ? [
          { label: 'certificate', value: issued.number, href: checkedPath(issued.code) },
          { label: 'validity', value: { text: `validity.${validityOf(issued)}` } },
          { label: 'said', value: said(issued) },
        ]
      : []),
  ]
}

const said = ({ asOf, total, currency }: { asOf: Date; total: number; currency: Currency }) => ({
  text: 'said',
  values: { at: asOf, owes: total > 0 ? 'yes' : 'no', total: { amount: total, currency } },
})

/** Of a business each contract that owes something. */
async function wouldSay(db: Executor, one: Case, now: Date): Promise<Words> {
  const [biller] = await db
    .select({ currency: billers.currency })
    .from(billers)
    .where(eq(billers.id, one.billerId))
  const { currency } = biller!
  const { nipt } = await recordOf(db, one.contractId!)
  const covered = coveredBy(
    nipt && isOfBusiness(one.kind as CertificateKind)
      ? { billerId: one.billerId, nipt }
      : { contractId: one.contractId! },
  )
  const debts = await listDebts(db, covered, one.accountId!, now)
  if (debts.some(({ underWay }) => underWay)) return { text: 'underWay' }
  const amountOf = ({ total }: { total: number }) => ({ amount: total, currency })
  const owing = debts.filter(({ due }) => due.total > 0)
  if (owing.length === 0) return { text: 'owesNothing', values: { count: debts.length } }
  return {
    text: debts.length === 1 ? 'owes' : 'owesOn',
    values: {
      total: amountOf(sumDue(debts.map(({ due }) => due))),
      contracts: owing.map(({ code, due }) => ({
        text: 'owed',
        values: { contract: code, total: amountOf(due) },
      })),
    },
  }
}

const certificateOf = (code: CertificateKind) =>
  kind({
    queue: 'certificates',
    texts: 'certificate',
    form: certificateForm,
    about: (db, input, filed) => aboutApplication(db, code, input, filed),
    tellsFiled: tells,
    taken: 'alreadyApplied',
    grantedByRule: isClear,
    moves: {
      take: { by: STAFF },
      ask: { by: STAFF, note: 'required', tells },
      answer: { by: 'owner' },
      accept: { by: STAFF, effect: issue, tells },
      reject: { by: STAFF, note: 'required', tells },
      withdraw: { by: 'owner', from: ['pending', 'taken', 'waiting'] },
      revoke: {
        by: DECIDERS,
        note: 'required',
        effect: (tx, one, { now }) => revokeCertificate(tx, one.id, now),
        tells,
      },
    },
    compared: compareWithRecord,
    facts: aboutCertificate,
  })

export const certificateCases = Object.fromEntries(
  certificateKinds.map(code => [code, certificateOf(code)]),
) as Record<CertificateKind, ReturnType<typeof certificateOf>>

// Debt certificates of the demonstration's customers, as if they had been applied for over the last weeks: some issued at once, one of
// them revoked and one expired since, some with staff.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { sql } from 'drizzle-orm'
import type { CertificateKind, Locale } from '../../db/enums.ts'
import type { BillerCode } from '../../lib/billers/contract-codes.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { database } from '../../lib/platform/database.ts'
import { readBusinessNumber } from '../../lib/platform/identifiers.ts'
import { type Deed, daysAgo, historyOfCase, type People, type ToldMove } from './seed-cases.ts'

type Told = {
  customer: string
  kind: CertificateKind
  contract: string
  daysAgo: number
  /** Of a household. */
  fatherName?: string
  /** Of a business. */
  nipt?: string
  businessName?: string
  legalRepresentative?: string
  moves?: ToldMove[]
}

type Applicant = {
  username: string
  biller: BillerCode
  firstName: string
  lastName: string
  personalNumber: string
  language: Locale
}

/** Of a customer who has none yet. */
export function historyOfCertificates(applicant: Applicant, people: People): Deed[] {
  const all: Told[] = JSON.parse(fs.readFileSync('db/demonstration/certificates.json', 'utf8'))
  const own = all.filter(({ customer }) => customer === applicant.username)
  return own.flatMap(told => historyOf(told, applicant, people))
}

function historyOf(told: Told, applicant: Applicant, people: People): Deed[] {
  const filedAt = daysAgo(told.daysAgo)
  const { biller, language } = applicant
  const { kind, contract, fatherName, businessName, legalRepresentative } = told
  const input = {
    ...{ kind, biller, contractCode: contract, language, intent: 'apply' as const },
    ...{ fatherName, legalRepresentative, businessName, holder: businessName },
    ...personOf(told, applicant),
    nipt: told.nipt ? readBusinessNumber(told.nipt) : undefined,
    ...{ confirmPersonalNumber: false, confirmNipt: false },
  }
  const filing = { owner: { accountId: people.customer.id }, documentIds: [], idempotencyKey: randomUUID() }
  const deeds = historyOfCase(filedAt, () => fileCase(kind, input, filing, filedAt), told.moves ?? [], people)
  // All bills are loaded before: those of later it did not know.
  const forgetLaterBills = () =>
    database().execute(sql`update certificates set last_invoice_id = coalesce((select max(i.id) from invoices i
      where i.contract_id = any (contract_ids) and i.issued_on <= as_of), 0)
      where case_id = (select id from cases where idempotency_key = ${filing.idempotencyKey})`)
  return [...deeds, { at: deeds.at(-1)!.at, run: forgetLaterBills }]
}

const personOf = ({ fatherName }: Told, { firstName, lastName, personalNumber }: Applicant) =>
  fatherName
    ? { firstName, lastName, personalNumber }
    : { firstName: undefined, lastName: undefined, personalNumber: undefined }

// Issues certificates: what contracts owe at one moment, sealed. In the transaction of whoever decides.
import { createHash, randomBytes } from 'node:crypto'
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { CertificateKind, Locale } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { certificateFiles, certificates, sealingCertificates } from '../../db/schema/certificates.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { letterheadColumns } from '../billing/letterhead.ts'
import { fingerprintOf } from '../pdf/signature.ts'
import { clock } from '../platform/clock.ts'
import { dayIn } from '../platform/dates.ts'
import { env } from '../platform/env.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { sealedCertificate } from './certificate-pdf.ts'
import { coveredBy, listDebts, lockContracts, newestInvoice } from './debt.ts'
import { CODE_BYTES, codeOf, initialsOf, isOfBusiness, sumDue } from './rules.ts'
import type { CertificateContent, CertifiedBusiness, CertifiedPerson } from './schema.ts'
import { getSigner } from './signing-key.ts'

/** Who applied for what, as the application says it. */
export type Application = {
  caseId: string
  accountId: string
  billerId: number
  kind: CertificateKind
  /** The contract that it names. */
  contractId: number
  locale: Locale
  person: CertifiedPerson | null
  business: CertifiedBusiness | null
}

/** Whom nothing is issued to for now, and why. `contractGone`: the biller has no such contract of theirs any more. */
export type NotIssued = 'noSigningKey' | 'paymentUnderWay' | 'contractGone'

/**
 * The certificate says what was true once all of its contracts were held: payments and feeds that come meanwhile wait, and are in none
 * or in the next.
 */
export async function issueCertificate(
  tx: Transaction,
  application: Application,
): Promise<Result<{ certificate: string }, NotIssued>> {
  const signer = getSigner()
  if (!signer) return fail('noSigningKey')
  const { caseId, accountId, billerId, kind, contractId, person, business, locale } = application
  const covered = coveredBy(business ? { billerId, nipt: business.nipt } : { contractId })
  const contractIds = await lockContracts(tx, covered)
  if (!contractIds.includes(contractId)) return fail('contractGone')
  // The caller's moment was before that of the locks.
  const asOf = clock.now()
  const debts = await listDebts(tx, inArray(contracts.id, contractIds), accountId, asOf)
  if (debts.some(({ underWay }) => underWay)) return fail('paymentUnderWay')
  const [biller] = await tx
    .select({
      code: billers.code,
      name: billers.name,
      country: billers.country,
      currency: billers.currency,
      timeZone: billers.timeZone,
      ...letterheadColumns,
    })
    .from(billers)
    .where(eq(billers.id, billerId))
  const { rows } = await tx.execute<{ serial: number }>(
    sql`select nextval(pg_get_serial_sequence('certificates', 'serial'))::float8 as serial`,
  )
  const { serial } = rows[0]!
  const code = codeOf(randomBytes(CODE_BYTES))
  const content: CertificateContent = {
    ...{ kind, code, locale, asOf, person, business },
    number: `VD-${dayIn(biller!.timeZone, asOf).slice(0, 4)}-${String(serial).padStart(6, '0')}`,
    verifyUrl: `${env().APP_URL}/verify/${code}`,
    biller: biller!,
    contracts: debts.map(({ code, address, due }) => ({ code, address, ...due })),
    total: sumDue(debts.map(({ due }) => due)),
  }
  const pdf = await sealedCertificate(content, signer)
  const [certificate] = signer.chain
  const fingerprint = fingerprintOf(certificate)
  await tx
    .insert(sealingCertificates)
    .values({ fingerprint, certificate, firstUsedAt: asOf })
    .onConflictDoNothing()
  const subject = business ? `business:${business.nipt}` : `contract:${contractId}`
  const isBefore = and(
    eq(certificates.accountId, accountId),
    eq(certificates.billerId, billerId),
    eq(certificates.kind, kind),
    eq(certificates.subject, subject),
    isNull(certificates.supersededAt),
  )
  await tx.update(certificates).set({ supersededAt: asOf }).where(isBefore)
  const [issued] = await tx
    .insert(certificates)
    .values({
      ...{ serial, code, billerId, kind, caseId, accountId, asOf, subject, contractIds, content },
      number: content.number,
      initials: isOfBusiness(kind)
        ? initialsOf(business!.businessName)
        : initialsOf(person!.firstName, person!.fatherName, person!.lastName),
      lastInvoiceId: await newestInvoice(tx, contractIds),
      fileHash: createHash('sha256').update(pdf).digest('hex'),
      sealedBy: fingerprint,
    })
    .returning({ id: certificates.id })
  await tx.insert(certificateFiles).values({ certificateId: issued!.id, pdf })
  return ok({ certificate: content.number })
}

/** Staff took it back: it is checked as such from now on, and the one that it replaced, if any, is the newest again. */
export async function revokeCertificate(
  tx: Transaction,
  caseId: string,
  now: Date,
): Promise<Result<{ certificate: string }, 'moved'>> {
  const isOfCase = and(eq(certificates.caseId, caseId), isNull(certificates.revokedAt))
  const [found] = await tx.select({ ids: certificates.contractIds }).from(certificates).where(isOfCase)
  // One that is being issued meanwhile is waited for: then it is the newest.
  if (found) await lockContracts(tx, inArray(contracts.id, found.ids))
  const [revoked] = await tx.update(certificates).set({ revokedAt: now }).where(isOfCase).returning()
  if (!revoked) return fail('moved')
  const { accountId, billerId, kind, subject, number } = revoked
  await tx.execute(sql`
    update certificates set superseded_at = null where id = (
      select id from certificates
      where account_id = ${accountId} and biller_id = ${billerId} and kind = ${kind} and subject = ${subject} and revoked_at is null
      order by serial desc limit 1)`)
  return ok({ certificate: number })
}

/**
 * The account is closed: its certificates stay what they are for whoever was given one, and whom they name is forgotten with their
 * files.
 */
export async function forgetCertified(tx: Transaction, accountId: string): Promise<void> {
  const own = tx
    .select({ id: certificates.id })
    .from(certificates)
    .where(eq(certificates.accountId, accountId))
  await tx.delete(certificateFiles).where(inArray(certificateFiles.certificateId, own))
  await tx
    .update(certificates)
    .set({
      accountId: null,
      content: sql`${certificates.content} || jsonb_build_object('person', null, 'business', null, 'contracts', (
        select jsonb_agg(of || '{"address": null}') from jsonb_array_elements(${certificates.content} -> 'contracts') of))`,
    })
    .where(eq(certificates.accountId, accountId))
}

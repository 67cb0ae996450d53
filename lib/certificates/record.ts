// What a biller's record says of who holds a contract: with what an application is compared, and whom a certificate names.
import { eq } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { holderName } from '../contracts/access.ts'
import type { CertifiedBusiness, CertifiedPerson } from './schema.ts'

export type HolderRecord = Awaited<ReturnType<typeof recordOf>>

export async function recordOf(db: Executor, contractId: number) {
  const [row] = await db
    .select({
      holder: holderName,
      firstName: contracts.holderFirstName,
      lastName: contracts.holderLastName,
      fatherName: contracts.holderFatherName,
      personalNumber: contracts.holderPersonalNumber,
      nipt: contracts.businessNumber,
      businessName: contracts.businessName,
    })
    .from(contracts)
    .where(eq(contracts.id, contractId))
  return row!
}

export const recordedName = ({ firstName, lastName }: HolderRecord): string =>
  [firstName, lastName].filter(Boolean).join(' ')

/**
 * The company certifies whom its record has, whoever decides and however the applicant wrote it: their words could be anything. What the
 * record has not is not on the paper, but who represents a business, and the contract's name where that is all that is known.
 */
export const namedPerson = (said: CertifiedPerson, record: HolderRecord): CertifiedPerson => ({
  firstName: record.firstName ?? (record.lastName ? '' : said.firstName),
  lastName: record.lastName ?? (record.firstName ? '' : said.lastName),
  fatherName: record.fatherName ?? '',
  personalNumber: record.personalNumber ?? said.personalNumber,
})

export const namedBusiness = (said: CertifiedBusiness, record: HolderRecord): CertifiedBusiness => ({
  nipt: record.nipt ?? said.nipt,
  businessName: record.businessName ?? said.businessName,
  legalRepresentative: said.legalRepresentative,
  holder: record.holder ?? '',
})

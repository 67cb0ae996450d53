// People and contracts to test with, made straight in the database.
import type { Database } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { staffBillers, staffMembers } from '../../db/schema/auth.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import type { Staff, StaffRole } from '../../lib/auth/staff.ts'
import { foldName } from '../../lib/platform/names.ts'

let counter = 0

/** An account; `person` overrides what it is made of. */
export async function makeAccount(
  db: Database,
  person: Partial<typeof accounts.$inferInsert> = {},
): Promise<typeof accounts.$inferSelect> {
  counter += 1
  const firstName = person.firstName ?? 'Arta'
  const lastName = person.lastName ?? 'Berisha'
  const [row] = await db
    .insert(accounts)
    .values({
      personalNumber: `9${String(counter).padStart(9, '0')}`,
      username: `person${counter}`,
      email: `person${counter}@example.com`,
      emailVerifiedAt: new Date(),
      phone: `+3834400${String(counter).padStart(4, '0')}`,
      firstName,
      lastName,
      nameFolded: foldName(firstName, lastName),
      passwordHash: 'none',
      language: 'en',
      termsVersion: '2026-11-01',
      termsAcceptedAt: new Date(),
      ...person,
    })
    .returning()
  return row!
}

/** A contract of OSHEE (1) or KESCO (2); `holder` makes an account's person its holder, recognised by the phone. */
export async function makeContract(
  db: Database,
  contract: Partial<typeof contracts.$inferInsert> & { holder?: typeof accounts.$inferSelect } = {},
): Promise<typeof contracts.$inferSelect> {
  counter += 1
  const { holder, ...given } = contract
  const [row] = await db
    .insert(contracts)
    .values({
      billerId: 2,
      code: `DPR-${1000 + counter}`,
      category: 'household',
      ...(holder && {
        holderFirstName: holder.firstName,
        holderLastName: holder.lastName,
        holderNameFolded: holder.nameFolded,
        holderPersonalNumber: holder.personalNumber,
      }),
      address: 'Rruga e Dritës 1',
      phone: holder?.phone ?? '+38344999999',
      ...given,
    })
    .returning()
  return row!
}

export async function giveAccess(
  db: Database,
  account: { id: string },
  contract: { id: number },
  access: Partial<typeof contractAccess.$inferInsert> = {},
): Promise<void> {
  await db.insert(contractAccess).values({ accountId: account.id, contractId: contract.id, ...access })
}

/** A member of staff for these billers, as `requireStaff` hands them over. */
export async function makeStaff(
  db: Database,
  role: StaffRole,
  billerIds: number[],
  person: Partial<typeof accounts.$inferInsert> = {},
): Promise<Staff> {
  const account = await makeAccount(db, person)
  await db.insert(staffMembers).values({ accountId: account.id, role })
  if (billerIds.length > 0) {
    await db.insert(staffBillers).values(billerIds.map(billerId => ({ accountId: account.id, billerId })))
  }
  const { id, username, firstName, lastName } = account
  const customer = { id, username, firstName, lastName, language: 'en' as const }
  return {
    ...customer,
    sessionId: '',
    passwordCheckedAt: null,
    isStaff: true,
    secondStep: true,
    role,
    billerIds,
  }
}

// People, contracts, invoices and payments to test with, made straight in the database.
import { randomUUID } from 'node:crypto'
import type { Database, Executor } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { staffBillers, staffMembers } from '../../db/schema/auth.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { payments } from '../../db/schema/ledger.ts'
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
  const { holder, billerId = 2, ...given } = contract
  const [row] = await db
    .insert(contracts)
    .values({
      billerId,
      code: billerId === 1 ? `AL${1_000_000 + counter}` : `DPR-${1000 + counter}`,
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

/** Invoices of a contract, each of a `principal`; due on the last day of January 2024 where a bill does not say otherwise. */
export async function makeInvoices(
  db: Database,
  contract: { id: number; billerId: number; code: string },
  bills: (Partial<typeof invoices.$inferInsert> & { principal: number })[],
): Promise<(typeof invoices.$inferSelect)[]> {
  const rows = bills.map(({ principal, tvTax = 0, ...bill }, index) => ({
    billerId: contract.billerId,
    contractId: contract.id,
    number: `${contract.code}-${index + 1}`,
    period: '2023-12-01',
    issuedOn: '2024-01-10',
    dueOn: '2024-01-31',
    principal,
    tvTax,
    total: principal + tvTax,
    ...bill,
  }))
  return db.insert(invoices).values(rows).returning()
}

/** Money from a kiosk, as a feed brings it, or from where `payment` says. Replay the contract after it. */
export async function makePayment(
  db: Executor,
  contract: { id: number; billerId: number },
  payment: Partial<typeof payments.$inferInsert> & { amount: number; paidOn: string },
): Promise<void> {
  await db.insert(payments).values({
    billerId: contract.billerId,
    contractId: contract.id,
    reference: `K${randomUUID()}`,
    method: 'CASH',
    source: 'kiosk',
    ...payment,
  })
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
    unconfirmedEmail: null,
    undeliverableEmail: null,
    undeliverablePhone: null,
    unread: 0,
    sessionId: '',
    passwordCheckedAt: null,
    isStaff: true,
    ofDirectory: false,
    twoFactor: true,
    role,
    billerIds,
  }
}

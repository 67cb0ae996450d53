// The demonstration: the sample feeds, customers who have an account already, and staff. Adds, never changes.

import { and, eq, inArray, or } from 'drizzle-orm'
import { billerCodes, billerOf } from '../../db/billers.ts'
import type { Transaction } from '../../db/client.ts'
import { accountBusinesses, accounts } from '../../db/schema/accounts.ts'
import { staffBillers, staffMembers } from '../../db/schema/auth.ts'
import { billers } from '../../db/schema/billers.ts'
import { feedRuns } from '../../db/schema/feed.ts'
import { TERMS_VERSION } from '../../lib/accounts/schema.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import { newSecret } from '../../lib/auth/totp.ts'
import { addSecret } from '../../lib/auth/two-factor.ts'
import type { BillerCode } from '../../lib/billers/contract-codes.ts'
import { countRequests } from '../../lib/cases/statistics.ts'
import { addContractAccess } from '../../lib/contracts/commands.ts'
import { findContract } from '../../lib/contracts/queries.ts'
import { clock } from '../../lib/platform/clock.ts'
import { database } from '../../lib/platform/database.ts'
import { env } from '../../lib/platform/env.ts'
import { foldName } from '../../lib/platform/names.ts'
import { type Deed, daysAgo, doInTurn, findPeople } from './seed-cases.ts'
import { historyOfCertificates } from './seed-certificates.ts'
import { loadSample } from './seed-feeds.ts'
import { historyOfPayments } from './seed-payments.ts'
import { historyOfRequests } from './seed-requests.ts'

/** Customers with an account; names and personal numbers are their contracts' holders' in db/demonstration. */
export const demonstrationAccounts = [
  {
    username: 'mirela',
    biller: 'oshee',
    contractCode: 'TR0.A0000000000004',
    firstName: 'Mirela',
    lastName: 'Shehu',
    personalNumber: 'J05115999K',
    phone: '+355672000003',
    language: 'sq',
  },
  {
    username: 'milan',
    biller: 'kesco',
    contractCode: 'DPZ-10442',
    firstName: 'Milan',
    lastName: 'Petrović',
    personalNumber: '1012345670',
    phone: '+38345123457',
    language: 'sr',
  },
  {
    username: 'teuta',
    biller: 'oshee',
    contractCode: 'AL0000007',
    firstName: 'Teuta',
    lastName: 'Leka',
    personalNumber: 'I75724018H',
    phone: '+355692000007',
    language: 'sq',
  },
  {
    username: 'sokol',
    biller: 'oshee',
    contractCode: 'AL0000008',
    firstName: 'Sokol',
    lastName: 'Berisha',
    personalNumber: 'H80417033T',
    phone: '+355692000008',
    language: 'sq',
  },
] as const

/** Whose account has a contract of every biller: the others beside the one above. */
const demonstrationEveryBiller = {
  owner: 'sokol',
  contracts: [
    ['kesco', 'DPR-20815'],
    ['ukt', '30122451'],
    ['albtelecom', '100455218'],
    ['digitalb', '2094417063'],
    ['police-fines', '20260048812'],
  ],
} as const

/** Whose payments staff have to look at. */
const DEMONSTRATION_PAYER = 'teuta'

/** Confirmed to be an account's, with its contracts. */
const demonstrationBusiness = {
  owner: 'teuta',
  biller: 'oshee',
  number: 'L39308501E',
  contractCodes: ['AL0000003', 'AL0000005', 'AL0000006'],
} as const

/** Members of staff, for all billers; invented people without a contract. Their second step is set up already. */
export const demonstrationStaff = [
  {
    username: 'operator',
    role: 'agent',
    firstName: 'Vjosa',
    lastName: 'Kelmendi',
    personalNumber: '1170250008',
    phone: '+38349700001',
    language: 'sq',
  },
  {
    username: 'supervisor',
    role: 'supervisor',
    firstName: 'Jelena',
    lastName: 'Stojković',
    personalNumber: '1170250016',
    phone: '+38349700002',
    language: 'sr',
  },
  {
    username: 'admin',
    role: 'administrator',
    firstName: 'Besnik',
    lastName: 'Zeneli',
    personalNumber: '1170250024',
    phone: '+38349700003',
    language: 'sq',
  },
] as const

/** So many days ago everybody began: before the oldest of what they did. */
const BEGAN_DAYS_AGO = 300

/** Loads what of the demonstration is not there yet; what people changed since stays as they left it. */
export async function seedDemonstration(): Promise<void> {
  for (const biller of billerCodes) {
    if (await wasLoaded(biller)) continue
    await loadSample(biller)
  }
  const begun: (typeof demonstrationAccounts)[number][] = []
  for (const account of demonstrationAccounts) {
    const { biller, contractCode, ...person } = account
    // A feed that was loaded before this contract was in it is not loaded again.
    if (!(await findContract(database(), biller, contractCode))) continue
    const isNew = await addAccount(person, async (tx, accountId, now) => {
      if (person.username === demonstrationBusiness.owner) await addBusiness(tx, accountId, now)
      await addContract(tx, accountId, biller, contractCode, now)
      if (person.username === demonstrationEveryBiller.owner) {
        for (const [other, code] of demonstrationEveryBiller.contracts)
          await addContract(tx, accountId, other, code, now)
      }
    })
    if (isNew) begun.push(account)
  }
  for (const { role, ...person } of demonstrationStaff) {
    await addAccount(person, async (tx, accountId, now) => {
      await tx.insert(staffMembers).values({ accountId, role })
      const all = await tx.select({ billerId: billers.id }).from(billers)
      await tx.insert(staffBillers).values(all.map(({ billerId }) => ({ accountId, billerId })))
      await addSecret(tx, accountId, newSecret(), now, now)
    })
  }
  const deeds: Deed[] = []
  for (const account of begun) {
    const { username, biller, contractCode: code } = account
    const people = await findPeople(username)
    deeds.push(...(await historyOfRequests(username, { biller, code }, people)))
    deeds.push(...historyOfCertificates(account, people))
    if (username === DEMONSTRATION_PAYER) deeds.push(...(await historyOfPayments(code, people)))
  }
  const usernames = begun.map(({ username }) => username)
  await doInTurn(deeds, usernames)
  if (begun.length > 0) await countRequests(database(), clock.now())
}

async function wasLoaded(biller: BillerCode): Promise<boolean> {
  const loaded = inArray(feedRuns.status, ['loaded', 'loaded_with_refusals', 'abandoned'])
  return (await database().$count(feedRuns, and(eq(feedRuns.billerId, billerOf(biller).id), loaded))) > 0
}

async function addBusiness(tx: Transaction, accountId: string, now: Date): Promise<void> {
  const { biller, number, contractCodes } = demonstrationBusiness
  const billerId = billerOf(biller).id
  await tx.insert(accountBusinesses).values({ accountId, billerId, number, confirmedAt: now })
  for (const code of contractCodes) await addContract(tx, accountId, biller, code, now)
}

async function addContract(
  tx: Transaction,
  accountId: string,
  biller: BillerCode,
  code: string,
  now: Date,
): Promise<void> {
  const contract = await findContract(tx, biller, code)
  if (contract) await addContractAccess(tx, accountId, contract.id, null, now)
}

type Person = Pick<
  typeof accounts.$inferInsert,
  'username' | 'firstName' | 'lastName' | 'personalNumber' | 'phone' | 'language'
>

/** Adds an account, and in the same transaction what belongs to it; nothing where there is one already. Whether it did. */
async function addAccount(
  person: Person,
  addTo: (tx: Transaction, accountId: string, now: Date) => Promise<void>,
): Promise<boolean> {
  const db = database()
  const same = or(eq(accounts.personalNumber, person.personalNumber), eq(accounts.username, person.username))
  if ((await db.$count(accounts, same)) > 0) return false
  const passwordHash = await hashPassword(env().DEMO_PASSWORD)
  const now = daysAgo(BEGAN_DAYS_AGO)
  return db.transaction(async tx => {
    const [added] = await tx
      .insert(accounts)
      .values({
        ...person,
        email: `${person.username}@example.com`,
        emailVerifiedAt: now,
        nameFolded: foldName(person.firstName, person.lastName),
        passwordHash,
        termsVersion: TERMS_VERSION,
        termsAcceptedAt: now,
        createdAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: accounts.id })
    if (added) await addTo(tx, added.id, now)
    return added !== undefined
  })
}

// The demonstration: the sample feeds, and customers who have an account already. Adds, never changes.
import path from 'node:path'
import { eq } from 'drizzle-orm'
import { TERMS_VERSION } from '../lib/accounts/schema.ts'
import { hashPassword } from '../lib/auth/passwords.ts'
import { addContractAccess } from '../lib/contracts/commands.ts'
import { foldName } from '../lib/contracts/names.ts'
import { findContract } from '../lib/contracts/queries.ts'
import { loadFeed } from '../lib/feed/commands.ts'
import { clock } from '../lib/platform/clock.ts'
import { database } from '../lib/platform/database.ts'
import { env } from '../lib/platform/env.ts'
import { accounts } from './schema/accounts.ts'
import { billers } from './schema/contracts.ts'
import { feedRuns } from './schema/feed.ts'

const FEEDS = ['oshee', 'kesco'] as const

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
] as const

/** Loads what of the demonstration is not there yet; what people changed since stays as they left it. */
export async function seedDemonstration(): Promise<void> {
  for (const biller of FEEDS) {
    if (await wasLoaded(biller)) continue
    await loadFeed({ biller, folder: path.join(import.meta.dirname, 'demonstration', biller) })
  }
  for (const account of demonstrationAccounts) await addAccount(account)
}

async function wasLoaded(biller: string): Promise<boolean> {
  const runs = await database()
    .select({ id: feedRuns.id })
    .from(feedRuns)
    .innerJoin(billers, eq(billers.id, feedRuns.billerId))
    .where(eq(billers.code, biller))
    .limit(1)
  return runs.length > 0
}

async function addAccount(account: (typeof demonstrationAccounts)[number]): Promise<void> {
  const db = database()
  const { biller, contractCode, ...person } = account
  const known = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(eq(accounts.personalNumber, person.personalNumber))
  if (known.length > 0) return
  const passwordHash = await hashPassword(env().DEMO_PASSWORD)
  const now = clock.now()
  await db.transaction(async tx => {
    const [added] = await tx
      .insert(accounts)
      .values({
        ...person,
        email: `${person.username}@example.com`,
        nameFolded: foldName(person.firstName, person.lastName),
        passwordHash,
        termsVersion: TERMS_VERSION,
        termsAcceptedAt: now,
        createdAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: accounts.id })
    const contract = await findContract(tx, biller, contractCode)
    if (added && contract) await addContractAccess(tx, added.id, contract.id, null, now)
  })
}

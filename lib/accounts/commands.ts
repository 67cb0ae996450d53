// Changes a customer makes to their account.
import { eq } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import type { Locale } from '../i18n/locale.ts'
import { database } from '../platform/database.ts'

type Preferences = { language: Locale; notifyByEmail: boolean; notifyBySms: boolean }

/** The language of the account's pages and messages, and the channels of notices; what is not given stays. */
export async function setPreferences(
  { id }: { id: string },
  preferences: Partial<Preferences>,
): Promise<void> {
  await database().update(accounts).set(preferences).where(eq(accounts.id, id))
}

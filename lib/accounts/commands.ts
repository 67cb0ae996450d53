// Changes a customer makes to their account.
import { eq } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import type { Locale } from '../i18n/locale.ts'
import { database } from '../platform/database.ts'

/** The language of the account's pages and messages. */
export async function setLanguage({ id }: { id: string }, language: Locale): Promise<void> {
  await database().update(accounts).set({ language }).where(eq(accounts.id, id))
}

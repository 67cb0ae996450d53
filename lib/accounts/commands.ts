// Changes a customer makes to their account.
import { eq } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import type { Customer } from '../auth/sessions.ts'
import type { Locale } from '../i18n/locale.ts'
import { database } from '../platform/database.ts'

/** The language of the account's pages and messages. */
export async function setLanguage(customer: Pick<Customer, 'id'>, language: Locale): Promise<void> {
  await database().update(accounts).set({ language }).where(eq(accounts.id, customer.id))
}

/** Language and the channels of notices. */
export async function setPreferences(
  customer: Pick<Customer, 'id'>,
  preferences: { language: Locale; notifyByEmail: boolean; notifyBySms: boolean },
): Promise<void> {
  await database().update(accounts).set(preferences).where(eq(accounts.id, customer.id))
}

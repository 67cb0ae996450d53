// Accounts of staff whom their company's directory signs in: a name, and nothing that a customer has.
import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { forgetSignIns } from '../auth/retention.ts'
import type { Locale } from '../i18n/locale.ts'
import { recordEvent } from '../platform/audit.ts'
import { foldName } from '../platform/names.ts'
import { TERMS_VERSION } from './schema.ts'

type Names = { firstName: string; lastName: string }

/** `id`: a new one. */
export async function openDirectoryAccount(
  tx: Transaction,
  id: string,
  { firstName, lastName }: Names,
  language: Locale,
  now: Date,
): Promise<void> {
  const nobody = `directory:${id}`
  await tx.insert(accounts).values({
    id,
    ofDirectory: true,
    personalNumber: nobody,
    username: nobody,
    email: nobody,
    phone: nobody,
    passwordHash: '',
    firstName,
    lastName,
    nameFolded: foldName(firstName, lastName),
    language,
    termsVersion: TERMS_VERSION,
    termsAcceptedAt: now,
    createdAt: now,
  })
  await recordEvent(tx, { action: 'account.opened', subject: `account:${id}`, at: now })
}

/** Locks the account of somebody whom the directory knows, and calls them as it does now. */
export async function renameDirectoryAccount(
  tx: Transaction,
  id: string,
  { firstName, lastName }: Names,
): Promise<void> {
  await tx
    .update(accounts)
    .set({ firstName, lastName, nameFolded: foldName(firstName, lastName) })
    .where(and(eq(accounts.id, id), eq(accounts.ofDirectory, true)))
}

/** Empties it, once nothing that is kept speaks of its owner any more. */
export async function closeDirectoryAccount(tx: Transaction, id: string, now: Date): Promise<void> {
  const nobody = `closed:${id}`
  await forgetSignIns(tx, id, now)
  await tx
    .update(accounts)
    .set({
      closedAt: now,
      personalNumber: nobody,
      username: nobody,
      email: nobody,
      phone: nobody,
      firstName: '',
      lastName: '',
      nameFolded: '',
    })
    .where(and(eq(accounts.id, id), eq(accounts.ofDirectory, true)))
  await recordEvent(tx, {
    action: 'account.closed',
    subject: `account:${id}`,
    details: { reason: 'directory' },
    at: now,
  })
}

// Reads of billers.
import { asc, sql } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { database } from '../platform/database.ts'

/** Billers that can be called or written to, for those who cannot get in. */
export async function listBillerContacts() {
  return database()
    .select({
      code: billers.code,
      name: billers.name,
      phone: billers.contactPhone,
      email: billers.contactEmail,
    })
    .from(billers)
    .where(sql`coalesce(${billers.contactPhone}, ${billers.contactEmail}) is not null`)
    .orderBy(asc(billers.id))
}

/** All billers. */
export async function listBillers() {
  return database()
    .select({ id: billers.id, code: billers.code, name: billers.name })
    .from(billers)
    .orderBy(asc(billers.id))
}

/** All billers, for a form's choice. */
export const listBillerChoices = async () =>
  (await listBillers()).map(({ code, name }) => ({ value: code, label: name }))

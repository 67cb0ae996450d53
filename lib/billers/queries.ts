// Reads of billers.
import { asc, inArray } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { database } from '../platform/database.ts'

/** Billers that can be called or written to, for those who cannot get in. */
export const listBillerContacts = async () =>
  (await listBillers()).filter(({ phone, email }) => phone ?? email)

/** All billers, or those of these ids, each with whom to call or to write to, where that is known. */
export async function listBillers(ids?: number[]) {
  return database()
    .select({
      id: billers.id,
      code: billers.code,
      name: billers.name,
      phone: billers.contactPhone,
      email: billers.contactEmail,
    })
    .from(billers)
    .where(ids && inArray(billers.id, ids))
    .orderBy(asc(billers.id))
}

/** All billers, or those of these ids, for a form's choice. */
export const listBillerChoices = async (ids?: number[]) =>
  (await listBillers(ids)).map(({ code, name }) => ({ value: code, label: name }))

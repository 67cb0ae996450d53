// Reads of billers.
import { asc } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { database } from '../platform/database.ts'

/** Billers that can be called or written to, for those who cannot get in. */
export const listBillerContacts = async () =>
  (await listBillers()).filter(({ phone, email }) => phone ?? email)

/** All billers, each with whom to call or to write to, where that is known. */
export async function listBillers() {
  return database()
    .select({
      id: billers.id,
      code: billers.code,
      name: billers.name,
      phone: billers.contactPhone,
      email: billers.contactEmail,
    })
    .from(billers)
    .orderBy(asc(billers.id))
}

/** All billers, or those of these ids, for a form's choice. */
export const listBillerChoices = async (ids?: number[]) =>
  (await listBillers())
    .filter(({ id }) => ids?.includes(id) ?? true)
    .map(({ code, name }) => ({ value: code, label: name }))

// What was said between a contract's customers and its biller: messages, cases, and notes of talks, the latest first.
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { CaseState, caseSteps, MessageChannel, MessageState } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { cases } from '../../db/schema/cases.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { messages } from '../../db/schema/notifications.ts'
import { callNotes } from '../../db/schema/staff-looks.ts'
import type { Staff } from '../auth/staff.ts'
import type { KindCode } from '../cases/kinds.ts'
import { parseId } from '../cases/schema.ts'
import { caseInScope, isOthersCase } from '../cases/scope.ts'
import { billerColumns, hasCodes } from '../contracts/access.ts'
import { database } from '../platform/database.ts'
import { type Look, openLookJson, recordLook } from './looks.ts'
import { contractInScope } from './scope.ts'

type NoteChannel = (typeof callNotes.$inferSelect)['channel']

/** `id`: a place in the list, for the address of the next page. */
export type Contact = { id: string; at: Date } & (
  | {
      type: 'message'
      kind: string
      channel: MessageChannel
      state: MessageState
      /** The move of a case that it tells of; the case where the member of staff may see it. */
      move: (typeof caseSteps)[number] | null
      about: { caseId: string; queue: string; number: string | null } | null
    }
  | { type: 'case'; kind: KindCode; caseId: string; queue: string; number: string | null; state: CaseState }
  | { type: 'note'; channel: NoteChannel; note: string; by: string }
)

export const CONTACTS_PAGE = 30

const PLACE = /^((20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{6}Z)\.(.+)$/

/** A place from an address; undefined where it has no such form, or names a time or an id that there cannot be. */
function readPlace(after: string | undefined): { at: string; id: string } | undefined {
  const [, at = '', seconds, typed] = PLACE.exec(after ?? '') ?? []
  const id = parseId(typed)
  const time = new Date(at)
  // The 30th of February is another day in JavaScript, and an error in PostgreSQL.
  const isTime = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(`${seconds}.`)
  return id && isTime ? { at, id } : undefined
}

/**
 * The contacts of a contract, `CONTACTS_PAGE` at most, those that follow the place `after`; undefined where it is not for this member of
 * staff. Without a look that is not over only its codes.
 */
export async function getContacts(
  staff: Staff,
  biller: string,
  code: string,
  after: string | undefined,
  now: Date,
) {
  const db = database()
  const [contract] = await db
    .select({
      id: contracts.id,
      biller: billerColumns,
      code: contracts.code,
      category: contracts.category,
      look: openLookJson(staff, sql`contract_id = ${contracts.id}`, now),
    })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(and(hasCodes(biller, code), contractInScope(staff)))
  if (!contract) return undefined
  const { id, look, ...of } = contract
  if (!look) return { ...of, look, contacts: [], next: undefined }
  await recordLook(db, staff, look, 'contacts-viewed', now)
  const rows = await listContacts(staff, id, after)
  const contacts = rows.slice(0, CONTACTS_PAGE)
  return {
    ...of,
    look: look as Look,
    contacts,
    next: rows.length > CONTACTS_PAGE ? contacts.at(-1)!.id : undefined,
  }
}

async function listContacts(staff: Staff, contractId: number, after?: string): Promise<Contact[]> {
  const place = readPlace(after)
  // Each source gives a page from its own index.
  const page = (time: SQL, key: SQL) =>
    sql`${
      place ? sql`(${time}, ${key}) < (${place.at}::timestamptz, ${place.id}::uuid)` : sql`true`
    } order by ${time} desc, ${key} desc limit ${CONTACTS_PAGE + 1}`
  const { rows } = await database().execute<{ id: string; at: string; of: never }>(sql`
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '.' || id as id, at, of from (
      (select created_at as at, id, json_build_object('type', 'message', 'kind', kind, 'channel', channel, 'state', state,
          'move', case_move, 'about', (select json_build_object('caseId', ${cases.id}, 'queue', ${cases.queue}, 'number', ${cases.number})
            from ${cases} where ${cases.id} = ${messages.caseId} and ${caseInScope(staff)})) as of
        from ${messages} where contract_id = ${contractId} and ${page(sql`created_at`, sql`id`)})
      union all
      (select created_at, id, json_build_object('type', 'case', 'kind', kind, 'caseId', id, 'queue', queue, 'number', number, 'state', state)
        from ${cases} where contract_id = ${contractId} and ${isOthersCase(staff)} and ${page(sql`created_at`, sql`id`)})
      union all
      (select n.at, n.id, json_build_object('type', 'note', 'channel', n.channel, 'note', n.note,
          'by', ${accounts.firstName} || ' ' || left(${accounts.lastName}, 1) || '.')
        from ${callNotes} n join ${accounts} on ${accounts.id} = n.staff_id
        where n.contract_id = ${contractId} and ${page(sql`n.at`, sql`n.id`)})) all_of_it
    order by at desc, id desc limit ${CONTACTS_PAGE + 1}`)
  return rows.map(({ of, ...row }) => ({ ...row, ...(of as object), at: new Date(row.at) }) as Contact)
}

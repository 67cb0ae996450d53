// Ready-made answers, in the language of whoever reads them: `cases.templates.<name>`, each with a `name` for staff and a `text`.
import { and, eq, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { cases } from '../../db/schema/cases.ts'
import type { Staff } from '../auth/staff.ts'
import type { Locale } from '../i18n/locale.ts'
import { translator } from '../i18n/translator.ts'
import { database } from '../platform/database.ts'
import { caseInScope } from './scope.ts'

/** What is in brackets in a text is to be filled in by hand: with one open it is not sent (rules.ts). */
export const templates = ['photo', 'document', 'visit', 'corrected', 'credited', 'confirmed'] as const
type Template = (typeof templates)[number]

/** A template from a form, in the language of the case's owner and with its number; undefined where either is not there for this member of staff. */
export async function fillTemplate(
  staff: Staff,
  caseId: string,
  typed: unknown,
): Promise<string | undefined> {
  const name = templates.find((one): one is Template => one === typed)
  if (!name) return undefined
  const [one] = await database()
    .select({
      number: cases.number,
      language: sql<Locale>`coalesce(${accounts.language}, ${cases.language})`,
    })
    .from(cases)
    .leftJoin(accounts, eq(accounts.id, cases.accountId))
    .where(and(eq(cases.id, caseId), eq(cases.queue, 'requests'), caseInScope(staff)))
  return one && translator(one.language, 'cases')(`templates.${name}.text`, { number: one.number ?? '' })
}

// Forgets what was sent and typed, once nobody comes back for it.
import { lt } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { formAnswers, formDrafts } from '../../db/schema/forms.ts'
import { daysBefore, purge } from '../platform/purge.ts'
import { oldestDraft } from './drafts.ts'

/** A tab that was left open overnight and is loaded again. */
const ANSWER_DAYS = 1

export async function forgetForms(db: Database, now: Date): Promise<void> {
  await purge(db, formAnswers, formAnswers.claimedAt, lt(formAnswers.claimedAt, daysBefore(now, ANSWER_DAYS)))
  await purge(db, formDrafts, formDrafts.keptAt, lt(formDrafts.keptAt, oldestDraft(now)))
}

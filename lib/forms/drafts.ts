// What was typed into a form that was not done and has to be shown anew: after signing in, in another language, by a newer
// page.
import { randomUUID } from 'node:crypto'
import { and, eq, gt } from 'drizzle-orm'
import { formDrafts } from '../../db/schema/forms.ts'
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { seal, unsealStored } from '../platform/seal.ts'
import type { Shown, ShownFor } from './shown.ts'

export const DRAFT_SECONDS = 1800

/** `unsent`: its sender thinks that it was sent, and is told. */
export type Draft = {
  name: string
  account: string | null
  for: ShownFor
  values: Record<string, string[]>
  unsent: boolean
}

const PURPOSE = 'form draft'

/** The draft's id. `sent` holds what was typed; of it what may be shown again is kept, for whom it was shown to. */
export async function keepDraft(shown: Shown, sent: FormData, unsent: boolean): Promise<string> {
  const { name, account, for: shownFor, kept } = shown
  const typed = kept.map(
    field => [field, sent.getAll(field).filter(value => typeof value === 'string')] as const,
  )
  const values = Object.fromEntries(typed.filter(([, all]) => all.length > 0))
  const id = randomUUID()
  const draft: Draft = { name, account, for: shownFor, values, unsent }
  await database()
    .insert(formDrafts)
    .values({ id, keptAt: clock.now(), typed: seal(JSON.stringify(draft), PURPOSE) })
  return id
}

export async function findDraft(id: string): Promise<Draft | undefined> {
  const [found] = await database()
    .select({ typed: formDrafts.typed })
    .from(formDrafts)
    .where(and(eq(formDrafts.id, id), gt(formDrafts.keptAt, oldestDraft(clock.now()))))
  const opened = found && unsealStored(found.typed, PURPOSE)
  return opened === undefined ? undefined : JSON.parse(opened)
}

/** What was kept before is shown no more. */
export const oldestDraft = (now: Date): Date => new Date(now.getTime() - DRAFT_SECONDS * 1000)

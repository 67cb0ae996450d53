// What was typed into forms that were not done and have to be shown anew: after signing in, in another language, by a newer
// page.
import { randomUUID } from 'node:crypto'
import { and, desc, eq, gt, inArray, sql } from 'drizzle-orm'
import { formDrafts } from '../../db/schema/forms.ts'
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { seal, unsealStored } from '../platform/seal.ts'
import { openShown, type ShownFor } from './shown.ts'
import { REFUSED_FIELD } from './state.ts'

export const DRAFT_SECONDS = 1800
/** So long a draft is shown again after it was shown: where the line broke meanwhile, or by a reload. */
const AGAIN_SECONDS = 60

/**
 * What was typed into one form. `left`: what had something in it that is not kept: secrets, files. `refused`: errors stood
 * beside its fields.
 */
export type Typed = {
  name: string
  account: string | null
  for: ShownFor
  values: Record<string, string[]>
  left: string[]
  refused: boolean
}

/** Of the forms of one page. `unsent`: its sender thinks that it was sent, and is told. */
export type Draft = { id: string; forms: Typed[]; unsent: boolean }

const PURPOSE = 'form drafts'

/** What of a form may be shown again, and to whom; undefined where no page of ours made it. */
export function typedInto(sent: FormData): Typed | undefined {
  const shown = openShown(sent)
  if (!shown) return undefined
  const { name, account, for: shownFor, kept } = shown
  const values: Typed['values'] = {}
  const left = new Set<string>()
  for (const [field, value] of sent) {
    const isKept = kept.includes(field) && typeof value === 'string'
    if (isKept) values[field] = [...(values[field] ?? []), value]
    else if (typeof value === 'string' ? value : value.name) left.add(field)
  }
  return { name, account, for: shownFor, values, left: [...left], refused: sent.has(REFUSED_FIELD) }
}

/** The draft's id. */
export async function keepDraft(forms: Typed[], unsent: boolean): Promise<string> {
  const id = randomUUID()
  const typed = seal(JSON.stringify({ forms, unsent }), PURPOSE)
  await database().insert(formDrafts).values({ id, keptAt: clock.now(), typed })
  return id
}

/** Those of them that are still kept, the newest first. */
export async function findDrafts(ids: string[]): Promise<Draft[]> {
  const found = await database()
    .select({ id: formDrafts.id, typed: formDrafts.typed })
    .from(formDrafts)
    .where(and(inArray(formDrafts.id, ids), gt(formDrafts.keptAt, oldestDraft(clock.now()))))
    .orderBy(desc(formDrafts.keptAt))
  return found.flatMap(({ id, typed }) => {
    const opened = unsealStored(typed, PURPOSE)
    return opened === undefined ? [] : [{ id, ...JSON.parse(opened) }]
  })
}

/** It has been shown. */
export async function forgetDraftSoon(id: string): Promise<void> {
  const until = new Date(oldestDraft(clock.now()).getTime() + AGAIN_SECONDS * 1000)
  await database()
    .update(formDrafts)
    .set({ keptAt: sql`least(${formDrafts.keptAt}, ${until})` })
    .where(eq(formDrafts.id, id))
}

export async function forgetDrafts(ids: string[]): Promise<void> {
  await database().delete(formDrafts).where(inArray(formDrafts.id, ids))
}

/** What was kept before is shown no more. */
export const oldestDraft = (now: Date): Date => new Date(now.getTime() - DRAFT_SECONDS * 1000)

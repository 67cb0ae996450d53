'use server'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
// Makes a move of staff, and shows what is masked to whoever asks for it.
import type { Staff } from '@/lib/auth/staff.ts'
import { moveForm, unmaskForm } from '@/lib/cases/forms.ts'
import { moveCase } from '@/lib/cases/moves.ts'
import { isDecided } from '@/lib/cases/rules.ts'
import { casePath } from '@/lib/cases/schema.ts'
import { unmaskCase } from '@/lib/cases/unmasking.ts'
import { documentSteps } from '@/lib/files/forms.ts'
import { sealShown } from '@/lib/forms/shown.ts'
import { KEPT_FILES_FIELD, SHOWN_FIELD } from '@/lib/forms/state.ts'
import { limits } from '@/lib/platform/limits.ts'
import { ok } from '@/lib/platform/result.ts'
import { leaveDraft } from '@/lib/request/drafts.ts'
import { formAction } from '@/lib/request/form-action.ts'

/** What is written and attached meanwhile is for the move that comes after. */
const WORDLESS = ['take', 'release', 'handOver']

const files = documentSteps(limits.requestMoves, ({ id }: Staff) => ({
  uploader: { accountId: id },
  key: id,
  optional: true,
  megabytes: moveForm.fields.documents.megabytes(),
}))

export const moveAction = formAction(moveForm, {
  guard: requireStaff,
  outdated: ['moved'],
  files,
  command: async ({ who, input: { intent, note, documents: _, ...said }, files, shownFor, now }) => {
    const seen = shownFor.seen === undefined ? undefined : Number(shownFor.seen)
    const isWordless = WORDLESS.includes(intent)
    const words = { ...said, seen, note: isWordless ? null : note, documentIds: isWordless ? [] : files }
    const moved = await moveCase(who, shownFor.case!, intent, words, now)
    if (moved.ok) return ok({ ...moved.value, left: isWordless && files.length > 0 })
    return moved.code !== 'notFound' ? moved : refuseStaff(who, `case:${shownFor.case}`)
  },
  // Whoever took it goes on with it.
  done: async ({ id, queue, kind, state, events, left }, { who, input: { intent, note }, shownFor }) => {
    if (isDecided(state) && ['accept', 'reject'].includes(intent))
      return `/staff/${queue}?done=${kind}-${state}`
    const page = `${casePath(queue, id)}?done=${intent}-${events}`
    if (!WORDLESS.includes(intent) || !(note || left)) return page
    const draft = new FormData()
    draft.set(SHOWN_FIELD, sealShown(moveForm, who.id, shownFor))
    draft.set('note', note ?? '')
    // Files have to be chosen again, and the page says so.
    if (left) draft.set(KEPT_FILES_FIELD, 'left')
    return leaveDraft(draft, page, { unsent: false })
  },
})

export const unmaskAction = formAction(unmaskForm, {
  guard: requireStaff,
  command: async ({ who, shownFor, now }) => {
    const asked = await unmaskCase(who, shownFor.case!, now)
    return asked.ok || asked.code !== 'notFound' ? asked : refuseStaff(who, `case:${shownFor.case}`)
  },
  // Each look is written down by the page, before it shows it.
  done: ({ id, queue, mark }) => `${casePath(queue, id)}?unmasked=${encodeURIComponent(mark)}`,
})

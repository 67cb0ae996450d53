'use server'
// Makes a move of staff, and shows what is masked to whoever asks for it.
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { moveForm, unmaskForm } from '@/lib/cases/forms.ts'
import { moveCase } from '@/lib/cases/moves.ts'
import { isDecided } from '@/lib/cases/rules.ts'
import { casePath } from '@/lib/cases/schema.ts'
import { unmaskCase } from '@/lib/cases/unmasking.ts'
import { sealShown } from '@/lib/forms/shown.ts'
import { SHOWN_FIELD } from '@/lib/forms/state.ts'
import { leaveDraft } from '@/lib/request/drafts.ts'
import { formAction } from '@/lib/request/form-action.ts'

/** What is written meanwhile is for the move that comes after. */
const WORDLESS = ['take', 'release', 'handOver']

export const moveAction = formAction(moveForm, {
  guard: requireStaff,
  outdated: ['moved'],
  command: async ({ who, input: { intent, note, ...said }, shownFor, now }) => {
    const seen = shownFor.seen === undefined ? undefined : Number(shownFor.seen)
    const words = { ...said, seen, note: WORDLESS.includes(intent) ? null : note }
    const moved = await moveCase(who, shownFor.case!, intent, words, now)
    return moved.ok || moved.code !== 'notFound' ? moved : refuseStaff(who, `case:${shownFor.case}`)
  },
  // Whoever took it goes on with it.
  done: async ({ id, queue, kind, state, events }, { who, input: { intent, note }, shownFor }) => {
    if (isDecided(state) && ['accept', 'reject'].includes(intent))
      return `/staff/${queue}?done=${kind}-${state}`
    const page = `${casePath(queue, id)}?done=${intent}-${events}`
    if (!note || !WORDLESS.includes(intent)) return page
    const draft = new FormData()
    draft.set(SHOWN_FIELD, sealShown(moveForm, who.id, shownFor))
    draft.set('note', note)
    return leaveDraft(draft, page, { unsent: false })
  },
})

export const unmaskAction = formAction(unmaskForm, {
  guard: requireStaff,
  command: async ({ who, shownFor, now }) => {
    const asked = await unmaskCase(who, shownFor.case!, now)
    return asked.ok ? asked : refuseStaff(who, `case:${shownFor.case}`)
  },
  // Each look is written down by the page, before it shows it.
  done: ({ id, queue, mark }) => `${casePath(queue, id)}?unmasked=${encodeURIComponent(mark)}`,
})

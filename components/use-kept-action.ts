'use client'
// A form's action whose form stays, with what was typed, where the database is busy or too many documents come at once.
import { useActionState } from 'react'
import { type FormState, idle, SECRET } from '@/lib/platform/action.ts'
import type { FormAction } from './action-form.tsx'

/** Set in next.config.ts, by the page's `lang`: importing a catalogue would send it to every browser whole. */
const TEXTS = JSON.parse(process.env.BUSY_TEXTS!) as Record<string, string>
const UPLOADS_TEXTS = JSON.parse(process.env.TOO_MANY_UPLOADS_TEXTS!) as Record<string, string>

/** As `useActionState`. Where no script runs the browser has the form, behind the page that says to try again. */
export const useKeptAction = (action: FormAction, initial: FormState = idle) =>
  // What the server renders must be the action itself: its form is sent without a script.
  useActionState(typeof window === 'undefined' ? action : keptAction(action), initial)

/** What the form says; undefined where the error is another one. */
function whatIsBusy({ message, digest }: Error & { digest?: string }) {
  const { lang } = document.documentElement
  // As in lib/http/uploads.ts and db/errors.ts, which no browser gets.
  const [, minutes] = /^UPLOADS (\d+)$/.exec(message) ?? []
  if (minutes) return { formError: UPLOADS_TEXTS[lang], errorValues: { minutes } }
  return digest === 'BUSY' ? { formError: TEXTS[lang] } : undefined
}

const keptAction =
  (action: FormAction): FormAction =>
  async (state, form) => {
    try {
      return await action(state, form)
    } catch (error) {
      const busy = whatIsBusy(error as Error & { digest?: string })
      if (!busy) throw error
      const typed = [...form].filter(
        (one): one is [string, string] => typeof one[1] === 'string' && !SECRET.test(one[0]),
      )
      return {
        status: 'invalid',
        fieldErrors: {},
        ...busy,
        values: Object.fromEntries(typed),
        checked: typed.map(([name, value]) => `${name}=${value}`),
        files: state.files && { ...state.files, refused: [] },
        round: Date.now(),
      }
    }
  }

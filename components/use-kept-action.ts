'use client'
// A form's action whose form stays, with what was typed, where the database is busy.
import { useActionState } from 'react'
import { type FormState, idle, SECRET } from '@/lib/platform/action.ts'
import type { FormAction } from './action-form.tsx'

/** Set in next.config.mjs, by the page's `lang`: importing a catalogue would send it to every browser whole. */
const TEXTS = JSON.parse(process.env.BUSY_TEXTS!) as Record<string, string>

/** As `useActionState`. Where no script runs the browser has the form, behind the page that says to try again. */
export const useKeptAction = (action: FormAction, initial: FormState = idle) =>
  // What the server renders must be the action itself: its form is sent without a script.
  useActionState(typeof window === 'undefined' ? action : keptAction(action), initial)

const keptAction =
  (action: FormAction): FormAction =>
  async (state, form) => {
    try {
      return await action(state, form)
    } catch (error) {
      // As in db/errors.ts, which no browser gets.
      if ((error as { digest?: string }).digest !== 'BUSY') throw error
      const typed = [...form].filter(
        (one): one is [string, string] => typeof one[1] === 'string' && !SECRET.test(one[0]),
      )
      return {
        status: 'invalid',
        fieldErrors: {},
        formError: TEXTS[document.documentElement.lang],
        values: Object.fromEntries(typed),
        checked: typed.map(([name, value]) => `${name}=${value}`),
        files: state.files && { ...state.files, refused: [] },
        round: Date.now(),
      }
    }
  }

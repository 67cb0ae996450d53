// Text that people type or paste into a form.
import { z } from 'zod'
import { visibleText } from './text.ts'

/** Needed, at most so many characters; normalised, without signs that show nothing, so that it meets what it names. */
export const typedText = (most: number) =>
  z.string('required').overwrite(visibleText).min(1, 'required').max(most, 'tooLong')

/** A code of the second step: of the app, its blanks left out, or a recovery code. */
export const typedCode = () =>
  typedText(30).transform(typed => (/^[\d\s]+$/.test(typed) ? typed.replace(/\s/g, '') : typed))

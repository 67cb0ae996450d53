// Text that people type or paste into a form.
import { z } from 'zod'
import { visibleText } from './text.ts'

/** Needed, at most so many characters; normalised, without signs that show nothing, so that it meets what it names. */
export const typedText = (most: number) =>
  z.string('required').overwrite(visibleText).min(1, 'required').max(most, 'tooLong')

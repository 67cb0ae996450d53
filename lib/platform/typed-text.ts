// Text that people type or paste into a form.
import { z } from 'zod'
import { readLine } from './typed.ts'

const typed = (most: number, read: (typed: string) => string) =>
  z.string('required').overwrite(read).min(1, 'required').max(most, 'tooLong')

/** Needed, at most so many characters; read as one line, so that it meets what it names. */
export const typedText = (most: number) => typed(most, readLine)

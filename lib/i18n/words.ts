// Texts of a document in its language and, where that is another one, in Albanian beside it.

import type { Words } from '../pdf/typesetter.ts'
import type { Locale } from './locale.ts'

/** The language of the counter, and of the law that invoices are issued under. */
const COUNTER: Locale = 'sq'

/** `say` is called with the reader's language, and once more with Albanian where the reader chose another. */
export const inBoth = (locale: Locale, say: (locale: Locale) => string): Words =>
  locale === COUNTER ? { text: say(locale) } : { text: say(locale), also: say(COUNTER) }

/** What is the same in every language: names, numbers, amounts. */
export const plain = (text: string): Words => ({ text })

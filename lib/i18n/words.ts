// Texts of a document in its language and, where that is another one, in Albanian beside it.
import type { Locale } from './locale.ts'

/**
 * What is said, and `also` in Albanian, the language of the counter, where the document is not in it. A code, and nothing but one,
 * is set with slashed zeros.
 */
export type Words = { text: string; also?: string; isCode?: true }

/** A label and its value; a strong one is what the reader looks for. */
export type Row = { label: Words; value: Words; strong?: boolean }

/** The language of the counter, and of the law that invoices are issued under. */
const COUNTER: Locale = 'sq'

/** `say` is called with the reader's language, and once more with Albanian where the reader chose another. */
export const inBoth = (locale: Locale, say: (locale: Locale) => string): Words =>
  locale === COUNTER ? { text: say(locale) } : { text: say(locale), also: say(COUNTER) }

/** What is the same in every language: names, numbers, amounts. */
export const plain = (text: string): Words => ({ text })

/** A code alone, which is copied by hand: of a contract, an invoice, a payment, a meter. */
export const codeWords = (text: string): Words => ({ text, isCode: true })

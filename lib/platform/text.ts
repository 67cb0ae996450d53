// Text from outside, made fit to be stored.

/** Half a character (a lone surrogate): no text has one, and the database refuses it in JSON. */
const HALF_CHARACTER = /\p{Cs}/gu

/** The first `most` units of a text: no character is cut in half, and halves that came are left out. */
export const cut = (text: string, most: number): string => text.slice(0, most).replace(HALF_CHARACTER, '')

/** Most texts, told at once to be normalised: visible characters of ASCII and the letters up to ɏ, single spaces between. */
const NORMALISED = /^(?:[!-~\u00a1-\u00ac\u00ae-\u024f]+(?: [!-~\u00a1-\u00ac\u00ae-\u024f]+)*)?$/
const BLANKS = /\p{White_Space}+/gu

const LONG_RUN_OF_MARKS = /(\p{M}{30})\p{M}+/gu

/**
 * The text in a normal form. No letter of any language has more than 30 marks (UAX #15, 13: Stream-Safe Text Format); the
 * marks beyond are left out, for Node.js takes seconds to order a hundred kB of them.
 */
export const compose = (text: string, form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): string =>
  text.replace(LONG_RUN_OF_MARKS, '$1').normalize(form)

/** NFC, trimmed, and every run of blanks (spaces of every kind, tabs, line breaks) one space. */
export const normaliseText = (text: string): string =>
  NORMALISED.test(text) ? text : compose(text, 'NFC').replace(BLANKS, ' ').replace(/^ | $/g, '')

/** For HTML, as React writes a text. */
export const escapeHtml = (text: string): string =>
  text.replace(
    /["&'<>]/g,
    character => ({ '"': '&quot;', '&': '&amp;', "'": '&#x27;', '<': '&lt;', '>': '&gt;' })[character]!,
  )

/** What shows nothing and makes twins of a text: controls, directions, zero widths, soft hyphens, variation selectors, half characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u
const ALL_INVISIBLE = new RegExp(INVISIBLE.source, 'gu')

/** Whether a normalised text holds characters that show nothing. */
export const hasInvisible = (text: string): boolean => !NORMALISED.test(text) && INVISIBLE.test(text)

/** The text, normalised, without the characters that show nothing. */
export const visibleText = (text: string): string =>
  NORMALISED.test(text) ? text : normaliseText(text.replace(BLANKS, ' ').replace(ALL_INVISIBLE, ''))

const UNPRINTABLE = /(?! )[\p{Cc}\p{Cf}\p{Z}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** The text for a terminal or a log: cut after `most` characters, what shows nothing as `<U+200B>`. */
export function printable(text: string, most: number): string {
  const characters = [...text]
  const start = characters.length > most ? `${characters.slice(0, most).join('')}…` : text
  return start.replace(
    UNPRINTABLE,
    character => `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`,
  )
}

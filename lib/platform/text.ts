// Text from outside, made fit to be stored.

/** Half a character (a lone surrogate): no text has one, and the database refuses it in JSON. */
const HALF_CHARACTER = /\p{Cs}/gu

/** The first `most` units of a text: no character is cut in half, and halves that came are left out. */
export const cut = (text: string, most: number): string => text.slice(0, most).replace(HALF_CHARACTER, '')

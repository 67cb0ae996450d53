// Names of people and places that a biller or a customer wrote in capitals alone, as they read well on a screen.

/** Within a name, never at either end: "Rruga e Kavajës", "Bulevardi i Dëshmorëve të Kombit", "Dom kod Save". */
const SMALL = new Set(['e', 'i', 'të', 'së', 'në', 'dhe', 'u', 'na', 'kod'])
const ROMAN = /^(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})$/
/** Serbian has words whose one vowel is r: TRG, VRH. */
const VOWEL = /[AEIOUYËR]|[^\P{L}A-Z]/u
/** A word, with the letters or digits that touch it: AL1 and P.+3 are codes. */
const WORD = /(?<![\p{L}\p{N}])\p{L}+(?![\p{L}\p{N}])/gu

/**
 * `TIRANA` to `Tirana`, `FUSHË KOSOVË` to `Fushë Kosovë`, `BLERTA KRASNIQI` to `Blerta Krasniqi`. What has a small letter was
 * written with care and stays as it is; so do numbers in Roman figures, abbreviations (KM, BKT) and codes. For screens: what is stored,
 * sent, compared and printed on documents stays as it came.
 */
export function inNormalCase(text: string): string {
  if (/\p{Ll}/u.test(text)) return text
  return text.replace(WORD, (word, at: number) => {
    const [before, after] = [text.slice(0, at), text.slice(at + word.length)]
    const isWithin = /[\p{L}\p{N}] $/u.test(before) && /^ [\p{L}\p{N}]/u.test(after)
    if (isWithin && SMALL.has(word.toLowerCase())) return word.toLowerCase()
    const isShortened = after.startsWith('.')
    if (ROMAN.test(word) || (!VOWEL.test(word) && !isShortened)) return word
    return word.slice(0, 1) + word.slice(1).toLowerCase()
  })
}

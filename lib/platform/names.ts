// Names as they are compared: script, case, diacritics, hyphens and apostrophes folded.
import { compose } from './text.ts'

/** Serbian Cyrillic in Latin letters; ђ goes with đ. */
const CYRILLIC: Record<string, string> = Object.fromEntries(
  [...'абвгдежзијклмнопрстћуфхцчш'].map((letter, index) => [
    letter,
    [...'abvgdezzijklmnoprstcufhccs'][index]!,
  ]),
)
const UNDECOMPOSED: Record<string, string> = {
  ...CYRILLIC,
  љ: 'lj',
  њ: 'nj',
  џ: 'dz',
  ђ: 'd',
  đ: 'd',
  ł: 'l',
  ø: 'o',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
}

/**
 * `Çelik` and `celik` become the same, and so do `Petrović-Ilić` and `petrovic ilic`, `Ђорђевић`, `Đorđević`, `Djordjevic` and
 * `Dordevic`. Accounts and contracts keep the result: whoever changes it also migrates what is stored.
 */
export function foldName(...parts: (string | null | undefined)[]): string {
  return parts
    .map(part =>
      compose(part ?? '', 'NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/[đłøßæœıа-џ]/g, letter => UNDECOMPOSED[letter] ?? letter)
        .replaceAll('dj', 'd')
        .replace(/[^\p{L}\p{N}]+/gu, ' ')
        .trim(),
    )
    .filter(part => part !== '')
    .join(' ')
}

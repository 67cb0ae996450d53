// Names as they are compared: case, diacritics, hyphens and apostrophes folded.

const UNDECOMPOSED: Record<string, string> = { đ: 'd', ł: 'l', ø: 'o', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i' }

/** `Çelik` and `celik` become the same, and so do `Petrović-Ilić` and `petrovic ilic`. */
export function foldName(...parts: (string | null | undefined)[]): string {
  return parts
    .map(part =>
      (part ?? '')
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/[đłøßæœı]/g, letter => UNDECOMPOSED[letter]!)
        .replace(/[^\p{L}\p{N}]+/gu, ' ')
        .trim(),
    )
    .filter(part => part !== '')
    .join(' ')
}

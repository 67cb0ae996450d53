// The typefaces of all documents, cut to what they are used for (decision 0019): Atkinson Hyperlegible Next for Latin, and
// Noto Sans for Cyrillic and Greek, which the first one lacks.
import path from 'node:path'
import { type Font, type Glyph, openSync } from 'fontkit'

/** A parsed font, the share of a text's size that it is set at, and what a document is given of it whatever it says. */
export type Face = { font: Font; share: number; usual: () => UsualGlyph[] }

type UsualGlyph = { glyphId: number; width: number; character: string }

/** What a character is drawn with; `width` in thousandths of the font's size. */
export type DrawnCharacter = { face: Face; glyphId: number; width: number }

/**
 * What documents say of us and of most people is drawn with these. Each document has them in the same order, so that most have the
 * same font files, which are then cut and compressed once; it has some glyphs that it does not use for that.
 */
const USUAL = ' ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ËëÇçČčĆćĐđŠšŽž.,:;-–/()€'

type DrawnWith = (character: string) => DrawnCharacter

/**
 * A weight. `ascent` is a share of the size; characters are those of lib/platform/printable.ts. `codeDrawnWith` is for codes alone,
 * where a zero must not be taken for an O.
 */
export type DocumentFont = { drawnWith: DrawnWith; codeDrawnWith: DrawnWith; ascent: number }

/** Makes capitals of Noto Sans (714 of 1000) as high as those beside them (668). */
const NOTO_SHARE = 0.935

/**
 * Sets a text character by character: digits of one width, so that amounts line up, but in codes; and no kerning, whose gaps make
 * readers of the text split words. Without kerning a character's glyph is always the same one and is looked up once a
 * process, which a document spends a quarter less time for than for fontkit's layout.
 */
function open(weight: string): DocumentFont {
  const latin = load(`atkinson-hyperlegible-next-${weight}`, 1)
  let others: Face | undefined
  const withFigures = (tnum: boolean): DrawnWith => {
    const known = new Map<string, DrawnCharacter>()
    return character => {
      let drawn = known.get(character)
      if (!drawn) {
        const isLatin = latin.font.hasGlyphForCodePoint(character.codePointAt(0)!)
        if (!isLatin) others ??= load(`noto-sans-${weight}`, NOTO_SHARE)
        const face = isLatin ? latin : others!
        const glyph = face.font.layout(character, { tnum }).glyphs[0]!
        drawn = { face, glyphId: glyph.id, width: (glyph.advanceWidth * 1000) / face.font.unitsPerEm }
        known.set(character, drawn)
      }
      return drawn
    }
  }
  const [drawnWith, codeDrawnWith] = [withFigures(true), withFigures(false)]
  latin.usual = once(() =>
    [...USUAL].flatMap(character =>
      [drawnWith, codeDrawnWith].map(drawn => ({ ...drawn(character), character })),
    ),
  )
  return {
    drawnWith,
    codeDrawnWith,
    ascent: latin.font.ascent / latin.font.unitsPerEm,
  }
}

function load(name: string, share: number): Face {
  const font = openSync(path.join(process.cwd(), 'lib/pdf/fonts', `${name}.ttf`)) as Font
  decodeOnce(font)
  return { font, share, usual: () => [] }
}

const once = <Value>(make: () => Value): (() => Value) => {
  let made: Value | undefined
  return () => (made ??= make())
}

/** So many files are kept: most are the usual one with a letter or two more, of somebody's name. */
const KEPT = 16
const cut = new Map<string, Uint8Array>()

/** The font with these glyphs alone, as `encode` makes it where it was not made before. */
export function cutFont(font: Font, glyphs: number[], encode: () => Uint8Array): Uint8Array {
  const key = `${font.postscriptName} ${glyphs.join()}`
  const known = cut.get(key)
  if (known) return known
  const made = encode()
  cut.set(key, made)
  if (cut.size > KEPT) cut.delete(cut.keys().next().value!)
  return made
}

/** Each document is given the outlines that it uses; without this they were parsed anew for each. */
function decodeOnce(font: Font): void {
  type Decoding = Glyph & { _decode: () => unknown }
  const getGlyph = font.getGlyph.bind(font)
  font.getGlyph = (id, codePoints) => {
    const glyph = getGlyph(id, codePoints) as Decoding
    if (!Object.hasOwn(glyph, '_decode')) {
      const decode = glyph._decode.bind(glyph)
      let decoded: unknown
      glyph._decode = () => (decoded ??= decode())
    }
    return glyph
  }
}

let fonts: { regular: DocumentFont; bold: DocumentFont } | undefined

/** Both weights, parsed once a process: parsing them for each document cost several times the rest of the work. */
export function documentFonts(): { regular: DocumentFont; bold: DocumentFont } {
  fonts ??= { regular: open('regular'), bold: open('bold') }
  return fonts
}

// The typeface of all documents: Atkinson Hyperlegible Next, cut to Latin and the signs that are used.
import path from 'node:path'
import { type Font, type Glyph, type GlyphRun, openSync } from 'fontkit'

/** A parsed font, how wide it sets a text in thousandths of its size, and its ascent as a share of it. */
export type DocumentFont = { font: Font; widthOf: (text: string) => number; ascent: number }

/**
 * Sets a text glyph by glyph: digits of one width, so that amounts line up, and no kerning, whose gaps make readers of
 * the text split words. Without kerning a character's glyph is always the same one and is looked up once a process,
 * which a document spends a quarter less time for than for fontkit's layout.
 */
function open(weight: string): DocumentFont {
  const file = path.join(process.cwd(), 'lib/documents/fonts', `atkinson-hyperlegible-next-${weight}.ttf`)
  const font = openSync(file) as Font
  const layout = font.layout.bind(font)
  const scale = 1000 / font.unitsPerEm
  decodeOnce(font)
  const known = new Map<string, { glyph: Glyph; advance: number }>()
  const glyphOf = (character: string) => {
    let found = known.get(character)
    if (!found) {
      const glyph = layout(character, { tnum: true }).glyphs[0]!
      found = { glyph, advance: glyph.advanceWidth }
      known.set(character, found)
    }
    return found
  }
  font.layout = text => {
    const found = Array.from(text.normalize('NFC'), glyphOf)
    const positions = found.map(({ advance }) => ({
      xAdvance: advance,
      yAdvance: 0,
      xOffset: 0,
      yOffset: 0,
    }))
    return {
      glyphs: found.map(({ glyph }) => glyph),
      positions,
      // Read after pdfkit has scaled the positions.
      get advanceWidth() {
        return positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0)
      },
    } as GlyphRun
  }
  const widthOf = (text: string) => {
    let width = 0
    for (const character of text.normalize('NFC')) width += glyphOf(character).advance
    return width * scale
  }
  return { font, widthOf, ascent: font.ascent / font.unitsPerEm }
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

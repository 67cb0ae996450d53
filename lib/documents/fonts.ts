// The typeface of all documents: Atkinson Hyperlegible Next, cut to Latin and the signs that are used.
import path from 'node:path'
import { type Font, type Glyph, type GlyphRun, openSync } from 'fontkit'

/**
 * Sets a text glyph by glyph: digits of one width, so that amounts line up, and no kerning, whose gaps make readers of
 * the text split words. Without kerning a character's glyph is always the same one and is looked up once a process,
 * which a document spends a quarter less time for than for fontkit's layout.
 */
function simpleLayout(font: Font): Font['layout'] {
  const layout = font.layout.bind(font)
  const known = new Map<string, Glyph>()
  const glyphOf = (character: string): Glyph => {
    const glyph = known.get(character) ?? layout(character, { tnum: true }).glyphs[0]!
    known.set(character, glyph)
    return glyph
  }
  return text => {
    const glyphs = Array.from(text.normalize('NFC'), glyphOf)
    const positions = glyphs.map(glyph => ({
      xAdvance: glyph.advanceWidth,
      yAdvance: 0,
      xOffset: 0,
      yOffset: 0,
    }))
    return {
      glyphs,
      positions,
      // Read after pdfkit has scaled the positions.
      get advanceWidth() {
        return positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0)
      },
    } as GlyphRun
  }
}

function open(weight: string): Font {
  const file = path.join(process.cwd(), 'lib/documents/fonts', `atkinson-hyperlegible-next-${weight}.ttf`)
  const font = openSync(file) as Font
  font.layout = simpleLayout(font)
  return font
}

let fonts: { regular: Font; bold: Font } | undefined

/** Both weights, parsed once a process: parsing them for each document cost several times the rest of the work. */
export function documentFonts(): { regular: Font; bold: Font } {
  fonts ??= { regular: open('regular'), bold: open('bold') }
  return fonts
}

// Sets words in lines: measures, breaks and writes them. Measures are points.
import { languageTag } from '../i18n/locale.ts'
import type { Words } from '../i18n/words.ts'
import { toPrintable } from '../platform/printable.ts'
import { cutFont, type DocumentFont, type DrawnCharacter, documentFonts, type Face } from './fonts.ts'

export const INK = '#1c2430'
export const QUIET = '#545d6b'
const LINE = 1.2
/** Between words and the same words in the second language behind them. */
const BESIDE = 5

export type Style = {
  weight?: 'regular' | 'bold'
  size?: number
  color?: string
  align?: 'left' | 'right'
  /** Set as a code: `styleOf` takes it from the words. */
  isCode?: true
}

/** Words broken to a width; `also` follows the text's only line where both fit, and is under it otherwise. */
export type Block = {
  lines: string[]
  style: Style
  also: string[]
  alsoStyle: Style
  beside: boolean
  width: number
  height: number
}

export const lineHeight = (style: Style) => (style.size ?? 9.5) * LINE

const fontOf = (style: Style): DocumentFont => documentFonts()[style.weight ?? 'regular']

const drawing = (style: Style) => fontOf(style)[style.isCode ? 'codeDrawnWith' : 'drawnWith']

/** The style that words are set in. */
export const styleOf = ({ isCode }: Words, style: Style): Style => (isCode ? { ...style, isCode } : style)

const advance = ({ face, width }: DrawnCharacter): number => face.share * width

export function widthOf(text: string, style: Style): number {
  const drawnWith = drawing(style)
  let width = 0
  for (const character of toPrintable(text)) width += advance(drawnWith(character))
  return (width * (style.size ?? 9.5)) / 1000
}

const styleOfAlso = ({ size = 9.5, align }: Style): Style => ({
  size: Math.max(7, size * 0.74),
  color: QUIET,
  align,
})

/** How wide words are on one line, with the second language behind them. */
export const besideWidth = ({ text, also }: Words, style: Style): number =>
  widthOf(text, style) +
  (also === undefined || also === text ? 0 : BESIDE + widthOf(also, styleOfAlso(style)))

/** How wide words are with the second language under them. */
export const underWidth = ({ text, also = '' }: Words, style: Style): number =>
  Math.max(widthOf(text, style), widthOf(also, styleOfAlso(style)))

/** How wide the widest word is. */
export const wordWidth = ({ text, also = '' }: Words, style: Style): number =>
  Math.max(...`${text} ${also}`.split(' ').map(word => widthOf(word, style)))

export function set(words: Words, width: number, given: Style = {}): Block {
  const style = styleOf(words, given)
  const alsoStyle = styleOfAlso(style)
  const lines = wrap(words.text, width, style)
  const second = words.also === words.text ? undefined : words.also
  const beside = style.align !== 'right' && lines.length === 1 && besideWidth(words, style) <= width
  const also = second === undefined ? [] : beside ? [toPrintable(second)] : wrap(second, width, alsoStyle)
  const under = beside ? 0 : also.length * lineHeight(alsoStyle)
  return { lines, style, also, alsoStyle, beside, width, height: lines.length * lineHeight(style) + under }
}

export function draw(document: PDFKit.PDFDocument, block: Block, x: number, y: number): void {
  const { lines, style, also, alsoStyle, beside, width } = block
  write(document, lines, x, y, width, style)
  if (also.length === 0) return
  // So that a screen reader says them in Albanian.
  document.markContent('Span', { lang: languageTag.sq } as object)
  // Readers of the text must not run the two together: a space that stands in the gap.
  const spaced = [` ${also[0]}`, ...also.slice(1)]
  const space = style.align === 'right' ? 0 : widthOf(' ', alsoStyle)
  if (beside) {
    const shift = widthOf(lines[0]!, style) + BESIDE - space
    const baseline = ((style.size ?? 9.5) - alsoStyle.size!) * fontOf(style).ascent
    write(document, spaced, x + shift, y + baseline, width - shift, alsoStyle)
  } else {
    spaced.forEach((line, index) => {
      const down = lines.length * lineHeight(style) + index * lineHeight(alsoStyle)
      write(document, [line], x - (index === 0 ? space : 0), y + down, width, alsoStyle)
    })
  }
  document.endMarkedContent()
}

/**
 * Writes lines as plain PDF operators: `document.text` measures, breaks and positions each glyph once more, which took a
 * third of a document's time and half of its content.
 */
function write(
  document: PDFKit.PDFDocument,
  lines: string[],
  x: number,
  y: number,
  width: number,
  style: Style,
): void {
  lines.forEach((line, index) => {
    if (line === '') return
    const left = x + (style.align === 'right' ? width - widthOf(line.trimEnd(), style) : 0)
    const baseline = y + index * lineHeight(style) + fontOf(style).ascent * (style.size ?? 9.5)
    // The page counts downwards; letters stand upright again.
    const place = `1 0 0 -1 ${left.toFixed(2)} ${baseline.toFixed(2)} Tm`
    document.addContent(`BT ${colorOf(style)} ${place} ${glyphsOf(document, line, style)} ET`)
  })
}

/** The operators that choose a font and show its glyphs, for each run of characters that one font draws. */
function glyphsOf(document: PDFKit.PDFDocument, line: string, style: Style): string {
  const drawnWith = drawing(style)
  let operators = ''
  let face: Face | undefined
  let font: EmbeddedFont | undefined
  for (const character of line) {
    const drawn = drawnWith(character)
    if (!font || drawn.face !== face) {
      if (font) operators += '> Tj '
      face = drawn.face
      font = embed(document, face)
      operators += `/${font.id} ${Number(((style.size ?? 9.5) * face.share).toFixed(3))} Tf <`
    }
    // Which character a glyph is must be said by each document itself: fontkit remembers what it was first asked for
    // with, and with none at all where it was part of another glyph, as the Z is of Ž.
    const code = font.subset.includeGlyph(drawn.glyphId)
    font.drawn.add(code)
    font.widths[code] ??= drawn.width
    font.unicode[code] ??= [character.codePointAt(0)!]
    operators += code.toString(16).padStart(4, '0')
  }
  return `${operators}> Tj`
}

function embed(document: PDFKit.PDFDocument, { font, usual }: Face): EmbeddedFont {
  const { _font: embedded, page } = document.font(
    font as unknown as string,
    font.postscriptName,
  ) as unknown as Inside
  if (page.fonts[embedded.id]) return embedded
  page.fonts[embedded.id] = embedded.ref()
  if (usual().length === 0) ofTwoScripts.add(document)
  embedded.drawn ??= new Set()
  const { subset, drawn } = embedded
  // On later pages of the document it has them already.
  if (subset.glyphs.length > 1) return embedded
  for (const { glyphId, width, character } of usual()) {
    const code = subset.includeGlyph(glyphId)
    embedded.widths[code] ??= width
    embedded.unicode[code] ??= [character.codePointAt(0)!]
  }
  const encode = subset.encode.bind(subset)
  subset.encode = () => {
    if (ofTwoScripts.has(document)) leaveOut(subset, drawn)
    return cutFont(font, subset.glyphs, encode)
  }
  return embedded
}

/** Few have the font files of such a document, and it has four of them: there what is not drawn would only be heavy. */
const ofTwoScripts = new WeakSet<PDFKit.PDFDocument>()

const NOTHING = 0

/** Each keeps its place; one that is a part of another is taken in anew with that. */
function leaveOut({ glyphs, mapping }: EmbeddedFont['subset'], drawn: Set<number>): void {
  for (const [code, glyphId] of glyphs.entries()) {
    if (drawn.has(code) || glyphId === NOTHING) continue
    delete mapping[glyphId]
    glyphs[code] = NOTHING
  }
}

/** What pdfkit keeps of a font in a document: what its glyphs are, how wide, and which characters; its version is fixed. */
type EmbeddedFont = {
  id: string
  ref(): object
  subset: {
    glyphs: number[]
    mapping: Record<number, number>
    includeGlyph(id: number): number
    encode(): Uint8Array
  }
  /** By their codes, of the glyphs of its subset. */
  drawn: Set<number>
  widths: number[]
  unicode: number[][]
}
type Inside = { _font: EmbeddedFont; page: { fonts: Record<string, object> } }

const colors = new Map<string, string>()

/** `#ff0000` as the operator `1 0 0 rg`. */
function colorOf({ color = INK }: Style): string {
  const known = colors.get(color)
  if (known) return known
  const parts = [1, 3, 5].map(at => Number((Number.parseInt(color.slice(at, at + 2), 16) / 255).toFixed(3)))
  colors.set(color, `${parts.join(' ')} rg`)
  return colorOf({ color })
}

/**
 * Breaks at spaces, which stay at the lines' ends: readers of the text join lines as they are. A word too wide is cut. A
 * line holds one character at least, however narrow it is.
 */
function wrap(words: string, width: number, style: Style): string[] {
  const text = toPrintable(words)
  const drawnWith = drawing(style)
  // Sums of the same widths may differ in their last digit.
  const most = ((width + 0.01) * 1000) / (style.size ?? 9.5)
  const lines: string[] = []
  let start = 0
  let used = 0
  /** Behind the last space of the line, and how wide the line is up to there. */
  let opening = 0
  let usedToOpening = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    used += advance(drawnWith(character))
    if (character === ' ') {
      opening = at + 1
      usedToOpening = used
      continue
    }
    while (used > most && at > start) {
      const end = opening > start ? opening : at
      used = end === at ? advance(drawnWith(character)) : used - usedToOpening
      lines.push(text.slice(start, end))
      start = end
    }
  }
  return [...lines, text.slice(start)]
}

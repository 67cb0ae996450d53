// Sets words in lines: measures, breaks and writes them. Measures are points.
import { languageTag } from '../i18n/locale.ts'
import { type DocumentFont, documentFonts } from './fonts.ts'

export const INK = '#1b2530'
export const QUIET = '#4a5663'
const LINE = 1.2
/** Between words and the same words in the second language behind them. */
const BESIDE = 5

export type Style = {
  weight?: 'regular' | 'bold'
  size?: number
  color?: string
  align?: 'left' | 'right'
}

/** What is said, and `also` in Albanian, the language of the counter, where the document is not in it. */
export type Words = { text: string; also?: string }

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

export const widthOf = (text: string, style: Style): number =>
  (fontOf(style).widthOf(text) * (style.size ?? 9.5)) / 1000

const styleOfAlso = ({ size = 9.5, align }: Style): Style => ({
  size: Math.max(7, size * 0.74),
  color: QUIET,
  align,
})

/** How wide words are on one line, with the second language behind them. */
export const besideWidth = ({ text, also }: Words, style: Style): number =>
  widthOf(text, style) +
  (also === undefined || also === text ? 0 : BESIDE + widthOf(also, styleOfAlso(style)))

export function set(words: Words, width: number, style: Style = {}): Block {
  const alsoStyle = styleOfAlso(style)
  const lines = wrap(words.text, width, style)
  if (words.also === undefined || words.also === words.text)
    return {
      lines,
      style,
      also: [],
      alsoStyle,
      beside: false,
      width,
      height: lines.length * lineHeight(style),
    }
  const beside = style.align !== 'right' && lines.length === 1 && besideWidth(words, style) <= width
  const also = beside ? [words.also] : wrap(words.also, width, alsoStyle)
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
  const size = style.size ?? 9.5
  const { _font: font, page } = document.font(style.weight ?? 'regular') as unknown as Inside
  page.fonts[font.id] ??= font.ref()
  lines.forEach((line, index) => {
    const left = x + (style.align === 'right' ? width - widthOf(line.trimEnd(), style) : 0)
    const baseline = y + index * lineHeight(style) + fontOf(style).ascent * size
    // The page counts downwards; letters stand upright again.
    const place = `1 0 0 -1 ${left.toFixed(2)} ${baseline.toFixed(2)} Tm`
    const glyphs = font.encode(line)[0].join('')
    document.addContent(`BT ${colorOf(style)} ${place} /${font.id} ${size} Tf <${glyphs}> Tj ET`)
  })
}

/** What pdfkit keeps of the chosen font and the page; its version is fixed. */
type Inside = {
  _font: { id: string; ref(): object; encode(text: string): [string[], unknown] }
  page: { fonts: Record<string, object> }
}

const colors = new Map<string, string>()

/** `#ff0000` as the operator `1 0 0 rg`. */
function colorOf({ color = INK }: Style): string {
  const known = colors.get(color)
  if (known) return known
  const parts = [1, 3, 5].map(at => Number((Number.parseInt(color.slice(at, at + 2), 16) / 255).toFixed(3)))
  colors.set(color, `${parts.join(' ')} rg`)
  return colorOf({ color })
}

/** Breaks at spaces, which stay at the lines' ends: readers of the text join lines as they are. A word too wide is cut. */
function wrap(text: string, width: number, style: Style): string[] {
  const fits = (line: string) => widthOf(line, style) <= width
  if (fits(text)) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (fits(longer)) {
      line = longer
      continue
    }
    if (line !== '') lines.push(`${line} `)
    line = word
    while (!fits(line)) {
      let end = line.length - 1
      while (end > 1 && !fits(line.slice(0, end))) end--
      lines.push(line.slice(0, end))
      line = line.slice(end)
    }
  }
  return [...lines, line]
}

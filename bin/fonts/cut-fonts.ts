// Cuts the typeface of pages, and the same for documents, from its makers' files: the letters that documents print, and a zero
// without a slash among the figures of equal width (decision 0019). Written to public/fonts and lib/pdf/fonts by bin/fonts.ts.
import fs from 'node:fs'
import path from 'node:path'
import { create, type Font, type PathCommand } from 'fontkit'
import subsetFont from 'subset-font'
import { isPrintable } from '../../lib/platform/printable.ts'
import { type Point, withGlyph } from './glyph-table.ts'

const MAKERS = 'node_modules/@expo-google-fonts/atkinson-hyperlegible-next'
const NAME = 'atkinson-hyperlegible-next'

/** In units of the font: how much is free on either side of the new zero, and how thick its sides and its top are. */
type Zero = { margin: number; side: number; top: number }
const WEIGHTS: Record<string, Zero & { file: string }> = {
  regular: { file: '400Regular', margin: 70, side: 91, top: 74 },
  bold: { file: '700Bold', margin: 54, side: 144, top: 106 },
}

/** The files by their paths, the same at each run. */
export async function cutFonts(): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const [weight, { file, ...zero }] of Object.entries(WEIGHTS)) {
    const makers = fs.readFileSync(path.join(MAKERS, file, `AtkinsonHyperlegibleNext_${file}.ttf`))
    const font = create(makers) as Font
    const changed = withGlyph(makers, tabularZero(font).id, ring(font, zero))
    const characters = font.characterSet
      .map(code => String.fromCodePoint(code))
      // Greek is set in Noto Sans, of which it has four letters.
      .filter(character => isPrintable(character) && !/\p{Script=Greek}/u.test(character))
      .join('')
    const cut = (targetFormat: 'woff2' | 'truetype') =>
      subsetFont(changed, characters, { targetFormat, keepFeatures: ['kern', 'tnum'] })
    files.set(`public/fonts/${NAME}-${weight}.woff2`, await cut('woff2'))
    files.set(`lib/pdf/fonts/${NAME}-${weight}.ttf`, await cut('truetype'))
  }
  return files
}

const tabularZero = (font: Font) => font.layout('0', { tnum: true }).glyphs[0]!

/** The outer edge of the makers' zero, narrowed to the figures' width, and within it the same shape again, the other way round. */
function ring(font: Font, { margin, side, top }: Zero): Point[][] {
  const outer = firstContour(font.layout('0').glyphs[0]!.path.commands)
  const [left, right] = [Math.min(...outer.map(point => point.x)), Math.max(...outer.map(point => point.x))]
  const [low, high] = [Math.min(...outer.map(point => point.y)), Math.max(...outer.map(point => point.y))]
  const middle = { x: tabularZero(font).advanceWidth / 2, y: (low + high) / 2 }
  const half = { x: middle.x - margin, y: (high - low) / 2 }
  const scaled = (across: number, up: number) =>
    outer.map(({ x, y, isOnCurve }) => ({
      x: Math.round(middle.x + ((x - (left + right) / 2) * 2 * across) / (right - left)),
      y: Math.round(middle.y + ((y - middle.y) * up) / half.y),
      isOnCurve,
    }))
  return [scaled(half.x, half.y), scaled(half.x - side, half.y - top).reverse()]
}

/** As points, the last of which leads back to the first. */
function firstContour(commands: PathCommand[]): Point[] {
  const drawn = commands.slice(
    0,
    commands.findIndex(({ command }) => command === 'closePath'),
  )
  const points = drawn.flatMap(({ args }) => {
    const ends = { x: args.at(-2)!, y: args.at(-1)!, isOnCurve: true }
    return args.length === 4 ? [{ x: args[0]!, y: args[1]!, isOnCurve: false }, ends] : [ends]
  })
  const [first, last] = [points[0]!, points.at(-1)!]
  return first.x === last.x && first.y === last.y ? points.slice(0, -1) : points
}

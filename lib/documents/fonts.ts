// The typeface of all documents: Atkinson Hyperlegible Next, cut to Latin and the signs that are used.
import path from 'node:path'
import { type Font, openSync } from 'fontkit'

/** Digits of one width, so that amounts line up; no kerning, whose gaps make readers of the text split words. */
const FEATURES = { tnum: true, kern: false }

function open(weight: string): Font {
  const file = path.join(process.cwd(), 'lib/documents/fonts', `atkinson-hyperlegible-next-${weight}.ttf`)
  const font = openSync(file) as Font
  const layout = font.layout.bind(font)
  font.layout = text => layout(text, FEATURES)
  return font
}

let fonts: { regular: Font; bold: Font } | undefined

/** Both weights, parsed once a process: parsing them for each document cost several times the rest of the work. */
export function documentFonts(): { regular: Font; bold: Font } {
  fonts ??= { regular: open('regular'), bold: open('bold') }
  return fonts
}

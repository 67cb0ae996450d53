// The typeface's files are what the script makes of the makers' own, and differ from these in one glyph.
import fs from 'node:fs'
import { type Font, openSync } from 'fontkit'
import { expect, it } from 'vitest'
import { cutFonts } from '../../bin/fonts/cut-fonts.ts'
import { widthOf } from '../../lib/pdf/typesetter.ts'

it('is cut by the script that the repository keeps', async () => {
  const files = await cutFonts()
  expect(files.size).toBe(4)
  for (const [file, bytes] of files) expect(bytes.equals(fs.readFileSync(file)), file).toBe(true)
})

it.each([
  ['regular', '400Regular'],
  ['bold', '700Bold'],
])('has plain zeros among figures of equal width, and else what its makers drew, in %s', (weight, makers) => {
  const name = 'atkinson-hyperlegible-next'
  const theirs = openSync(
    `node_modules/@expo-google-fonts/${name}/${makers}/AtkinsonHyperlegibleNext_${makers}.ttf`,
  ) as Font
  for (const file of [`public/fonts/${name}-${weight}.woff2`, `lib/pdf/fonts/${name}-${weight}.ttf`]) {
    const font = openSync(file) as Font
    const glyph = (of: Font, character: string, tnum: boolean) => of.layout(character, { tnum }).glyphs[0]!
    const contours = (tnum: boolean) =>
      glyph(font, '0', tnum).path.commands.filter(({ command }) => command === 'closePath').length
    expect(contours(true)).toBe(2)
    expect(contours(false)).toBe(3)
    for (const figure of '0123456789')
      expect(glyph(font, figure, true).advanceWidth).toBe(glyph(theirs, '0', true).advanceWidth)
    const different = font.characterSet
      .filter(code => code !== 0xffff)
      .flatMap(code => [true, false].map(tnum => [String.fromCodePoint(code), tnum] as const))
      .filter(([character, tnum]) => {
        const [ours, made] = [glyph(font, character, tnum), glyph(theirs, character, tnum)]
        return ours.advanceWidth !== made.advanceWidth || ours.path.toSVG() !== made.path.toSVG()
      })
    expect(different).toEqual([['0', true]])
  }
})

it('sets the figures of codes as wide as each is, and all others equally wide', () => {
  const style = { size: 10 }
  expect(widthOf('0', style)).toBe(widthOf('1', style))
  expect(widthOf('0', { ...style, isCode: true })).toBeGreaterThan(widthOf('1', { ...style, isCode: true }))
})

// What documents say they can print is what their typefaces draw.
import { openSync } from 'fontkit'
import { expect, it } from 'vitest'
import { isPrintable, REPLACEMENT, toPrintable } from '../../lib/platform/printable.ts'

const charactersOf = (name: string) => {
  const font = openSync(`lib/pdf/fonts/${name}.ttf`)
  if (!('characterSet' in font)) throw new Error(`${name} is a collection.`)
  // The end mark of the character table is no character.
  return font.characterSet.filter(code => code !== 0xffff)
}

it.each(['regular', 'bold'])('is what the typefaces draw, in %s', weight => {
  const drawn = ['atkinson-hyperlegible-next', 'noto-sans'].flatMap(name => charactersOf(`${name}-${weight}`))
  const said = Array.from({ length: 0x11_0000 }, (_, code) => code).filter(
    code => toPrintable(String.fromCodePoint(code)) === String.fromCodePoint(code),
  )
  expect(said).toEqual(drawn.sort((a, b) => a - b))
  // Texts are measured and broken by UTF-16 units, and not composed again.
  for (const code of said) {
    expect(code).toBeLessThan(0x1_0000)
    expect(String.fromCodePoint(code).normalize('NFC')).toBe(String.fromCodePoint(code))
  }
})

it.each([
  ['Ë e përbërë', 'E\u0308 e pe\u0308rbe\u0308re\u0308'],
  ['☎️ 044'.replace('☎️', REPLACEMENT), '☎️ 044'],
  ['5', '5\ufe0f'],
  ['a b c', 'a\tb\u2003c'],
  ['a\u00a0b', 'a\u00a0b'],
  ['x\ufffd', 'x\u0323'],
  ['\ufffd\ufffd', '\u200b\u202e'],
  ['\ufffd\ufffd', 'של'],
  ['\ufffd', '😀'],
  ['a\ufffd', 'a\ud83d'],
])('prints %j for %j', (printed, text) => {
  expect(toPrintable(text)).toBe(printed)
  expect(isPrintable(text)).toBe(!printed.includes(REPLACEMENT))
})

// From bytes to text: letters cut by the pieces a file is read in, and which files are Windows-1250.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Unreadable } from '../../lib/feed/csv.ts'
import { assertWindows1250, decodeFile } from '../../lib/feed/decoding.ts'

const PIECE = 256 * 1024

function fileOf(...parts: (string | number[])[]): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-decoding-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'file.csv')
  fs.writeFileSync(file, Buffer.concat(parts.map(part => Buffer.from(part as string))))
  return file
}

async function textOf(file: string, encoding: 'utf-8' | 'windows-1250'): Promise<string> {
  let text = ''
  for await (const piece of decodeFile(file, encoding)) text += piece
  return text
}

const failure = async (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    error => (error as Unreadable).facts,
  )

test('a letter cut by the end of a piece is read whole, a byte order mark is no letter', async () => {
  const start = `\uFEFF${'x'.repeat(PIECE - 4)}`
  expect(await textOf(fileOf(`${start}ëç\n`), 'utf-8')).toBe(`${'x'.repeat(PIECE - 4)}ëç\n`)
  expect(await textOf(fileOf(''), 'utf-8')).toBe('')
})

test('Windows-1250 has the letters of Albanian and Serbian', async () => {
  // Side by side some of them would be letters of UTF-8 too.
  const letters = [0xeb, 0xe7, 0xcb, 0xc7, 0xf0, 0xd0, 0x9a, 0x9e, 0xe8, 0xe6, 0x8a, 0x8e, 0xc8, 0xc6]
  const file = fileOf(letters.flatMap(letter => [letter, 0x20]))
  expect(await failure(textOf(file, 'utf-8'))).toMatchObject({ reason: 'not_utf8' })
  expect(await failure(assertWindows1250(file))).toBeUndefined()
  expect(await textOf(file, 'windows-1250')).toBe('ë ç Ë Ç đ Đ š ž č ć Š Ž Č Ć ')
})

test('a file of both kinds of letters is neither: the line of the first wrong byte is told', async () => {
  const lines = 'a line\n'.repeat(60_000)
  const facts = { reason: 'not_utf8', column: null }
  // The good letter in the first piece, the bad one in the second; and the other way round.
  expect(await failure(assertWindows1250(fileOf('ë\n', lines, [0xeb], '\n')))).toEqual({
    ...facts,
    line: 60_002,
  })
  expect(await failure(assertWindows1250(fileOf('a\n', [0xeb], '\n', lines, 'ë\n')))).toEqual({
    ...facts,
    line: 2,
  })
  // A letter that the file ends within.
  expect(await failure(assertWindows1250(fileOf('ë\n', [0xc3])))).toEqual({ ...facts, line: 2 })
  expect(await failure(assertWindows1250(fileOf('\uFEFFa\n', [0xeb])))).toEqual({ ...facts, line: 2 })
  // A byte that Windows-1250 leaves open.
  expect(await failure(assertWindows1250(fileOf([0xeb], '\n', [0x81])))).toEqual({ ...facts, line: 1 })
})

// The CSV reader: RFC 4180 in pieces of any size, with the line of every row; what is not CSV is refused.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvReader, Unreadable } from '../../lib/feed/csv.ts'

const RUNS = process.env.DEEP ? 20_000 : 300

type Row = { fields: string[]; line: number }

function read(pieces: readonly string[]): Row[] {
  const rows: Row[] = []
  const reader = csvReader((fields, line) => rows.push({ fields, line }))
  for (const piece of pieces) reader.write(piece)
  reader.end()
  return rows
}

const failure = (text: string): [string, number | null] | undefined => {
  try {
    read([text])
    return undefined
  } catch (error) {
    const { reason, line } = (error as Unreadable).facts
    return [reason, line]
  }
}

test('rows, quotes and line breaks inside them, LF and CRLF, with and without a last line end', () => {
  expect(read(['a,b\r\n"x, ""y""\nz",2\n\n,last'])).toEqual([
    { fields: ['a', 'b'], line: 1 },
    { fields: ['x, "y"\nz', '2'], line: 2 },
    { fields: ['', 'last'], line: 5 },
  ])
  expect(read(['a\n'])).toEqual(read(['a']))
  expect(read(['"a"'])).toEqual([{ fields: ['a'], line: 1 }])
  expect(read([''])).toEqual([])
})

test.each([
  ['a quote inside a plain field', 'a,b\n1,x"y\n', 'stray_quote', 2],
  ['text after a closing quote', 'a\n"x"y\n', 'stray_quote', 2],
  ['a quote never closed', 'a\nb\n"x\ny\n', 'unclosed_quote', 3],
  ['a bare carriage return', 'a\nb\rc\n', 'bare_return', 2],
  ['a bare carriage return beside quotes', 'a\n"b"\rc\n', 'bare_return', 2],
  ['lines that end with a carriage return', 'a,b\r1,2\r', 'bare_return', 1],
  ['such lines with quotes', '"a",b\r1,2\r', 'bare_return', 1],
  ['a wrong quote after lines inside quotes', 'a,b\n"x\ny",z"\n', 'stray_quote', 3],
  ['quoted names between semicolons', '"a";"b"\n1;2\n', 'other_separator', 1],
  ['a row without end', `a\n${'x'.repeat(1_000_001)}`, 'row_too_long', 2],
  ['carriage returns without end', 'a,b\r'.repeat(300_000), 'bare_return', 1],
])('%s is not CSV', (_, text, reason, line) => {
  expect(failure(text)).toEqual([reason, line])
})

test('a quote never closed is refused before it fills the memory', () => {
  const reader = csvReader(() => {})
  reader.write('a\n"')
  const piece = 'x'.repeat(300_000)
  expect(() => {
    for (let i = 0; i < 5; i++) reader.write(piece)
  }).toThrow(Unreadable)
})

test('whatever is written is read back, however it is cut', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', 'ë', '"', ',', '\n', '\r', '😀', '\\', ' '),
    maxLength: 6,
  })
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  const print = (value: string, always: boolean) =>
    always || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
  fc.assert(
    fc.property(
      rows,
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      (table, always, crlf, size) => {
        const text = table
          .map(row => row.map(value => print(value, always)).join(','))
          .join(crlf ? '\r\n' : '\n')
        const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
        const found = read(pieces)
        expect(found.map(row => row.fields)).toEqual(table)
        let line = 1
        for (const [i, row] of table.entries()) {
          expect(found[i]!.line).toBe(line)
          line += 1 + row.join('').split('\n').length - 1
        }
      },
    ),
    { numRuns: RUNS, seed: 4180 },
  )
})

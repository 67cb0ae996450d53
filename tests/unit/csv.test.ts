// Tables for other programs begin no formula there, and are not answered where they cannot be read.
import { describe, expect, it } from 'vitest'
import { csvLine, csvStream } from '../../lib/platform/csv.ts'

describe('a cell', () => {
  it.each([
    ['=1+1', `'=1+1`],
    ['+1', `'+1`],
    ['-1', `'-1`],
    ['@a', `'@a`],
    ['\ta', `'\ta`],
    ['\ra', `"'\ra"`],
    [' =1', `' =1`],
    ['\u00a0=1', `'\u00a0=1`],
    ['\u200b=1', `'\u200b=1`],
    ['＝1', `'＝1`],
    ['ACME;=1+1;', `"ACME;'=1+1;"`],
    ['one\n=1', `"one\n'=1"`],
  ])('%j begins no formula, whatever parts it', (cell, line) => {
    expect(csvLine([cell])).toBe(line)
  })

  it('stays as it is where it begins none', () => {
    expect(csvLine(['a=b', 'a,"b"', 3, 'Tirana – Durrës'])).toBe('a=b,"a,""b""",3,Tirana – Durrës')
  })
})

describe('as spreadsheets in Albania, Kosovo and Serbia read it', () => {
  const here = { separator: ';', decimal: ',' } as const

  it.each(['0012345', '202610004123456', '12E4', '10-2026', '3.4.2026'])(
    'the code %s stays a text, with every digit',
    code => expect(csvLine([{ code }, 'x'], here)).toBe(`"\t${code}";x`),
  )

  it.each(['202610004', 'K-2025-12-10442', 'TR0.A0000000000004'])('the code %s needs nothing', code =>
    expect(csvLine([{ code }], here)).toBe(code),
  )

  it('quantities have their decimal mark, below zero too, and no code begins a formula', () => {
    expect(csvLine([{ decimal: '3406.60' }, { decimal: '-5' }, { code: '=1+1' }, 'a;b'], here)).toBe(
      `3406,60;-5;'=1+1;"a;b"`,
    )
    expect(csvLine([{ decimal: '3406.60' }, 'a,b'])).toBe('3406.60,"a,b"')
    expect(csvLine([{ decimal: '1.5' }], { separator: ',', decimal: ',' })).toBe('"1,5"')
  })
})

describe('a file that is read as it is sent', () => {
  async function* pieces(first: () => string) {
    yield first()
    yield 'b\r\n'
  }

  it('has all of it', async () => {
    const { body, headers } = await csvStream(
      pieces(() => 'a\r\n'),
      'letters',
    )
    const read: unknown[] = []
    for await (const piece of body as unknown as AsyncIterable<unknown>) read.push(piece)
    expect(read.map(String).join('')).toBe('a\r\nb\r\n')
    expect(headers.get('content-disposition')).toBe('attachment; filename="letters.csv"')
  })

  it('is none where its beginning cannot be read, nor an empty one', async () => {
    const broken = pieces(() => {
      throw new Error('lost')
    })
    await expect(csvStream(broken, 'letters')).rejects.toThrow('lost')
  })
})

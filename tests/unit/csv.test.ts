// Tables for other programs begin no formula there.
import { describe, expect, it } from 'vitest'
import { csvLine } from '../../lib/platform/csv.ts'

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

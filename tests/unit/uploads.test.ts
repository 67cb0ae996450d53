// Uploaded documents are what their content says, whatever they are called.
import { describe, expect, it } from 'vitest'
import { readUploads } from '../../lib/uploads/commands.ts'
import { recogniseDocument, shownName } from '../../lib/uploads/rules.ts'
import { formWith, jpeg, pdf, png, program } from '../support/files.ts'

const html = Buffer.from('<!doctype html><script>alert(1)</script>')

describe('recognising', () => {
  it.each([
    ['a PDF', pdf, 'application/pdf'],
    ['a JPEG', jpeg, 'image/jpeg'],
    ['a PNG', png, 'image/png'],
    ['a JPEG with something behind its end, as cameras write', Buffer.concat([jpeg, html]), 'image/jpeg'],
    ['a program', program, undefined],
    ['a page', html, undefined],
    ['a picture of another kind', Buffer.from('GIF89a\x01\0\x01\0\0\0\0;'), undefined],
    ['an archive', Buffer.from('504b0304140000000800', 'hex'), undefined],
    ['a drawing that can hold scripts', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), undefined],
    ['nothing', Buffer.alloc(0), undefined],
    ['half a PNG', png.subarray(0, 40), undefined],
    ['half a PDF', pdf.subarray(0, 40), undefined],
    ['a PNG that is a page too', Buffer.concat([png, html]), undefined],
    ['a program that is a PDF too', Buffer.concat([program, pdf]), undefined],
    ['a page that is a PDF too', Buffer.concat([html, pdf]), undefined],
  ])('%s', async (_, bytes, expected) => {
    expect(await recogniseDocument(bytes)).toBe(expected)
  })
})

describe('reading a form', () => {
  const codeOf = async (form: FormData) => {
    const result = await readUploads(form, 'documents')
    return result.ok ? result.value.map(({ name, type }) => `${name} ${type}`) : result.code
  }

  it('goes by content: a PNG called .pdf is a PNG', async () => {
    expect(await codeOf(formWith({ name: 'scan.pdf', bytes: png, type: 'application/pdf' }))).toEqual([
      'scan.pdf image/png',
    ])
  })

  it.each([
    ['no field at all', new FormData(), 'documentRequired'],
    ['what an empty field sends', formWith({ name: '', bytes: Buffer.alloc(0) }), 'documentRequired'],
    [
      'what it sends where a script posts the form',
      formWith({ name: 'undefined', bytes: Buffer.alloc(0) }),
      'documentRequired',
    ],
    ['an empty file', formWith({ name: 'a.pdf', bytes: Buffer.alloc(0) }), 'documentEmpty'],
    ['a program called .pdf', formWith({ name: 'a.pdf', bytes: program }), 'documentType'],
    [
      'one byte over 5 MB',
      formWith({ name: 'a.pdf', bytes: Buffer.concat([pdf, Buffer.alloc(5_000_001 - pdf.length)]) }),
      'documentSize',
    ],
    [
      'six files',
      formWith(...Array.from({ length: 6 }, () => ({ name: 'a.png', bytes: png }))),
      'documentCount',
    ],
    [
      'a good one and a bad one',
      formWith({ name: 'a.png', bytes: png }, { name: 'b.png', bytes: program }),
      'documentType',
    ],
  ])('refuses %s', async (_, form, code) => {
    expect(await codeOf(form)).toBe(code)
  })

  it('takes exactly 5 MB, and five files', async () => {
    const padded = Buffer.concat([
      pdf.subarray(0, 9),
      Buffer.alloc(5_000_000 - pdf.length, '\n'),
      pdf.subarray(9),
    ])
    expect(await codeOf(formWith({ name: 'a.pdf', bytes: padded }))).toEqual(['a.pdf application/pdf'])
    const five = Array.from({ length: 5 }, (_, index) => ({ name: `${index}.png`, bytes: png }))
    expect(await codeOf(formWith(...five))).toHaveLength(5)
  })

  it('ignores a text in the field', async () => {
    const form = new FormData()
    form.append('documents', 'a.pdf')
    expect(await codeOf(form)).toBe('documentRequired')
  })
})

describe('names', () => {
  it.each([
    ['letërnjoftim.pdf', 'letërnjoftim.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\scan.jpg', 'scan.jpg'],
    ['a\u202Egpj.exe\n.png', 'agpj.exe.png'],
    ['', '?'],
    ['x'.repeat(300), 'x'.repeat(100)],
  ])('%j is shown as %j', (name, shown) => {
    expect(shownName(name)).toBe(shown)
  })
})

// Uploaded documents are what their content says, whatever they are called.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { type PictureQueue, redrawPicture } from '../../lib/files/pictures.ts'
import { documentName, recogniseDocument, shownName } from '../../lib/files/rules.ts'
import { claimedPng, heic, jpeg, pdf, png, program } from '../support/files.ts'

const html = Buffer.from('<!doctype html><script>alert(1)</script>')
/** A ZIP with these entries in this order: stored, or deflated and streamed, with what is known of an entry behind it. */
function zip(entries: Record<string, string>, streamed = false): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(entries)) {
    const data = streamed ? deflateRawSync(content) : Buffer.from(content)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(streamed ? 8 : 0, 2)
    facts.writeUInt16LE(streamed ? 8 : 0, 4)
    facts.writeUInt32LE(crc32(content), 10)
    facts.writeUInt32LE(data.length, 14)
    facts.writeUInt32LE(Buffer.byteLength(content), 18)
    facts.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    const behind = streamed
      ? Buffer.concat([Buffer.from('PK\x07\x08'), facts.subarray(10, 22)])
      : Buffer.alloc(0)
    const ahead = Buffer.from(facts)
    if (streamed) ahead.fill(0, 10, 22)
    parts.push(Buffer.concat([Buffer.from('PK\x03\x04'), ahead, Buffer.from(name), data, behind]))
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), facts, place, Buffer.from(name)]))
    offset += parts.at(-1)!.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}

const [types, xml] = ['[Content_Types].xml', '<?xml version="1.0"?><x/>']
const wordTypes =
  '<Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
/** The order that Word writes, and those that Google Docs and LibreOffice do. */
const word = zip({ [types!]: wordTypes, '_rels/.rels': xml!, 'word/document.xml': xml! }, true)
const googleDocs = {
  'word/numbering.xml': xml!,
  'word/document.xml': xml!,
  '_rels/.rels': xml!,
  [types!]: wordTypes,
}
const libreOffice = {
  '_rels/.rels': xml!,
  'docProps/app.xml': xml!,
  'word/document.xml': xml!,
  [types!]: wordTypes,
}
const sheet = { 'docProps/app.xml': xml!, 'xl/workbook.xml': xml!, [types!]: xml! }
const odt = { mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': xml! }
const encrypted = Buffer.from(
  pdf.toString().replace('<</Root 1 0 R>>', '<</Root 1 0 R/Encrypt 9 0 R/ID[<00><00>]>>'),
)

describe('recognising', () => {
  it.each([
    ['a PDF', pdf, 'application/pdf'],
    ['a JPEG', jpeg, 'image/jpeg'],
    ['a PNG', png, 'image/png'],
    ['a program', program, 'documentType'],
    ['a page', html, 'documentType'],
    ['nothing', Buffer.alloc(0), 'documentType'],
    [
      'a drawing that can hold scripts',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'documentType',
    ],
    ['a program that is a PDF too', Buffer.concat([program, pdf]), 'documentType'],
    ['a picture of another kind', Buffer.from('GIF89a\x01\0\x01\0\0\0\0;'), 'documentPicture GIF'],
    ['an iPhone’s photo', heic, 'documentHeic HEIC'],
    ['a Word file', word, 'documentOffice Word'],
    ['a Word file of Google Docs', zip(googleDocs, true), 'documentOffice Word'],
    ['a Word file of LibreOffice', zip(libreOffice, true), 'documentOffice Word'],
    [
      'a Word file that begins with a large picture',
      zip({ 'word/media/image1.jpg': randomBytes(1_500_000).toString('base64'), ...googleDocs }, true),
      'documentOffice Word',
    ],
    ['a Word file, nothing compressed', zip(libreOffice), 'documentOffice Word'],
    ['an Excel file', zip(sheet, true), 'documentOffice Excel'],
    ['a presentation', zip({ [types!]: xml!, 'ppt/presentation.xml': xml! }), 'documentOffice PowerPoint'],
    ['an OpenDocument', zip(odt), 'documentOffice OpenDocument'],
    [
      'an OpenDocument whose kind comes last',
      zip({ 'META-INF/manifest.xml': xml!, 'content.xml': xml!, mimetype: odt.mimetype }, true),
      'documentOffice OpenDocument',
    ],
    ['a document of Pages', zip({ 'Index/Document.iwa': 'a' }), 'documentOffice Apple iWork'],
    ['an archive that only speaks of them', zip({ 'a.txt': 'word/document.xml' }), 'documentArchive ZIP'],
    [
      'a Word file of 2003',
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      'documentOffice Microsoft Office',
    ],
    ['an archive', zip({ 'a.txt': 'a' }), 'documentArchive ZIP'],
    ['an archive with a PDF in it', zip({ 'a.pdf': pdf.toString() }), 'documentArchive ZIP'],
    ['half a PDF', pdf.subarray(0, 40), 'documentDamaged'],
    ['an encrypted PDF', encrypted, 'documentEncrypted'],
    [
      'one that writes the word otherwise',
      Buffer.from(encrypted.toString().replace('/Encrypt', '/#45ncr#79pt')),
      'documentEncrypted',
    ],
    [
      'a PDF that tells of encrypting',
      Buffer.concat([pdf, Buffer.from('%/EncryptMetadata')]),
      'application/pdf',
    ],
    ['a PDF with white space behind', Buffer.concat([pdf, Buffer.alloc(3000, ' \r\n\0')]), 'application/pdf'],
    ['a PDF with much else behind', Buffer.concat([pdf, Buffer.alloc(3000, 'x')]), 'documentDamaged'],
  ])('%s', async (_, bytes, expected) => {
    const found = await recogniseDocument(bytes)
    expect(found.ok ? found.type : [found.code, found.format].filter(Boolean).join(' ')).toBe(expected)
  })

  it.each([
    ['a new line', '\n'],
    ['what a printer wrote', '\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PDF\r\n'],
    ['a page', html.toString()],
    ['1019 spaces', ' '.repeat(1019)],
  ])('a PDF behind %s is that PDF, from its start', async (_, before) => {
    const found = await recogniseDocument(Buffer.concat([Buffer.from(before), pdf]))
    expect(found).toEqual({ ok: true, type: 'application/pdf', bytes: pdf })
  })

  it('such a PDF opens, with its page', async () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'drita-pdf-')), 'a.pdf')
    const found = await recogniseDocument(Buffer.concat([Buffer.from('\x1b%-12345X@PJL JOB\r\n'), pdf]))
    fs.writeFileSync(file, found.ok ? found.bytes : '')
    const { stdout } = spawnSync('pdfinfo', [file], { encoding: 'utf8' })
    fs.rmSync(path.dirname(file), { recursive: true })
    expect(stdout).toMatch(/^Pages: +1$/m)
  })

  it('a PDF that starts too late is none', async () => {
    const late = Buffer.concat([Buffer.alloc(1020, ' '), pdf])
    expect(await recogniseDocument(late)).toEqual({ ok: false, code: 'documentType' })
  })

  it('a PDF is kept byte for byte, so that its signature stays good', async () => {
    const signed = Buffer.concat([pdf, Buffer.from('\n\n')])
    expect(await recogniseDocument(signed)).toMatchObject({ bytes: signed })
  })
})

describe('pictures', () => {
  const photo = () =>
    sharp({ create: { width: 40, height: 20, channels: 3, background: '#c33' } })
      .jpeg()
      .withExif({ IFD0: { Make: 'Kamera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '42/1 39/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .toBuffer()

  it('are upright, and say nothing of where and with what they were taken', async () => {
    const taken = await photo()
    expect(await sharp(taken).metadata()).toMatchObject({ width: 40, orientation: 6 })
    expect(taken.includes('Exif')).toBe(true)
    const drawn = await redrawPicture(taken, 'image/jpeg', 'accounts')
    if (!drawn.ok) throw new Error(drawn.code)
    expect(await sharp(drawn.value).metadata()).toMatchObject({ format: 'jpeg', width: 20, height: 40 })
    expect(Buffer.from(drawn.value).includes('Exif')).toBe(false)
  })

  it.runIf(process.env.DEEP)(
    'straight from a phone’s camera, of almost ten megabytes, fit, are upright and small',
    async () => {
      const taken = await sharp({
        create: {
          ...{ width: 4032, height: 3024, channels: 3, background: '#888' },
          noise: { type: 'gaussian', mean: 128, sigma: 40 },
        },
      })
        .jpeg({ quality: 91 })
        .withMetadata({ orientation: 6 })
        .toBuffer()
      expect(taken.length).toBeGreaterThan(8_000_000)
      expect(taken.length).toBeLessThan(10_000_000)
      const drawn = await redrawPicture(taken, 'image/jpeg', 'accounts')
      if (!drawn.ok) throw new Error(drawn.code)
      expect(await sharp(drawn.value).metadata()).toMatchObject({ width: 1800, height: 2400 })
      expect(drawn.value.length).toBeLessThan(taken.length / 2)
    },
  )

  it('lose what hides behind their end', async () => {
    for (const [picture, type] of [
      [jpeg, 'image/jpeg'],
      [png, 'image/png'],
    ] as const) {
      const drawn = await redrawPicture(Buffer.concat([picture, html]), type, 'accounts')
      expect(drawn.ok && Buffer.from(drawn.value).includes('script')).toBe(false)
    }
  })

  it('are made as small as print needs', async () => {
    const large = await sharp({ create: { width: 3000, height: 1500, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
    const drawn = await redrawPicture(large, 'image/png', 'accounts')
    expect(drawn.ok && (await sharp(drawn.value).metadata())).toMatchObject({ width: 2400, height: 1200 })
  })

  it.each([
    ['four bytes of a JPEG', Buffer.from('ffd8ffe0', 'hex'), 'image/jpeg', 'documentDamaged'],
    [
      'a page that begins like a JPEG',
      Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from('\n<!doctype html><script>1</script>\n')]),
      'image/jpeg',
      'documentDamaged',
    ],
    [
      'a script that begins like a JPEG',
      Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from('\r\n@echo off\r\necho demonstration\r\n')]),
      'image/jpeg',
      'documentDamaged',
    ],
    ['half a JPEG', jpeg.subarray(0, jpeg.length - 20), 'image/jpeg', 'documentDamaged'],
    ['half a PNG', png.subarray(0, 40), 'image/png', 'documentDamaged'],
    [
      'a drawing',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'image/png',
      'documentDamaged',
    ],
    ['a picture of 30,000 × 30,000 pixels', claimedPng(30_000, 30_000), 'image/png', 'documentPixels'],
    ['one a pixel wide', claimedPng(1, 12_001, { colours: 'grey' }), 'image/png', 'documentPixels'],
    ['one a pixel high', claimedPng(12_001, 1, { colours: 'grey' }), 'image/png', 'documentPixels'],
    ['49 megapixels', claimedPng(7000, 7000), 'image/png', 'documentDamaged'],
    ['as many with transparency', claimedPng(7000, 7000, { colours: 'rgba' }), 'image/png', 'documentPixels'],
    ['as many with 16 bits a colour', claimedPng(7000, 7000, { bits: 16 }), 'image/png', 'documentPixels'],
    [
      '37 megapixels with transparency',
      claimedPng(6100, 6100, { colours: 'rgba' }),
      'image/png',
      'documentDamaged',
    ],
  ] as const)('refuses %s', async (_, bytes, type, code) => {
    expect(await redrawPicture(bytes, type, 'strangers')).toEqual({ ok: false, code })
  })

  it('of two at once one does not spoil the other', async () => {
    const [bad, good] = await Promise.all([
      redrawPicture(png.subarray(0, 40), 'image/png', 'accounts'),
      redrawPicture(png, 'image/png', 'accounts'),
    ])
    expect([bad.ok, good.ok]).toEqual([false, true])
  })

  it('of strangers never wait for more than a few, nor people with an account for strangers', async () => {
    const order: string[] = []
    const draw = async (name: string, queue: PictureQueue, bytes: Uint8Array = png) => {
      const drawn = await redrawPicture(bytes, 'image/png', queue)
      order.push(name)
      return drawn.ok || drawn.code
    }
    const large = await sharp({ create: { width: 3000, height: 3000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
    const strangers = Array.from({ length: 10 }, (_, index) => draw(`stranger ${index}`, 'strangers', large))
    expect(await draw('customer', 'accounts')).toBe(true)
    expect(await Promise.all(strangers)).toEqual([...Array(8).fill(true), 'documentBusy', 'documentBusy'])
    expect(order.slice(0, 3)).toEqual(expect.arrayContaining(['stranger 8', 'stranger 9', 'customer']))
    expect(await draw('stranger', 'strangers')).toBe(true)
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

  it.each([
    ['letërnjoftim.pdf', 'application/pdf', 'letërnjoftim.pdf'],
    ['leternjoftimi.bat', 'image/jpeg', 'leternjoftimi.jpg'],
    ['leternjoftimi.html', 'image/jpeg', 'leternjoftimi.jpg'],
    ['leternjoftimi.hta. .', 'application/pdf', 'leternjoftimi.pdf'],
    ['leternjoftimi.jpg.exe', 'image/jpeg', 'leternjoftimi.jpg'],
    ['scan.pdf', 'image/png', 'scan.png'],
    ['IMG_1.JPEG', 'image/jpeg', 'IMG_1.JPEG'],
    ['skanim 12.11.2026', 'application/pdf', 'skanim 12.11.2026.pdf'],
    ['faqja 1. e parë', 'image/png', 'faqja 1. e parë.png'],
    ['', 'image/png', '?.png'],
    [`${'x'.repeat(96)}.exe${' '.repeat(50)}.jpg`, 'image/jpeg', `${'x'.repeat(96)}.jpg`],
  ] as const)('%j as %s is kept as %j', (name, type, kept) => {
    expect(documentName(name, type)).toBe(kept)
  })
})

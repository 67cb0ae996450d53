// Documents to upload, and files that only pretend to be some.
import { crc32, deflateSync } from 'node:zlib'

const PNG_CHUNK = {
  start: Buffer.from('89504e470d0a1a0a', 'hex'),
  header: Buffer.from('0000000d49484452000000010000000108060000001f15c489', 'hex'),
  data: Buffer.from('0000000a49444154789c6300010000050001', 'hex'),
  checksum: Buffer.from('0d0a2db4', 'hex'),
  end: Buffer.from('0000000049454e44ae426082', 'hex'),
}

/** A picture of one pixel. */
export const png = Buffer.concat(Object.values(PNG_CHUNK))

/** A picture of 16 × 8 pixels. */
export const jpeg = Buffer.from(
  '/9j/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZP' +
    'NS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAIABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAA' +
    'AAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAb/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEA' +
    'PwCYAAq3/9k=',
  'base64',
)

/** As the header of a PNG has them. */
const COLOURS = { grey: 0, rgb: 2, rgba: 6 } as const
/** A PNG that says to be this large, and holds only its first kilobyte: decoding it finds it damaged. */
export const claimedPng = (
  width: number,
  height: number,
  { bits = 8, colours = 'rgb' as keyof typeof COLOURS } = {},
) => {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([bits, COLOURS[colours]], 8)
  const data = deflateSync(Buffer.alloc(1000))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The start of a photo as iPhones keep it. */
export const heic = Buffer.from('000000186674797068656963000000006d69663168656963', 'hex')

/** A PDF with one empty page. */
export const pdf = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
)

/** The head of a Windows program. */
export const program = Buffer.concat([
  Buffer.from('MZ'),
  Buffer.alloc(58),
  Buffer.from('PE\0\0'),
  Buffer.alloc(200),
])

/** A form with files in its field `documents`. */
export function formWith(...files: { name: string; bytes: Uint8Array; type?: string }[]): FormData {
  const form = new FormData()
  for (const { name, bytes, type } of files) {
    form.append('documents', new File([new Uint8Array(bytes)], name, { type: type ?? 'application/pdf' }))
  }
  return form
}

// From the bytes of a file to its text: UTF-8, or Windows-1250 where it can be nothing else.
import fs from 'node:fs'
import { Unreadable } from './csv.ts'
import type { Encoding } from './schema.ts'

const PIECE_BYTES = 256 * 1024

/** The bytes of the file at `path`. */
export const piecesOf = (path: string): AsyncIterable<Buffer> =>
  fs.createReadStream(path, { highWaterMark: PIECE_BYTES })

/** The text of the file at `path`, a piece at a time, without a byte order mark. Throws Unreadable. */
export async function* decodeFile(
  path: string,
  encoding: Encoding,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const decode = (bytes?: Buffer) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
    } catch {
      throw new Unreadable('not_utf8', null)
    }
  }
  let isFirst = true
  for await (const bytes of piecesOf(path)) {
    onBytes(bytes.length)
    if (isFirst) refuseOtherFormats(bytes)
    isFirst = false
    yield decode(bytes)
  }
  yield decode()
}

/** UTF-16 by its byte order mark, or by the NUL beside the first letter; Excel's workbooks by how they begin. */
function refuseOtherFormats(start: Buffer): void {
  const [first, second] = start
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (hasMark || first === 0 || second === 0) throw new Unreadable('utf16', null)
  const signature = start.toString('latin1', 0, 4)
  if (signature === 'PK\x03\x04' || signature === '\xd0\xcf\x11\xe0') throw new Unreadable('workbook', null)
}

/** Bytes that Windows-1250 does not have; the decoder makes controls of them. */
const NOT_WINDOWS_1250 = /[\u0081\u0083\u0088\u0090\u0098]/
/** A letter beyond ASCII that was read well. */
const READ_WELL = /[^\0-\x7f\ufffd]/

/**
 * Looks through a file that is not UTF-8. It is Windows-1250 where not one of its letters is UTF-8, as then it was
 * never UTF-8; a file of both is broken, and where is said (Unreadable). No guessing by frequency: chardet and
 * jschardet take short Albanian and Serbian texts for other encodings.
 */
export async function assertWindows1250(path: string): Promise<void> {
  const asUtf8 = new TextDecoder('utf-8')
  const as1250 = new TextDecoder('windows-1250')
  let isWindows1250 = true
  let line = 1
  let badLine: number | undefined
  const look = (bytes?: Buffer) => {
    const text = bytes ? asUtf8.decode(bytes, { stream: true }) : asUtf8.decode()
    if (READ_WELL.test(text) || (bytes && NOT_WINDOWS_1250.test(as1250.decode(bytes)))) isWindows1250 = false
    if (badLine !== undefined) return
    const bad = text.indexOf('\ufffd')
    for (let at = text.indexOf('\n'); at !== -1 && (bad === -1 || at < bad); at = text.indexOf('\n', at + 1))
      line++
    if (bad !== -1) badLine = line
  }
  let isFirst = true
  for await (const bytes of piecesOf(path)) {
    // A mark says UTF-8; the decoder drops it, so it is no letter read well.
    if (isFirst && bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) isWindows1250 = false
    isFirst = false
    look(bytes)
  }
  look()
  if (!isWindows1250) throw new Unreadable('not_utf8', badLine ?? null)
}

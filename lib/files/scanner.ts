// Asks a virus scanner whether a file is clean: clamd, over TCP or a socket file, by its command INSTREAM.
// https://docs.clamav.net/manual/Usage/Scanning.html#clamd
import net from 'node:net'
import { Readable } from 'node:stream'
import { env } from '../platform/env.ts'

const CHUNK_BYTES = 65_536

export const hasScanner = (): boolean => env().CLAMD !== undefined

/**
 * What the scanner says of the bytes; `failed`: it answered, but not that (a file over its StreamMaxLength, for one).
 * Rejects where it does not answer, or is silent for so many seconds.
 */
export async function scan(bytes: Uint8Array, seconds: number): Promise<'clean' | 'infected' | 'failed'> {
  const answer = await ask(bytes, seconds)
  if (/^stream: OK\0?$/.test(answer)) return 'clean'
  return /^stream: .+ FOUND\0?$/.test(answer) ? 'infected' : 'failed'
}

function ask(bytes: Uint8Array, seconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(address())
    let answer = ''
    let isThere = false
    // A file that is too large is refused while it is still being sent; then the answer may be lost with the connection.
    const end = (error: Error) => (isThere ? resolve(answer) : reject(error))
    socket
      .setEncoding('latin1')
      .setTimeout(seconds * 1000, () => {
        isThere = false
        socket.destroy(new Error('The scanner is silent.'))
      })
      .once('connect', () => {
        isThere = true
      })
      .on('data', part => {
        answer += part
      })
      .once('error', end)
      .once('close', () => resolve(answer))
    Readable.from(frames(bytes)).pipe(socket, { end: false })
  })
}

function address(): net.NetConnectOpts {
  const clamd = env().CLAMD!
  if (clamd.startsWith('/')) return { path: clamd }
  const colon = clamd.lastIndexOf(':')
  return { host: clamd.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(clamd.slice(colon + 1)) }
}

/** The command, then chunks with their length before them, then a length of none. */
function* frames(bytes: Uint8Array): Generator<Buffer> {
  yield Buffer.from('zINSTREAM\0')
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const chunk = bytes.subarray(start, start + CHUNK_BYTES)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(chunk.length)
    yield length
    yield Buffer.from(chunk)
  }
  yield Buffer.alloc(4)
}

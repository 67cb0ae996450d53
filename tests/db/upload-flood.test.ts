// A flood of forms with documents: refused before their bodies are read, and few read at once.
import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { rateLimits } from '../../db/schema/limits.ts'
import { sessionToken } from '../../lib/auth/session-cookie.ts'
import { sessionIdOfRequest } from '../../lib/auth/session-of-request.ts'
import { PortalResponse } from '../../lib/http/response.ts'
import { admitUpload, isUpload } from '../../lib/http/uploads.ts'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { testDatabase } from '../support/database.ts'

process.env.LIMIT_UPLOADS_PER_ADDRESS = '12'
process.env.LIMIT_UPLOADS_PER_SESSION = '9'
const db = await testDatabase()
const MEGABYTES = 20 * 1_000_000

/** A server that takes documents as ours does, and keeps a body until `finish`. */
const reading = new Set<http.ServerResponse>()
let bytesRead = 0
const server = http.createServer({ ServerResponse: PortalResponse }, (request, response) => {
  if (!isUpload(request)) return void response.writeHead(200).end('words')
  admitUpload(request, response, sessionIdOfRequest).then(admitted => {
    if (!admitted) return
    reading.add(response)
    // So that the test sees at once that the body is wanted.
    response.writeContinue()
    request.on('data', chunk => {
      bytesRead += chunk.length
    })
  })
})
const finish = async () => {
  for (const response of reading) response.writeHead(200).end('read')
  reading.clear()
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => server.close())
beforeEach(async () => {
  await db.delete(rateLimits)
  bytesRead = 0
})

const sessionCookie = (id: string) => `authjs.session-token=${sessionToken.encode({ token: { sub: id } })}`

/** Announces a body and sends none of it. The address is what headers.ts would have set. */
async function announce(
  address: string,
  { path = '/register/dispute', bytes = MEGABYTES, ...headers }: Record<string, string | number> = {},
) {
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', data => {
    text += data
  })
  socket.on('error', () => {})
  const lines = {
    host: 'localhost',
    accept: 'text/html',
    'x-client-address': address,
    'content-length': bytes,
    ...headers,
  }
  socket.write(`POST ${path} HTTP/1.1\r\n`)
  socket.write(
    Object.entries(lines)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join(''),
  )
  socket.write('\r\n')
  return {
    socket,
    /** The answer: its status, 100 where the server reads the body. */
    answer: async (after = 0) => {
      const status = () => Number([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].at(-1)?.[1] ?? 0)
      for (let turn = 0; turn < 1000 && status() <= after; turn += 1) {
        await new Promise(resolve => setTimeout(resolve, 2))
      }
      return { status: status(), text }
    },
  }
}

const statuses = async (sent: Awaited<ReturnType<typeof announce>>[], after = 0) =>
  (await Promise.all(sent.map(one => one.answer(after)))).map(({ status }) => status)

it('of one address six are read at once, the next is told so with none of it read; then there is room again', async () => {
  const sent = await Promise.all(Array.from({ length: 6 }, (_, turn) => announce('192.0.2.1', { turn })))
  expect(await statuses(sent)).toEqual(Array(6).fill(100))
  const seventh = await announce('192.0.2.1', { 'accept-language': 'sq' })
  const { status, text } = await seventh.answer()
  expect(status).toBe(429)
  expect(text).toMatch(/Retry-After: 30\r\n/)
  expect(text).toContain(catalogue('sq').tooManyUploads.title)
  expect(text).toContain('pas 1 minute.')
  expect(bytesRead).toBe(0)
  // What it sends on is cut off after a moment.
  const closed = once(seventh.socket, 'close')
  seventh.socket.write('x'.repeat(1000))
  await closed
  expect(await statuses([await announce('192.0.2.2')])).toEqual([100])
  await finish()
  expect(await statuses(sent, 100)).toEqual(Array(6).fill(200))
  expect(await statuses([await announce('192.0.2.1')])).toEqual([100])
  await finish()
}, 10_000)

it('of one IPv6 network as of one address, and two of one session, wherever it is', async () => {
  const network = Array.from({ length: 7 }, (_, turn) => announce(`2001:db8:1:2:${turn}::1`))
  expect((await statuses(await Promise.all(network))).filter(status => status === 429)).toHaveLength(1)
  await finish()
  const cookie = `lang=sq; ${sessionCookie('a session')}`
  const ofSession = ['192.0.2.11', '192.0.2.12', '192.0.2.13'].map(address =>
    announce(address, { path: '/account/business', cookie }),
  )
  expect((await statuses(await Promise.all(ofSession))).filter(status => status === 429)).toHaveLength(1)
  await finish()
})

it('whoever is signed in is not kept out by strangers at the same address', async () => {
  const strangers = await Promise.all(Array.from({ length: 7 }, () => announce('192.0.2.70')))
  expect((await statuses(strangers)).filter(status => status === 429)).toHaveLength(1)
  const cookie = sessionCookie('a customer’s')
  const customers = [1, 2, 3].map(() => announce('192.0.2.70', { path: '/account/business', cookie }))
  expect((await statuses(await Promise.all(customers))).sort()).toEqual([100, 100, 429])
  await finish()
})

it('a body that hardly comes loses its place; one that comes, however slowly, keeps it', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const sent = await Promise.all(Array.from({ length: 6 }, () => announce('192.0.2.80')))
    expect(await statuses(sent)).toEqual(Array(6).fill(100))
    const [slow, ...silent] = sent
    const cut = silent.map(({ socket }) => once(socket, 'close'))
    slow!.socket.write('x'.repeat(12_000))
    for (const { socket } of silent) socket.write('x')
    while (bytesRead < 12_000 + silent.length) await new Promise(resolve => setTimeout(resolve, 2))
    vi.advanceTimersByTime(10_000)
    await Promise.all(cut)
    expect(slow!.socket.destroyed).toBe(false)
    while ((await statuses([await announce('192.0.2.80')]))[0] !== 100);
    await finish()
    expect(await statuses([slow!], 100)).toEqual([200])
  } finally {
    vi.useRealTimers()
  }
})

it('a flood that gives up its connections takes no place for long', async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    const sent = await Promise.all([1, 2, 3].map(() => announce('192.0.2.20')))
    expect(await statuses(sent)).toEqual([100, 100, 100])
    for (const { socket } of sent) socket.destroy()
  }
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(await statuses([await announce('192.0.2.20')])).toEqual([100])
  await finish()
})

describe('in an hour', () => {
  it('so many of one address, whatever they were, and scripts are told in their way', async () => {
    for (let turn = 0; turn < 12; turn += 1) {
      expect(await statuses([await announce('192.0.2.30')])).toEqual([100])
      await finish()
    }
    const refused = await (await announce('192.0.2.30', { 'next-action': 'x' })).answer()
    expect(refused.status).toBe(429)
    expect(refused.text).toMatch(/Content-Type: text\/plain/)
    expect(refused.text).toMatch(/UPLOADS 60$/)
    expect(await statuses([await announce('192.0.2.31')])).toEqual([100])
    await finish()
  })

  it('so many of one session, from wherever', async () => {
    const send = async (turn: number, cookie: string) => {
      const status = await statuses([await announce(`192.0.2.${40 + turn}`, { cookie })])
      await finish()
      return status
    }
    // One and the same, however it is written: padded, with another nonce, after one that is made up.
    for (let turn = 0; turn < 9; turn += 1) {
      const written = [`${sessionCookie('another')}==`, sessionCookie('another').replaceAll('A', '%41')][
        turn % 2
      ]
      expect(await send(turn, `authjs.session-token=made-up; ${written}`)).toEqual([100])
    }
    expect(await send(9, sessionCookie('another'))).toEqual([429])
  })

  it('what is not sealed here is nobody’s session', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const cookie = 'authjs.session-token=made-up'
      expect(await statuses([await announce(`192.0.2.${60 + turn}`, { cookie })])).toEqual([100])
    }
    await finish()
  })
})

it('forms of words are not counted, nor pages that take no documents', async () => {
  const sent = await Promise.all([
    ...Array.from({ length: 10 }, () => announce('192.0.2.60', { bytes: 1000 })),
    ...Array.from({ length: 10 }, () => announce('192.0.2.60', { path: '/sign-in' })),
  ])
  expect(await statuses(sent)).toEqual(Array(20).fill(200))
})

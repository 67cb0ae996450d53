// The buffer that every answer passes, on a server that answers what a test says.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import zlib from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest'
import { PortalResponse } from '../../lib/http/response.ts'

type Answer = (response: PortalResponse, request: http.IncomingMessage) => unknown
let answer: Answer
const server = http.createServer({ ServerResponse: PortalResponse }, (request, response) => {
  void answer(response, request)
})
beforeAll(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise(resolve => server.close(resolve)))

/** Asks as it is said, and takes the answer as it comes over the wire. */
async function ask(
  said: Answer,
  headers: http.OutgoingHttpHeaders = {},
  { path = '/', method = 'GET' } = {},
) {
  answer = said
  const { port } = server.address() as AddressInfo
  const request = http.request({ port, path, method, headers, agent: false }).end()
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  const pieces: Buffer[] = []
  for await (const piece of response) pieces.push(piece)
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) }
}

const text = 'O sa mirë! '.repeat(100)
const BROTLI = { 'Accept-Encoding': 'gzip, br' }
const BROWSER = { Accept: 'text/html', 'Accept-Language': 'en' }
const typed =
  (type: string, said: Answer): Answer =>
  (response, request) => {
    response.setHeader('Content-Type', type)
    return said(response, request)
  }

describe('a page with a status of its own', () => {
  const own =
    (status: 404 | 429, waitSeconds?: number): Answer =>
    response => {
      Object.assign(response.answer, { status, waitSeconds })
      response.setHeader('Content-Type', 'text/html')
      response.end(text)
    }

  it('is sent as it is, and is not stored', async () => {
    const found = await ask(own(404), BROWSER)
    expect([found.status, found.body.toString()]).toEqual([404, text])
    expect(found.headers['cache-control']).toBe('private, no-store')
    const limited = await ask(own(429, 3600), BROWSER)
    expect([limited.status, limited.headers['retry-after']]).toEqual([429, '3600'])
    expect(limited.body.toString()).toBe(text)
  })

  it('is the page of what failed, where it did', async () => {
    const failed = await ask(response => {
      response.answer.status = 404
      response.writeHead(500).end()
    }, BROWSER)
    expect([failed.status, failed.body.toString().includes(text)]).toEqual([500, false])
  })
})

describe('a text', () => {
  it('is sent whole and compressed, however it was written', async () => {
    const { headers, body } = await ask(
      typed('text/html', response => {
        response.flushHeaders()
        for (const [at, letter] of [...text].entries()) response.write(letter, () => at)
        response.end()
      }),
      BROTLI,
    )
    expect(headers).toMatchObject({
      'content-encoding': 'br',
      vary: 'Accept-Encoding',
      'content-length': `${body.length}`,
    })
    expect(zlib.brotliDecompressSync(body).toString()).toBe(text)
  })

  it('has its status and headers, given at once or one by one', async () => {
    const { status, headers } = await ask(response => {
      response.writeHead(201, 'Made', { 'Content-Type': 'text/plain', 'X-One': '1' })
      response.end(text)
    }, BROTLI)
    expect([status, headers['x-one'], headers['content-encoding']]).toEqual([201, '1', 'br'])
  })

  it('is left as it is where it is short, or nobody asked for less', async () => {
    const short = await ask(
      typed('text/plain', response => response.end('ë', 'latin1')),
      BROTLI,
    )
    expect([short.headers['content-encoding'], short.body.toString('latin1')]).toEqual([undefined, 'ë'])
    const refused = await ask(
      typed('text/plain', response => response.end(text)),
      { 'Accept-Encoding': 'br;q=0' },
    )
    expect([refused.headers['content-encoding'], refused.body.toString()]).toEqual([undefined, text])
  })

  it('that is very long passes as it comes, no faster than it is taken', async () => {
    const piece = 'x'.repeat(100_000)
    let most = 0
    const { headers, body } = await ask(
      typed('text/csv', async response => {
        const pieces = function* () {
          for (let count = 0; count < 100; count++) {
            most = Math.max(most, response.writableLength)
            yield piece
          }
        }
        await pipeline(Readable.from(pieces()), response)
      }),
      BROTLI,
    )
    expect([headers['content-encoding'], body.length]).toEqual([undefined, 10_000_000])
    // What was kept at first, and what waits for the connection.
    expect(most).toBeLessThan(5_000_000)
  })
})

test('a page that shows a secret is not compressed', async () => {
  const { headers, body } = await ask(
    typed('text/html', response => response.end(text)),
    BROTLI,
    { path: '/account/second-step?q=a' },
  )
  expect([headers['content-encoding'], body.toString()]).toEqual([undefined, text])
})

test('what is no text passes at once', async () => {
  const { headers, body } = await ask(
    typed('application/pdf', async response => {
      response.write('%PDF')
      // The first of it is on its way before the last is made.
      expect(response.headersSent).toBe(true)
      await sleep(1)
      response.end('-1.7')
    }),
    BROTLI,
  )
  expect([headers['content-encoding'], headers['transfer-encoding'], body.toString()]).toEqual([
    undefined,
    'chunked',
    '%PDF-1.7',
  ])
})

test.each([
  ['HEAD', 200, { 'Content-Length': '5000' }],
  ['GET', 304, { ETag: '"a"' }],
  ['GET', 206, { 'Content-Range': 'bytes 0-1099/5000' }],
  ['GET', 200, { 'Content-Encoding': 'gzip' }],
])('%s answered with %i and %o passes', async (method, code, given) => {
  const { status, headers, body } = await ask(
    response => {
      response.writeHead(code, { 'Content-Type': 'text/plain', ...given })
      response.end(method === 'HEAD' || code === 304 ? undefined : text)
    },
    BROTLI,
    { method },
  )
  const names = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value])
  expect([status, headers]).toMatchObject([code, Object.fromEntries(names)])
  expect(body.toString()).toBe(method === 'HEAD' || code === 304 ? '' : text)
})

test('of a client that has left nothing is kept', async () => {
  const { port } = server.address() as AddressInfo
  const written = new Promise<boolean>(resolve => {
    answer = typed('text/html', async response => {
      request.destroy()
      await once(response, 'close')
      resolve(response.write(text))
      response.end()
    })
  })
  const request = http.get({ port, agent: false })
  request.on('error', () => {})
  expect(await written).toBe(false)
})

describe('a file of the build', () => {
  const get = async (path: string) => {
    const file: Answer = response => {
      response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
      response.end(text)
    }
    const { headers, body } = await ask(typed('text/javascript', file), BROTLI, { path })
    expect([headers['content-encoding'], zlib.brotliDecompressSync(body).toString()]).toEqual(['br', text])
  }

  it('is compressed once, whatever is asked after its name', async () => {
    const compress = vi.spyOn(zlib, 'brotliCompressSync')
    for (const query of ['', '?', '?a', '?b=1']) await get(`/_next/static/a.js${query}`)
    expect(compress).toHaveBeenCalledTimes(1)
    compress.mockRestore()
  })

  it('is kept as long as there are no more than a build has', async () => {
    for (let name = 0; name < 300; name++) await get(`/_next/static/${name}.js`)
    const compress = vi.spyOn(zlib, 'brotliCompressSync')
    await get('/_next/static/one-more.js')
    await get('/_next/static/one-more.js')
    await get('/_next/static/a.js')
    expect(compress).toHaveBeenCalledTimes(2)
    compress.mockRestore()
  })
})

describe('an error', () => {
  const failed: Answer = response => {
    response.statusCode = 500
    response.setHeader('Content-Type', 'text/html')
    response.setHeader('ETag', '"of the empty page"')
    response.end('<html id="__next_error__"></html>')
  }

  it('is a page that can be read, for a browser alone', async () => {
    const { status, headers, body } = await ask(failed, BROWSER)
    expect([status, headers.etag, headers['cache-control']]).toEqual([500, undefined, 'private, no-store'])
    expect(body.toString()).toMatch(/<html lang="en-GB">[\s\S]*<h1>Our lights went out for a moment<\/h1>/)
    expect(body.toString()).toMatch(/<a href="tel:080079100">0800 791 00<\/a>/)
    expect((await ask(failed)).body.toString()).toContain('__next_error__')
    expect((await ask(failed, BROWSER, { method: 'HEAD' })).body).toHaveLength(0)
  })

  it('says in each language by which number it is found, a longer one by its beginning', async () => {
    const numbered = (requestId: string) =>
      ask((response, request) => {
        response.answer.requestId = requestId
        return failed(response, request)
      }, BROWSER)
    const ours = (await numbered('4821-0937-6615')).body.toString()
    for (const words of ['tell us this number', 'na thoni këtë numër', 'recite nam ovaj broj'])
      expect(ours).toContain(`${words}: 4821-0937-6615</p>`)
    const longer = (await numbered('0f3a9c4be1d25a6780f3a9c4be1d2567')).body.toString()
    expect(longer).toContain('tell us this number: 0f3a9c4be1d25a</p>')
  })

  it('is in the language that was chosen, else in the browser’s', async () => {
    for (const [cookie, expected] of [
      ['lang=sr', 'sr-Latn'],
      ['lang=xx', 'en-GB'],
    ]) {
      expect((await ask(failed, { ...BROWSER, cookie })).body.toString()).toContain(
        `<html lang="${expected}">`,
      )
    }
  })

  it('of a busy database says so, and one of a form that nobody can read is its sender’s', async () => {
    const busy = await ask((response, request) => {
      response.answer.unavailable = true
      return failed(response, request)
    }, BROWSER)
    expect([busy.status, busy.headers['retry-after']]).toEqual([503, '5'])
    expect(busy.body.toString()).toContain('Try again in a moment')
    const unreadable = await ask((response, request) => {
      response.answer.unreadable = true
      return failed(response, request)
    })
    expect(unreadable.status).toBe(400)
  })

  it('says more than its status where more is known, and to scripts what they were told', async () => {
    const flooded: Answer = response => {
      response.problem = { what: 'tooManyUploads', values: { minutes: 7 } }
      response.writeHead(429, { 'Content-Type': 'text/plain' }).end('UPLOADS 7')
    }
    expect((await ask(flooded, BROWSER)).body.toString()).toContain('in 7 minutes.')
    expect((await ask(flooded)).body.toString()).toBe('UPLOADS 7')
  })
})

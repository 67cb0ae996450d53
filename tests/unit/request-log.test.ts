// What is known of a request once it was answered, its line in the log, and what else is printed there.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest'
import { followAnswer } from '../../lib/http/follow-answer.ts'
import { takeFrameworkWords } from '../../lib/http/framework-words.ts'
import { outsidePattern } from '../../lib/http/inside-address.ts'
import { logRequests } from '../../lib/http/request-log.ts'
import { PortalResponse } from '../../lib/http/response.ts'
import { type Answered, whenAnswered } from '../../lib/platform/answered.ts'
import { answering } from '../../lib/platform/answering.ts'
import { log } from '../../lib/platform/log.ts'
import {
  currentRequestId,
  makeRequestId,
  onBehalfOf,
  onNobodysBehalf,
  readRequestId,
  spokenId,
} from '../../lib/platform/request-id.ts'
import { linesOf, wordsIn, wordsOfAddress } from '../support/log-search.ts'

describe('what the framework complains of', () => {
  const answer = () => ({ unreadable: false, unavailable: false })
  const { warn, error, log: print, info, debug } = console
  beforeAll(takeFrameworkWords)
  afterAll(() => void Object.assign(console, { warn, error, log: print, info, debug }))
  let said: unknown[] = []
  beforeEach(() => {
    said = []
    for (const level of ['warn', 'error'] as const)
      vi.spyOn(log, level).mockImplementation((facts: unknown) => void said.push(facts))
  })
  afterEach(() => void vi.restoreAllMocks())
  const complain = (...words: unknown[]) => answering.run(answer(), () => console.error(...words))
  const here = expect.stringMatching(/^at .*request-log\.test\.ts/)

  it('is told by what there is: an error, one within an object, a text, a thing, nothing at all', () => {
    const broken = Object.assign(new TypeError('arta@example.com'), { code: 'EENVELOPE', digest: '1234567' })
    complain('⨯', broken)
    complain({ error: broken })
    expect(said).toEqual(
      Array(2).fill({ error: 'TypeError', code: 'EENVELOPE', digest: '1234567', place: here }),
    )
    said = []
    complain(Object.assign(new Error('broken off'), { stack: '' }))
    complain(undefined)
    complain({ digest: 'NEXT_REDIRECT;replace;/contracts/oshee/AL0000001;303;' })
    complain('Failed to parse', new Map())
    expect(said).toEqual([
      { error: 'Error', place: here },
      { error: 'undefined', place: here },
      { error: 'Object', place: here },
      { error: 'Map', says: 'Failed to parse', place: here },
    ])
  })

  it('is told in the framework’s own words without what it was sent', () => {
    complain(
      '`origin` header with value `arta.example` does not match. See https://x.example/arta for /invoices/71 of arta@example.com, AL0000001.',
      'Arta Hoxha',
    )
    expect(said).toEqual([
      { error: 'string', says: 'header with value does not match. See for of', place: here },
    ])
  })

  it.each([
    ["Can't parse 'Arben Besnik Hoxha' of form", "Can't parse of form"],
    ["Can't parse 'Arben O'Hara Hoxha' of form, can't go on", "Can't parse of form, can't go on"],
    ['Cannot parse "Arben \\"Beni Besnik Genti\\" Hoxha" of form', 'Cannot parse of form'],
    ["Cannot parse 'Arben \\'Beni Besnik Genti\\' Hoxha' of form", 'Cannot parse of form'],
    ["Can't parse 'Arben Besnik Hoxha", "Can't parse"],
    ['Cannot parse "Arben\nBesnik Hoxha', 'Cannot parse'],
    ["Cannot parse `Arben's form` of 'Besnik", 'Cannot parse of'],
  ])('loses what stands between quotes: %s', (text, says) => {
    complain(text)
    expect(said).toEqual([{ error: 'string', says, place: here }])
  })
})

describe('the number of a request', () => {
  it('can be read out, and is nobody’s choice but a load balancer’s', () => {
    const made = new Set(Array.from({ length: 1000 }, makeRequestId))
    expect(made.size).toBe(1000)
    for (const id of made) {
      expect(id).toMatch(/^\d{4}-\d{4}-\d{4}$/)
      expect(readRequestId(id)).toBe(id)
      expect(spokenId(id)).toBe(id)
    }
    const nginx = '0f3a9c4be1d25a6780f3a9c4be1d2567'
    expect(readRequestId(nginx)).toBe(nginx)
    expect(nginx.startsWith(spokenId(nginx))).toBe(true)
    for (const wrong of [
      undefined,
      '',
      'a',
      'a'.repeat(65),
      'arta@example.com',
      'a b c d e',
      '12345678\n',
      'ë'.repeat(9),
    ])
      expect(readRequestId(wrong), wrong).toBeUndefined()
  })

  it('is the one of the answer, else of whom the job is for, and of a connection’s end nobody’s', () => {
    expect(currentRequestId()).toBeUndefined()
    onBehalfOf('of-a-job', () => {
      expect(currentRequestId()).toBe('of-a-job')
      onBehalfOf(undefined, () => expect(currentRequestId()).toBeUndefined())
      answering.run({ unreadable: false, unavailable: false, requestId: 'of-an-answer' }, () => {
        expect(currentRequestId()).toBe('of-an-answer')
        onNobodysBehalf(() => expect(currentRequestId()).toBeUndefined())
      })
    })
  })
})

describe('an answer', () => {
  let answer: (response: PortalResponse) => unknown
  const told: Answered[] = []
  const server = http.createServer({ ServerResponse: PortalResponse }, (request, response) => {
    followAnswer(request, response)
    void answer(response)
  })
  beforeAll(async () => {
    whenAnswered(one => told.push(one))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => new Promise(resolve => server.close(resolve)))
  beforeEach(() => {
    told.length = 0
  })

  const asked = (path: string, method = 'GET') => {
    const { port } = server.address() as AddressInfo
    const headers = { 'X-Request-Id': '4821-0937-6615', 'Accept-Encoding': 'gzip' }
    return http.request({ port, path, method, headers, agent: false })
  }
  /** What is told, and how many bytes came. */
  async function told1(path: string, method?: string) {
    const [response] = (await once(asked(path, method).end(), 'response')) as [http.IncomingMessage]
    let came = 0
    for await (const piece of response) came += piece.length
    await vi.waitUntil(() => told.length > 0)
    return { ...told[0]!, came }
  }

  it('is told of once, with the bytes that were sent, and without its address', async () => {
    const page = (response: PortalResponse) => {
      Object.assign(response.answer, { route: '/invoices/[id]', accountId: 'opaque' })
      response.setHeader('Content-Type', 'text/html')
      response.write('O sa mirë! '.repeat(300))
      response.end()
    }
    answer = page
    const { came, ...whole } = await told1('/invoices/12?code=AL0000001')
    expect(whole).toMatchObject({
      requestId: '4821-0937-6615',
      method: 'GET',
      route: '/invoices/[id]',
      status: 200,
    })
    expect(whole).toMatchObject({ left: false, accountId: 'opaque', bytes: came, statements: 0 })
    expect(came).toBeLessThan(1000)
    expect(JSON.stringify(whole)).not.toMatch(/AL0000001|\/12/)
    told.length = 0
    expect(await told1('/invoices/12', 'HEAD')).toMatchObject({ bytes: 0, came: 0 })
    told.length = 0
    // As it comes.
    answer = async response => {
      response.setHeader('Content-Type', 'application/pdf')
      await pipeline(['%PDF-', 'ë', Buffer.alloc(3)], response)
    }
    expect(await told1('/invoices/12/pdf')).toMatchObject({ bytes: 10, came: 10, route: 'unmatched' })
    expect(told).toHaveLength(1)
  })

  it.each([
    ['/fonts/a.woff2', 'file'],
    ['/_next/static/chunks/a.js', 'file'],
    ['/api/ready', '/api/ready'],
    ['/contracts/kesco/DPR-6687', 'unmatched'],
  ])('to %s is one of %s', async (path, route) => {
    answer = response => response.writeHead(404).end()
    expect(await told1(path)).toMatchObject({ route, status: 404 })
  })

  it('that its client did not wait for says so', async () => {
    answer = () => {}
    const request = asked('/pay').end()
    request.once('error', () => {})
    await vi.waitUntil(() => request.socket?.bytesWritten)
    setTimeout(() => request.destroy(), 20)
    await vi.waitUntil(() => told.length > 0)
    expect(told).toMatchObject([{ left: true, status: 499 }])
  })

  it('is a line of the log; of a file, and for watchmen, only where somebody looks closely', async () => {
    const lines: unknown[][] = []
    const before = log.level
    log.level = 'info'
    for (const level of ['info', 'debug'] as const)
      vi.spyOn(log, level).mockImplementation((...line: unknown[]) => void lines.push([level, ...line]))
    logRequests()
    answer = response => response.end()
    for (const path of ['/pay', '/fonts/a.woff2', '/api/health']) {
      told.length = 0
      await told1(path)
    }
    expect(lines).toMatchObject([
      ['info', { requestId: '4821-0937-6615', route: 'unmatched', ms: expect.any(Number) }, 'answered'],
      ['debug', { route: 'file' }, 'answered'],
      ['debug', { route: '/api/health' }, 'answered'],
    ])
    vi.restoreAllMocks()
    log.level = before
  })
})

test('an address inside is called by the one that is asked for', () => {
  expect(outsidePattern('/contract-pay')).toBe('/contracts/[biller]/[code]/pay')
  expect(outsidePattern('/contract-requests/[id]')).toBe('/contracts/[biller]/[code]/requests/[id]')
  expect(outsidePattern('/unsubscribe/[token]/answer')).toBe('/unsubscribe/[token]')
  expect(outsidePattern('/contracts/add')).toBe('/contracts/add')
})

test('outside a demonstration whatever is printed is a line of the log, errors without what they say', async () => {
  const program = `
    import { printToLog } from './lib/platform/printed.ts'
    printToLog()
    console.log('\\u001b[1mDrita is ready\\u001b[0m')
    console.warn('')
    console.error('uncaughtException: ', new Error('Arta Hoxha'))
    process.emitWarning('The URL http://a/Arta is invalid', 'DeprecationWarning', 'DEP0170')
    setTimeout(() => { throw new Error('Arta Hoxha') }, 20)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  const lines = out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const told = [
    { level: 30, msg: 'Drita is ready' },
    { level: 50, error: 'Error', msg: 'uncaughtException:' },
    { level: 40, warning: 'DeprecationWarning', code: 'DEP0170' },
    { level: 60, error: 'Error', origin: 'uncaughtException' },
  ]
  expect(lines).toHaveLength(told.length)
  expect(lines).toEqual(expect.arrayContaining(told.map(line => expect.objectContaining(line))))
  expect(out + err).not.toContain('Arta')
  expect([err, status]).toEqual(['', 1])
})

describe('whoever searches a log', () => {
  const found = (line: object, word: string) => wordsIn([{ level: 30, ...line }], [word])

  it('finds what is there in whatever way', () => {
    for (const [line, word] of [
      [{ says: 'no row of Çelik Hoxha' }, 'Çelik'],
      [{ says: 'no row of celik' }, 'Çelik'],
      [{ route: '/contracts/kesco/DPR-6687' }, 'DPR-6687'],
      [{ says: '/register?email=arta%40example.com' }, 'arta@example.com'],
      [{ says: 'Rruga%20e%20Durr%C3%ABsit%204' }, 'Rruga e Durrësit 4'],
      [{ account: 30122451 }, '30122451'],
      [{ facts: { deep: ['+355682000001'] } }, '+355682000001'],
      [{ Mirela: 1 }, 'Mirela'],
    ] as const)
      expect(found(line, word), word).toEqual([word])
  })

  it('takes no number of the log’s own, and no part of a word, for one', () => {
    expect(found({ bytes: 30122451, requestId: '3012-2451-0000' }, '30122451')).toEqual([])
    expect(found({ error: 'Artifact' }, 'Arti')).toEqual([])
  })

  it('knows what of an address nobody else knows', () => {
    expect(wordsOfAddress('http://a/contracts/kesco/DPR-6687/pay?payment=K-2023-04-6687')).toEqual([
      'DPR-6687',
      'K-2023-04-6687',
    ])
    expect(linesOf('Sign in as mirela\nCtrl-C stops it.\n{"level":30}\nodd\n')).toEqual([
      { level: 30 },
      { text: 'odd' },
    ])
  })
})

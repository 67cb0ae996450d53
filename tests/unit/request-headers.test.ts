import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { headerPreparation, OWN_REQUEST } from '../../lib/http/headers.ts'

for (const [name, value] of Object.entries({
  APP_URL: 'https://portal.example',
  AUTH_SECRET: 'x'.repeat(32),
  DEMO: 'off',
  SMTP_URL: 'smtp://localhost',
  MAIL_FROM: 'no-reply@portal.example',
  INFOBIP_BASE_URL: 'https://infobip.example',
  INFOBIP_API_KEY: 'key',
  SMS_SENDER: 'Drita',
  TRUSTED_PROXIES: '127.0.0.9',
})) {
  process.env[name] = value
}
const prepare = headerPreparation(() => ['https://bank.example'])
const server = http.createServer((request, response) => {
  const isOurHost = prepare(request, response)
  response.end(JSON.stringify({ isOurHost, headers: request.headers }))
})
beforeAll(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise(resolve => server.close(resolve)))

type Sent = { isOurHost: boolean; headers: Record<string, string>; given?: string; requestId?: string }

const send = (headers: http.OutgoingHttpHeaders, path = '/help', localAddress = '127.0.0.1') =>
  new Promise<Sent>((resolve, reject) => {
    const { port } = server.address() as AddressInfo
    const request = http.get(
      { port, host: '127.0.0.1', path, headers, agent: false, localAddress },
      answer => {
        const { 'set-cookie': cookies, 'x-request-id': requestId } = answer.headers
        let text = ''
        answer.setEncoding('utf8').on('data', piece => {
          text += piece
        })
        answer.once('end', () => resolve({ ...JSON.parse(text), given: cookies?.[0], requestId }))
      },
    )
    request.once('error', reject)
  })

test.each([
  ['portal.example', true],
  ['Portal.Example:443', true],
  ['portal.example:80', false],
  ['localhost', false],
  ['127.0.0.1:3000', false],
  ['elsewhere.example', false],
])('outside a demonstration the host %s is ours: %s', async (host, isOurs) => {
  const { isOurHost, headers } = await send({ host, 'x-forwarded-host': 'portal.example' })
  expect(isOurHost).toBe(isOurs)
  expect(headers.host).toBe('portal.example')
})

test('a request of our own is the customer’s; nobody else can claim to be one', async () => {
  const claims = { 'x-client-address': '192.0.2.7', 'x-path': '/contracts' }
  const { headers } = await send({ host: 'portal.example', ...claims, [OWN_REQUEST]: 'guessed' })
  expect(headers).toMatchObject({ 'x-client-address': '127.0.0.1', 'x-path': '/help' })
  // As Next.js sends it to this machine, with the headers of the request that it answers.
  const own = { 'x-forwarded-host': headers['x-forwarded-host'], [OWN_REQUEST]: headers[OWN_REQUEST] }
  const again = await send({ ...claims, ...own })
  expect(again.isOurHost).toBe(true)
  expect(again.headers).toMatchObject({
    host: 'portal.example',
    'x-client-address': '192.0.2.7',
    'x-path': '/help',
  })
})

test('a load balancer says what a request is called, in the form of an id; nobody else does', async () => {
  const called = async (given: http.OutgoingHttpHeaders['x-request-id'], from: string) => {
    const { headers, requestId } = await send(
      { host: 'portal.example', 'x-request-id': given },
      '/help',
      from,
    )
    expect(headers['x-request-id']).toBe(requestId)
    return requestId
  }
  const ours = /^\d{4}-\d{4}-\d{4}$/
  expect(await called('7f3a9c4b', '127.0.0.9')).toBe('7f3a9c4b')
  for (const wrong of ['7f3a9c4', 'a'.repeat(65), 'arta@example.com', ['7f3a9c4b', '7f3a9c4c']])
    expect(await called(wrong, '127.0.0.9')).toMatch(ours)
  expect(await called('7f3a9c4b', '127.0.0.1')).toMatch(ours)
  // The page that a form leads to, which Next.js asks for: it is the same request.
  const first = await send({ host: 'portal.example' })
  const own = { 'x-forwarded-host': 'portal.example', [OWN_REQUEST]: first.headers[OWN_REQUEST] }
  expect((await send({ ...own, 'x-request-id': first.requestId })).requestId).toBe(first.requestId)
})

test('a form of ours without a name for its origin gets ours; a foreign one keeps what it has', async () => {
  const origin = async (sent: http.OutgoingHttpHeaders) =>
    (await send({ host: 'portal.example', ...sent })).headers.origin
  expect(await origin({ origin: 'null', 'sec-fetch-site': 'same-origin' })).toBe('https://portal.example')
  expect(await origin({ origin: 'null' })).toBe('https://portal.example')
  expect(await origin({ origin: 'null', 'sec-fetch-site': 'same-site' })).toBe('null')
  expect(await origin({ origin: 'https://evil.example' })).toBe('https://evil.example')
})

test('forms may lead to us and to the banks, and nowhere else', async () => {
  const { headers } = await send({ host: 'portal.example' })
  expect(headers['content-security-policy']).toContain("; form-action 'self' https://bank.example; ")
})

test.each([
  ['/help?_rsc', '/help'],
  ['/help?q=kamata&_rsc=1f3a', '/help?q=kamata'],
  ['/help?_rsc=1f3a&q=kamata', '/help?q=kamata'],
  ['/help?q=_rsc', '/help?q=_rsc'],
])('%s, as the framework asks for it, is the page %s', async (asked, page) => {
  const { headers } = await send({ host: 'portal.example' }, asked)
  expect(headers['x-path']).toBe(page)
})

test('a browser gets a key of its own with its first page, and keeps it', async () => {
  const given = async (sent: http.OutgoingHttpHeaders) =>
    (await send({ host: 'portal.example', accept: 'text/html', ...sent })).given
  expect(await given({})).toMatch(/^cookies=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
  expect(await given({})).not.toBe(await given({}))
  expect(await given({ cookie: 'lang=sq; cookies=kept' })).toMatch(/^cookies=[\w-]{22};/)
  expect(await given({ cookie: `lang=sq; cookies=${'a'.repeat(22)}` })).toBeUndefined()
  expect(await given({ accept: 'image/png' })).toBeUndefined()
})

// What deploy/nginx.conf does with requests, before two nodes that are not the portal.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { checkNginxSample, SAMPLE, startNginx } from '../support/nginx.ts'

type Seen = { node: string; method: string; url: string; headers: http.IncomingHttpHeaders; bytes: number }

const seen: Seen[] = []
/** What a node does with the next request; by default it answers. */
let behaviour: 'answers' | 'cuts' | 'busy' = 'answers'

async function startNode(node: string): Promise<{ port: number; server: http.Server }> {
  const server = http.createServer(async (request, response) => {
    let bytes = 0
    for await (const chunk of request) bytes += (chunk as Buffer).length
    seen.push({ node, method: request.method!, url: request.url!, headers: request.headers, bytes })
    const now = behaviour
    if (now === 'cuts') {
      behaviour = 'answers'
      return void request.socket.destroy()
    }
    // As much as a page's policy and three sealed cookies.
    response.setHeader(
      'Set-Cookie',
      ['one', 'two', 'three'].map(name => `${name}=${'c'.repeat(3500)}`),
    )
    response.setHeader('X-Request-Id', randomUUID())
    if (now === 'busy') response.setHeader('Retry-After', '5')
    response.writeHead(now === 'busy' ? 503 : 200).end(node)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, server }
}

const nodes = [await startNode('first'), await startNode('second')]
const nginx = await startNginx(nodes.map(({ port }) => port))
afterAll(async () => {
  await nginx.stop()
  for (const { server } of nodes) server.closeAllConnections()
  for (const { server } of nodes) server.close()
})

/** Sends one request; what the nodes have seen of it. */
async function send(init: RequestInit = {}, path = '/'): Promise<{ answer: Response; seen: Seen[] }> {
  seen.length = 0
  const answer = await fetch(nginx.url + path, init)
  await answer.arrayBuffer()
  return { answer, seen: [...seen] }
}

test('nginx takes the sample with TLS as it does without', checkNginxSample)

test('a node learns the host that was asked for, the address of who asks, and keeps its connection', async () => {
  const claims = { 'x-forwarded-for': '192.0.2.66', 'x-request-id': 'chosen-by-a-stranger' }
  const { answer, seen } = await send({ headers: claims })
  expect(answer.status).toBe(200)
  expect(answer.headers.getSetCookie()).toHaveLength(3)
  const [{ headers }] = seen as [Seen]
  expect(headers.host).toBe(new URL(nginx.url).host)
  expect(headers['x-forwarded-for']).toMatch(/^192\.0\.2\.66, (127\.0\.0\.1|::1)$/)
  expect(headers.connection).not.toBe('close')
  expect(headers).not.toHaveProperty('x-request-id')
})

test('a form with five documents of 5 MB passes, and one somewhat larger too: the portal says in words that it is', async () => {
  for (const bytes of [25_100_000, 30_000_000]) {
    const { answer, seen } = await send({ method: 'POST', body: Buffer.alloc(bytes) })
    expect([answer.status, seen[0]?.bytes, seen[0]?.headers['content-length']]).toEqual([
      200,
      bytes,
      String(bytes),
    ])
  }
})

test('a page that a node owes is asked of the other; a form is sent once', async () => {
  behaviour = 'cuts'
  const page = await send()
  expect([page.answer.status, new Set(page.seen.map(({ node }) => node)).size]).toEqual([200, 2])
  behaviour = 'cuts'
  const form = await send({ method: 'POST', body: 'pay=1' })
  expect([form.answer.status, form.seen.length]).toEqual([502, 1])
  // Neither is left out for that.
  const both = await Promise.all(Array.from({ length: 4 }, () => fetch(nginx.url)))
  expect(new Set(await Promise.all(both.map(answer => answer.text()))).size).toBe(2)
})

test('a busy database is no reason to ask the other node', async () => {
  behaviour = 'busy'
  const { answer, seen } = await send()
  behaviour = 'answers'
  expect([answer.status, answer.headers.get('retry-after'), seen.length]).toEqual([503, '5', 1])
})

test('where a node does not listen, a form goes to the other', async () => {
  const [gone] = nodes as [(typeof nodes)[0]]
  gone.server.closeAllConnections()
  await new Promise(resolve => gone.server.close(resolve))
  for (let one = 0; one < 6; one++) {
    const { answer, seen } = await send({ method: 'POST', body: 'pay=1' })
    expect([answer.status, seen.map(({ node }) => node)]).toEqual([200, ['second']])
  }
})

test('a request has a number that its node makes, and a line in the log with it and nothing personal', async () => {
  const { answer, seen: given } = await send({ headers: { 'x-request-id': 'made-up-by-a-client' } })
  expect(given[0]!.headers).not.toHaveProperty('x-request-id')
  const made = answer.headers.get('x-request-id')
  for (const path of [
    '/payments/return/sandbox?orderNumber=123',
    '/reset-password/T0ken',
    '/verify/7KQM2XVDRT84HN6P',
    '/contracts/kesco/DPR-6687/pay',
    '/arben@example.com',
  ])
    await send({}, path)
  const lines = () =>
    nginx
      .requests()
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
  await expect
    .poll(() =>
      lines()
        .slice(-5)
        .map(({ area }) => area),
    )
    .toEqual(['/payments', '/reset-password', '/verify', '/contracts', '/arben'])
  expect(lines().find(({ request }) => request === made)).toMatchObject({
    network: '127.0.0',
    method: 'GET',
    status: 200,
    seconds: expect.any(Number),
    bytes: expect.any(Number),
    nodeStatus: expect.stringMatching(/200$/),
  })
  expect(nginx.requests()).not.toMatch(/orderNumber|T0ken|7KQM|DPR|example\.com|127\.0\.0\.1"/)
})

test('nginx gives an idle connection up before a node closes it: no form is sent into one that is just closing', () => {
  const [, kept] = /keepalive_timeout (\d+)s;/.exec(fs.readFileSync(SAMPLE, 'utf8'))!
  const [, keeps] = /KEEP_ALIVE_MS = ([\d_]+)/.exec(fs.readFileSync('server.ts', 'utf8'))!
  expect(Number(kept) * 1000).toBeLessThanOrEqual(Number(keeps!.replace('_', '')) - 10_000)
})

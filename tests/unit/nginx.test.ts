// What docs/nginx.conf does with requests, before two nodes that are not the portal.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { startNginx } from '../support/nginx.ts'

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

test('a node learns the host that was asked for, the address of who asks, and keeps its connection', async () => {
  const { answer, seen } = await send({ headers: { 'x-forwarded-for': '192.0.2.66' } })
  expect(answer.status).toBe(200)
  expect(answer.headers.getSetCookie()).toHaveLength(3)
  const [{ headers }] = seen as [Seen]
  expect(headers.host).toBe(new URL(nginx.url).host)
  expect(headers['x-forwarded-for']).toMatch(/^192\.0\.2\.66, (127\.0\.0\.1|::1)$/)
  expect(headers.connection).not.toBe('close')
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

test('the log leaves out what stands after the question mark, the tokens of links and the codes of certificates', async () => {
  await send({}, '/payments/return/sandbox?orderNumber=123')
  await send({}, '/reset-password/T0ken')
  await send({}, '/verify/7KQM2XVDRT84HN6P')
  await send({}, '/pay/T0kenOfALink')
  await expect.poll(nginx.requests).toContain('"GET /payments/return/sandbox" 200')
  await expect.poll(nginx.requests).toContain('"GET /reset-password/" 200')
  await expect.poll(nginx.requests).toContain('"GET /verify/" 200')
  await expect.poll(nginx.requests).toContain('"GET /pay/" 200')
  expect(nginx.requests()).not.toMatch(/orderNumber|T0ken|7KQM/)
})

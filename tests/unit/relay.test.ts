// The slow line itself: what a test asks of it is what happens, once, and to the request that was meant.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openRelay, type Relay } from '../support/relay.ts'

const PAGE = 'ë'.repeat(5000)

let portal: http.Server
let relay: Relay
/** What the portal carried out, by what was sent. */
let carriedOut: string[]

beforeAll(async () => {
  portal = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    carriedOut.push(body)
    response
      .writeHead(request.url === '/paid' ? 303 : 200, {
        'Set-Cookie': ['a=1', 'b=2'],
        Location: '/receipt',
        'X-Asked': `${request.method} ${request.headers.host} ${request.headers.origin}`,
      })
      .end(PAGE)
  })
  await new Promise<void>(resolve => portal.listen(0, '127.0.0.1', resolve))
  relay = await openRelay({ to: `http://127.0.0.1:${(portal.address() as AddressInfo).port}` })
})
beforeEach(() => {
  carriedOut = []
  relay.arrived.length = 0
})
afterAll(async () => {
  await relay.close()
  portal.close()
})

const send = (body: string, path = '/') =>
  fetch(`${relay.url}${path}`, {
    method: 'POST',
    body,
    headers: { origin: relay.url },
    redirect: 'manual',
    signal: AbortSignal.timeout(5000),
  })
const look = () => fetch(relay.url)

describe('the line', () => {
  test('lets through what is sent as it is sent, and what is answered as it is answered', async () => {
    const answer = await send('name=Ëngjëll', '/paid')
    const { host } = new URL(relay.url)
    expect(answer.status).toBe(303)
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(answer.headers.get('location')).toBe('/receipt')
    expect(answer.headers.get('x-asked')).toBe(`POST ${host} ${relay.url}`)
    expect(await answer.text()).toBe(PAGE)
    expect(carriedOut).toEqual(['name=Ëngjëll'])
    expect((await fetch(relay.url, { method: 'HEAD' })).status).toBe(200)
    expect(relay.arrived).toEqual(['POST /paid', 'HEAD /'])
  })

  test('cuts a request before it arrives: once, and a form where nothing else is said', async () => {
    const cut = relay.cutNextRequest()
    expect((await look()).status).toBe(200)
    await expect(send('first')).rejects.toThrow()
    await cut
    expect((await send('second')).status).toBe(200)
    expect(carriedOut).toEqual(['', 'second'])
  })

  test('loses an answer after its request was carried out', async () => {
    const lost = relay.loseNextAnswer()
    await expect(send('first')).rejects.toThrow()
    await lost
    expect(carriedOut).toEqual(['first'])
  })

  test('gives back half of an answer', async () => {
    void relay.halveNextAnswer()
    const answer = await send('first')
    expect(answer.status).toBe(200)
    let text = ''
    const reading = (async () => {
      const decoder = new TextDecoder()
      for await (const chunk of answer.body!) text += decoder.decode(chunk, { stream: true })
    })()
    await expect(reading).rejects.toThrow()
    expect(text).toBe(PAGE.slice(0, 2500))
    expect(carriedOut).toEqual(['first'])
  })

  test('answers in the portal’s place, and one fault after another', async () => {
    void relay.answerNext(502)
    void relay.answerNext(409, ({ path }) => path === '/paid')
    void relay.cutNextRequest()
    const answer = await send('first')
    expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining('502 Bad Gateway')])
    expect((await send('second', '/paid')).status).toBe(409)
    await expect(send('third', '/paid')).rejects.toThrow()
    expect(carriedOut).toEqual([])
  })

  test('holds an answer until it is released', async () => {
    const { held, release } = relay.holdNextAnswer()
    let answered = false
    const sent = send('first').then(answer => {
      answered = true
      return answer
    })
    await held
    expect(carriedOut).toEqual(['first'])
    expect((await send('second')).status).toBe(200)
    expect(answered).toBe(false)
    release()
    expect((await sent).status).toBe(200)
  })

  test('is slow, down, and back', async () => {
    relay.delay(40)
    const began = performance.now()
    await look()
    expect(performance.now() - began).toBeGreaterThan(35)
    relay.delay(0)
    relay.disconnect()
    await expect(look()).rejects.toThrow()
    expect(relay.arrived).toHaveLength(1)
    relay.connect()
    expect((await look()).status).toBe(200)
  })

  test('is down where there is no portal', async () => {
    const nowhere = await openRelay({ to: 'http://127.0.0.1:9' })
    await expect(fetch(nowhere.url)).rejects.toThrow()
    await nowhere.close()
  })
})

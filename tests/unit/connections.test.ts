// How a server's connections end: what is under way is waited for, but not for as long as the slowest client likes.
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { followConnections } from '../../lib/http/connections.ts'

afterEach(() => vi.useRealTimers())

/** A server that answers once it has the whole of a request, and the connections to it. */
async function startServer() {
  const server = http.createServer((request, response) => {
    request.resume().once('end', () => response.end('whole'))
  })
  const connections = followConnections(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const connect = async (text: string) => {
    const socket = net.connect(port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('latin1').on('data', part => {
      answer += part
    })
    socket.on('error', () => {})
    const closed = new Promise<string>(resolve => socket.once('close', () => resolve(answer)))
    await new Promise<void>(resolve => socket.once('connect', resolve))
    socket.write(text)
    return { socket, closed }
  }
  return { connections, connect }
}

const head = (length: number) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`

test('a form that is still coming is answered, and its connection told that it was the last answer', async () => {
  const { connections, connect } = await startServer()
  const { socket, closed } = await connect(`${head(4)}ab`)
  await sleep(20)
  await connections.stopListening()
  const ended = connections.end(0)
  await sleep(20)
  socket.write('cd')
  expect(await closed).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Connection: close\r\n[\s\S]*whole$/)
  await ended
})

test('one that never comes whole is cut off after ten seconds', async () => {
  const { connections, connect } = await startServer()
  const { closed } = await connect(`${head(4)}ab`)
  await sleep(20)
  await connections.stopListening()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let isOver = false
  const ended = connections.end(0).then(() => {
    isOver = true
  })
  vi.advanceTimersByTime(9_999)
  await sleep(50)
  expect(isOver).toBe(false)
  vi.advanceTimersByTime(1)
  expect(await closed).toBe('')
  await ended
})

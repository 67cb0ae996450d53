// The end of a server's connections, without cutting one on which a request is or may be coming.
import type http from 'node:http'
import net from 'node:net'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'

/** Requests under way at the end may take so long. */
const LONGEST_MS = 10_000
const STEP_MS = 100

export type Connections = {
  /** Nobody connects any more; who is connected stays. */
  stopListening: () => Promise<void>
  /** Each connection ends with the next answer on it; those that nothing comes on for `quietMs` end by themselves. */
  end: (quietMs: number) => Promise<void>
}

/** Connections that the system has accepted, and requests that it has received, are known after the next turn. */
const whatHasArrived = () => setImmediate()

/** Follows a server's from its start. */
export function followConnections(server: http.Server): Connections {
  const sockets = new Set<net.Socket>()
  const answers = new Set<http.ServerResponse>()
  let closing = false
  const makeLast = (answer: http.ServerResponse) => {
    if (!answer.headersSent) answer.setHeader('Connection', 'close')
  }
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.prependListener('request', (_, answer) => {
    answers.add(answer)
    answer.once('close', () => answers.delete(answer))
    if (closing) makeLast(answer)
  })

  const closed = new Promise<void>(resolve => server.once('close', resolve))
  const endQuiet = async () => {
    await whatHasArrived()
    server.closeIdleConnections()
    // Opened ahead by a browser, and never used.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  }

  return {
    // http.Server's own would cut at once what is idle, also where a request has just arrived.
    stopListening: async () => {
      await whatHasArrived()
      net.Server.prototype.close.call(server)
    },
    end: async quietMs => {
      const longest = setTimeout(() => server.closeAllConnections(), LONGEST_MS)
      closing = true
      for (const answer of answers) makeLast(answer)
      await sleep(quietMs)
      void endQuiet()
      const steps = setInterval(endQuiet, STEP_MS)
      await closed
      for (const timer of [longest, steps]) clearTimeout(timer)
    },
  }
}

// The line between customers and the portal, as slow and as broken as a test wants it.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Which request something happens to; where nothing is said, the next form that is sent. */
export type Which = (request: { method: string; path: string }) => boolean

/** What happens next to one request each, in the order they were asked for; a promise resolves when it has happened. */
export type Relay = {
  /** Its address, without a slash at the end. */
  url: string
  /** What arrived, as `POST /sign-in`. */
  arrived: string[]
  /** The request does not arrive. */
  cutNextRequest: (which?: Which) => Promise<void>
  /** The request is carried out, and nothing comes back. */
  loseNextAnswer: (which?: Which) => Promise<void>
  /** Half of the answer comes back. */
  halveNextAnswer: (which?: Which) => Promise<void>
  /** What stands before the portal answers; the request does not arrive. */
  answerNext: (status: number, which?: Which) => Promise<void>
  /** The request is carried out (`held`), and its answer comes back after `release`. */
  holdNextAnswer: (which?: Which) => { held: Promise<void>; release: () => void }
  /** From now on every request takes so much longer. */
  delay: (ms: number) => void
  /** From now on nobody gets through. */
  disconnect: () => void
  connect: () => void
  close: () => Promise<void>
}

type Passed = { status: number; headers: string[]; body: Buffer; part: number }
/** What becomes of a request: `carryOut` has the portal answer it. Without an answer the connection is closed. */
type Fate = (carryOut: () => Promise<Passed>) => Promise<Passed | undefined>

const isForm: Which = ({ method }) => method === 'POST'

/**
 * Opens a line to the portal at `to`, which need not run yet. Host and Origin stay as they are sent: a demonstration takes
 * every name of this machine, and leads back to it; give it `url` as APP_URL where links in messages are followed, too.
 * `received`: gets every request whole, its line, headers and body.
 */
export async function openRelay({ to, received }: { to: string; received?: string[] }): Promise<Relay> {
  const { hostname, port } = new URL(to)
  const arrived: string[] = []
  const fates: { which: Which; fate: Fate; happened: () => void }[] = []
  let delayMs = 0
  let connected = true

  const server = http.createServer(async (incoming, outgoing) => {
    const { method = 'GET', url: path = '/' } = incoming
    const index = fates.findIndex(({ which }) => which({ method, path }))
    const [next] = index < 0 ? [] : fates.splice(index, 1)
    const carryOut = async () => {
      if (!connected) throw new Error('nobody gets through')
      arrived.push(`${method} ${path}`)
      received?.push([`${method} ${path}`, ...incoming.rawHeaders, body.toString('latin1')].join('\n'))
      return ask({ hostname, port, method, path, headers: headersOf(incoming) }, body)
    }
    let body: Buffer
    let answer: Passed | undefined
    try {
      body = await read(incoming)
      await sleep(delayMs)
      answer = await (next?.fate(carryOut) ?? carryOut())
    } catch {
      // The portal is not there, or whoever asked has left.
    }
    if (answer) give(outgoing, answer)
    else breakOff(outgoing)
    next?.happened()
  })
  server.on('connection', socket => connected || socket.destroy())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))

  const then = (fate: Fate, which = isForm) =>
    new Promise<void>(happened => void fates.push({ which, fate, happened }))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    arrived,
    cutNextRequest: which => then(async () => undefined, which),
    loseNextAnswer: which => then(carryOut => carryOut().then(() => undefined), which),
    halveNextAnswer: which => then(carryOut => carryOut().then(half), which),
    answerNext: (status, which) => then(async () => refusal(status), which),
    holdNextAnswer: which => {
      let release = () => {}
      const released = new Promise<void>(resolve => {
        release = resolve
      })
      const held = new Promise<void>(hold => {
        void then(async carryOut => {
          const answer = await carryOut()
          hold()
          await released
          return answer
        }, which)
      })
      return { held, release }
    },
    delay: ms => {
      delayMs = ms
    },
    disconnect: () => {
      connected = false
    },
    connect: () => {
      connected = true
    },
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** As they came, in their order and with every cookie, but for those of one connection alone. */
const headersOf = ({ rawHeaders }: http.IncomingMessage): string[] =>
  without(rawHeaders, /^(connection|keep-alive|transfer-encoding)$/i)

const without = (headers: string[], names: RegExp): string[] =>
  headers.filter((_, index) => !names.test(headers[index - (index % 2)]!))

async function read(stream: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const ask = (options: http.RequestOptions, body: Buffer): Promise<Passed> =>
  new Promise((resolve, reject) => {
    http
      .request({ ...options, agent: false }, async answer => {
        const { statusCode: status = 0 } = answer
        await read(answer).then(
          whole => resolve({ status, headers: headersOf(answer), body: whole, part: 1 }),
          reject,
        )
      })
      .once('error', reject)
      .end(body)
  })

/**
 * With a word that is no HTTP: what got nothing at all browsers send again by themselves, a form too, on a connection that
 * they had kept or opened ahead, and a test would not see what it asked for.
 */
const breakOff = ({ socket }: http.ServerResponse) => socket?.end('broken off\n')

/** One request a connection: none is kept that the other side could close under the next one. */
function give(outgoing: http.ServerResponse, { status, headers, body, part }: Passed): void {
  outgoing.writeHead(status, [...headers, 'Connection', 'close'])
  if (part === 1) return void outgoing.end(body)
  outgoing.write(body.subarray(0, Math.floor(body.length * part)), () => outgoing.destroy())
}

/** Its length is told: Node.js takes a chunked answer that breaks off for a whole one. */
const half = (answer: Passed): Passed => ({
  ...answer,
  headers: [...without(answer.headers, /^content-length$/i), 'Content-Length', String(answer.body.length)],
  part: 0.5,
})

/** As a balancer words it. */
const refusal = (status: number): Passed => ({
  status,
  headers: ['Content-Type', 'text/html'],
  body: Buffer.from(`<html><head><title>${status} ${http.STATUS_CODES[status]}</title></head></html>`),
  part: 1,
})

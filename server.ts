// The portal's HTTP server: what happens before Next.js, and listening (lib/http has the parts).
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import next from 'next'
import { sessionIdOfRequest } from './lib/auth/session-of-request.ts'
import { letGoOfAbortReasons } from './lib/http/abort-reasons.ts'
import { namesTwoHosts, normalAddress } from './lib/http/address.ts'
import { type Connections, followConnections } from './lib/http/connections.ts'
import { routesOf } from './lib/http/entrypoints.ts'
import { makeFrames } from './lib/http/error-pages.ts'
import { followAnswer } from './lib/http/follow-answer.ts'
import { takeFrameworkWords } from './lib/http/framework-words.ts'
import { headerPreparation } from './lib/http/headers.ts'
import { type Health, watchHealth } from './lib/http/health.ts'
import { enterInside } from './lib/http/inside-address.ts'
import { hasJustSent } from './lib/http/just-sent.ts'
import { refuse } from './lib/http/refusals.ts'
import { logRequests } from './lib/http/request-log.ts'
import { PortalResponse } from './lib/http/response.ts'
import { admitUpload, isFeed, isUpload, watchFeed } from './lib/http/uploads.ts'
import { followMaintenance } from './lib/maintenance/queries.ts'
import { checkoutOrigins } from './lib/payments/accounts.ts'
import { answering } from './lib/platform/answering.ts'
import { database } from './lib/platform/database.ts'
import { followDatabaseClock } from './lib/platform/database-clock.ts'
import { env } from './lib/platform/env.ts'
import { errorFacts, log } from './lib/platform/log.ts'

/** A request that takes longer to arrive is dropped; a document over a slow line still fits. */
const REQUEST_TIMEOUT_MS = 120_000
const HEADERS_TIMEOUT_MS = 15_000
/** Longer than load balancers keep theirs, so that they never use a connection that is being closed. */
const KEEP_ALIVE_MS = 75_000
/** After balancers know, a connection that nothing has come on for so long is closed. */
const QUIET_MS = 1_000

/** Banks' addresses are read anew so often. */
const CHECKOUT_ORIGINS_MS = 30_000

export type PortalServer = {
  /** Says that it is not ready and serves for DRAIN_SECONDS, then takes no new connections, and serves those it has. */
  drain: () => Promise<void>
  /** Answers once more on each connection, finishes what is under way for at most ten seconds, and ends. */
  close: () => Promise<void>
}

/** Serves the build in NEXT_DIST_DIR on env().PORT: a demonstration on the loopback addresses only, else on all. */
export async function startServer(): Promise<PortalServer> {
  letGoOfAbortReasons()
  const { PORT, DEMO, DRAIN_SECONDS } = env()
  // Where Next.js fetches the page that a form leads to; it would take the scheme of APP_URL for this machine's.
  process.env.__NEXT_PRIVATE_ORIGIN = `http://127.0.0.1:${PORT}`
  // next.config.ts is read by Node.js itself: Next.js would load a compiler for it, and keep that. Its option `conf` is ignored by a
  // server of one's own (https://github.com/vercel/next.js/issues/87429).
  process.env.__NEXT_NODE_NATIVE_TS_LOADER_ENABLED = 'true'
  // One that never listens: Next.js would take over connections that ask for another protocol, and leave them open.
  const httpServer = http.createServer()
  const app = next({ dev: false, dir: '.', hostname: 'localhost', port: PORT, quiet: true, httpServer })
  await app.prepare()
  takeFrameworkWords()
  logRequests()
  const health = watchHealth()
  const handle: Handler = app.getRequestHandler()
  await makeFrames(handle)
  const formTargets = await followCheckoutOrigins()
  const stopFollowing = await followMaintenance()
  const clockFollowed = await followDatabaseClock(database())
  const answer = requestListener(
    routesOf(process.env.NEXT_DIST_DIR ?? '.next', handle),
    health,
    formTargets.read,
  )
  const listening: Connections[] = []
  const listen = (host: string | undefined) =>
    new Promise<void>((resolve, reject) => {
      const server = http.createServer(
        { keepAliveTimeout: KEEP_ALIVE_MS, ServerResponse: PortalResponse },
        answer,
      )
      server.requestTimeout = REQUEST_TIMEOUT_MS
      server.headersTimeout = HEADERS_TIMEOUT_MS
      const connections = followConnections(server)
      server.once('error', reject)
      server.listen(PORT, host, () => {
        listening.push(connections)
        resolve()
      })
    })

  if (DEMO) {
    await listen('127.0.0.1')
    // A machine without IPv6 has no ::1.
    await listen('::1').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') throw error
    })
  } else {
    await listen(undefined)
  }

  return {
    drain: async () => {
      health.stop()
      await sleep(DRAIN_SECONDS * 1000)
      await Promise.all(listening.map(connections => connections.stopListening()))
    },
    close: async () => {
      await Promise.all(listening.map(connections => connections.end(DRAIN_SECONDS > 0 ? QUIET_MS : 0)))
      await health.end()
      formTargets.stop()
      stopFollowing()
      clockFollowed.stop()
      await app.close()
    },
  }
}

/** Where forms may lead at banks, read anew all the time: accounts are added while the portal serves. */
async function followCheckoutOrigins(): Promise<{ read: () => readonly string[]; stop: () => void }> {
  let origins: readonly string[] = await checkoutOrigins()
  const timer = setInterval(async () => {
    try {
      origins = await checkoutOrigins()
    } catch (error) {
      log.warn(errorFacts(error), 'the banks’ addresses could not be read anew')
    }
  }, CHECKOUT_ORIGINS_MS)
  timer.unref()
  return { read: () => origins, stop: () => clearInterval(timer) }
}

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>

/** What happens to each request before Next.js sees it, and to its answer after. */
function requestListener(
  handle: Handler,
  health: Health,
  formTargets: () => readonly string[],
): (request: http.IncomingMessage, response: PortalResponse) => void {
  const prepare = headerPreparation(formTargets)
  return (request, response) => {
    // What is sent in words that Node takes for no path (`*`, another server's address) is not for this portal.
    const isForUs = request.url?.startsWith('/') && !namesTwoHosts(request)
    const address = isForUs ? normalAddress(request.url!) : undefined
    request.url = address ?? '/404'
    const isOurHost = prepare(request, response)
    followAnswer(request, response)
    if (!isForUs) return void response.writeHead(400, { Connection: 'close' }).end()
    if (health.answer(request, response)) return
    // Misdirected: another name of this machine's, or a load balancer that does not hand on the Host.
    if (!isOurHost) return void response.writeHead(421).end()
    const client = String(request.headers['x-client-address'])
    const hasLeft = () => request.destroyed && !request.complete
    const hasSession = () => sessionIdOfRequest(request) !== undefined
    const isDocument = request.headers.rsc === undefined && request.headers['next-action'] === undefined
    Object.assign(response.answer, { hasLeft, hasSession, address: client, isDocument })
    response.answer.hasJustSent = hasJustSent(request)
    if (address === undefined) return void response.writeHead(404).end()
    // Whatever is done from here on knows for whom.
    answering.run(response.answer, () => {
      if (refuse(request, response)) return
      if (isFeed(request)) watchFeed(request, response)
      enterInside(request, response)
      const answer = () => handle(request, response)
      const answered = isUpload(request)
        ? async () => void ((await admitUpload(request, response, sessionIdOfRequest)) && (await answer()))
        : answer
      answered().catch(error => {
        const { told, route } = response.answer
        if (!told) log.error({ ...errorFacts(error), route }, 'a request failed')
        if (!response.headersSent) response.writeHead(500)
        response.end()
      })
    })
  }
}

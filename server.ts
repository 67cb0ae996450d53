// The portal's HTTP server: what happens before Next.js, and listening (lib/http has the parts).
import http from 'node:http'
import next from 'next'
import { letGoOfAbortReasons } from './lib/http/abort-reasons.ts'
import { compressText } from './lib/http/compression.ts'
import { headerPreparation } from './lib/http/headers.ts'
import { readableErrors } from './lib/http/readable-errors.ts'
import { canBeAsked, refuse } from './lib/http/refusals.ts'
import { env } from './lib/platform/env.ts'
import { errorFacts, log } from './lib/platform/log.ts'

/** A request that takes longer to arrive is dropped; a document over a slow line still fits. */
const REQUEST_TIMEOUT_MS = 120_000
const HEADERS_TIMEOUT_MS = 15_000
/** Longer than load balancers keep theirs, so that they never use a connection that is being closed. */
const KEEP_ALIVE_MS = 75_000
const DRAIN_MS = 10_000

export type PortalServer = {
  /** Takes no new requests, finishes the ones under way for at most ten seconds, then ends. */
  close: () => Promise<void>
}

/** Serves the build in NEXT_DIST_DIR on env().PORT: a demonstration on the loopback addresses only, else on all. */
export async function startServer(): Promise<PortalServer> {
  letGoOfAbortReasons()
  const { PORT, DEMO } = env()
  const app = next({ dev: false, dir: '.', hostname: 'localhost', port: PORT, quiet: true })
  await app.prepare()
  const handle = app.getRequestHandler()
  const prepare = headerPreparation()
  const errors = readableErrors(PORT)
  const servers: http.Server[] = []
  const listen = (host: string | undefined) =>
    new Promise<void>((resolve, reject) => {
      const server = http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
        // There is nothing there, and asking Next.js or PostgreSQL would fail.
        if (!canBeAsked(request.url)) request.url = '/404'
        const standsFor = errors.standsFor(request)
        prepare(request, response)
        if (standsFor) request.headers['x-path'] = standsFor
        errors.watch(request, response)
        if (refuse(request, response)) return
        compressText(request, response)
        handle(request, response).catch(error => {
          log.error(errorFacts(error), 'a request failed')
          if (!response.headersSent) response.writeHead(500)
          response.end()
        })
      })
      server.requestTimeout = REQUEST_TIMEOUT_MS
      server.headersTimeout = HEADERS_TIMEOUT_MS
      server.once('error', reject)
      server.listen(PORT, host, () => {
        servers.push(server)
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
    close: async () => {
      const closed = servers.map(server => new Promise(resolve => server.close(resolve)))
      for (const server of servers) server.closeIdleConnections()
      const timer = setTimeout(() => {
        for (const server of servers) server.closeAllConnections()
      }, DRAIN_MS)
      await Promise.all(closed)
      clearTimeout(timer)
      await app.close()
    },
  }
}

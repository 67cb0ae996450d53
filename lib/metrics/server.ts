// The port on which Prometheus fetches the figures: one address, and nothing of the portal.
import http from 'node:http'
import { prometheusContentType } from '@prometheus-io/client'
import { errorFacts, log } from '../platform/log.ts'

/** Answers `GET /metrics` with what `figures` says. Throws an Error of one sentence where the port is taken. */
export async function serveFigures(
  port: number,
  host: string,
  figures: () => Promise<string>,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const server = http.createServer(async (request, response) => {
    request.resume()
    const path = request.url?.split('?')[0]
    if (request.method !== 'GET' || path !== '/metrics') return void response.writeHead(404).end()
    try {
      const text = await figures()
      response
        .writeHead(200, { 'Content-Type': prometheusContentType, 'Cache-Control': 'no-store' })
        .end(text)
    } catch (error) {
      log.error(errorFacts(error), 'metrics could not be told')
      response.writeHead(500).end()
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is taken: give another one with METRICS_PORT.`)
          : error,
      ),
    )
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as { port: number }).port,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

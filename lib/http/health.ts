// What load balancers and watchmen ask, by any host's name.
import type http from 'node:http'
import { pathOf } from './address.ts'

/** Answers `/api/health` (alive), which asks nobody; false for every other path. */
export function answerHealth(request: http.IncomingMessage, response: http.ServerResponse): boolean {
  if (pathOf(request) !== '/api/health') return false
  request.resume()
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ status: 'ok' }))
  return true
}

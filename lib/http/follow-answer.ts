// What is known of a request once it was answered, told to whoever wants to know (lib/platform/answered.ts).
import type http from 'node:http'
import { isAnybodyTold, tellAnswered } from '../platform/answered.ts'
import { pathOf } from './address.ts'
import { isFile } from './files.ts'
import { REQUEST_ID } from './headers.ts'
import { isHealth } from './health.ts'
import type { PortalResponse } from './response.ts'

/** What nginx writes down for it, too: there was nobody left to answer. */
const CLIENT_LEFT = 499
/** What lies there as it is: no page, and no line of its own. */
export const FILE = 'file'

/** Of a request whose headers are prepared. */
export function followAnswer(request: http.IncomingMessage, response: PortalResponse): void {
  const { answer } = response
  const requestId = String(request.headers[REQUEST_ID])
  answer.requestId = requestId
  if (!isAnybodyTold()) return
  const began = performance.now()
  response.once('close', () => {
    const left = !response.writableFinished
    tellAnswered({
      requestId,
      method: request.method ?? '',
      route: answer.route ?? withoutPattern(pathOf(request)),
      status: left && !response.headersSent ? CLIENT_LEFT : response.statusCode,
      left,
      ms: performance.now() - began,
      statements: answer.statements ?? 0,
      statementMs: answer.statementMs ?? 0,
      slowStatements: answer.slowStatements ?? 0,
      bytes: response.bytes,
      accountId: answer.accountId,
    })
  })
}

/** Of an address that no page or handler was asked for. */
const withoutPattern = (path: string): string => (isHealth(path) ? path : isFile(path) ? FILE : 'unmatched')

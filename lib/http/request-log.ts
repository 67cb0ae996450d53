// A line of the log for each request that was answered; what each of its fields means stands in the README.
import { type Answered, whenAnswered } from '../platform/answered.ts'
import { log } from '../platform/log.ts'
import { FILE } from './follow-answer.ts'
import { isHealth } from './health.ts'

const tenths = (ms: number): number => Math.round(ms * 10) / 10

/** From now on, as far as LOG_LEVEL wants to know. */
export function logRequests(): void {
  if (log.isLevelEnabled('info')) whenAnswered(logRequest)
}

/** A page brings a dozen files, and watchmen ask every second: they are for whoever looks closely. */
function logRequest({ left, ms, statementMs, slowStatements, ...facts }: Answered): void {
  const level = facts.route === FILE || isHealth(facts.route) ? 'debug' : 'info'
  const times = { ms: tenths(ms), statementMs: tenths(statementMs) }
  const slow = slowStatements > 0 ? { slowStatements } : {}
  log[level]({ ...facts, ...times, ...slow }, left ? 'the client left before its answer' : 'answered')
}

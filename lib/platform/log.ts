// Structured log lines on standard output. Nothing personal: ids and codes only, never names, numbers or texts.
import { pino } from 'pino'
import { causes, sentenceOf } from '../../db/errors.ts'
import { noteAlarm } from './alarms.ts'
import { logLevels } from './env.ts'
import { currentRequestId } from './request-id.ts'

/** Each line has the id of the request that it is about, or that caused the job. */
export const log = pino({
  base: undefined,
  // A wrong one is told of where the settings are read.
  level: logLevels.find(level => level === process.env.LOG_LEVEL) ?? 'info',
  timestamp: pino.stdTimeFunctions.isoTime,
  hooks: {
    streamWrite: line => {
      noteAlarm(line)
      return line
    },
  },
  mixin: () => {
    const requestId = currentRequestId()
    return requestId === undefined ? {} : { requestId }
  },
})

const kindOf = (thing: unknown): string =>
  typeof thing === 'object' ? (thing?.constructor?.name ?? String(thing && 'Object')) : typeof thing

/**
 * An error's code and place, and what it says where that is of the connection: else a message may carry the values of a
 * row, or an address that was written to. Of what is no error, its class or type.
 */
export function errorFacts(error: unknown): { error: string; code?: string; says?: string; stack?: string } {
  if (!(error instanceof Error)) return { error: kindOf(error) }
  const code = causes(error).findLast(one => one.code !== undefined)?.code
  // A message may have lines that look like those of a stack.
  const stack = error.stack
    ?.replace(error.message, '')
    .split('\n')
    .filter(line => /^\s+at /.test(line))
    .slice(0, 6)
    .join('\n')
  return { error: error.name, code, says: sentenceOf(error), stack }
}

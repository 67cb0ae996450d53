// Structured log lines on standard output. Nothing personal: ids and codes only, never names, numbers or texts.
import { pino } from 'pino'

export const log = pino({ base: undefined, timestamp: pino.stdTimeFunctions.isoTime })

/** An error's code and place without its message: a database error's message carries the row's values. */
export function errorFacts(error: unknown): { error: string; code?: string; stack?: string } {
  if (!(error instanceof Error)) return { error: typeof error }
  const cause = error.cause as { code?: string; constraint?: string } | undefined
  const { code } = { code: cause?.code ?? (error as { code?: string }).code }
  const stack = error.stack
    ?.split('\n')
    .filter(line => /^\s+at /.test(line))
    .slice(0, 6)
    .join('\n')
  return { error: error.name, code, stack }
}

// What Next.js writes to the console while it answers: into the log as facts, for its words are what it was sent.
import { answering } from '../platform/answering.ts'
import { errorFacts, log } from '../platform/log.ts'
import { mayLog } from '../platform/log-limit.ts'

const METHODS = { log: 'debug', info: 'debug', debug: 'debug', warn: 'warn', error: 'error' } as const

/** From now on; what is written outside of answers stays as it is. */
export function takeFrameworkWords(): void {
  for (const [name, level] of Object.entries(METHODS)) {
    const method = name as keyof typeof METHODS
    const write = console[method].bind(console)
    console[method] = (...words: unknown[]) => {
      if (!answering.getStore()) return write(...words)
      const { error, stack } = errorFacts(words.find(word => word instanceof Error))
      const place = stack?.split('\n')[0]?.trim()
      const few = mayLog(`${error} ${place}`)
      if (few) log[level]({ error, place, ...few }, 'the framework complains of a request')
    }
  }
}

// What is printed by whoever does not know the log, as lines of it: our own words to a person, the framework's, Node's.
import { stripVTControlCharacters } from 'node:util'
import { errorFacts, log } from './log.ts'

const METHODS = { log: 'info', info: 'info', debug: 'debug', warn: 'warn', error: 'error' } as const
const LONGEST = 500

/**
 * From now on, outside a demonstration: nobody sits at the terminal, and what reads the output takes lines of JSON alone. Of an error
 * that was printed, its facts; texts as they are, for what is printed in answers never comes here (lib/http/framework-words.ts).
 */
export function printToLog(): void {
  for (const [method, level] of Object.entries(METHODS)) {
    console[method as keyof typeof METHODS] = (...words: unknown[]) => {
      const error = words.find(word => word instanceof Error)
      const text = stripVTControlCharacters(words.filter(word => typeof word === 'string').join(' ')).trim()
      if (error || text) log[level](error ? errorFacts(error) : {}, text.slice(0, LONGEST) || 'an error')
    }
  }
  // Node's own listener prints it. One that has a code may say what it was given, such as an address.
  process.removeAllListeners('warning')
  process.on('warning', ({ name, code, message }: Error & { code?: string }) =>
    log.warn({ warning: name, code }, code ? 'Node.js warns' : message),
  )
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ ...errorFacts(error), origin }, 'nobody expected this')
    // The framework's listener keeps whoever serves alive.
    if (process.listenerCount('uncaughtException') === 1) process.exit(1)
  })
}

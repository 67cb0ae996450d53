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
    const take = (...words: unknown[]) => {
      if (!answering.getStore()) return write(...words)
      const { place = callOf(take), ...facts } = factsOf(words)
      const few = mayLog(`${facts.error} ${place}`)
      if (few) log[level]({ ...facts, place, ...few }, 'the framework complains of a request')
    }
    console[method] = take
  }
}

type Facts = { error: string; code?: string; says?: string; digest?: string; place?: string }

/** Of the error among the words or in one of them; where there is none, of what there is. */
function factsOf(words: unknown[]): Facts {
  const things = words.filter(word => typeof word === 'object' && word !== null)
  const error = [...things, ...things.flatMap(Object.values)].find(one => one instanceof Error)
  if (!error) {
    const { error: kind } = errorFacts(things[0] ?? words[0])
    return {
      error: kind,
      says: plainWords(words.find(word => typeof word === 'string')),
      ...digestOf(things[0]),
    }
  }
  const { stack, ...facts } = errorFacts(error)
  // One that was thrown with nothing has no stack, nor has the reason of what was broken off (lib/http/abort-reasons.ts).
  return { ...facts, ...digestOf(error), place: stack?.split('\n')[0]?.trim() || undefined }
}

/** A number of the framework's own, or a word of ours; a redirection's has the address. */
const digestOf = (thing: unknown): { digest?: string } => {
  const { digest } = (thing ?? {}) as { digest?: unknown }
  return /^\w{1,40}$/.test(String(digest ?? '')) ? { digest: String(digest) } : {}
}

const MOST_WORDS = 20

/** What stands between quotes; an apostrophe in a word is none. */
const QUOTED = /(["`])(?:\\.|(?!\1)[^\\])*\1|(?<!\w)'(?:\\.|[^'\\]|(?<=\w)'(?=\w))*'(?!\w)/gs
const UNCLOSED = /(?:["`]|(?<!\w)'|'(?!\w)).*$/s

/** The words of a sentence: what it was sent stands between quotes, or has signs and digits. */
function plainWords(text: string | undefined): string | undefined {
  const words = text
    ?.replace(QUOTED, ' ')
    .replace(UNCLOSED, '')
    .split(/\s+/)
    .filter(word => /^[A-Za-z]+(?:['-][A-Za-z]+)*[.,:;!?]*$/.test(word))
  return words?.slice(0, MOST_WORDS).join(' ') || undefined
}

/** Where `take` was called. */
function callOf(take: (...words: unknown[]) => unknown): string | undefined {
  const here: { stack?: string } = {}
  Error.captureStackTrace(here, take)
  return here.stack?.split('\n')[1]?.trim()
}

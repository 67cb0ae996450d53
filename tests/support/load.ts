// Customers who ask again and again, each over a connection that is kept as long as the portal keeps it.
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export type Answer = {
  /** When it was asked for, in ms as `Date.now()`, and how long the answer took. */
  at: number
  ms: number
  /** Undefined: there was none, and `error` says why. */
  status: number | undefined
  error?: string
  /** It says when to come again. */
  retryAfter: boolean
  /** It ended its connection. */
  last: boolean
}

export type Load = {
  answers: Answer[]
  /** Ends it after the answers under way. */
  stop: () => Promise<Answer[]>
}

type Options = {
  connections?: number
  cookie?: string
  /** Milliseconds between an answer and the next question. */
  pauseMs?: number
  /** Each ends once its connection is refused. */
  untilClosed?: boolean
}

/** Asks for these addresses in turn until it is stopped. */
export function startLoad(
  urls: string[],
  { connections = 8, cookie, pauseMs = 0, untilClosed = false }: Options = {},
): Load {
  const answers: Answer[] = []
  let stopping = false
  const customer = async (index: number) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    for (let count = index; !stopping; count++) {
      const answer = await ask(urls[count % urls.length]!, agent, cookie)
      // Whoever is not even let in is taken by a balancer to the next node.
      if (untilClosed && answer.error === 'ECONNREFUSED') break
      answers.push(answer)
      if (pauseMs) await sleep(pauseMs)
    }
    agent.destroy()
  }
  const all = Promise.all(Array.from({ length: connections }, (_, index) => customer(index)))
  return {
    answers,
    stop: async () => {
      stopping = !untilClosed
      await all
      return answers
    },
  }
}

const ask = (url: string, agent: http.Agent, cookie?: string): Promise<Answer> =>
  new Promise(resolve => {
    const at = Date.now()
    const done = (answer: Omit<Answer, 'at' | 'ms'>) => resolve({ at, ms: Date.now() - at, ...answer })
    const failed = ({ code, message }: NodeJS.ErrnoException) =>
      done({ status: undefined, error: code ?? message, retryAfter: false, last: true })
    http
      .get(url, { agent, headers: { accept: 'text/html', ...(cookie && { cookie }) } }, answer => {
        const { statusCode: status, headers } = answer
        answer.resume().once('error', failed)
        answer.once('end', () =>
          done({
            status,
            retryAfter: headers['retry-after'] !== undefined,
            last: headers.connection === 'close',
          }),
        )
      })
      .once('error', failed)
  })

/** How many of each outcome, as `200 × 1234, ECONNRESET × 1`. */
export function outcomes(answers: Answer[]): string {
  const counts = new Map<string, number>()
  for (const { status, error } of answers) {
    const name = String(status ?? error)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts]
    .sort()
    .map(([name, count]) => `${name} × ${count}`)
    .join(', ')
}

// What load balancers and watchmen ask, by any host's name: is the process alive, and can it serve?
import fs from 'node:fs'
import type http from 'node:http'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Watch, watchDatabase } from '../../db/readiness.ts'
import { env } from '../platform/env.ts'
import { errorFacts, log } from '../platform/log.ts'
import { pathOf } from './address.ts'

/** The database is asked so often, however often the portal is. */
const EVERY_MS = 1_000
/** A database that is only busy answers within this time. */
const SILENCE_MS = 10_000
/** Balancers wait no longer for the first answer. */
const FIRST_ANSWER_MS = 2_000

/** `starting`: the database has not answered yet. */
type State = 'ready' | 'starting' | 'stopping' | 'database' | 'migrations' | 'build'

export type Health = {
  /** Answers `/api/health` (alive) and `/api/ready` (can serve); false for every other path. */
  answer: (request: http.IncomingMessage, response: http.ServerResponse) => boolean
  /** From now on not ready. */
  stop: () => void
  end: () => Promise<void>
}

export const isHealth = (path: string): boolean => path === '/api/health' || path === '/api/ready'

export function watchHealth(): Health {
  let stopping = false
  const readiness = watchReadiness()
  const reply = (response: http.ServerResponse, status: number, state: State | 'ok') => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ status: state }))
  }
  return {
    answer: (request, response) => {
      const asked = pathOf(request)
      if (!isHealth(asked)) return false
      request.resume()
      if (asked === '/api/health') reply(response, 200, 'ok')
      else if (stopping) reply(response, 503, 'stopping')
      else
        void readiness.state().then(state => {
          reply(response, state === 'ready' && !stopping ? 200 : 503, stopping ? 'stopping' : state)
        })
      return true
    },
    stop: () => {
      stopping = true
    },
    end: readiness.end,
  }
}

/** Watches from the first question on; answers come from what is known already. */
function watchReadiness() {
  const { DATABASE_URL, DATABASE_DIRECT_URL } = env()
  const build = readBuild()
  let watch: Watch | undefined
  let timer: NodeJS.Timeout | undefined
  let asking: Promise<void> | undefined
  let answeredAt: number | undefined
  let isCurrent = false
  let told: State = 'ready'

  const ask = async () => {
    try {
      isCurrent = await watch!.isCurrent()
      answeredAt = Date.now()
    } catch (error) {
      if (answeredAt === undefined || Date.now() - answeredAt > SILENCE_MS) tell('database', error)
    }
    tell(present())
    asking = undefined
  }
  const askAgain = () => {
    asking ??= ask()
  }
  const present = (): State => {
    if (answeredAt === undefined) return 'starting'
    if (Date.now() - answeredAt > SILENCE_MS) return 'database'
    if (!isCurrent) return 'migrations'
    return readBuild() === build ? 'ready' : 'build'
  }
  const tell = (state: State, error?: unknown) => {
    if (state === told) return
    told = state
    if (state === 'ready') log.info('ready to serve')
    else log.warn({ state, ...(error ? errorFacts(error) : {}) }, 'not ready to serve')
  }

  return {
    state: async (): Promise<State> => {
      if (!watch) {
        watch = watchDatabase([...new Set([DATABASE_URL!, DATABASE_DIRECT_URL ?? DATABASE_URL!])])
        timer = setInterval(askAgain, EVERY_MS).unref()
        askAgain()
      }
      if (answeredAt === undefined)
        await Promise.race([asking, sleep(FIRST_ANSWER_MS, undefined, { ref: false })])
      return present()
    },
    end: async () => {
      clearInterval(timer)
      await watch?.end().catch(() => {})
    },
  }
}

/** Another one in its place, and pages that were not loaded before cannot be. */
function readBuild(): string | undefined {
  try {
    return fs.readFileSync(path.join(process.env.NEXT_DIST_DIR ?? '.next', 'BUILD_ID'), 'utf8')
  } catch {
    return undefined
  }
}

// What is counted of each request that was answered.
import fs from 'node:fs'
import path from 'node:path'
import { Counter, Histogram, type Registry } from '@prometheus-io/client'
import type { Answered } from '../platform/answered.ts'

/**
 * Seconds. A page takes 5 to 20 ms, a sign-in some 100; half a second and one second are bounds, since alerts and goals speak of them.
 */
export const REQUEST_BUCKETS = [0.005, 0.01, 0.02, 0.035, 0.06, 0.1, 0.2, 0.35, 0.5, 1, 2.5, 5, 10]

const UNMATCHED = 'unmatched'
const METHODS = ['GET', 'HEAD', 'POST']

/** Of `public/` and of scripts and styles, whichever they are. */
const FILE = 'file'

/** What the routes of the build are called, by `patternOf` as everywhere; and files. */
export function routesOfBuild(patternOf: (route: string) => string): Set<string> {
  const build = process.env.NEXT_DIST_DIR ?? '.next'
  const text = fs.readFileSync(path.join(build, 'app-path-routes-manifest.json'), 'utf8')
  return new Set([FILE, ...Object.values<string>(JSON.parse(text)).map(patternOf)])
}

/** Adds its metrics to `registry`; returns what to tell of each answer. Whatever is asked for, they have no more series than `routes` allow. */
export function countRequests(registry: Registry, routes: ReadonlySet<string>): (answered: Answered) => void {
  const registers = [registry]
  const seconds = new Histogram({
    name: 'drita_http_request_seconds',
    help: 'From a request to the end of its answer, by the route of the build, the method and the class of the status.',
    labelNames: ['route', 'method', 'status'],
    buckets: REQUEST_BUCKETS,
    registers,
  })
  const responses = new Counter({
    name: 'drita_http_responses_total',
    help: 'Answers by their status.',
    labelNames: ['status'],
    registers,
  })
  const bytes = new Counter({
    name: 'drita_http_response_bytes_total',
    help: 'Bytes of the bodies of answers, as sent.',
    registers,
  })
  const statements = new Counter({
    name: 'drita_statements_total',
    help: 'Statements that requests sent to the database.',
    registers,
  })
  const statementSeconds = new Counter({
    name: 'drita_statement_seconds_total',
    help: 'Seconds until the database had answered them, summed up.',
    registers,
  })
  const slow = new Counter({
    name: 'drita_slow_statements_total',
    help: 'Statements of requests that took longer than 100 ms.',
    labelNames: ['route'],
    registers,
  })
  return answered => {
    const route = routes.has(answered.route) ? answered.route : UNMATCHED
    const method = METHODS.includes(answered.method) ? answered.method : 'other'
    const status = `${Math.trunc(answered.status / 100)}xx`
    seconds.observe({ route, method, status }, answered.ms / 1000)
    responses.inc({ status: answered.status })
    bytes.inc(answered.bytes)
    statements.inc(answered.statements)
    statementSeconds.inc(answered.statementMs / 1000)
    if (answered.slowStatements > 0) slow.inc({ route }, answered.slowStatements)
  }
}

// Answers what app/ has a route for by the entrypoint that the build made of it, as adapters of platforms do ("Invoking
// entrypoints" in the framework's docs). The framework's own router, which finds no other one, asks the file system, rewrites and
// three layers of servers on the way (decision 0038); it answers everything else.
import fs from 'node:fs'
import type http from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { filterInternalHeaders } from 'next/dist/server/lib/server-ipc/utils.js'
import { answering } from '../platform/answering.ts'
import { pathOf } from './address.ts'
import { outsidePattern } from './inside-address.ts'

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>
type Entrypoint = {
  handler: (...answer: [...Parameters<Handler>, context: { requestMeta: object }]) => Promise<void>
}
/** `pattern`: by which the log and metrics speak of all its addresses. */
type Answering = { pattern: string; load: () => Entrypoint }
type Route = { regex: string; page: string }

/**
 * `framework`: its router, which has answered something already: what it then knows of the configuration, entrypoints share.
 * `build`: the folder of the build.
 */
export function routesOf(build: string, framework: Handler): Handler {
  const read = (name: string) => JSON.parse(fs.readFileSync(path.join(build, name), 'utf8'))
  const files: Record<string, string> = read('server/app-paths-manifest.json')
  const { redirects, dynamicRoutes }: Record<'redirects' | 'dynamicRoutes', Route[]> =
    read('routes-manifest.json')
  const load = createRequire(path.resolve(build, 'server/'))
  const entrypoints = new Map<string, Answering>(
    Object.entries<string>(read('app-path-routes-manifest.json'))
      // What they answer has a status of its own.
      .filter(([, route]) => !route.startsWith('/_'))
      .map(([page, route]) => [
        route,
        {
          pattern: outsidePattern(route),
          load: () => load(path.resolve(build, 'server', files[page]!)) as Entrypoint,
        },
      ]),
  )
  const patterns = dynamicRoutes.map(({ regex, page }) => ({ regex: new RegExp(regex), page }))
  const redirected = redirects.map(({ regex }) => new RegExp(regex))

  const entrypointOf = (asked: string) => {
    if (redirected.some(regex => regex.test(asked))) return undefined
    return (
      entrypoints.get(asked) ?? entrypoints.get(patterns.find(({ regex }) => regex.test(asked))?.page ?? '')
    )
  }
  return async (request, response) => {
    const entrypoint = entrypointOf(pathOf(request))
    if (!entrypoint) return framework(request, response)
    const answer = answering.getStore()
    if (answer) answer.route = entrypoint.pattern
    // What only the framework says to itself.
    filterInternalHeaders(request.headers)
    // Who goes away is told nothing.
    for (const stream of [request, response]) stream.on('error', () => {})
    const { handler } = await entrypoint.load()
    await handler(request, response, { requestMeta: { relativeProjectDir: '', hostname: 'localhost' } })
  }
}

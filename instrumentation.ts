// What Next.js tells of pages, actions and route handlers that failed.
import type { Instrumentation } from 'next'

/** Logs the error and the route, never the address: it may hold a token or a contract code. */
export const onRequestError: Instrumentation.onRequestError = async (error, _, { routePath, routeType }) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { errorFacts, log } = await import('./lib/platform/log.ts')
  log.error({ ...errorFacts(error), route: routePath, kind: routeType }, 'a request failed')
}

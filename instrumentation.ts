// What Next.js tells of pages, actions and route handlers that failed.
import type { Instrumentation } from 'next'

/** Logs the error and the route, never the address: it may hold a token or a contract code. */
export const onRequestError: Instrumentation.onRequestError = async (
  error,
  { method },
  { routePath, routeType },
) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { answering, isUnreadable, referenceOf } = await import('./lib/platform/answering.ts')
  const { errorFacts, log } = await import('./lib/platform/log.ts')
  const answer = answering.getStore()
  const facts = errorFacts(error)
  if (answer) answer.told = true
  // Whoever gives an upload up is told nothing, and nobody else need know.
  if (facts.code === 'ECONNRESET' && answer?.hasLeft?.()) return
  if (method === 'POST' && isUnreadable(error)) {
    const { mayLog } = await import('./lib/platform/log-limit.ts')
    if (answer) answer.unreadable = true
    const few = mayLog('unreadable form')
    if (few) log.warn({ ...few, route: routePath }, 'a form could not be read')
    return
  }
  const reference = answer && referenceOf(answer)
  log.error({ ...facts, route: routePath, kind: routeType, reference }, 'a request failed')
}

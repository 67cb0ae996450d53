// What Next.js tells: of pages, actions and route handlers that failed, and where somebody wants them, traces.
import type { Instrumentation } from 'next'

/** Whatever traces need is loaded where somebody takes them. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || !process.env.OTEL_EXPORTER_OTLP_ENDPOINT) return
  const { startTracing } = await import('./lib/platform/tracing.ts')
  startTracing()
}

/** Logs the error and the route, never the address: it may hold a token or a contract code. */
export const onRequestError: Instrumentation.onRequestError = async (
  error,
  { method },
  { routePath, routeType },
) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { answering, isUnreadable } = await import('./lib/platform/answering.ts')
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
    if (few) log.warn({ ...few, route: answer?.route ?? routePath }, 'a form could not be read')
    return
  }
  // The browser's script is told nothing of an error but this.
  const { digest } = (error ?? {}) as { digest?: string }
  log.error({ ...facts, digest, route: answer?.route ?? routePath, kind: routeType }, 'a request failed')
}

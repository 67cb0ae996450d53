// How machines are answered that send feeds and ask about them.
import { type Admitted, admitToken, type FeedToken } from './tokens.ts'

const headers = { 'Cache-Control': 'private, no-store' }

/** Says no with a code for programs and what it means. */
export const refusal = (status: number, error: string, more: HeadersInit = {}): Response =>
  Response.json({ error }, { status, headers: { ...headers, ...more } })

export const answer = (body: unknown, status = 200, more: HeadersInit = {}): Response =>
  Response.json(body, { status, headers: { ...headers, ...more } })

export const tooMany = (seconds: number): Response =>
  refusal(429, 'too_many', { 'Retry-After': String(seconds) })

/** The guard of these routes: the token that came, or the answer to give instead. */
export async function requireToken(request: Request, now: Date): Promise<FeedToken | Response> {
  const { headers: given } = request
  const admitted: Admitted = await admitToken(given.get('authorization'), given.get('x-client-address'), now)
  if (admitted.status === 'admitted') return admitted.token
  if (admitted.status === 'limited') return tooMany(admitted.seconds)
  return refusal(401, 'unknown_token', { 'WWW-Authenticate': 'Bearer realm="feeds"' })
}

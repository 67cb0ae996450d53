// Where a company's directory orders that somebody be signed out (OpenID Connect Back-Channel Logout 1.0).
import { receiveOrder } from '@/lib/directories/sign-out.ts'
import { readBody } from '@/lib/platform/body.ts'
import { clock } from '@/lib/platform/clock.ts'

const MAX_BYTES = 20_000
const STATUS = { done: 200, refused: 400, again: 503, limited: 429 }

export async function POST(request: Request): Promise<Response> {
  const body = await readBody(request, MAX_BYTES)
  if (body === undefined) return new Response(null, { status: 413 })
  const token = new URLSearchParams(body).get('logout_token') ?? ''
  const obeyed = await receiveOrder(token, request.headers.get('x-client-address'), clock.now())
  return new Response(null, { status: STATUS[obeyed] })
}

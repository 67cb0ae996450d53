// Where a bank's server tells us what became of an order.
import { receiveAnswer } from '@/lib/payments/answers.ts'
import { findGateway } from '@/lib/payments/gateways/registry.ts'
import { clock } from '@/lib/platform/clock.ts'
import { database } from '@/lib/platform/database.ts'
import { countTry } from '@/lib/platform/rate-limits.ts'

/** No answer of a bank comes near this. */
const MAX_BYTES = 20_000
/** Forged or broken answers, per address. Genuine ones are never limited. */
const FORGERIES = { name: 'payment-forgeries', points: 60, seconds: 600 }

export async function POST(
  request: Request,
  { params }: { params: Promise<{ gateway: string }> },
): Promise<Response> {
  const name = (await params).gateway
  const gateway = findGateway(name)
  if (!gateway) return new Response(null, { status: 404 })
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BYTES)
    return new Response(null, { status: 413 })
  const body = await request.text()
  if (body.length > MAX_BYTES) return new Response(null, { status: 413 })
  const answer = gateway.read({ channel: 'callback', body })
  if (!answer?.authentic) {
    const seconds = await countTry(FORGERIES, request.headers.get('x-client-address') ?? '')
    if (seconds > 0) return new Response(null, { status: 429, headers: { 'Retry-After': String(seconds) } })
  }
  if (!answer) return new Response(null, { status: 400 })
  const received = await receiveAnswer(database(), name, 'callback', answer, clock.now())
  return new Response(null, { status: received === 'applied' ? 200 : 400 })
}

// Where a bank's server tells us what became of an order.
import { readAnswer, receiveIncoming } from '@/lib/payments/incoming.ts'
import { clock } from '@/lib/platform/clock.ts'

const STATUS = { received: 200, hint: 200, refused: 400, 'no-gateway': 404 }

export async function POST(
  request: Request,
  { params }: { params: Promise<{ gateway: string }> },
): Promise<Response> {
  const { gateway } = await params
  const body = await readAnswer(request)
  if (body === undefined) return new Response(null, { status: 413 })
  const address = request.headers.get('x-client-address') ?? ''
  const received = await receiveIncoming(gateway, { channel: 'callback', body }, address, clock.now())
  return received.status === 'limited'
    ? new Response(null, { status: 429, headers: { 'Retry-After': String(received.seconds) } })
    : new Response(null, { status: STATUS[received.status] })
}

// Where a bank sends the browser back to. Often without the session's cookie: it records and leads on, and tells nothing.
import { receiveAnswer } from '@/lib/payments/answers.ts'
import { findGateway } from '@/lib/payments/gateways/registry.ts'
import { parsePaymentId } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { database } from '@/lib/platform/database.ts'
import { countTry } from '@/lib/platform/rate-limits.ts'

type Context = { params: Promise<{ gateway: string }> }

const MAX_BYTES = 20_000
const FORGERIES = { name: 'payment-forgeries', points: 60, seconds: 600 }

export const GET = (request: Request, context: Context) =>
  receive(request, context, new URL(request.url).search)

export const POST = async (request: Request, context: Context) =>
  receive(request, context, await request.text())

async function receive(request: Request, { params }: Context, body: string): Promise<Response> {
  const name = (await params).gateway
  const gateway = findGateway(name)
  const id = parsePaymentId(new URL(request.url).searchParams.get('payment') ?? '')
  if (!gateway || !id) return new Response(null, { status: 404 })
  const answer = body.length <= MAX_BYTES ? gateway.read({ channel: 'return', body }) : undefined
  if (answer) {
    const address = request.headers.get('x-client-address') ?? ''
    const seconds = answer.authentic ? 0 : await countTry(FORGERIES, address)
    if (seconds === 0) await receiveAnswer(database(), name, 'return', answer, clock.now())
  }
  return new Response(null, { status: 303, headers: { Location: `/payments/${id}` } })
}

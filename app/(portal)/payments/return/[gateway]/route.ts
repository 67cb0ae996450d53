// Where a bank sends the browser back to. Often without the session's cookie: it records and leads on, and tells nothing.
import { readAnswer, receiveIncoming, recordReturn } from '@/lib/payments/incoming.ts'
import { findLinkOf } from '@/lib/payments/pay-links.ts'
import { parseAttemptId } from '@/lib/payments/schema.ts'
import { askOnReturn } from '@/lib/payments/up-to-date.ts'
import { clock } from '@/lib/platform/clock.ts'

type Context = { params: Promise<{ gateway: string }> }

export const GET = (request: Request, context: Context) =>
  receive(request, context, new URL(request.url).search)

export const POST = async (request: Request, context: Context) =>
  receive(request, context, (await readAnswer(request)) ?? '')

async function receive(request: Request, { params }: Context, body: string): Promise<Response> {
  const asked = new URL(request.url).searchParams
  const id = parseAttemptId(asked.get('payment') ?? '')
  if (!id) return new Response(null, { status: 404 })
  const address = request.headers.get('x-client-address') ?? ''
  const { gateway } = await params
  const now = clock.now()
  const received = await receiveIncoming(gateway, { channel: 'return', body }, address, now)
  await recordReturn(gateway, id, now)
  if (received.status === 'hint') await askOnReturn(id)
  const isByLink = (await findLinkOf(id)) !== null
  return new Response(null, {
    status: 303,
    headers: { Location: isByLink ? `/pay/returned/${id}` : `/payments/${id}` },
  })
}

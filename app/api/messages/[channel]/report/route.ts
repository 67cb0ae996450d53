// Where the SMS provider and the mail service tell us what became of messages.
import { hasReports, receiveReports } from '@/lib/notifications/commands.ts'
import { readBody } from '@/lib/platform/body.ts'
import { clock } from '@/lib/platform/clock.ts'

/** A batch of reports has a few hundred bytes each. */
const MAX_BYTES = 1_000_000
const STATUS = { received: 200, unreadable: 400, refused: 403, 'no-channel': 404, limited: 429 }

export async function POST(
  request: Request,
  { params }: { params: Promise<{ channel: string }> },
): Promise<Response> {
  const { channel } = await params
  if (!hasReports(channel)) return new Response(null, { status: STATUS['no-channel'] })
  const body = await readBody(request, MAX_BYTES)
  if (body === undefined) return new Response(null, { status: 413 })
  const proof = {
    key: new URL(request.url).searchParams.get('key') ?? '',
    signature: request.headers.get('x-signature'),
    address: request.headers.get('x-client-address'),
  }
  const answer = await receiveReports(channel, proof, body, clock.now())
  const headers: HeadersInit = 'seconds' in answer ? { 'Retry-After': String(answer.seconds) } : {}
  return new Response(null, { status: STATUS[answer.status], headers })
}

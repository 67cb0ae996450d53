// Where the SMS provider tells us what became of messages.
import { admitReports, receiveReports } from '@/lib/notifications/commands.ts'
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
  const key = new URL(request.url).searchParams.get('key') ?? ''
  const admitted = await admitReports(channel, key, request.headers.get('x-client-address'))
  if (admitted.status !== 'admitted') {
    const headers: HeadersInit = 'seconds' in admitted ? { 'Retry-After': String(admitted.seconds) } : {}
    return new Response(null, { status: STATUS[admitted.status], headers })
  }
  const body = await readBody(request, MAX_BYTES)
  if (body === undefined) return new Response(null, { status: 413 })
  return new Response(null, { status: STATUS[await receiveReports(body, clock.now())] })
}

// Where the SMS provider tells us what became of messages.
import { receiveReports } from '@/lib/notifications/commands.ts'
import { readBody } from '@/lib/platform/body.ts'
import { clock } from '@/lib/platform/clock.ts'

/** A batch of reports has a few hundred bytes each. */
const MAX_BYTES = 1_000_000
const STATUS = { received: 200, unreadable: 400, refused: 403, 'no-channel': 404 }

export async function POST(
  request: Request,
  { params }: { params: Promise<{ channel: string }> },
): Promise<Response> {
  const { channel } = await params
  const key = new URL(request.url).searchParams.get('key') ?? ''
  const body = await readBody(request, MAX_BYTES)
  if (body === undefined) return new Response(null, { status: 413 })
  const received = await receiveReports(channel, key, body, clock.now())
  return new Response(null, { status: STATUS[received] })
}

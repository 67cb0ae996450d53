// Where the SMS provider tells us what became of messages.
import { receiveReports } from '@/lib/notifications/commands.ts'
import { clock } from '@/lib/platform/clock.ts'

const STATUS = { received: 200, unreadable: 400, refused: 403, 'no-channel': 404 }

export async function POST(
  request: Request,
  { params }: { params: Promise<{ channel: string }> },
): Promise<Response> {
  const { channel } = await params
  const key = new URL(request.url).searchParams.get('key') ?? ''
  const received = await receiveReports(channel, key, await request.text(), clock.now())
  return new Response(null, { status: STATUS[received] })
}

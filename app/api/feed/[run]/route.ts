// What became of a feed that was sent, as it goes on.
import { answer, refusal, requireToken } from '@/lib/feed/answers.ts'
import { getRunOfToken } from '@/lib/feed/queries.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function GET(
  request: Request,
  { params }: { params: Promise<{ run: string }> },
): Promise<Response> {
  const token = await requireToken(request, clock.now())
  if (token instanceof Response) return token
  const { run } = await params
  const found = /^\d{1,15}$/.test(run) ? await getRunOfToken(token, Number(run)) : undefined
  return found ? answer(found) : refusal(404, 'unknown_run')
}

// What customers read on their meters on a day, for the biller's books.
import { refusal, requireToken } from '@/lib/feed/answers.ts'
import { listReadingsOfDay } from '@/lib/feed/readings-export.ts'
import { clock } from '@/lib/platform/clock.ts'
import { csvStream } from '@/lib/platform/csv.ts'

export async function GET(request: Request): Promise<Response> {
  const now = clock.now()
  const token = await requireToken(request, now)
  if (token instanceof Response) return token
  const { searchParams } = new URL(request.url)
  const found = await listReadingsOfDay(
    token,
    {
      day: searchParams.get('day'),
      after: searchParams.get('after'),
      // HEAD comes here too, and brings the biller nothing.
      looksOnly: request.method !== 'GET',
    },
    now,
  )
  if (!found) return refusal(400, 'no_day_or_cursor')
  const { day, isOver, lines } = found
  return csvStream(lines, `readings-${day}${isOver ? '' : '-so-far'}`, {
    'Day-Complete': isOver ? 'yes' : 'no',
  })
}

// What customers paid through the portal on a day, for the biller's books.
import { refusal, requireToken } from '@/lib/feed/answers.ts'
import { listPaymentsOfDay } from '@/lib/feed/payments-export.ts'
import { clock } from '@/lib/platform/clock.ts'
import { csvStream } from '@/lib/platform/csv.ts'

export async function GET(request: Request): Promise<Response> {
  const now = clock.now()
  const token = await requireToken(request, now)
  if (token instanceof Response) return token
  const { searchParams } = new URL(request.url)
  const found = await listPaymentsOfDay(
    token,
    { day: searchParams.get('day'), after: searchParams.get('after') },
    now,
  )
  if (!found) return refusal(400, 'no_day_or_cursor')
  const { day, isOver, lines } = found
  return csvStream(lines, `payments-${day}${isOver ? '' : '-so-far'}`, {
    'Day-Complete': isOver ? 'yes' : 'no',
  })
}

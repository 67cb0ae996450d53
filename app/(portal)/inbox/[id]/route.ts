// Opens a message: marks it as read and leads to what it is about. A link, so that it opens in a new tab and can be come back to;
// that it was read is no more than the colour of a link that was followed (decision 0056).
import { notFound } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { getNotice } from '@/lib/notices/queries.ts'
import { noticeText } from '@/lib/notices/words.ts'
import { changeNotices, parseNoticeId } from '@/lib/notifications/inbox.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale } from '@/lib/request/locale.ts'

/** What a browser fetches in case it is wanted, nobody has read. */
const isPrefetch = ({ headers }: Request): boolean => /prefetch/.test(headers.get('sec-purpose') ?? '')

export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const customer = await requireCustomer()
  const id = parseNoticeId((await params).id)
  const now = clock.now()
  const notice = id && (await getNotice(customer, id, now))
  if (!notice) notFound()
  if (!notice.readAt && !isPrefetch(request)) await changeNotices(customer, [notice.id], 'read', now)
  const { href } = noticeText(await getLocale(), notice)
  return new Response(null, { status: 303, headers: { Location: href ?? '/inbox' } })
}

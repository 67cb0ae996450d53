// What is posted to `/unsubscribe/[token]` (lib/http/inside-address.ts): by its page's button, and by mail programs with one click
// (RFC 8058), which send no cookie and follow no redirect.
import { chooseEmail, getSubscription } from '@/lib/notifications/own-choices.ts'
import { readUnsubscribeToken } from '@/lib/notifications/unsubscribing.ts'
import { clock } from '@/lib/platform/clock.ts'
import { database } from '@/lib/platform/database.ts'
import { sentForm } from '@/lib/request/drafts.ts'

export async function POST(
  request: Request,
  { params }: { params: Promise<{ token: string }> },
): Promise<Response> {
  const { token } = await params
  const named = readUnsubscribeToken(token)
  if (!named || !(await getSubscription(named))) return new Response(null, { status: 404 })
  const sent = await sentForm(request)
  const isOneClick = sent.get('List-Unsubscribe') === 'One-Click'
  const intent = isOneClick ? 'off' : sent.get('intent')
  if (intent !== 'off' && intent !== 'on') return new Response(null, { status: 400 })
  await chooseEmail(database(), named, intent === 'on', clock.now())
  if (isOneClick) return new Response(null, { status: 200 })
  return new Response(null, { status: 303, headers: { Location: `/unsubscribe/${token}` } })
}

// Takes a form that its page could not send, and shows the page anew with what was typed: a form of an older build.
import { pathOfThisSite } from '@/lib/platform/paths.ts'
import { leaveDraft, sentForm } from '@/lib/request/drafts.ts'

export async function POST(request: Request): Promise<Response> {
  await leaveDraft(await sentForm(request), { unsent: true })
  const to = new URL(request.url).searchParams.get('to') ?? '/'
  return new Response(null, { status: 303, headers: { Location: pathOfThisSite(to) } })
}

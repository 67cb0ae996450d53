// Takes a form that its page could not send, and shows the page anew with what was typed: a form of an older build.
import { leaveDraft, sentForm } from '@/lib/request/drafts.ts'

export async function POST(request: Request): Promise<Response> {
  const to = new URL(request.url).searchParams.get('to') ?? '/'
  const page = await leaveDraft(await sentForm(request), to, { unsent: true })
  return new Response(null, { status: 303, headers: { Location: page } })
}

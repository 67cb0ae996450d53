// An e-mail as a mailbox would show it, a document of its own with the style sheet that it brings: in the demonstration only.
import { getMailHtml } from '@/lib/notifications/outbox.ts'
import { env } from '@/lib/platform/env.ts'

export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params
  const html = env().DEMO && /^[0-9a-f-]{36}$/.test(id) ? await getMailHtml(id) : undefined
  if (html === undefined) return new Response(null, { status: 404 })
  return new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8' } })
}

// Puts a ready-made text below what is written already, and shows the case again: with a script and without.
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { casePath, parseId } from '@/lib/cases/schema.ts'
import { fillTemplate } from '@/lib/cases/templates.ts'
import { leaveDraft, sentForm } from '@/lib/request/drafts.ts'

type Params = { params: Promise<{ queue: string; id: string }> }

export async function POST(request: Request, { params }: Params): Promise<Response> {
  const staff = await requireStaff()
  const { queue, id: typed } = await params
  const id = parseId(typed)
  const sent = await sentForm(request)
  const text = id && (await fillTemplate(staff, id, sent.get('template')))
  if (!id || text === undefined) return refuseStaff(staff, id && `case:${id}`)
  const written = String(sent.get('note') ?? '').trim()
  sent.set('note', written ? `${written}\n\n${text}` : text)
  // With what was put in, the text has the focus: in it one goes on.
  const page = await leaveDraft(sent, casePath(queue, id), { unsent: false })
  return new Response(null, { status: 303, headers: { Location: `${page}#note` } })
}

// Opens the dispute with what was typed into the registration that was refused.
import { disputeForm } from '@/lib/cases/forms.ts'
import { leaveDraft, sentForm } from '@/lib/request/drafts.ts'

export async function POST(request: Request): Promise<Response> {
  const sent = await sentForm(request)
  const page = await leaveDraft(sent, '/register/dispute', { unsent: false, as: disputeForm })
  return new Response(null, { status: 303, headers: { Location: page } })
}

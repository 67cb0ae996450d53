// Begins a sign-in at a company's directory: the browser keeps what its answer must agree with, and is led on.
import { directoryCookie } from '@/lib/auth/sealed-cookie.ts'
import { beginSignIn } from '@/lib/directories/sign-in.ts'
import { clock } from '@/lib/platform/clock.ts'
import { wayBack, withWayBack } from '@/lib/platform/paths.ts'
import { requestDevice } from '@/lib/request/device.ts'
import { sentForm } from '@/lib/request/drafts.ts'

export async function POST(request: Request): Promise<Response> {
  const sent = await sentForm(request)
  const to = wayBack.parse(sent.get('to'))
  const { address } = await requestDevice()
  const begun = await beginSignIn(String(sent.get('directory')), to, address, clock.now())
  if (!begun) return new Response(null, { status: 404 })
  if (begun.ok) await directoryCookie.remember(begun.value.kept)
  // Not to the directory itself: browsers hold every address that a form leads to, wherever that leads on, against the policy of its page.
  const page = begun.ok ? '/staff/sign-in/leave' : withWayBack(`/staff/sign-in?failed=${begun.code}`, to)
  return new Response(null, { status: 303, headers: { Location: page } })
}

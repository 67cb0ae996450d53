// Ends the session. POST only: a link on another page must not sign anybody out.
import { currentCustomer } from '@/lib/auth/guards.ts'
import { signOut } from '@/lib/auth/next-auth.ts'
import { endedCookie } from '@/lib/auth/sealed-cookie.ts'
import { endSessions } from '@/lib/auth/sessions.ts'
import { clock } from '@/lib/platform/clock.ts'
import { database } from '@/lib/platform/database.ts'
import { pathOfThisSite, withWayBack } from '@/lib/platform/paths.ts'
import { sentForm } from '@/lib/request/drafts.ts'

export async function POST(request: Request): Promise<Response> {
  const customer = await currentCustomer()
  if (customer) await endSessions(database(), customer.id, clock.now(), { only: customer.sessionId })
  await signOut({ redirect: false })
  const to = (await sentForm(request)).get('to')
  // Where the session began, it ends too.
  if (customer?.ofDirectory) {
    await endedCookie.remember(customer.sessionId)
    return new Response(null, { status: 303, headers: { Location: '/staff/signed-out' } })
  }
  const page = typeof to === 'string' ? withWayBack('/sign-in?unsent', pathOfThisSite(to)) : '/sign-in?out'
  return new Response(null, { status: 303, headers: { Location: page } })
}

// Where a company's directory sends the browser back to, with its answer.
import { pageAfterSignIn } from '@/lib/accounts/sign-in.ts'
import { enterSession } from '@/lib/auth/enter.ts'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { directoryCookie } from '@/lib/auth/sealed-cookie.ts'
import { finishSignIn } from '@/lib/directories/sign-in.ts'
import { clock } from '@/lib/platform/clock.ts'
import { withWayBack } from '@/lib/platform/paths.ts'
import { requestDevice } from '@/lib/request/device.ts'
import { getLocale } from '@/lib/request/locale.ts'

type Context = { params: Promise<{ directory: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const answer = { search: new URL(request.url).search, kept: await directoryCookie.read() }
  const { directory } = await params
  const finished = await finishSignIn(
    directory,
    answer,
    await requestDevice(),
    await getLocale(),
    clock.now(),
  )
  if (!finished) return new Response(null, { status: 404 })
  if (finished.ok) {
    await directoryCookie.forget()
    await enterSession(finished.value)
    return seeOther(pageAfterSignIn({ isStaff: true, twoFactor: true }, finished.to))
  }
  // An answer of somebody else's, which anybody may send here, ends no sign-in of this browser's.
  if (finished.code !== 'otherBrowser') await directoryCookie.forget()
  // By the browser's Back, from inside.
  else if ((await currentCustomer())?.ofDirectory) return seeOther('/staff')
  return seeOther(withWayBack(`/staff/sign-in?failed=${finished.code}`, finished.to))
}

const seeOther = (Location: string) => new Response(null, { status: 303, headers: { Location } })

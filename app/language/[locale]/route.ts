// Chooses the language, for this browser and for the account: a plain link, or a button of a form that is being filled in.
import { cookies } from 'next/headers'
import { notFound } from 'next/navigation'
import { setLanguage } from '@/lib/accounts/commands.ts'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { isLocale, LANGUAGE_COOKIE } from '@/lib/i18n/locale.ts'
import { env } from '@/lib/platform/env.ts'
import { pathOfThisSite } from '@/lib/platform/paths.ts'
import { leaveDraft, sentForm } from '@/lib/request/drafts.ts'

const YEAR_SECONDS = 365 * 24 * 3600

type Context = { params: Promise<{ locale: string }> }

/** In the middle of a form its fields come along, and the page shows them again; but for the language that was chosen before. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { locale } = await params
  const sent = await sentForm(request)
  if (sent.has('language')) sent.set('language', locale)
  return choose(locale, await leaveDraft(sent, wayOn(request), { unsent: false }))
}

export const GET = async (request: Request, { params }: Context): Promise<Response> =>
  choose((await params).locale, pathOfThisSite(wayOn(request)))

const wayOn = (request: Request): string => new URL(request.url).searchParams.get('to') ?? '/'

async function choose(locale: string, to: string): Promise<Response> {
  if (!isLocale(locale)) notFound()
  const customer = await currentCustomer()
  if (customer) await setLanguage(customer, locale)
  ;(await cookies()).set(LANGUAGE_COOKIE, locale, {
    maxAge: YEAR_SECONDS,
    httpOnly: true,
    sameSite: 'lax',
    secure: env().APP_URL.startsWith('https:'),
    path: '/',
  })
  return new Response(null, { status: 303, headers: { Location: to } })
}

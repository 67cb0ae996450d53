// What stands around every page: language, skip link, header with the ways to go, footer.
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { Mark } from '@/components/mark.tsx'
import { type Customer, currentCustomer } from '@/lib/auth/guards.ts'
import { MAIN_FORM } from '@/lib/forms/state.ts'
import { type Locale, languageName, languageTag, locales } from '@/lib/i18n/locale.ts'
import { env } from '@/lib/platform/env.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import './globals.css'
import './print.css'

// Every page is personal, and carries its own nonce.
export const dynamic = 'force-dynamic'

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale()
  const t = await getTranslations('shell')
  const customer = await currentCustomer()
  const address = (await headers()).get('x-path') ?? '/'
  const [path = '/'] = address.split('?')
  return (
    <html lang={languageTag[locale]}>
      <head>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        {['regular', 'bold'].map(weight => (
          <link
            key={weight}
            rel="preload"
            href={`/fonts/atkinson-hyperlegible-next-${weight}.woff2`}
            as="font"
            type="font/woff2"
            crossOrigin=""
          />
        ))}
      </head>
      <body className="flex min-h-dvh flex-col font-sans">
        <a href="#content" className="sr-only focus:not-sr-only">
          {t('skip')}
        </a>
        {env().DEMO && (
          <aside className="bg-wait-ground px-4 py-2 text-center text-sm text-wait print:hidden">
            {t('demonstration')}{' '}
            <a href="/outbox" className="underline">
              {t('outbox')}
            </a>
          </aside>
        )}
        <header className="bg-night text-on-night print:hidden">
          <div className="mx-auto flex max-w-5xl flex-wrap items-center justify-between gap-x-6 px-4 pt-1 pb-2">
            <a href="/" className="home gap-2 text-xl">
              <Mark />
              Drita
            </a>
            <LanguageLinks current={locale} address={address} label={t('languages')} />
            <Navigation path={path} customer={customer} label={t('navigation')} />
          </div>
        </header>
        <main id="content" tabIndex={-1} className="flex-1">
          {children}
        </main>
        <Footer path={path} />
      </body>
    </html>
  )
}

/** Where the page has a form they are buttons of it, which take along what was typed (app/globals.css chooses). */
function LanguageLinks({ current, address, label }: { current: Locale; address: string; label: string }) {
  const ways = locales.map(locale => ({
    locale,
    lang: languageTag[locale],
    href: `/language/${locale}?to=${encodeURIComponent(address)}`,
    'aria-current': locale === current ? ('true' as const) : undefined,
  }))
  return (
    <nav aria-label={label}>
      {/* What Enter in a field presses, which is the first button of its form in the page: none of those below. */}
      <button type="submit" form={MAIN_FORM} className="sr-only" tabIndex={-1} aria-hidden="true" />
      <ul className="language-links gap-3">
        {ways.map(({ locale, ...way }) => (
          <li key={locale}>
            <a {...way}>{languageName[locale]}</a>
          </li>
        ))}
      </ul>
      <ul className="language-buttons gap-3">
        {ways.map(({ locale, href, ...way }) => (
          <li key={locale}>
            <button
              {...way}
              type="submit"
              form={MAIN_FORM}
              formAction={href}
              formMethod="post"
              formEncType="application/x-www-form-urlencoded"
              formNoValidate
            >
              {languageName[locale]}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** `path`: where one is. */
async function Navigation({ path, customer, label }: { path: string; customer?: Customer; label: string }) {
  const t = await getTranslations('shell')
  // For everybody: the server makes it once, and puts other errors in (lib/http/error-pages.ts).
  const isForEverybody = path === '/missing'
  return (
    <nav aria-label={label} className="w-full">
      <ul className="flex flex-wrap items-center gap-x-5">
        {customer || isForEverybody ? (
          <>
            <NavLink href="/contracts" label={t('contracts')} path={path} />
            <NavLink href="/invoices/unpaid" label={t('pay')} path={path} />
          </>
        ) : (
          <>
            <NavLink href="/sign-in" label={t('signIn')} path={path} />
            <NavLink href="/register" label={t('register')} path={path} />
          </>
        )}
        {customer && <NavLink href="/account" label={t('account')} path={path} />}
        {customer?.isStaff && <NavLink href="/staff" label={t('staff')} path={path} />}
        <NavLink href="/help" label={t('help')} path={path} />
        {customer && (
          <li className="sm:ml-auto">
            <form action="/sign-out" method="post">
              <button type="submit">{t('signOut')}</button>
            </form>
          </li>
        )}
      </ul>
    </nav>
  )
}

async function Footer({ path }: { path: string }) {
  const t = await getTranslations('shell')
  return (
    <footer className="border-t border-line py-6 text-sm text-muted print:hidden">
      <div className="mx-auto flex max-w-5xl flex-wrap justify-between gap-x-6 gap-y-2 px-4">
        <p>{t('footer')}</p>
        <ul className="flex flex-wrap gap-x-5 gap-y-1">
          <NavLink href="/help" label={t('help')} path={path} />
          <NavLink href="/terms" label={t('terms')} path={path} />
          <NavLink href="/privacy" label={t('privacy')} path={path} />
          <NavLink href="/refunds" label={t('refunds')} path={path} />
        </ul>
      </div>
    </footer>
  )
}

function NavLink({ href, label, path }: { href: string; label: string; path: string }) {
  const current = path === href ? 'page' : path.startsWith(`${href}/`) ? 'true' : undefined
  return (
    <li>
      <a href={href} aria-current={current}>
        {label}
      </a>
    </li>
  )
}

// What stands around every page: language, skip link, header with the ways to go, footer.
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { Mark } from '@/components/mark.tsx'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { type Locale, languageName, languageTag, locales } from '@/lib/i18n/locale.ts'
import { getLocale, getTranslations } from '@/lib/i18n/server.ts'
import { env } from '@/lib/platform/env.ts'
import './globals.css'
import './print.css'

export const metadata: Metadata = { referrer: 'no-referrer', robots: { index: false, follow: false } }
export const viewport: Viewport = { width: 'device-width', initialScale: 1 }
// Every page is personal, and carries its own nonce.
export const dynamic = 'force-dynamic'

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale()
  const t = await getTranslations('shell')
  const customer = await currentCustomer()
  return (
    <html lang={languageTag[locale]}>
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
            <a href="/" className="flex min-h-11 items-center gap-2 text-xl font-bold">
              <Mark />
              Drita
            </a>
            <LanguageLinks current={locale} label={t('languages')} />
            <nav aria-label={t('navigation')} className="w-full">
              <ul className="flex flex-wrap items-center gap-x-5">
                {customer ? (
                  <>
                    <NavigationLink href="/contracts" label={t('contracts')} />
                    <NavigationLink href="/invoices/unpaid" label={t('pay')} />
                    <NavigationLink href="/account" label={t('account')} />
                    {customer.isStaff && <NavigationLink href="/staff" label={t('staff')} />}
                    <NavigationLink href="/help" label={t('help')} />
                    <li className="sm:ml-auto">
                      <form action="/sign-out" method="post">
                        <button
                          type="submit"
                          className="min-h-11 cursor-pointer underline underline-offset-4"
                        >
                          {t('signOut')}
                        </button>
                      </form>
                    </li>
                  </>
                ) : (
                  <>
                    <NavigationLink href="/sign-in" label={t('signIn')} />
                    <NavigationLink href="/register" label={t('register')} />
                    <NavigationLink href="/help" label={t('help')} />
                  </>
                )}
              </ul>
            </nav>
          </div>
        </header>
        <main id="content" tabIndex={-1} className="flex-1">
          {children}
        </main>
        <footer className="border-t border-line px-4 py-6 text-sm text-muted print:hidden">
          <div className="mx-auto flex max-w-5xl flex-wrap justify-between gap-x-6 gap-y-2">
            <p>{t('footer')}</p>
            <ul className="flex flex-wrap gap-x-5 gap-y-1">
              <FooterLink href="/help" label={t('help')} />
              <FooterLink href="/terms" label={t('terms')} />
              <FooterLink href="/privacy" label={t('privacy')} />
              <FooterLink href="/refunds" label={t('refunds')} />
            </ul>
          </div>
        </footer>
      </body>
    </html>
  )
}

async function LanguageLinks({ current, label }: { current: Locale; label: string }) {
  const path = (await headers()).get('x-path') ?? '/'
  return (
    <nav aria-label={label}>
      <ul className="flex gap-3">
        {locales.map(locale => (
          <li key={locale}>
            <a
              href={`/language/${locale}?to=${encodeURIComponent(path)}`}
              lang={languageTag[locale]}
              aria-current={locale === current ? 'true' : undefined}
              className="inline-flex min-h-11 items-center underline-offset-4 aria-[current]:font-bold [&:not([aria-current])]:underline"
            >
              {languageName[locale]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function NavigationLink({ href, label }: { href: string; label: string }) {
  return (
    <li>
      <a href={href} className="inline-flex min-h-11 items-center underline underline-offset-4">
        {label}
      </a>
    </li>
  )
}

function FooterLink({ href, label }: { href: string; label: string }) {
  return (
    <li>
      <a href={href} className="underline">
        {label}
      </a>
    </li>
  )
}

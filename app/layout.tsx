// What stands around every page: language, skip link, head with the ways to go, foot.
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { MaintenanceNotice } from '@/components/maintenance.tsx'
import { Footer } from '@/components/shell/footer.tsx'
import { Header, type Reader } from '@/components/shell/header.tsx'
import { type Customer, currentCustomer } from '@/lib/auth/guards.ts'
import { languageTag } from '@/lib/i18n/locale.ts'
import { clock } from '@/lib/platform/clock.ts'
import { env } from '@/lib/platform/env.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import './globals.css'
import './print.css'
import { inNormalCase } from '@/lib/platform/normal-case.ts'

// Every page is personal, and carries its own nonce.
export const dynamic = 'force-dynamic'

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale()
  const t = await getTranslations('shell')
  const customer = await currentCustomer()
  const address = (await headers()).get('x-path') ?? '/'
  return (
    <html lang={languageTag[locale]}>
      <head>
        <meta name="description" content={t('description')} />
        <meta name="theme-color" content="#12324d" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/icon-180.png" />
        <link rel="manifest" href={`/manifest/${locale}`} />
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
      <body>
        <a href="#content" className="sr-only focus:not-sr-only">
          {t('skip')}
        </a>
        {env().DEMO && (
          <aside className="demonstration" aria-label={t('demonstrationLabel')}>
            {t('demonstration')} <a href="/outbox">{t('outbox')}</a>
          </aside>
        )}
        <Header locale={locale} reader={readerOf(customer, address)} address={address} />
        {/* The page of errors is made once, and kept. */}
        {!/^\/missing(?:\?|$)/.test(address) && <MaintenanceNotice now={clock.now()} locale={locale} />}
        <main id="content" tabIndex={-1}>
          {children}
        </main>
        <Footer locale={locale} />
      </body>
    </html>
  )
}

function readerOf(customer: Customer | undefined, address: string): Reader {
  const { isStaff = false, ofDirectory = false } = customer ?? {}
  if (customer && isStaff && (ofDirectory || /^\/staff(?:[/?]|$)/.test(address))) {
    const name = inNormalCase(customer.firstName)
    return { kind: 'staff', name, role: customer.role ?? undefined, ofDirectory }
  }
  // The page of errors is made once for each kind of reader (lib/http/error-pages.ts).
  if (address === '/missing?staff') return { kind: 'staff' }
  if (address === '/missing?supervisor') return { kind: 'staff', role: 'supervisor' }
  if (address === '/missing?staff-elsewhere') return { kind: 'customer', isStaff: true, unread: 0 }
  if (customer || address === '/missing?customer')
    return { kind: 'customer', isStaff, unread: customer?.unread ?? 0 }
  return { kind: 'visitor' }
}

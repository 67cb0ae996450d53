// The customer's account: their details and how they sign in, each with the way to change it, and what is theirs besides.

import type { ReactNode } from 'react'
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { type ListRow, Rows } from '@/components/ui/rows.tsx'
import { UnconfirmedEmail } from '@/components/unconfirmed-email.tsx'
import { preferencesForm } from '@/lib/accounts/forms.ts'
import { getAccount } from '@/lib/accounts/queries.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { shownPhone } from '@/lib/billers/phones.ts'
import { languageName, locales } from '@/lib/i18n/locale.ts'
import { clock } from '@/lib/platform/clock.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { savePreferences } from './actions.ts'

/** What is the customer's besides, in its order. */
const OWN = [
  { key: 'payments', href: '/account/payments', icon: 'pay' },
  { key: 'business', href: '/account/business', icon: 'doc' },
  { key: 'log', href: '/account/data#log', icon: 'search' },
  { key: 'copy', href: '/account/data#copy', icon: 'down' },
  { key: 'consents', href: '/account/data#consents', icon: 'check' },
  { key: 'delete', href: '/account/data/delete', icon: 'no' },
] as const

export default async function AccountPage({ searchParams }: PageProps<never, 'done'>) {
  const customer = await requireCustomer()
  const account = await getAccount(customer, clock.now())
  const t = await getTranslations('account')
  const { done } = await searchParams
  const row = (
    label: string,
    value: ReactNode,
    href?: string,
    way: 'change' | 'correct' = 'change',
  ): ListRow => ({
    id: label,
    label,
    title: value,
    end: href && (
      <a className="more" href={href} aria-label={`${t(way)}: ${label}`}>
        {t(way)}
      </a>
    ),
  })
  const { email, emailVerifiedAt, twoFactor, sessions } = account
  const notices = [account.notifyByEmail && 'email', account.notifyBySms && 'sms'].filter(Boolean)
  return (
    <PageShell title={t('title')} wide>
      {(done === 'password' || done === 'email' || done === 'phone' || done === 'preferences') && (
        <Done>{t(`done.${done}`)}</Done>
      )}
      <UnconfirmedEmail customer={customer} />
      <div className="columns two-columns">
        <div>
          <Card labelledBy="details" title={t('details')}>
            <Rows
              rows={[
                row(
                  t('name'),
                  inNormalCase(`${account.firstName} ${account.lastName}`),
                  '/help#contact',
                  'correct',
                ),
                row(
                  t('personalNumber'),
                  <span className="code">{account.personalNumber}</span>,
                  '/help#contact',
                  'correct',
                ),
                row(
                  t('email'),
                  <Email email={email} isConfirmed={emailVerifiedAt !== null} />,
                  '/account/contact?change=email',
                ),
                row(t('phone'), shownPhone(account.phone), '/account/contact?change=phone'),
              ]}
            />
            <small>{t('contactHint')}</small>
          </Card>
          <Card labelledBy="security" title={t('security')}>
            <Rows
              rows={[
                row(t('username'), account.username),
                row(t('password'), t('passwordHint'), '/account/password'),
                row(t('twoFactor'), t(twoFactor ? 'twoFactorOn' : 'twoFactorOff'), '/account/second-step'),
                {
                  id: 'sessions',
                  icon: 'device',
                  title: t('pages.sessions.title'),
                  note: t('pages.sessions.text', { count: sessions }),
                  href: '/account/sessions',
                },
              ]}
            />
          </Card>
        </div>
        <div>
          <Card labelledBy="preferences" title={t('preferences')}>
            <Form
              form={preferencesForm}
              action={savePreferences}
              values={{ language: customer.language, notices: notices.join(' ') }}
              options={{ language: locales.map(locale => ({ value: locale, label: languageName[locale] })) }}
            />
          </Card>
          <Card labelledBy="own" title={t('own')}>
            <Rows
              rows={OWN.map(({ key, href, icon }) => ({
                id: key,
                href,
                icon,
                title: t(`pages.${key}.title`),
                note: t(`pages.${key}.text`),
              }))}
            />
          </Card>
        </div>
      </div>
    </PageShell>
  )
}

async function Email({ email, isConfirmed }: { email: string; isConfirmed: boolean }) {
  if (isConfirmed) return email
  const t = await getTranslations('account')
  return (
    <>
      {email} <Chip tone="wait">{t('emailUnverified')}</Chip>
    </>
  )
}

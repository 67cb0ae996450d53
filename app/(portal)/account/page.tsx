// The customer's account: their details and how they sign in, each with the way to change it, and what is theirs besides.

import type { ReactNode } from 'react'
import { ContactNotices } from '@/components/contact-notices.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { type ListRow, Rows } from '@/components/ui/rows.tsx'
import { getAccount } from '@/lib/accounts/queries.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { shownPhone } from '@/lib/billers/phones.ts'
import { languageName, languageTag, locales } from '@/lib/i18n/locale.ts'
import { channelsUsed, getOwnChoices } from '@/lib/notifications/own-choices.ts'
import { clock } from '@/lib/platform/clock.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

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
  const [account, { choices, statementDay }] = await Promise.all([
    getAccount(customer, clock.now()),
    getOwnChoices(customer, null),
  ])
  const used = channelsUsed(choices)
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
  return (
    <PageShell title={t('title')} wide>
      {(done === 'password' || done === 'email' || done === 'phone') && <Done>{t(`done.${done}`)}</Done>}
      <ContactNotices customer={customer} />
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
          <Card labelledBy="language" title={t('language')}>
            <p className="actions">
              {locales.map(locale =>
                locale === customer.language ? (
                  <b key={locale}>{languageName[locale]}</b>
                ) : (
                  <a key={locale} lang={languageTag[locale]} href={`/language/${locale}?to=/account`}>
                    {languageName[locale]}
                  </a>
                ),
              )}
            </p>
          </Card>
          <Card labelledBy="notices" title={t('pages.notices.title')}>
            <Rows
              rows={[
                {
                  id: 'notices',
                  href: '/account/notices',
                  icon: 'mail',
                  title: t('notices', {
                    by: used.length > 1 ? 'both' : (used[0] ?? 'none'),
                    day: statementDay ?? 'none',
                  }),
                  note: t('pages.notices.text'),
                },
              ]}
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

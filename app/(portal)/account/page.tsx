// The customer's account: their details, and the ways to change them.

import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { preferencesForm } from '@/lib/accounts/forms.ts'
import { getAccount } from '@/lib/accounts/queries.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { languageName, locales } from '@/lib/i18n/locale.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { savePreferences } from './actions.ts'

/** The pages that lead from here, in their order. */
const PAGES = ['payments', 'contact', 'password', 'second-step', 'sessions', 'data', 'business'] as const

export default async function AccountPage({ searchParams }: PageProps<never, 'done'>) {
  const customer = await requireCustomer()
  const account = await getAccount(customer)
  const t = await getTranslations('account')
  const { done } = await searchParams
  const notices = [account.notifyByEmail && 'email', account.notifyBySms && 'sms'].filter(Boolean)
  return (
    <PageShell title={t('title')} lead={t('lead')}>
      {(done === 'password' || done === 'email' || done === 'phone' || done === 'preferences') && (
        <Done>{t(`done.${done}`)}</Done>
      )}
      <Card labelledBy="details" title={t('details')}>
        <Facts
          facts={[
            { label: t('name'), value: `${account.firstName} ${account.lastName}` },
            { label: t('personalNumber'), value: account.personalNumber },
            { label: t('username'), value: account.username },
            { label: t('email'), value: <Email account={account} /> },
            { label: t('phone'), value: account.phone },
          ]}
        />
      </Card>
      <Card>
        <ul>
          {PAGES.map(page => (
            <li key={page} className="border-b border-line py-3 first:pt-0 last:border-0 last:pb-0">
              <p className="font-bold">
                <a href={`/account/${page}`}>{t(`pages.${page}.title`)}</a>
              </p>
              <p className="text-muted">{t(`pages.${page}.text`)}</p>
            </li>
          ))}
        </ul>
      </Card>
      <Card labelledBy="preferences" title={t('preferences')}>
        <Form
          form={preferencesForm}
          action={savePreferences}
          values={{ language: customer.language, notices: notices.join(' ') }}
          options={{ language: locales.map(locale => ({ value: locale, label: languageName[locale] })) }}
        />
      </Card>
    </PageShell>
  )
}

/** With a way to verify it, as long as it is not. */
async function Email({ account }: { account: Awaited<ReturnType<typeof getAccount>> }) {
  if (account.emailVerifiedAt) return account.email
  const t = await getTranslations('account')
  return (
    <>
      {account.email}
      <br />
      {t('emailUnverified')}. <a href="/account/contact">{t('verifyEmail')}</a>
    </>
  )
}

// A new e-mail address or phone number, each with its code.

import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { type ContactKind, getPendingContactChange } from '@/lib/accounts/contact.ts'
import {
  contactCodeForm,
  emailChangeForm,
  phoneChangeForm,
  resendVerificationForm,
} from '@/lib/accounts/forms.ts'
import { getAccount } from '@/lib/accounts/queries.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import type { Customer } from '@/lib/auth/sessions.ts'
import { clock } from '@/lib/platform/clock.ts'
import { shownEmail } from '@/lib/platform/emails.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { withoutCode, withoutPassword } from '../without.ts'
import {
  applyChangeAction,
  changeEmailAction,
  changePhoneAction,
  resendVerificationAction,
} from './actions.ts'

export default async function ContactPage({ searchParams }: PageProps<never, 'sent'>) {
  const customer = await requireCustomer()
  const account = await getAccount(customer)
  const { sent } = await searchParams
  const t = await getTranslations('contact')
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/account', label: t('back') }}>
      {!account.emailVerifiedAt && <Unverified email={account.email} sent={sent !== undefined} />}
      <Change
        customer={customer}
        kind="email"
        present={`${account.email} (${t(account.emailVerifiedAt ? 'confirmed' : 'unconfirmed')})`}
      />
      <Change customer={customer} kind="phone" present={account.phone} />
    </PageShell>
  )
}

async function Unverified({ email, sent }: { email: string; sent: boolean }) {
  const t = await getTranslations('contact')
  return (
    <Card labelledBy="unverified" title={t('unverified.title')}>
      {sent && <Done>{t('unverified.sent')}</Done>}
      <p className="my-3">{t('unverified.text', { email })}</p>
      <Form form={resendVerificationForm} action={resendVerificationAction} />
      <p className="mt-3 text-muted">{t('unverified.wrong')}</p>
    </Card>
  )
}

type ChangeProps = { customer: Customer; kind: ContactKind; present: string }

async function Change({ customer, kind, present }: ChangeProps) {
  const t = await getTranslations('contact')
  const pending = await getPendingContactChange(customer, kind, clock.now())
  const without = [...withoutPassword(customer), ...(await withoutCode(customer))]
  const buttons = [{ label: t('sendCode'), look: pending ? 'secondary' : 'primary' } as const]
  return (
    <Card labelledBy={`change-${kind}`} title={t(`${kind}.title`)}>
      <p className="mb-3 wrap-anywhere">{t(`${kind}.present`, { value: present })}</p>
      {pending && (
        <div className="mb-6 space-y-3">
          <p>{t('codeSent', { to: shownEmail(pending.newValue) })}</p>
          <Form
            form={contactCodeForm}
            action={applyChangeAction}
            shownFor={{ kind, newValue: pending.newValue }}
          />
        </div>
      )}
      {kind === 'email' ? (
        <Form form={emailChangeForm} action={changeEmailAction} without={without} buttons={buttons} />
      ) : (
        <Form form={phoneChangeForm} action={changePhoneAction} without={without} buttons={buttons} />
      )}
    </Card>
  )
}

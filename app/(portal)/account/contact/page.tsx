// A new e-mail address or phone number, each with its code.

import { Form } from '@/components/form.tsx'
import type { FormButton } from '@/components/form-parts.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { type ContactKind, getPendingContactChange } from '@/lib/accounts/contact.ts'
import {
  contactCodeForm,
  emailChangeForm,
  phoneChangeForm,
  resendVerificationForm,
} from '@/lib/accounts/forms.ts'
import { getAccount } from '@/lib/accounts/queries.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { shownPhone } from '@/lib/billers/phones.ts'
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
  const now = clock.now()
  const account = await getAccount(customer, now)
  const email = (await getPendingContactChange(customer, 'email', now))?.newValue
  const phone = (await getPendingContactChange(customer, 'phone', now))?.newValue
  const without = [...withoutPassword(customer), ...(await withoutCode(customer))]
  const { sent } = await searchParams
  const t = await getTranslations('contact')
  const isUnverified = !account.emailVerifiedAt
  // The one thing to do first is amber: the code that was sent, the address that nobody confirmed, a change.
  const first = email ? 'email' : phone ? 'phone' : isUnverified ? undefined : 'email'
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/account', label: t('back') }}>
      {isUnverified && (
        <Unverified email={account.email} sent={sent !== undefined} isFirst={first === undefined} />
      )}
      <Change
        kind="email"
        without={without}
        pending={email}
        isFirst={first === 'email'}
        present={`${account.email} (${t(isUnverified ? 'unconfirmed' : 'confirmed')})`}
      />
      <Change
        kind="phone"
        without={without}
        pending={phone}
        isFirst={first === 'phone'}
        present={shownPhone(account.phone)}
      />
    </PageShell>
  )
}

const lookOf = (isFirst: boolean): FormButton['look'] => (isFirst ? 'primary' : 'secondary')

type UnverifiedProps = { email: string; sent: boolean; isFirst: boolean }

async function Unverified({ email, sent, isFirst }: UnverifiedProps) {
  const t = await getTranslations('contact')
  return (
    <Card labelledBy="unverified" title={t('unverified.title')}>
      {sent && <Done>{t('unverified.sent')}</Done>}
      <p className="wrap-anywhere">{t('unverified.text', { email })}</p>
      <Form
        form={resendVerificationForm}
        action={resendVerificationAction}
        buttons={[{ label: t('unverified.submit'), look: lookOf(isFirst) }]}
      />
      <p className="text-muted">{t('unverified.wrong')}</p>
    </Card>
  )
}

type ChangeProps = {
  kind: ContactKind
  without: ('currentPassword' | 'secondCode')[]
  present: string
  /** The new address or number that waits for its code. */
  pending: string | undefined
  isFirst: boolean
}

async function Change({ kind, without, present, pending, isFirst }: ChangeProps) {
  const t = await getTranslations('contact')
  const buttons = [{ label: t('sendCode'), look: lookOf(isFirst && !pending) }]
  const to = pending && (kind === 'email' ? shownEmail(pending) : shownPhone(pending))
  return (
    <Card labelledBy={`change-${kind}`} title={t(`${kind}.title`)}>
      <p className="wrap-anywhere">{t(`${kind}.present`, { value: present })}</p>
      {pending && (
        <>
          <Notice tone="wait">
            <p className="wrap-anywhere">{t('codeSent', { to: to! })}</p>
          </Notice>
          <Form
            form={contactCodeForm}
            action={applyChangeAction}
            shownFor={{ kind, newValue: pending }}
            beside={kind === 'email' ? undefined : 'phone-code'}
            buttons={[{ label: t('code.submit'), look: lookOf(isFirst) }]}
          />
        </>
      )}
      {kind === 'email' ? (
        <Form
          form={emailChangeForm}
          action={changeEmailAction}
          without={without}
          beside={pending && 'email'}
          buttons={buttons}
        />
      ) : (
        <Form
          form={phoneChangeForm}
          action={changePhoneAction}
          without={without}
          beside="phone"
          buttons={buttons}
        />
      )}
    </Card>
  )
}

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

export default async function ContactPage({ searchParams }: PageProps<never, 'sent' | 'change' | 'code'>) {
  const customer = await requireCustomer()
  const now = clock.now()
  const account = await getAccount(customer, now)
  const pending = {
    email: (await getPendingContactChange(customer, 'email', now))?.newValue,
    phone: (await getPendingContactChange(customer, 'phone', now))?.newValue,
  }
  const without = [...withoutPassword(customer), ...(await withoutCode(customer))]
  const { sent, change, code } = await searchParams
  const t = await getTranslations('contact')
  const isUnverified = !account.emailVerifiedAt
  const came = change === 'email' || change === 'phone' ? change : undefined
  // First, and with the one amber button: what one came for, a code that was sent, the address that nobody confirmed, a change.
  const first =
    came ?? (pending.email ? 'email' : pending.phone ? 'phone' : isUnverified ? undefined : 'email')
  const changes: ContactKind[] = first === 'phone' ? ['phone', 'email'] : ['email', 'phone']
  const present = {
    email: `${account.email} (${t(isUnverified ? 'unconfirmed' : 'confirmed')})`,
    phone: shownPhone(account.phone),
  }
  const unverified = isUnverified && (
    <Unverified email={account.email} sent={sent !== undefined} isFirst={first === undefined} />
  )
  return (
    <PageShell
      title={t('title')}
      lead={code === undefined && t('lead')}
      back={{ href: '/account', label: t('back') }}
    >
      {first === undefined && unverified}
      {changes.map(kind => (
        <Change
          key={kind}
          kind={kind}
          without={without}
          pending={pending[kind]}
          isFirst={first === kind}
          atCode={code !== undefined && first === kind}
          present={present[kind]}
          undeliverable={kind === 'email' ? customer.undeliverableEmail : customer.undeliverablePhone}
        />
      ))}
      {first !== undefined && unverified}
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
  /** The present one, where nothing arrives there. */
  undeliverable: string | null
  /** The new address or number that waits for its code. */
  pending: string | undefined
  isFirst: boolean
  /** It was just sent. */
  atCode: boolean
}

async function Change({ kind, without, present, undeliverable, pending, isFirst, atCode }: ChangeProps) {
  const t = await getTranslations('contact')
  const buttons = [{ label: t('sendCode'), look: lookOf(isFirst && !pending) }]
  const to = pending && (kind === 'email' ? shownEmail(pending) : shownPhone(pending))
  return (
    <Card labelledBy={`change-${kind}`} title={t(`${kind}.title`)}>
      <p className="wrap-anywhere">{t(`${kind}.present`, { value: present })}</p>
      {undeliverable !== null && (
        <Notice tone="bad">
          <p>{t(`undeliverable.${kind}Again`)}</p>
        </Notice>
      )}
      {pending && (
        <>
          <Notice tone="wait" live>
            <p className="wrap-anywhere">{t('codeSent', { to: to! })}</p>
          </Notice>
          <Form
            key={pending}
            form={contactCodeForm}
            action={applyChangeAction}
            shownFor={{ kind, newValue: pending }}
            beside={kind === 'email' ? undefined : 'phone-code'}
            buttons={[{ label: t('code.submit'), look: lookOf(isFirst) }]}
            focus={atCode ? 'code' : undefined}
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

// The second step at sign-in: setting it up, its recovery codes, turning it off.

import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { QrCode } from '@/components/payment-slip.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import {
  changeTwoFactorForm,
  codesKeptForm,
  finishTwoFactorForm,
  removePasskeyForm,
  setUpTwoFactorForm,
} from '@/lib/auth/forms.ts'
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { listPasskeys, MOST_PASSKEYS, type Passkey } from '@/lib/auth/passkeys.ts'
import { recoveryCodesCookie } from '@/lib/auth/sealed-cookie.ts'
import { keyUri } from '@/lib/auth/totp.ts'
import { getTwoFactor, type TwoFactor } from '@/lib/auth/two-factor.ts'
import { formatDay } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { withoutPassword } from '../without.ts'
import { beginAction, changeAction, codesKeptAction, confirmAction, removePasskeyAction } from './actions.ts'

export default async function TwoFactorPage({ searchParams }: PageProps<never, 'off' | 'added' | 'removed'>) {
  const customer = await requireCustomer()
  const t = await getTranslations('twoFactor')
  const passkeyWords = await getTranslations('passkeys')
  const codes = await newCodes(customer)
  if (codes) return <RecoveryCodes codes={codes} />
  const step = await getTwoFactor(customer, clock.now())
  const { off, added, removed } = await searchParams
  const passkeys = step.state === 'on' ? await listPasskeys(customer) : []
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/account', label: t('back') }}>
      {off !== undefined && step.state === 'off' && <Done>{t('turnedOff')}</Done>}
      {customer.isStaff && step.state !== 'on' && <Notice tone="wait">{t('staff')}</Notice>}
      {step.state === 'off' && <Begin customer={customer} />}
      {step.state === 'begun' && <Confirm customer={customer} secret={step.secret} />}
      {added !== undefined && passkeys.length > 0 && <Done>{passkeyWords('added')}</Done>}
      {removed !== undefined && <Done>{passkeyWords('removed')}</Done>}
      {step.state === 'on' && (
        <>
          <Change step={step} />
          <Passkeys customer={customer} passkeys={passkeys} />
        </>
      )}
    </PageShell>
  )
}

/** Codes just made in this session, which are shown once. */
async function newCodes(customer: Customer): Promise<string[] | undefined> {
  const kept = await recoveryCodesCookie.read()
  if (!kept) return undefined
  const { sessionId, codes } = JSON.parse(kept) as { sessionId: string; codes: string[] }
  return sessionId === customer.sessionId ? codes : undefined
}

async function RecoveryCodes({ codes }: { codes: string[] }) {
  const t = await getTranslations('twoFactor')
  return (
    <PageShell title={t('codesTitle')} lead={t('codesText')}>
      <Card>
        <ul className="grid grid-cols-1 gap-x-6 gap-y-2 text-lg sm:grid-cols-2">
          {codes.map(code => (
            <li key={code} className="code">
              {code}
            </li>
          ))}
        </ul>
      </Card>
      <Form form={codesKeptForm} action={codesKeptAction} />
    </PageShell>
  )
}

async function Begin({ customer }: { customer: Customer }) {
  const t = await getTranslations('twoFactor')
  const without = [...withoutPassword(customer), ...(customer.isStaff ? [] : (['invitationCode'] as const))]
  return (
    <Card>
      <p>{t('off')}</p>
      <Form form={setUpTwoFactorForm} action={beginAction} without={without} />
    </Card>
  )
}

async function Confirm({ customer, secret }: { customer: Customer; secret: string }) {
  const t = await getTranslations('twoFactor')
  const uri = keyUri(secret, customer.username)
  return (
    <>
      <Card labelledBy="scan" title={t('scan')}>
        <QrCode text={uri} label={t('qr')} />
        <p>{t.rich('sameDevice', { link: linkTo(uri) })}</p>
        <p>{t('secret')}</p>
        <p className="code text-lg select-all">{secret.replace(/.{4}(?=.)/g, '$& ')}</p>
      </Card>
      <Card labelledBy="first-code" title={t('firstCode')}>
        <Form form={finishTwoFactorForm} action={confirmAction} />
      </Card>
    </>
  )
}

async function Change({ step }: { step: Extract<TwoFactor, { state: 'on' }> }) {
  const t = await getTranslations('twoFactor')
  const day = formatDay(dayIn(PORTAL_ZONE, step.since), await getLocale())
  return (
    <>
      <Notice tone="good">
        <p>{t('on', { day })}</p>
        <p>{t('recoveryLeft', { count: step.recoveryCodes })}</p>
      </Notice>
      <Card labelledBy="change" title={t('change')}>
        <Form
          form={changeTwoFactorForm}
          action={changeAction}
          buttons={[
            { label: t('renew'), intent: 'renew', look: 'secondary' },
            { label: t('turnOff'), intent: 'off', look: 'danger' },
          ]}
        />
      </Card>
    </>
  )
}

async function Passkeys({ customer, passkeys }: { customer: Customer; passkeys: Passkey[] }) {
  const t = await getTranslations('passkeys')
  const locale = await getLocale()
  const day = (at: Date) => formatDay(dayIn(PORTAL_ZONE, at), locale)
  const choices = passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({
    value: id,
    label: (
      <span>
        {name}
        <small className="block">
          {t('since', { day: day(createdAt) })}{' '}
          {lastUsedAt ? t('used', { day: day(lastUsedAt) }) : t('unused')}
        </small>
      </span>
    ),
  }))
  return (
    <Card labelledBy="passkeys" title={t('title')}>
      <p>{t('lead')}</p>
      {passkeys.length > 0 && (
        <Form
          form={removePasskeyForm}
          action={removePasskeyAction}
          options={{ passkey: choices }}
          values={passkeys.length === 1 ? { passkey: passkeys[0]!.id } : {}}
          without={withoutPassword(customer)}
          beside="remove"
          buttons={[{ label: t('remove.submit'), look: 'danger' }]}
        />
      )}
      {passkeys.length < MOST_PASSKEYS && (
        <a className="more" href="/account/second-step/passkey">
          {t('addTitle')}
        </a>
      )}
    </Card>
  )
}

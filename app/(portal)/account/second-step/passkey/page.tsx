// Adding a passkey: the password and a code first, then the browser is asked for it when the form is sent.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { PasskeyPrompt } from '@/components/passkey-prompt.tsx'
import { Card } from '@/components/ui/card.tsx'
import { addPasskeyForm, allowPasskeyForm } from '@/lib/auth/forms.ts'
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { creationOptions, mayAddPasskey, newChallenge } from '@/lib/auth/passkeys.ts'
import { passkeyCookie } from '@/lib/auth/sealed-cookie.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { addPasskeyAction, allowPasskeyAction } from './actions.ts'

export default async function AddPasskeyPage() {
  const customer = await requireCustomer()
  const isAllowed = mayAddPasskey(customer, await passkeyCookie.read(), clock.now())
  const t = await getTranslations('passkeys')
  return (
    <PageShell
      title={t('addTitle')}
      lead={t(isAllowed ? 'addLead' : 'allowLead')}
      back={{ href: '/account/second-step', label: t('back') }}
    >
      <Card>
        {isAllowed ? (
          <Add customer={customer} />
        ) : (
          <Form form={allowPasskeyForm} action={allowPasskeyAction} />
        )}
      </Card>
    </PageShell>
  )
}

async function Add({ customer }: { customer: Customer }) {
  const t = await getTranslations('passkeys')
  const asked = newChallenge(clock.now())
  const options = await creationOptions(customer, asked)
  return (
    <Form
      form={addPasskeyForm}
      action={addPasskeyAction}
      shownFor={{ ...asked, session: customer.sessionId }}
      drawn={['response']}
    >
      <PasskeyPrompt name="response" make={options} failed={t('failed')} />
    </Form>
  )
}

// While a payment's end is not known: the page follows it, tells what happens now and whom to ask, and lets one go back or give up.
import { headers } from 'next/headers'
import { Form } from '@/components/form.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import type { Customer } from '@/lib/auth/sessions.ts'
import { formatDayInSentence, formatInstant } from '@/lib/i18n/formats.ts'
import { checkoutRedirect } from '@/lib/payments/checkout.ts'
import { cancelForm } from '@/lib/payments/forms.ts'
import { tryAtBank } from '@/lib/payments/rules.ts'
import type { Attempt } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { cancelPaymentAction } from './actions.ts'
import { Watch } from './watch.tsx'

const RELOAD_SECONDS = 5

type WaitingProps = { customer: Customer; payment: Attempt; wantsOut: boolean }

/** `wantsOut`: its reader asked for the ways back and out, at an address of its own. */
export async function Waiting({ customer, payment, wantsOut }: WaitingProps) {
  const t = await getTranslations('payment')
  const locale = await getLocale()
  const { silent, open } = tryAtBank(payment)
  const isPending = payment.state === 'pending'
  // Who has not come back from the bank's page has nothing else to do here; and a form that was sent (it has a type) and refused
  // stays where it says why, whatever the payment has become meanwhile.
  const isOut = isPending && (wantsOut || open || (await headers()).has('content-type'))
  return (
    <>
      <Watch seconds={RELOAD_SECONDS} mark={`${payment.state} ${silent} ${open}`} />
      {/* Without scripts the page is fetched anew, but not while somebody decides. */}
      {!isOut && (
        <noscript>
          <meta httpEquiv="refresh" content={`${2 * RELOAD_SECONDS};url=/payments/${payment.id}`} />
        </noscript>
      )}
      {isOut && <WaysOut customer={customer} payment={payment} open={open} />}
      <Card labelledBy="now" title={t('now')}>
        <ol className="timeline">
          <li>
            <Icon name="check" />
            <b>{t('steps.begun')}</b>
            <small>{formatInstant(payment.createdAt, locale, payment.timeZone)}</small>
          </li>
          <li>
            <Icon name="wait" />
            <b>{t(silent ? 'steps.asking' : 'steps.watching')}</b>
            <small>
              {payment.askedAt &&
                `${t('askedLast', { at: formatInstant(payment.askedAt, locale, payment.timeZone) })} `}
              {t('howLong', { day: formatDayInSentence(payment.startedOn, locale) })}
            </small>
          </li>
          <li>
            <Icon name="device" />
            <b>{t(isOut ? 'steps.tellsIfAsked' : 'steps.told')}</b>
            <small>{t('steps.close')}</small>
          </li>
        </ol>
      </Card>
      {isPending && !isOut && (
        <p>
          <a href={`/payments/${payment.id}?unfinished`} className="more">
            {t('unfinished')}
          </a>
        </p>
      )}
      {silent && <Contacts payment={payment} />}
    </>
  )
}

/** Back to the bank as long as that leads anywhere, or giving up. */
async function WaysOut({ customer, payment, open }: { customer: Customer; payment: Attempt; open: boolean }) {
  const t = await getTranslations('payment')
  const bank = open ? await checkoutRedirect(customer, payment.id, clock.now()) : undefined
  const checkout = bank?.ok ? bank.value : null
  return (
    <Card labelledBy="unfinished" title={t('unfinished')}>
      <p>{t(checkout ? 'unfinishedOpen' : 'unfinishedText')}</p>
      <p>{t('cancelMeans')}</p>
      {checkout && (
        <form method={checkout.method} action={checkout.url}>
          {Object.entries(checkout.fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <p className="actions">
            <Button look="secondary">{t('continue')}</Button>
          </p>
        </form>
      )}
      <Form
        form={cancelForm}
        action={cancelPaymentAction}
        shownFor={{ payment: payment.id }}
        buttons={[{ label: t('cancel'), look: 'danger', intent: 'cancel' }]}
        calm
      />
    </Card>
  )
}

async function Contacts({ payment }: { payment: Attempt }) {
  const t = await getTranslations('payment')
  const { billerName, number, contactPhone: phone, contactEmail: email } = payment
  return (
    <Card labelledBy="ask" title={t('ask')}>
      <p>{t(phone || email ? 'askLater' : 'askAtCounter', { biller: billerName })}</p>
      <Rows
        rows={[
          ...(phone
            ? [
                {
                  id: 'phone',
                  icon: 'phone' as const,
                  href: `tel:${phone.replace(/\s/g, '')}`,
                  title: phone.replaceAll(' ', '\u00a0'),
                  note: billerName,
                },
              ]
            : []),
          ...(email
            ? [
                {
                  id: 'email',
                  icon: 'mail' as const,
                  href: `mailto:${email}`,
                  title: email,
                  note: billerName,
                },
              ]
            : []),
          {
            id: 'number',
            icon: 'doc',
            title: <span className="code">{number}</span>,
            note: t('sayNumber'),
          },
        ]}
      />
    </Card>
  )
}

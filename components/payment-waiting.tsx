// While a payment's end is not known: the page follows it, tells what happens now and whom to ask, and lets one go back or give up.
import { headers } from 'next/headers'
import type { ShownFor } from '@/lib/forms/shown.ts'
import { formatDayInSentence, formatInstant, formatMoney } from '@/lib/i18n/formats.ts'
import { toldStopped } from '@/lib/maintenance/queries.ts'
import { checkoutRedirect } from '@/lib/payments/checkout.ts'
import { cancelForm } from '@/lib/payments/forms.ts'
import type { PayerAtBank } from '@/lib/payments/payer.ts'
import { checkoutForm } from '@/lib/payments/redirect-rules.ts'
import { tryAtBank } from '@/lib/payments/rules.ts'
import type { Attempt } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { Form } from './form.tsx'
import { WaitsForMaintenance } from './maintenance.tsx'
import { Sky, Sun } from './sky.tsx'
import { ToBank } from './to-bank.tsx'
import { Button, ButtonLink } from './ui/button.tsx'
import { Card } from './ui/card.tsx'
import { Icon } from './ui/icon.tsx'
import { Rows } from './ui/rows.tsx'
import type { FormAction } from './use-form.ts'
import { Watch } from './watch.tsx'

const RELOAD_SECONDS = 5

type WaitingProps = {
  payer: PayerAtBank
  payment: Attempt
  /** Of its page, and how one comes back to it. */
  path: string
  wayBack: string
  wantsOut: boolean
  /** Has just chosen to pay, and goes on to the bank. */
  goesOn: boolean
  /** Where the browser goes on to the bank, where it is to remember by what it did; else from here. */
  onward?: string
  /** Gives it up, and what that acts on. */
  cancel: FormAction
  shownFor: ShownFor
}

/** `wantsOut`: its reader asked for the ways back and out, at an address of its own. */
export async function Waiting({ wantsOut, wayBack, ...of }: WaitingProps) {
  const { payment, path } = of
  const t = await getTranslations('payment')
  const locale = await getLocale()
  const { silent, open } = tryAtBank(payment)
  const watch = <Watch seconds={RELOAD_SECONDS} mark={`${payment.state} ${silent} ${open}`} />
  const stopped = toldStopped(clock.now())
  // No bank is asked, so nothing here could be done or told.
  if (stopped)
    return (
      <>
        {watch}
        <WaitsForMaintenance until={stopped} locale={locale} />
      </>
    )
  const isPending = payment.state === 'pending'
  // Who has not come back from the bank's page has nothing else to do here; and a form that was sent (it has a type) and refused
  // stays where it says why, whatever the payment has become meanwhile.
  const isOut = isPending && (wantsOut || open || (await headers()).has('content-type'))
  return (
    <>
      {watch}
      {/* Without scripts the page is fetched anew, but not while somebody decides. */}
      {!isOut && (
        <noscript>
          <meta httpEquiv="refresh" content={`${2 * RELOAD_SECONDS};url=${path}`} />
        </noscript>
      )}
      {isOut && <WaysOut {...of} open={open} />}
      {!of.goesOn && (
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
              <small>{wayBack}</small>
            </li>
          </ol>
        </Card>
      )}
      {isPending && !isOut && (
        <p>
          <a href={`${path}?unfinished`} className="more">
            {t('unfinished')}
          </a>
        </p>
      )}
      {silent && <Contacts payment={payment} />}
    </>
  )
}

/** Whoever has just chosen to pay has nothing to wait for yet: without scripts, or before one has run, the bank is the one step left. */
export async function ToBankNow({ payment: { amount, currency, billerName } }: { payment: Attempt }) {
  const t = await getTranslations('payment')
  const values = { amount: formatMoney(amount, currency, await getLocale()), biller: billerName }
  return (
    <Sky big>
      <Sun look="half" />
      <div role="status" className="stack">
        <h1>{t('toBank.title')}</h1>
        <p>{t('toBank.text', values)}</p>
      </div>
    </Sky>
  )
}

/** Back to the bank as long as that leads anywhere, or giving up. */
async function WaysOut({
  payer,
  payment,
  path,
  goesOn,
  onward,
  cancel,
  shownFor,
  open,
}: Omit<WaitingProps, 'wantsOut' | 'wayBack'> & { open: boolean }) {
  const t = await getTranslations('payment')
  const bank = open ? await checkoutRedirect(payer, payment.id, clock.now()) : undefined
  const checkout = bank?.ok ? bank.value : null
  const form = checkout && checkoutForm(checkout)
  const leads = goesOn && form !== null
  return (
    <Card labelledBy="unfinished" title={t(leads ? 'toBank.card' : 'unfinished')}>
      {!leads && <p>{t(checkout ? 'unfinishedOpen' : 'unfinishedText')}</p>}
      {!leads && <p>{t('cancelMeans')}</p>}
      {form && onward && !leads && (
        <p className="actions">
          <ButtonLink href={onward} look="secondary">
            {t('continue')}
          </ButtonLink>
        </p>
      )}
      {form && (!onward || leads) && (
        <ToBank method={checkout.method} action={form.action} sendsItself={goesOn} at={path}>
          {form.fields.map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <p className="actions">
            <Button look={leads ? 'primary' : 'secondary'}>{t('continue')}</Button>
          </p>
        </ToBank>
      )}
      {leads && <p>{t('cancelMeans')}</p>}
      <Form
        form={cancelForm}
        action={cancel}
        shownFor={shownFor}
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

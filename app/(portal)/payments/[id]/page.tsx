// A payment in its true state.

import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { ContactLinks } from '@/components/contact-links.tsx'
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Button, ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import type { Customer } from '@/lib/auth/sessions.ts'
import { formatDayInSentence, formatInstant, formatMoney, formatMonth } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import type { Translator } from '@/lib/i18n/translator.ts'
import { askBank } from '@/lib/payments/asking.ts'
import { checkoutRedirect } from '@/lib/payments/checkout.ts'
import { cancelForm } from '@/lib/payments/forms.ts'
import {
  type Ending,
  endingOf,
  type Note,
  notesOf,
  paidTwice,
  paysAsChosen,
} from '@/lib/payments/outcome-rules.ts'
import { getAttempt } from '@/lib/payments/queries.ts'
import { declineReason, isUnknown, tryAtBank } from '@/lib/payments/rules.ts'
import { type Attempt, parseAttemptId } from '@/lib/payments/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { database } from '@/lib/platform/database.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { cancelPaymentAction } from './actions.ts'
import { Watch } from './watch.tsx'

/** How long the bank's own news are waited for before the page asks. */
const PATIENCE_MS = 5000
const RELOAD_SECONDS = 5
/** Without scripts the page is fetched anew: an answer to a form stays until it has been read. */
const RELOAD_ANSWER_SECONDS = 60

export default async function PaymentPage({ params }: PageProps<'id'>) {
  const customer = await requireCustomer()
  const id = parseAttemptId((await params).id)
  const payment = id && (await upToDate(customer, id))
  if (!payment) notFound()
  const t = await getTranslations('payment')
  const locale = await getLocale()
  return (
    <PageShell title={t('title')} back={{ href: '/contracts', label: t('back') }}>
      <State payment={payment} />
      {isUnknown(payment.state) && <Waiting customer={customer} payment={payment} />}
      <Card labelledBy="details" title={t('details')}>
        <Facts
          facts={[
            { label: t('number'), value: payment.number },
            { label: t('biller'), value: payment.billerName },
            { label: t('contract'), value: payment.contractCode },
            { label: t('begunAt'), value: formatInstant(payment.createdAt, locale, payment.timeZone) },
          ]}
        />
        <Facts
          sum
          facts={[
            ...payment.invoices.map(invoice => ({
              label: formatMonth(invoice.period, locale),
              value: formatMoney(invoice.total, payment.currency, locale),
            })),
            {
              label: t('amount'),
              value: formatMoney(payment.amount, payment.currency, locale),
            },
          ]}
        />
      </Card>
      {endingOf(payment) === 'captured' && !paysAsChosen(payment) && <PaysNow payment={payment} />}
    </PageShell>
  )
}

/** The payment; one whose end is not known yet after the bank was asked, where nobody else asked just now. */
async function upToDate(customer: Customer, id: string): Promise<Attempt | null> {
  const payment = await getAttempt(customer, id)
  const now = clock.now()
  const settled = !payment || !isUnknown(payment.state)
  if (settled || now.getTime() - payment.createdAt.getTime() < PATIENCE_MS) return payment
  await askBank(database(), id, 'looking', now)
  return getAttempt(customer, id)
}

const TONE = {
  unknown: 'wait',
  captured: 'good',
  reversed: 'bad',
  declined: 'bad',
  cancelled: 'plain',
  expired: 'plain',
  voided: 'plain',
} as const

async function State({ payment }: { payment: Attempt }) {
  const t = await getTranslations('payment')
  const locale = await getLocale()
  const ending = endingOf(payment)
  return (
    <>
      {/* In the same place in every state, so that its change is announced. */}
      <Notice tone={TONE[ending]} live>
        <p className="font-bold">{t(`states.${ending}.title`)}</p>
        <p>{explanation(payment, ending, t, locale)}</p>
      </Notice>
      {notesOf(payment).map(note => (
        <Notice key={note.about + ('number' in note ? note.number : '')} tone="wait">
          {sentence(note, payment, t, locale)}
        </Notice>
      ))}
      {paidTwice(payment) && <Notice tone="wait">{t('paidTwice')}</Notice>}
      {payment.captures.length > 0 && (
        <ul className="flex flex-wrap gap-3">
          {payment.captures.map(({ number }, index) => (
            <li key={number}>
              <ButtonLink
                href={`/payments/${payment.id}/receipt${index > 0 ? `?number=${number}` : ''}`}
                look={index > 0 ? 'secondary' : 'primary'}
              >
                {t('receipt', { number })}
              </ButtonLink>
            </li>
          ))}
        </ul>
      )}
      {ending !== 'unknown' && (payment.captures.length === 0 || payment.stillDue > 0) && (
        <p>
          <ButtonLink
            href={`/contracts/${payment.billerCode}/${payment.contractCode}/pay?payment=${payment.id}`}
            look={payment.captures.length > 0 ? 'secondary' : 'primary'}
          >
            {t(payment.captures.length > 0 ? 'payRest' : 'tryAgain')}
          </ButtonLink>
        </p>
      )}
    </>
  )
}

type Texts = Translator<'payment'>

function explanation(payment: Attempt, ending: Ending, t: Texts, locale: Locale): string {
  if (ending === 'declined') return t(`declined.${declineReason(payment.declineCode)}`)
  if (ending === 'reversed')
    return t('states.reversed.text', {
      day: formatDayInSentence(payment.captures.at(-1)!.reversedOn!, locale),
    })
  if (ending === 'captured' && !paysAsChosen(payment)) return t('states.captured.otherwise')
  return t(`states.${ending}.text`)
}

function sentence(note: Note, { currency }: Attempt, t: Texts, locale: Locale): string {
  const money = (minor: number) => formatMoney(minor, currency, locale)
  switch (note.about) {
    case 'reversed':
      return t('notes.reversed', { number: note.number, day: formatDayInSentence(note.on, locale) })
    case 'otherAmount':
      return t('notes.otherAmount', { taken: money(note.taken), ordered: money(note.ordered) })
    case 'short':
      return t('notes.short', {
        started: formatDayInSentence(note.startedOn, locale),
        day: formatDayInSentence(note.paidOn, locale),
        amount: money(note.amount),
      })
    default:
      return t(`notes.${note.about}`, { amount: money(note.amount) })
  }
}

/** What the money pays now, where that is not what was chosen: another payment, a correction or a reversal changed it. */
async function PaysNow({ payment }: { payment: Attempt }) {
  const t = await getTranslations('payment')
  const locale = await getLocale()
  const money = (minor: number) => formatMoney(minor, payment.currency, locale)
  const lines = payment.captures.flatMap(({ pays }) => pays)
  const surplus = payment.captures.reduce((sum, capture) => sum + capture.surplus, 0)
  const facts = [
    ...lines.map(line => ({ label: formatMonth(line.period, locale), value: money(line.total) })),
    ...(surplus > 0 ? [{ label: t('surplus'), value: money(surplus) }] : []),
  ]
  return (
    <Card labelledBy="pays-now" title={t('paysNow')}>
      <Facts facts={facts} />
    </Card>
  )
}

/** While the end is not known: the page follows it; what the bank may know; and the ways to go as long as they lead anywhere. */
async function Waiting({ customer, payment }: { customer: Customer; payment: Attempt }) {
  const t = await getTranslations('payment')
  const { silent, open } = tryAtBank(payment)
  const bank = open ? await checkoutRedirect(customer, payment.id, clock.now()) : undefined
  const checkout = bank?.ok ? bank.value : null
  const isAnswer = (await headers()).has('content-type')
  return (
    <>
      <Watch seconds={RELOAD_SECONDS} mark={`${payment.state} ${silent} ${open}`} />
      <noscript>
        <meta httpEquiv="refresh" content={String(isAnswer ? RELOAD_ANSWER_SECONDS : 2 * RELOAD_SECONDS)} />
      </noscript>
      {silent && <Silence payment={payment} />}
      <p>{t('updates')}</p>
      <p>
        <ButtonLink href={`/payments/${payment.id}`}>{t('lookAgain')}</ButtonLink>
      </p>
      {checkout && (
        <form method={checkout.method} action={checkout.url} className="space-y-3">
          {Object.entries(checkout.fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <p>{t(silent ? 'stillOpen' : 'unfinished')}</p>
          <Button look="secondary">{t('continue')}</Button>
        </form>
      )}
      {payment.state === 'pending' && (
        <Form
          form={cancelForm}
          action={cancelPaymentAction}
          shownFor={{ payment: payment.id }}
          buttons={[{ label: t('cancel'), look: 'secondary', intent: 'cancel' }]}
        />
      )}
    </>
  )
}

/** What one may count on while the bank says nothing, and whom to ask. */
async function Silence({ payment }: { payment: Attempt }) {
  const t = await getTranslations('payment')
  const { billerName: biller, number, contactPhone: phone, contactEmail: email } = payment
  return (
    <>
      <p>{t('silent')}</p>
      <p>{t('howLong', { day: formatDayInSentence(payment.startedOn, await getLocale()) })}</p>
      <p>
        {phone || email
          ? t.rich('call', { biller, number, contacts: () => <ContactLinks phone={phone} email={email} /> })
          : t('callAsOnInvoice', { biller, number })}
      </p>
    </>
  )
}

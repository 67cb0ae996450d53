// A payment in its true state: what became of it, said first, and what can be done now.

import { notFound } from 'next/navigation'
import { BegunCertificates } from '@/components/begun-certificates.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { PayButtonLink } from '@/components/pay-button-link.tsx'
import { PaymentDetails } from '@/components/payment-details.tsx'
import { noteKey, noteText, outcomeOf } from '@/components/payment-outcome.ts'
import { ToBankNow, Waiting } from '@/components/payment-waiting.tsx'
import { RefundList } from '@/components/refund-list.tsx'
import { Sky, Sun } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { UnusedMoney } from '@/components/unused-money.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import type { Customer } from '@/lib/auth/sessions.ts'
import { invoiceStatus } from '@/lib/billing/invoice-status.ts'
import { listUnpaidInvoices } from '@/lib/billing/queries.ts'
import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import { listCertificateDrafts } from '@/lib/cases/drafts.ts'
import { formatMoney, formatMonth, formatMonthInSentence, formatTime } from '@/lib/i18n/formats.ts'
import { toldStopped } from '@/lib/maintenance/queries.ts'
import {
  endingOf,
  givenBackOf,
  notesOf,
  paidTwice,
  paysAsChosen,
  unusedOf,
} from '@/lib/payments/outcome-rules.ts'
import { isUnknown, tryAtBank } from '@/lib/payments/rules.ts'
import { type Attempt, parseAttemptId } from '@/lib/payments/schema.ts'
import { upToDate } from '@/lib/payments/up-to-date.ts'
import { clock } from '@/lib/platform/clock.ts'
import { plainAmount } from '@/lib/platform/money.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { cancelPaymentAction } from './actions.ts'

type Props = PageProps<'id', 'asked' | 'unfinished' | 'bank'>

export default async function PaymentPage({ params, searchParams }: Props) {
  const customer = await requireCustomer()
  const id = parseAttemptId((await params).id)
  const { asked, unfinished, bank } = await searchParams
  const isAsked = asked !== undefined
  const payment = id && (await upToDate(customer, id, isAsked ? 'wanted' : 'looking', clock.now()))
  if (!payment) notFound()
  const unpaid = await listUnpaidInvoices(
    customer,
    payment.contracts.map(contract => contract.id),
    clock.now(),
  )
  const t = await getTranslations('payment')
  const locale = await getLocale()
  const outcome = outcomeOf(payment, customer, t, locale)
  const isWaiting = isUnknown(payment.state) && payment.captures.length === 0
  const goesOn = isWaiting && bank !== undefined && tryAtBank(payment).open && !toldStopped(clock.now())
  return (
    <PageShell
      title={outcome.heading}
      sky={
        goesOn ? (
          <ToBankNow payment={payment} />
        ) : (
          <Outcome payment={payment} outcome={outcome} unpaid={unpaid} isAsked={isAsked} />
        )
      }
    >
      {paidTwice(payment) && <Notice tone="wait">{t('paidTwice')}</Notice>}
      {notesOf(payment).map(note => (
        <Notice key={noteKey(note)} tone="wait">
          {noteText(note, payment, t, locale)}
        </Notice>
      ))}
      <UnusedMoney payment={payment} />
      {isWaiting && (
        <Waiting
          payer={customer}
          payment={payment}
          path={`/payments/${payment.id}`}
          wayBack={t('steps.close')}
          wantsOut={unfinished !== undefined}
          goesOn={goesOn}
          cancel={cancelPaymentAction}
          shownFor={{ payment: payment.id }}
        />
      )}
      {endingOf(payment) === 'captured' && <BackToCertificate customer={customer} />}
      {endingOf(payment) === 'captured' && <Remaining payment={payment} unpaid={unpaid} />}
      <RefundList payer={customer} payment={payment} />
      <PaymentDetails payment={payment} withContract />
      {endingOf(payment) === 'captured' && !paysAsChosen(payment) && <PaysNow payment={payment} />}
    </PageShell>
  )
}

/** Where an application was left to pay first. */
async function BackToCertificate({ customer }: { customer: Customer }) {
  const drafts = await listCertificateDrafts(customer)
  if (drafts.length === 0) return null
  return <BegunCertificates drafts={drafts} />
}

/** What became of it, in the same place in every state, so that its change is announced; and the one thing to do. */
async function Outcome({
  payment,
  outcome: { ending, title, text },
  unpaid,
  isAsked,
}: {
  payment: Attempt
  outcome: ReturnType<typeof outcomeOf>
  unpaid: UnpaidInvoice[]
  isAsked: boolean
}) {
  const t = await getTranslations('payment')
  const { askedAt, timeZone } = payment
  const time = isAsked && askedAt && formatTime(askedAt, await getLocale(), timeZone)
  const isPaid = ending === 'captured'
  return (
    <Sky dawn={isPaid} big>
      {isPaid && <Sun look="up" />}
      {ending === 'unknown' && <Sun look="half" />}
      <div role="status" className="stack">
        <h1>{title}</h1>
        <p>{text}</p>
        {ending === 'unknown' && time && (
          <p>{t(tryAtBank(payment).silent ? 'asked' : 'askedUntried', { time })}</p>
        )}
      </div>
      {ending === 'unknown' && !toldStopped(clock.now()) && (
        <p className="actions">
          <ButtonLink href={`/payments/${payment.id}?asked`} icon="wait">
            {t('lookAgain')}
          </ButtonLink>
        </p>
      )}
      {payment.captures.length > 0 && <Receipts payment={payment} />}
      {ending !== 'unknown' && !isPaid && <TryAgain payment={payment} unpaid={unpaid} />}
    </Sky>
  )
}

/** Of each capture its PDF and its page; one that stands alone needs no number. */
async function Receipts({ payment: { id, captures } }: { payment: Attempt }) {
  const t = await getTranslations('payment')
  return captures.map(({ number }, index) => {
    const which = captures.length > 1 ? `?number=${number}` : ''
    return (
      <p key={number} className="actions">
        <ButtonLink
          href={`/payments/${id}/receipt.pdf${which}`}
          icon="down"
          look={index > 0 ? 'secondary' : 'primary'}
        >
          {t(which ? 'receiptPdfNumber' : 'receiptPdf', { number })}
        </ButtonLink>
        <a href={`/payments/${id}/receipt${which}`}>{t(which ? 'receiptNumber' : 'receipt', { number })}</a>
      </p>
    )
  })
}

/** Exactly what was chosen, as far as it can still be paid, and what that comes to today. */
async function TryAgain({ payment, unpaid }: { payment: Attempt; unpaid: UnpaidInvoice[] }) {
  const t = await getTranslations('payment')
  const chosen = new Set(payment.invoices.map(({ invoiceId }) => invoiceId))
  const again = unpaid.filter(invoice => chosen.has(invoice.id) && !invoice.underWay)
  const total = payment.isPart ? payment.amount : sumOf(again, 'total')
  const amount = formatMoney(total, payment.currency, await getLocale())
  return (
    <p className="actions">
      {again.length > 0 && (
        <PayButtonLink href={wayToTryAgain(payment)} icon="pay">
          {t('tryAgain', { amount })}
        </PayButtonLink>
      )}
      <a href="/contracts">{t('home')}</a>
    </p>
  )
}

/** To the page to pay its contract, or where there are several to all that is unpaid. */
const wayToPay = ({ billerCode, contracts }: Attempt): string =>
  contracts.length === 1 ? `/contracts/${billerCode}/${contracts[0]!.code}/pay` : '/invoices/unpaid'

/** With the same invoices chosen, or the same part typed. */
function wayToTryAgain(payment: Attempt): string {
  const { id, isPart, amount, billerCode } = payment
  const part = { part: '', biller: billerCode, amount: plainAmount(amount) }
  return `${wayToPay(payment)}?${new URLSearchParams(isPart ? part : { payment: id })}`
}

/** What of its contracts is still to be paid, until when, and the way to it. */
async function Remaining({ payment, unpaid }: { payment: Attempt; unpaid: UnpaidInvoice[] }) {
  const t = await getTranslations('payment')
  const locale = await getLocale()
  const rest = unpaid.filter(({ underWay }) => !underWay)
  const next = rest[0]
  if (!next) {
    return (
      <p className="actions">
        <ButtonLink href="/contracts" look="secondary" icon="home">
          {t('home')}
        </ButtonLink>
      </p>
    )
  }
  const state = next.overdue ? 'overdue' : 'unpaid'
  return (
    <Card
      labelledBy="rest"
      title={t('remains', { amount: formatMoney(sumOf(rest, 'total'), payment.currency, locale) })}
    >
      <p>
        {t('remainsFor', { count: rest.length, month: formatMonthInSentence(next.period, locale) })}{' '}
        <Chip {...invoiceStatus({ ...next, state }, next.today, locale)} />
      </p>
      <p className="actions">
        <ButtonLink href={wayToPay(payment)} look="secondary" icon="pay">
          {t('payRest')}
        </ButtonLink>
        <a href="/contracts">{t('home')}</a>
      </p>
    </Card>
  )
}

/** What the money pays now, where that is not what was chosen: another payment, a correction or a reversal changed it. */
async function PaysNow({ payment }: { payment: Attempt }) {
  const t = await getTranslations('payment')
  const locale = await getLocale()
  const money = (minor: number) => formatMoney(minor, payment.currency, locale)
  const lines = payment.captures.flatMap(({ pays }) => pays)
  const surplus = unusedOf(payment)
  const back = givenBackOf(payment)
  const facts = [
    ...lines.map(line => ({ label: formatMonth(line.period, locale), value: money(line.total) })),
    ...(surplus > 0 ? [{ label: t('surplus'), value: money(surplus) }] : []),
    ...(back > 0 ? [{ label: t('givenBack'), value: money(back) }] : []),
  ]
  if (facts.length === 0) return null
  return (
    <Card labelledBy="pays-now" title={t('paysNow')}>
      <Facts facts={facts} />
    </Card>
  )
}

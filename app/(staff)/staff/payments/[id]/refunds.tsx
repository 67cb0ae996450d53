// What of a payment is given back: asked for by one member of staff, decided by another.
import { Form } from '@/components/form.tsx'
import { Card } from '@/components/ui/card.tsx'
import type { Staff } from '@/lib/auth/staff.ts'
import { formatInstant, formatMoney, typedDecimal } from '@/lib/i18n/formats.ts'
import type { AttemptCourse } from '@/lib/payment-desk/schema.ts'
import { plainAmount } from '@/lib/platform/money.ts'
import { askRefundForm, decideRefundForm } from '@/lib/refunds/forms.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { RefundChip } from '../words.tsx'
import { askRefundAction, decideRefundAction } from './actions.ts'
import { firstSettled } from './held.tsx'

type Props = { course: AttemptCourse; staff: Pick<Staff, 'id' | 'role'> }

export async function Refunds({ course, staff }: Props) {
  const isOver = (one: AttemptCourse['payments'][number]) => !one.reversedOn && overOf(one) > 0
  const over = course.payments.filter(isOver)
  if (over.length === 0 && course.refunds.length === 0) return null
  const t = await getTranslations('paymentDesk')
  return (
    <Card labelledBy="refunds" title={t('parts.refunds')}>
      {course.refunds.map(one => (
        <Refund key={one.id} one={one} course={course} staff={staff} />
      ))}
      {over.length > 0 && <Ask over={over} course={course} staff={staff} />}
    </Card>
  )
}

const overOf = ({ amount, allocated, refunded }: AttemptCourse['payments'][number]) =>
  amount - allocated - refunded

/** The bank has been told and has not confirmed it. */
const isUnsettled = (state: AttemptCourse['refunds'][number]['state']) =>
  state === 'submitted' || state === 'unknown'

async function Refund({ one, course, staff }: Props & { one: AttemptCourse['refunds'][number] }) {
  const t = await getTranslations('paymentDesk')
  const locale = await getLocale()
  const at = (time: string) => formatInstant(new Date(time), locale, course.timeZone)
  const payment = course.payments.find(({ id }) => id === one.paymentId)!
  return (
    <div className="stack">
      <p>
        <RefundChip state={one.state} /> <b>{formatMoney(one.amount, course.currency, locale)}</b>{' '}
        {t('refundOf', { way: one.way, number: payment.reference })}
      </p>
      <p>
        <small>
          {[
            one.number,
            t('askedBy', { name: one.requestedBy, at: at(one.requestedAt) }),
            one.decidedBy && t('decidedBy', { name: one.decidedBy, at: at(one.decidedAt!) }),
            one.failureCode && `${t('bankCode')} ${one.failureCode}`,
            one.toldAgainAt && t('refundToldAgainAt', { at: at(one.toldAgainAt) }),
            isUnsettled(one.state) &&
              one.nextCheckAt &&
              !one.toldAgainAt &&
              t('refundAskedAt', { at: at(one.nextCheckAt) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </p>
      <p className="wrap-anywhere">{one.reason}</p>
      {one.state === 'requested' && <Decide one={one} course={course} staff={staff} />}
    </div>
  )
}

/** Not for who asked for it, nor for agents. */
async function Decide({ one, course, staff }: Props & { one: AttemptCourse['refunds'][number] }) {
  const t = await getTranslations('paymentDesk')
  if (one.isOwn) return <p className="text-muted">{t('decide.another')}</p>
  if (staff.role === 'agent') return <p className="text-muted">{t('decide.supervisor')}</p>
  return (
    <Form
      form={decideRefundForm}
      action={decideRefundAction}
      shownFor={{ refund: one.id, attempt: course.attemptId }}
      beside={`decide-${one.number}`}
      buttons={[
        { label: t('decide.agree'), intent: 'agree', look: 'secondary' },
        { label: t('decide.refuse'), intent: 'refuse', look: 'danger' },
      ]}
    />
  )
}

async function Ask({ over, course, staff: { role } }: Props & { over: AttemptCourse['payments'] }) {
  const t = await getTranslations('paymentDesk')
  const locale = await getLocale()
  const [first] = over
  return (
    <>
      <h3>{t('refund.open')}</h3>
      <Form
        form={askRefundForm}
        action={askRefundAction}
        shownFor={{ attempt: course.attemptId }}
        beside={firstSettled({ course, role }) === undefined ? undefined : 'refund'}
        options={{
          payment: over.map(one => ({
            value: String(one.id),
            label: t('refund.payment', {
              number: one.reference,
              contract: one.contractCode,
              amount: formatMoney(overOf(one), course.currency, locale),
            }),
          })),
        }}
        values={
          over.length === 1
            ? { payment: String(first!.id), amount: typedDecimal(plainAmount(overOf(first!)), locale) }
            : {}
        }
        buttons={[{ label: t('refund.submit'), look: 'secondary' }]}
      />
    </>
  )
}

// What was held of a payment for staff, and the form with which a supervisor settles it.
import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import type { Staff } from '@/lib/auth/staff.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { settleForm, takeBackForm } from '@/lib/payment-desk/forms.ts'
import { type AttemptCourse, paymentPath } from '@/lib/payment-desk/schema.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { bankMoney } from '../words.tsx'
import { settleAction, takeBackAction } from './actions.ts'

/** Nothing where nothing was. */
export async function Held({ course, role }: { course: AttemptCourse; role: Staff['role'] }) {
  if (course.exceptions.length === 0) return null
  const t = await getTranslations('paymentDesk')
  const locale = await getLocale()
  const at = (time: string) => formatInstant(new Date(time), locale, course.timeZone)
  return (
    <Card labelledBy="held" title={t('held')}>
      {course.exceptions.map(one => {
        const { id, kind, told, transactionId, openedAt, resolvedAt, resolvedBy, note, takingBack } = one
        return (
          <div key={id} className="stack">
            <p className="flex flex-wrap items-center gap-2">
              {resolvedAt ? (
                <Chip tone="good">{t('settled')}</Chip>
              ) : (
                <Chip tone="bad">{t('chips.open')}</Chip>
              )}{' '}
              <b>{t(`exceptions.${kind}`)}</b>
            </p>
            <p>{t(takingBack ? 'takeBack.todo' : `todo.${kind}`)}</p>
            <p>
              <small>
                {[
                  t('heldSince', { at: at(openedAt) }),
                  transactionId && `${t('transaction')} ${transactionId}`,
                  told && t('told', { amount: bankMoney(told.amount, told.currency, locale) }),
                  resolvedAt &&
                    t(resolvedBy ? 'settledBy' : 'settledByFacts', {
                      at: at(resolvedAt),
                      name: resolvedBy ?? '',
                    }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </small>
            </p>
            {kind === 'paid_twice' && !resolvedAt && <PaidBy course={course} />}
            {note && <p className="wrap-anywhere">{note}</p>}
            {takingBack && <TakeBack exception={id} payment={course.attemptId} role={role} by={takingBack} />}
            {!resolvedAt && (
              <Settle
                exception={id}
                payment={course.attemptId}
                role={role}
                isFirst={id === firstSettled({ course, role })}
              />
            )}
          </div>
        )
      })}
    </Card>
  )
}

/** The other payments that pay its invoices. */
async function PaidBy({ course }: { course: AttemptCourse }) {
  const t = await getTranslations('paymentDesk')
  return course.paidBy.map(({ number, attemptId, method }) => (
    <p key={`${number} ${attemptId}`}>
      {attemptId
        ? t.rich('paidBy', { number, link: linkTo(paymentPath(attemptId)) })
        : t('paidElsewhere', { number, method })}
    </p>
  ))
}

/** The exception whose form is the page's first to type into; undefined: none has one. */
export const firstSettled = ({ course, role }: { course: AttemptCourse; role: Staff['role'] }) =>
  role === 'agent' ? undefined : course.exceptions.find(({ resolvedAt }) => !resolvedAt)?.id

/** `payment`: on whose page it stands. `isFirst`: of the page's forms to type into. */
export async function Settle({
  exception,
  payment,
  role,
  isFirst,
}: {
  exception: number
  payment?: string
  role: Staff['role']
  isFirst: boolean
}) {
  const t = await getTranslations('paymentDesk')
  if (role === 'agent') return <p className="text-muted">{t('settle.supervisor')}</p>
  return (
    <Form
      form={settleForm}
      action={settleAction}
      shownFor={{ exception: String(exception), ...(payment && { payment }) }}
      beside={isFirst ? undefined : `settle-${exception}`}
      buttons={[{ label: t('settle.submit'), look: 'secondary' }]}
    />
  )
}

/** Whoever brought the bank's file does not take the payment back alone. */
async function TakeBack({
  exception,
  payment,
  role,
  by,
}: {
  exception: number
  payment: string
  role: Staff['role']
  by: 'other' | 'reader'
}) {
  const t = await getTranslations('paymentDesk')
  if (role === 'agent' || by === 'other') return <p className="text-muted">{t('takeBack.other')}</p>
  return (
    <Form
      form={takeBackForm}
      action={takeBackAction}
      shownFor={{ exception: String(exception), payment }}
      beside={`take-back-${exception}`}
      buttons={[{ label: t('takeBack.submit') }]}
    />
  )
}

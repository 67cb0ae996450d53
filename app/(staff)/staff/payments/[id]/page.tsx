// One payment as staff see it: what is known of it, what happened when, what is given back, and what may be done.
import { Form } from '@/components/form.tsx'
import { noBankAskedText } from '@/components/maintenance.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { formatInstant, formatMoney, formatMonth } from '@/lib/i18n/formats.ts'
import { bankAnswers } from '@/lib/payment-desk/commands.ts'
import { askBankForm } from '@/lib/payment-desk/forms.ts'
import { openPayment } from '@/lib/payment-desk/looks.ts'
import { type AttemptCourse, paymentsPath } from '@/lib/payment-desk/schema.ts'
import { orderNumberOf } from '@/lib/payments/rules.ts'
import { clock } from '@/lib/platform/clock.ts'
import { readId } from '@/lib/platform/typed.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { AttemptChip, TroubleChip, troubleWords } from '../words.tsx'
import { askBankAction } from './actions.ts'
import { Held } from './held.tsx'
import { Receipts } from './receipts.tsx'
import { Refunds } from './refunds.tsx'
import { Timeline } from './timeline.tsx'

const SAID = ['requested', 'agree', 'refuse', 'settled', 'takenBack'] as const

export default async function PaymentPage({ params, searchParams }: PageProps<'id', 'asked' | 'done'>) {
  const staff = await requireStaff()
  const id = readId((await params).id)
  const { asked, done } = await searchParams
  const opened = id ? await openPayment(staff, id, clock.now()) : undefined
  const t = await getTranslations('paymentDesk')
  const back = { href: paymentsPath(), label: t('title') }
  if (opened && !opened.ok && opened.code === 'tooManyLooks') {
    const minutes = Math.ceil(opened.seconds / 60)
    return (
      <PageShell title={t('title')} back={back}>
        <Notice tone="bad">{t('tooManyLooks', { minutes })}</Notice>
      </PageShell>
    )
  }
  if (!opened?.ok) return refuseStaff(staff, id && `attempt:${id}`)
  const course = opened.value
  const answer = bankAnswers.find(one => one === asked)
  const said = SAID.find(one => one === done)
  const stopped = noBankAskedText(clock.now(), await getLocale())
  return (
    <PageShell
      title={t('one', { number: course.number })}
      back={back}
      lead={<Standing course={course} />}
      wide
    >
      {answer && (
        <Notice tone={answer === 'answered' ? 'good' : 'wait'} done>
          {answer === 'too-soon' && stopped ? stopped : t(`asked.${answer}`)}
        </Notice>
      )}
      {said && <Done>{t(`done.${said}`)}</Done>}
      <div className="columns">
        <div>
          <Held course={course} role={staff.role} />
          <Timeline course={course} />
        </div>
        <div>
          <Known course={course} stopped={stopped} />
          <Refunds course={course} staff={staff} />
        </div>
      </div>
      <Receipts course={course} />
    </PageShell>
  )
}

/** How it ended, and what troubles it. */
async function Standing({ course: { state, troubles } }: { course: AttemptCourse }) {
  const t = await getTranslations('paymentDesk')
  const others = troubles.filter(({ kind }) => kind !== 'inDoubt')
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <AttemptChip state={state} /> {t(`attempts.${state}`)}
      </p>
      {others.map(trouble => (
        <p key={`${trouble.kind} ${trouble.why}`} className="flex flex-wrap items-center gap-2">
          <TroubleChip trouble={trouble} /> {troubleWords(trouble)}
        </p>
      ))}
    </>
  )
}

/** `stopped`: why no bank is asked now, in place of the button. */
async function Known({ course, stopped }: { course: AttemptCourse; stopped: string | undefined }) {
  const t = await getTranslations('paymentDesk')
  const words = await getTranslations('words')
  const locale = await getLocale()
  const at = (time: Date) => formatInstant(time, locale, course.timeZone)
  const { sentToBankAt, orderExpiresAt, declineCode, bankOrderId, unanswered } = course
  const unansweredWords = ({ askedAt, silentSince, refused }: NonNullable<typeof unanswered>) => {
    const asked = at(new Date(askedAt))
    return refused && silentSince
      ? t('askedRefused', { at: asked, since: at(new Date(silentSince)) })
      : t('askedNo', { at: asked })
  }
  return (
    <Card labelledBy="known" title={t('payment')}>
      <Facts
        columns={1}
        facts={[
          { label: words('amount'), value: formatMoney(course.amount, course.currency, locale) },
          { label: words('company'), value: course.billerName },
          {
            label: words('contract'),
            value: <span className="code">{course.contractCodes.join(', ')}</span>,
          },
          {
            label: t('invoices'),
            value: course.invoices.map(({ number, period }) => (
              <span key={number} className="block">
                {formatMonth(period, locale)} <span className="code">{number}</span>
              </span>
            )),
          },
          { label: t('order'), value: <span className="code">{orderNumberOf(course)}</span> },
          ...(bankOrderId
            ? [{ label: t('bankOrder'), value: <span className="code">{bankOrderId}</span> }]
            : []),
          { label: t('account'), value: <span className="code">{course.account ?? course.gateway}</span> },
          { label: t('begun'), value: at(course.createdAt) },
          ...(sentToBankAt ? [{ label: t('sent'), value: at(sentToBankAt) }] : []),
          ...(unanswered ? [{ label: t('lastAsked'), value: unansweredWords(unanswered) }] : []),
          ...(orderExpiresAt ? [{ label: t('payableUntil'), value: at(orderExpiresAt) }] : []),
          ...(declineCode
            ? [{ label: t('bankCode'), value: <span className="code">{declineCode}</span> }]
            : []),
        ]}
      />
      {stopped ? (
        <p>{stopped}</p>
      ) : (
        <Form
          form={askBankForm}
          action={askBankAction}
          shownFor={{ payment: course.attemptId }}
          buttons={[{ label: t('ask.submit'), look: course.state === 'captured' ? 'secondary' : 'primary' }]}
        />
      )}
    </Card>
  )
}

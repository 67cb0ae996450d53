// What happened with a payment, newest first: what comes next, what was done by whom, what the bank said; and its words as they came.
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Icon, type IconName } from '@/components/ui/icon.tsx'
import { sentenceOf } from '@/lib/audit/actions.ts'
import { formatInstant, formatTime } from '@/lib/i18n/formats.ts'
import type { AttemptCourse } from '@/lib/payment-desk/schema.ts'
import { getAnyTexts, getLocale, getTranslations } from '@/lib/request/locale.ts'

type Step = { at: Date; icon: IconName; title: string; note?: string; text?: string }

const iconOf = (action: string): IconName => {
  if (action.startsWith('refund.')) return 'back'
  if (action.startsWith('payment.exception')) return 'alert'
  if (action === 'payment.captured') return 'check'
  return action === 'payment.bank-asked' ? 'search' : 'pay'
}

const CHANNEL_ICON: Record<AttemptCourse['answers'][number]['channel'], IconName> = {
  query: 'search',
  callback: 'mail',
  return: 'person',
}

export async function Timeline({ course }: { course: AttemptCourse }) {
  const t = await getTranslations('paymentDesk')
  const audit = await getAnyTexts('audit')
  const locale = await getLocale()
  const coming: Step[] = course.nextCheckAt
    ? [{ at: new Date(course.nextCheckAt), icon: 'wait', title: t('next') }]
    : []
  const moves = course.moves.map(({ at, action, by, details }): Step => {
    const sentence = sentenceOf(action)
    const kind = details?.kind
    return {
      at: new Date(at),
      icon: iconOf(action),
      title: sentence ? audit(`actions.${sentence}`) : action,
      note: by ?? undefined,
      text: action === 'payment.exception' && typeof kind === 'string' ? exceptionWords(kind) : undefined,
    }
  })
  const answers = course.answers.map(
    ({ at, appliedAt, channel, trust, outcome }): Step => ({
      at: new Date(at),
      icon: CHANNEL_ICON[channel],
      title:
        trust === 'genuine'
          ? t(`answers.${channel}`, { outcome: t(`outcomes.${outcome}`) })
          : t(trust, { channel }),
      text: trust !== 'genuine' ? t(`${trust}Text`) : appliedAt === null ? t('notApplied') : undefined,
    }),
  )
  const sent: Step[] = course.sentToBankAt
    ? [{ at: course.sentToBankAt, icon: 'next', title: t('ledToBank') }]
    : []
  // Of one moment what came later stands first: an answer before the move that it asked for, what was begun before it went to the bank.
  const past = [...sent, ...moves.reverse(), ...answers.reverse()].sort(
    (one, other) => other.at.getTime() - one.at.getTime(),
  )
  return (
    <Card labelledBy="course" title={t('course')}>
      <ol className="timeline">
        {[...coming, ...past].map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two of the same moment may say the same
          <li key={index}>
            <Icon name={step.icon} />
            <b>{step.title}</b>
            <small>
              {[formatInstant(step.at, locale, course.timeZone), step.note].filter(Boolean).join(' · ')}
            </small>
            {step.text && <p>{step.text}</p>}
          </li>
        ))}
      </ol>
      {course.answers.length > 0 && (
        <details>
          <summary className="more">{t('raw', { count: course.answers.length })}</summary>
          <Facts
            columns={1}
            facts={course.answers.map(({ at, channel, fields }, index) => ({
              label: `${index + 1}. ${formatTime(new Date(at), locale, course.timeZone)} ${channel}`,
              value: (
                <span className="code wrap-anywhere">
                  {Object.entries(fields)
                    .map(([name, value]) => `${name}=${value}`)
                    .join(' ')}
                </span>
              ),
              prose: true,
            }))}
          />
        </details>
      )}
    </Card>
  )

  function exceptionWords(kind: string): string {
    return t(`exceptions.${kind as 'paid_twice'}`)
  }
}

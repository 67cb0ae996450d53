// How a request stands, who has to act, and by when; how that was counted.
import { HowCounted } from '@/components/how-counted.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { RequestChip } from '@/components/request-chip.tsx'
import { goneOf, lastWords, progressWords, publicState, tookShort } from '@/lib/cases/deadline-words.ts'
import type { ShownRequest } from '@/lib/cases/request-queries.ts'
import { formatNearDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { dayIn } from '@/lib/platform/dates.ts'

type StatusProps = { one: ShownRequest; now: Date; locale: Locale }

export function Status({ one, now, locale }: StatusProps) {
  const t = translator(locale, 'requests')
  const { deadline, inTime, state, isOwn } = one
  const mustAnswer = isOwn && state === 'waiting'
  return (
    <section className="card" aria-label={t('columns.status')}>
      <div className="card-head">
        <p>
          <RequestChip state={publicState(one)} locale={locale} />
        </p>
        <p className="text-sm text-muted">
          {mustAnswer ? (
            <a href="#answer">{t('status.answer')}</a>
          ) : (
            deadline && !deadline.isLate && t('status.nothing')
          )}
        </p>
      </div>
      <p className="lead">
        <b>{standsWords({ one, now, locale })}</b>
      </p>
      {deadline && (
        <>
          <Bar done={deadline.isLate ? 1 : goneOf(deadline) / deadline.limit.count} late={deadline.isLate} />
          <p className="text-sm text-muted">
            {progressWords(deadline, locale)}
            {mustAnswer && `. ${t('status.stopped')}`}
            {deadline.isStopped && !mustAnswer && ` · ${t('limit.stopped')}`}
          </p>
        </>
      )}
      {deadline && isOwn && one.invoice && (
        <p className="text-sm">
          {t.rich('status.billStays', { link: linkTo(`/invoices/${one.invoice.id}`) })}
        </p>
      )}
      {!deadline && state !== 'withdrawn' && inTime !== undefined && (
        <p className="text-sm text-muted">{t(inTime ? 'status.inTime' : 'status.notInTime')}</p>
      )}
      <HowCounted one={one} locale={locale} />
    </section>
  )
}

/** In one sentence. */
function standsWords({ one, now, locale }: StatusProps): string {
  const t = translator(locale, 'requests')
  const { deadline, state, decidedAt, isOwn, biller } = one
  const { name, timeZone } = biller
  const today = dayIn(timeZone, now)
  if (decidedAt) {
    const day = formatNearDay(dayIn(timeZone, decidedAt), today, locale)
    return t(`status.${state as 'accepted'}`, { biller: name, day, took: tookShort(one, locale) })
  }
  if (state === 'waiting') return t(isOwn ? 'status.waiting' : 'status.waitingOther', { biller: name })
  if (!deadline) return t('status.nothing')
  const day = lastWords(deadline, { today, timeZone }, locale)
  return t(deadline.isLate ? 'status.late' : 'status.by', { biller: name, day })
}

const Bar = ({ done, late }: { done: number; late: boolean }) => (
  <svg className="chart" height="10" aria-hidden="true">
    <rect width="100%" height="10" rx="5" fill="var(--raised)" />
    <rect width={`${Math.round(done * 100)}%`} height="10" rx="5" fill={late ? 'var(--bad)' : 'var(--sun)'} />
  </svg>
)

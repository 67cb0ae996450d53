// How a case stands: its state, until when staff have to answer by law, and how that is counted.
import { CaseChip } from '@/components/case-chip.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import type { Deadline } from '@/lib/cases/deadline-rules.ts'
import type { ShownCase } from '@/lib/cases/queries.ts'
import { isOfRequests } from '@/lib/cases/queue.ts'
import { isDecided } from '@/lib/cases/rules.ts'
import { shownNumber } from '@/lib/cases/schema.ts'
import { formatDay, formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

export async function Lead({ one }: { one: ShownCase }) {
  const { state, deadline, timeZone, takenByName } = one
  const t = await getTranslations('cases')
  const locale = await getLocale()
  const at = formatInstant(one.createdAt, locale, timeZone)
  const words = isOfRequests(one.queue) && isDecided(state) ? 'requestStates' : 'states'
  const isOpen = deadline && !isDecided(state)
  return (
    <>
      <p>
        <CaseChip state={state}>{t(`${words}.${state as 'accepted'}`)}</CaseChip>{' '}
        {isOpen && <Due deadline={deadline} timeZone={timeZone} />}
        {t('received', { at })}
        {!isOfRequests(one.queue) && (
          <>
            {' · '}
            {t('columns.number')} <b className="code">{shownNumber(one)}</b>
          </>
        )}
        {takenByName && ` · ${t('with', { name: takenByName })}`}
      </p>
      {isOpen && <Counted deadline={deadline} />}
      {deadline && isDecided(state) && (
        <p>
          <small>{t(one.firstDecidedAt! < one.dueAt! ? 'counted.inTime' : 'counted.tooLate')}</small>
        </p>
      )}
    </>
  )
}

async function Due({ deadline, timeZone }: { deadline: Deadline; timeZone: string }) {
  const t = await getTranslations('cases')
  const locale = await getLocale()
  const { limit, left, lastOn, at, isLate, isStopped } = deadline
  const until = limit.unit === 'hours' ? formatInstant(at, locale, timeZone) : formatDay(lastOn, locale)
  const isDays = limit.unit !== 'hours'
  if (isLate) {
    const count = isDays ? -left : Math.max(1, Math.ceil((clock.now().getTime() - at.getTime()) / 86_400_000))
    return (
      <>
        <Chip tone="bad">{t('due.late', { count })}</Chip> {t('counted.was', { until })} ·{' '}
      </>
    )
  }
  if (isStopped) return <b>{t('due.stopped')} · </b>
  return (
    <>
      <b>{isDays ? t('due.days', { count: left }) : t('due.hours', { count: left })}</b>{' '}
      {t('counted.until', { until })} ·{' '}
    </>
  )
}

/** What whoever counts again needs. */
async function Counted({ deadline: { limit, counted } }: { deadline: Deadline }) {
  const t = await getTranslations('cases')
  const locale = await getLocale()
  const parts = [
    t(`counted.${limit.unit}`, { count: limit.count }),
    counted.stoppedDays > 0 && t('counted.stoppedDays', { count: counted.stoppedDays }),
    counted.stoppedHours > 0 && t('counted.stoppedHours', { count: counted.stoppedHours }),
    counted.daysOff.length > 0 &&
      t('counted.daysOff', { days: counted.daysOff.map(day => formatDay(day, locale)).join(', ') }),
  ]
  return (
    <p>
      <small>{parts.filter(Boolean).join(' ')}</small>
    </p>
  )
}

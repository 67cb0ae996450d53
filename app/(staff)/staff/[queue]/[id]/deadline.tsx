// How a case stands: its state, until when staff have to answer by law, and how that is counted: in the words that its owner reads.
import { CaseChip } from '@/components/case-chip.tsx'
import { HowCounted } from '@/components/how-counted.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { deadlineShort, lastWords, publicState } from '@/lib/cases/deadline-words.ts'
import type { ShownCase } from '@/lib/cases/queries.ts'
import { isOfRequests } from '@/lib/cases/queue.ts'
import { isDecided } from '@/lib/cases/rules.ts'
import { shownNumber } from '@/lib/cases/schema.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

export async function Lead({ one }: { one: ShownCase }) {
  const { state, deadline, timeZone, takenByName, inTime } = one
  const t = await getTranslations('cases')
  const ofRequest = await getTranslations('requests')
  const locale = await getLocale()
  const at = formatInstant(one.createdAt, locale, timeZone)
  const words = isOfRequests(one.queue) && isDecided(state) ? 'requestStates' : 'states'
  const timed = { ...one, biller: { timeZone } }
  return (
    <>
      <p>
        <CaseChip state={state}>{t(`${words}.${state as 'accepted'}`)}</CaseChip>{' '}
        {publicState(one) === 'late' && (
          <>
            <Chip tone="bad">{ofRequest('states.late')}</Chip>{' '}
          </>
        )}
        {deadline && (
          <>
            <b>{deadlineShort(timed, locale)}</b>
            {!deadline.isStopped && `${deadline.isLate ? ' · ' : ' '}${untilWords()}`}
            {' · '}
          </>
        )}
        {t('received', { at })}
        {!isOfRequests(one.queue) && (
          <>
            {' · '}
            {t('columns.number')} <b className="code">{shownNumber(one)}</b>
          </>
        )}
        {takenByName && ` · ${t('with', { name: takenByName })}`}
        {isOfRequests(one.queue) && one.open.length > 0 && (
          <>
            {' · '}
            <a href="#template">{t('reply.goTo')}</a>
          </>
        )}
      </p>
      {inTime !== undefined && one.limitCount !== null && state !== 'withdrawn' && (
        <p>
          <small>{ofRequest(inTime ? 'status.inTime' : 'status.notInTime')}</small>
        </p>
      )}
      <HowCounted one={timed} locale={locale} />
    </>
  )

  function untilWords(): string {
    const until = lastWords(deadline!, { today: dayIn(timeZone, clock.now()), timeZone }, locale)
    return t(deadline!.isLate ? 'limit.was' : 'limit.until', { until })
  }
}

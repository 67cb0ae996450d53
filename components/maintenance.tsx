// What customers are told of work on the portal: above every page, and in place of what leads to paying.
import { formatInstant } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { toldMaintenance, toldStopped } from '@/lib/maintenance/queries.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { Notice } from './ui/notice.tsx'

/** Above every page, from a day before. */
export function MaintenanceNotice({ now, locale }: { now: Date; locale: Locale }) {
  const told = toldMaintenance(now)
  if (!told) return null
  const t = translator(locale, 'maintenance')
  const from = formatInstant(told.startsAt, locale, PORTAL_ZONE)
  const until = formatInstant(told.endsAt, locale, PORTAL_ZONE)
  return (
    <aside className="wrap pt-4 print:hidden" aria-label={t('notice.label')}>
      <Notice tone="wait" icon="due">
        {told.isOn ? t('notice.on', { until }) : t('notice.announced', { from, until })}
      </Notice>
    </aside>
  )
}

/** Until when nobody can pay, as a sentence; undefined: payments are not stopped. */
export const stoppedText = (now: Date, locale: Locale) => whileStopped('stopped', now, locale)

/** Until when no bank is asked, for staff; undefined: banks are asked. */
export const noBankAskedText = (now: Date, locale: Locale) => whileStopped('noBankAsked', now, locale)

function whileStopped(text: 'stopped' | 'noBankAsked', now: Date, locale: Locale): string | undefined {
  const until = toldStopped(now)
  return (
    until && translator(locale, 'maintenance')(text, { until: formatInstant(until, locale, PORTAL_ZONE) })
  )
}

/** Where somebody waits for the bank's answer meanwhile. */
export function WaitsForMaintenance({ until, locale }: { until: Date; locale: Locale }) {
  return (
    <Notice tone="wait">
      {translator(locale, 'maintenance')('waiting', { until: formatInstant(until, locale, PORTAL_ZONE) })}
    </Notice>
  )
}

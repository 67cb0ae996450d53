// Maintenance: when customers read and nobody pays; announced, begun, extended and ended here.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { seenOf } from '@/lib/maintenance/commands.ts'
import { endMaintenanceForm, maintenanceForm } from '@/lib/maintenance/forms.ts'
import { getMaintenance, type SetMaintenance } from '@/lib/maintenance/queries.ts'
import { stateOf } from '@/lib/maintenance/rules.ts'
import { clock } from '@/lib/platform/clock.ts'
import { PORTAL_ZONE, timeIn } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { endMaintenanceAction, setMaintenanceAction } from './actions.ts'

const DONE = ['set', 'ended'] as const

export default async function MaintenancePage({ searchParams }: PageProps<never, 'done'>) {
  await requireStaff('administrator')
  const last = await getMaintenance()
  const now = clock.now()
  const state = last && stateOf(last, now)
  const current = state === 'over' ? undefined : last
  const isOn = state === 'on'
  const t = await getTranslations('maintenance')
  const { done: said } = await searchParams
  const done = DONE.find(one => one === said)
  return (
    <PageShell title={t('title')} lead={<p>{t('lead')}</p>}>
      {done && <Done>{t(`done.${done}`)}</Done>}
      <Current current={current} isOn={isOn} />
      <Card labelledBy="what" title={t('what')}>
        <p>{t('rests')}</p>
        <p>{t('goesOn')}</p>
      </Card>
      <Card labelledBy="set" title={t(isOn ? 'extend' : current ? 'change' : 'set')}>
        <p className="text-sm text-muted">{t('zone')}</p>
        <Form
          form={maintenanceForm}
          action={setMaintenanceAction}
          shownFor={{ seen: seenOf(last) }}
          values={current ? timesOf(current) : { untilDay: dayAt(now) }}
          without={isOn ? ['begins', 'day', 'time'] : []}
        />
      </Card>
      {current && <End seen={seenOf(last)} isOn={isOn} />}
    </PageShell>
  )
}

async function Current({ current, isOn }: { current: SetMaintenance | undefined; isOn: boolean }) {
  const t = await getTranslations('maintenance')
  const locale = await getLocale()
  if (!current) return <Notice tone="good">{t('states.none')}</Notice>
  const at = (time: Date) => formatInstant(time, locale, PORTAL_ZONE)
  const times = { from: at(current.startsAt), until: at(current.endsAt) }
  const { setBy: name, setAt } = current
  return (
    <Notice tone="wait">
      <p>
        <b>{t(isOn ? 'states.on' : 'states.announced', times)}</b>
      </p>
      <p>{name ? t('setBy', { name, at: at(setAt) }) : t('setByUnknown', { at: at(setAt) })}</p>
    </Notice>
  )
}

async function End({ seen, isOn }: { seen: string; isOn: boolean }) {
  const t = await getTranslations('endMaintenance')
  return (
    <Card labelledBy="end" title={t(isOn ? 'title' : 'takeBack')}>
      <Form
        form={endMaintenanceForm}
        action={endMaintenanceAction}
        beside="end"
        shownFor={{ seen }}
        buttons={[{ label: t(isOn ? 'submit' : 'submitTakeBack'), look: 'danger' }]}
      />
    </Card>
  )
}

/** As they are typed. */
function timesOf({ startsAt, endsAt }: SetMaintenance) {
  return {
    begins: 'later',
    ...{ day: dayAt(startsAt), time: timeAt(startsAt) },
    ...{ untilDay: dayAt(endsAt), untilTime: timeAt(endsAt) },
  }
}

const dayAt = (at: Date): string => timeIn(PORTAL_ZONE, at).slice(0, 10).split('-').reverse().join('.')
const timeAt = (at: Date): string => timeIn(PORTAL_ZONE, at).slice(11, 16)

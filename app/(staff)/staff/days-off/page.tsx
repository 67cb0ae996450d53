// Days off of both countries by year: whether a year is confirmed, its days, and what supervisors change of them.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip, TONE_ICON } from '@/components/ui/chip.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { listDaysOff, listOwnCountries, listYears } from '@/lib/cases/days-off.ts'
import { isWeekend } from '@/lib/cases/deadline-rules.ts'
import { addDayOffForm, changeDaysOffForm } from '@/lib/cases/forms.ts'
import { daysOffPath, readYear } from '@/lib/cases/schema.ts'
import { formatDay, formatWeekday } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { addDayOffAction, changeDaysOffAction } from './actions.ts'

/** How a change of the list is told, with how many cases are due at another time: `add-3`. */
const DONE = ['add', 'remove', 'confirm', 'confirmYear'] as const

type Years = Awaited<ReturnType<typeof listYears>>
type Year = Years[number]
type Days = Awaited<ReturnType<typeof listDaysOff>>

export default async function DaysOffPage({ searchParams }: PageProps<never, 'country' | 'year' | 'done'>) {
  const staff = await requireStaff()
  const own = await listOwnCountries(staff)
  const { done, ...typed } = await searchParams
  const now = clock.now()
  const today = dayIn(PORTAL_ZONE, now)
  const { country, year } = readYear(typed, { country: own[0] ?? 'AL', year: Number(today.slice(0, 4)) })
  const years = await listYears(now)
  const days = await listDaysOff(country, year)
  const shown = years.find(one => one.country === country && one.year === year) ?? {
    ...{ country, year, days: 0, provisional: 0, changes: 0 },
    ...{ confirmedAt: null, confirmedBy: null },
  }
  const t = await getTranslations('daysOff')
  const [, said, moved] = /^(\w+)(?:-(\d{1,6}))?$/.exec(String(done ?? '')) ?? []
  const what = DONE.find(one => one === said)
  const mayChange = staff.role !== 'agent' && own.includes(country)
  return (
    <PageShell title={t('title')} lead={<p>{t('lead')}</p>} wide>
      {what && <Done>{t(`done.${what}`, { moved: Number(moved ?? 0), year: String(year) })}</Done>}
      <YearTiles years={years} shown={shown} />
      <div className="columns">
        <div>
          <DaysCard shown={shown} days={days} mayChange={mayChange} />
        </div>
        <div>
          {mayChange ? (
            <>
              {days.length > 0 && !shown.confirmedAt && <ConfirmCard shown={shown} />}
              <AddCard shown={shown} />
            </>
          ) : (
            <Notice>{t(staff.role === 'agent' ? 'supervisor' : 'otherCountry')}</Notice>
          )}
        </div>
      </div>
    </PageShell>
  )
}

/** Of each country and year, whether it is confirmed, by whom and when. */
async function YearTiles({ years, shown }: { years: Years; shown: Year }) {
  const t = await getTranslations('daysOff')
  const locale = await getLocale()
  return (
    <nav className="tiles" aria-label={t('years')}>
      {years.map(one => (
        <a
          key={`${one.country}-${one.year}`}
          className="card"
          href={daysOffPath(one)}
          aria-current={one.country === shown.country && one.year === shown.year ? 'page' : undefined}
        >
          <b>{t('ofYear', { country: one.country, year: String(one.year) })}</b>
          <span className="flex items-center gap-1 text-sm">
            <Icon name={TONE_ICON[one.confirmedAt ? 'good' : 'wait']} />
            {t(one.confirmedAt ? 'confirmed' : 'unconfirmed')}
          </span>
          <small>
            {one.confirmedAt &&
              `${t('confirmedBy', {
                name: one.confirmedBy ?? '–',
                day: formatDay(dayIn(PORTAL_ZONE, one.confirmedAt), locale),
              })} · `}
            {t('count', { days: one.days, provisional: one.provisional })}
          </small>
        </a>
      ))}
    </nav>
  )
}

type CardProps = { shown: Year; days: Days; mayChange: boolean }

const shownFor = ({ country, year, changes }: Year) => ({
  country,
  year: String(year),
  seen: String(changes),
})

async function DaysCard({ shown, days, mayChange }: CardProps) {
  const t = await getTranslations('daysOff')
  const { country } = shown
  const year = String(shown.year)
  const locale = await getLocale()
  return (
    <Card labelledBy="days" title={t('ofYear', { country, year })}>
      {days.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <Table
          caption={t('ofYear', { country, year })}
          columns={[
            { key: 'on', label: t('columns.on') },
            { key: 'name', label: t('columns.name'), place: 'sub' },
            { key: 'status', label: t('columns.status'), place: 'status' },
            ...(mayChange
              ? [{ key: 'change', label: t('columns.change'), hiddenLabel: true, place: 'words' as const }]
              : []),
          ]}
          rows={days.map(({ on, name, source, isProvisional }) => ({
            id: on,
            cells: {
              on: (
                <>
                  <time dateTime={on}>{formatDay(on, locale)}</time>
                  <small className="block">
                    {formatWeekday(on, locale)}
                    {isWeekend(on) && <>. {t('weekend')}</>}
                  </small>
                </>
              ),
              name: (
                <>
                  {name}
                  <small className="block">{source}</small>
                </>
              ),
              status: isProvisional ? (
                <Chip tone="wait">{t('provisional')}</Chip>
              ) : (
                <Chip tone="good">{t('certain')}</Chip>
              ),
              change: (
                <div className="sm:min-w-44">
                  <Form
                    form={changeDaysOffForm}
                    action={changeDaysOffAction}
                    beside={on}
                    shownFor={{ ...shownFor(shown), on }}
                    buttons={[
                      ...(isProvisional
                        ? [
                            {
                              label: t('change.confirm'),
                              says: t('change.confirmOne', { day: formatDay(on, locale), name }),
                              intent: 'confirm',
                              look: 'link' as const,
                            },
                          ]
                        : []),
                      {
                        label: t('change.remove'),
                        says: t('change.removeOne', { day: formatDay(on, locale), name }),
                        intent: 'remove',
                        look: 'link',
                      },
                    ]}
                  />
                </div>
              ),
            },
          }))}
        />
      )}
    </Card>
  )
}

async function ConfirmCard({ shown }: { shown: Year }) {
  const t = await getTranslations('daysOff')
  const year = String(shown.year)
  return (
    <Card labelledBy="confirm" title={t('change.title')}>
      <p>{t('change.hint', { year, provisional: shown.provisional })}</p>
      <Form
        form={changeDaysOffForm}
        action={changeDaysOffAction}
        beside="year"
        shownFor={shownFor(shown)}
        buttons={[{ label: t('change.confirmYear', { year }), intent: 'confirmYear', look: 'secondary' }]}
      />
    </Card>
  )
}

async function AddCard({ shown }: { shown: Year }) {
  const t = await getTranslations('daysOff')
  const { country } = shown
  const year = String(shown.year)
  return (
    <Card labelledBy="add" title={t('add.title', { country, year })}>
      <Form
        form={addDayOffForm}
        action={addDayOffAction}
        shownFor={shownFor(shown)}
        hints={{ on: t('add.fields.on.hint', { year }) }}
      />
    </Card>
  )
}

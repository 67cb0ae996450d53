// How requests were dealt with: what came, what was closed, how long it took, what was late.
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { daysOf, getStatistics, periods, readPeriod } from '@/lib/cases/statistics.ts'
import { formatDay, formatNumber } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

/** What becomes of each on a phone, where the time stands right of its kind. */
const COLUMNS = [
  ['came', 'tablet'],
  ['closed', 'sub'],
  ['resolved', 'tablet'],
  ['refused', 'tablet'],
  ['cancelled', 'tablet'],
  ['medianDays', undefined],
  ['late', 'tablet'],
] as const

export default async function StatisticsPage({ searchParams }: PageProps<never, 'days'>) {
  const staff = await requireStaff()
  const now = clock.now()
  const period = readPeriod((await searchParams).days)
  const { kinds, all } = await getStatistics(staff, period, now, 'statistics.viewed')
  const t = await getTranslations('statistics')
  const ofKind = await getTranslations('kinds')
  const locale = await getLocale()
  const { from, to } = daysOf(period, now)
  const cells = ({ medianDays, ...figures }: typeof all) => ({
    ...figures,
    // On a phone one line says what came and what was closed.
    closed: (
      <>
        <span className="text-muted sm:hidden">
          {t('columns.came')} {figures.came}, {t('columns.closed')}{' '}
        </span>
        {figures.closed}
      </>
    ),
    medianDays: medianDays === null ? '–' : t('days', { count: formatNumber(medianDays, locale, 0, 1) }),
  })
  return (
    <PageShell
      title={t('title')}
      lead={t('lead', { from: formatDay(from, locale), to: formatDay(to, locale) })}
      wide
    >
      <nav aria-label={t('period')} className="actions">
        {periods.map(days => (
          <a
            key={days}
            href={`/staff/statistics?days=${days}`}
            aria-current={days === period ? 'page' : undefined}
          >
            {t('last', { count: Number(days) })}
          </a>
        ))}
      </nav>
      <Card
        labelledBy="kinds"
        title={t('byKind')}
        action={
          <a className="more" href={`/staff/statistics.csv?days=${period}`}>
            <Icon name="down" />
            {t('csv')}
          </a>
        }
      >
        {kinds.length === 0 ? (
          <p>{t('none')}</p>
        ) : (
          <Table
            caption={t('byKind')}
            columns={[
              { key: 'kind', label: t('columns.kind') },
              ...COLUMNS.map(([key, place]) => ({ key, place, label: t(`columns.${key}`), amount: true })),
            ]}
            rows={kinds.map(({ kind, ...figures }) => ({
              id: kind,
              cells: {
                kind: (
                  <>
                    <span className="code">{kind}</span> {ofKind(`${kind}.name`, { country: 'AL' })}
                  </>
                ),
                ...cells(figures),
              },
            }))}
            footer={{ id: 'all', cells: { kind: t('all'), ...cells(all) } }}
          />
        )}
        <p>
          <small>{t('how')}</small>
        </p>
      </Card>
    </PageShell>
  )
}

// How requests were dealt with: what was open, came and was closed, how long it took, what was late.
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { listBillers } from '@/lib/billers/queries.ts'
import { queuePath } from '@/lib/cases/chosen.ts'
import {
  daysOf as dayOf,
  getStatistics,
  periods,
  readPeriod,
  type Statistics,
} from '@/lib/cases/statistics.ts'
import { atStart, formatDay, formatInstant, formatNumber, formatPercent } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { AnswersChart, daysOf } from './chart.tsx'

/** What becomes of each on a phone, where the time stands right of its kind. */
const COLUMNS = [
  ['came', 'tablet'],
  ['resolved', 'tablet'],
  ['refused', 'tablet'],
  ['cancelled', 'tablet'],
  ['closed', 'sub'],
  ['medianDays', undefined],
  ['late', 'status'],
] as const

/** So many kinds of which most came. */
const COMMON = 5

export default async function StatisticsPage({ searchParams }: PageProps<never, 'days' | 'biller'>) {
  const staff = await requireStaff()
  const { days, biller: code } = await searchParams
  const period = readPeriod(days)
  const billers = await listBillers(staff.billerIds)
  const biller = billers.find(one => one.code === code) ?? billers[0]
  const counted = await getStatistics(staff, biller?.id, period, clock.now(), 'statistics.viewed')
  const { kinds, all, inTime, countedAt } = counted
  const t = await getTranslations('statistics')
  const words = await getTranslations('words')
  const locale = await getLocale()
  const { from, to } = dayOf(period, countedAt)
  const path = (of: string, ofBiller = biller?.code) =>
    `/staff/statistics?${new URLSearchParams({ days: of, ...(ofBiller && { biller: ofBiller }) })}`
  const answered = all.resolved + all.refused
  // Rounded down: what is not all is never called all.
  const share = Math.floor(((answered - all.late) / answered) * 100)
  return (
    <PageShell
      title={answered === 0 ? t('title') : t('inTime', { percent: formatPercent(share, locale) })}
      lead={t('lead', {
        biller: biller?.name ?? '',
        from: formatDay(from, locale),
        to: formatDay(to, locale),
      })}
      action={
        <a className="more" href={path(period).replace('?', '.csv?')}>
          <Icon name="down" />
          {t('csv')}
        </a>
      }
      wide
    >
      <nav aria-label={t('period')} className="actions">
        {periods.map(one => (
          <a key={one} href={path(one)} aria-current={one === period ? 'page' : undefined}>
            {t('last', { count: Number(one) })}
          </a>
        ))}
      </nav>
      {billers.length > 1 && (
        <nav aria-label={words('company')} className="actions">
          {billers.map(one => (
            <a
              key={one.code}
              href={path(period, one.code)}
              aria-current={one === biller ? 'page' : undefined}
            >
              {one.name}
            </a>
          ))}
        </nav>
      )}
      <Tiles all={all} days={Number(period)} from={formatDay(from, locale)} />
      <Card labelledBy="kinds" title={t('byKind')}>
        {kinds.length === 0 ? <p>{t('none')}</p> : <KindTable kinds={kinds} all={all} />}
        <p>
          <small>{t('how', { at: formatInstant(countedAt, locale, PORTAL_ZONE) })}</small>
        </p>
      </Card>
      {answered > 0 && (
        <div className="columns">
          <div>
            <Card labelledBy="answers" title={t('chart.title')}>
              <AnswersChart
                inTime={inTime}
                late={all.late}
                lateLabel={t('columns.late')}
                label={t('chart.label', {
                  bars: inTime
                    .map((count, bar) => ({ count, bar }))
                    .filter(({ count }) => count > 0)
                    .map(({ count, bar }) => t('chart.bar', { count, days: daysOf(bar) }))
                    .join(', '),
                  late: all.late,
                })}
              />
              <p className="text-sm text-muted">{t('chart.note', { count: answered })}</p>
            </Card>
          </div>
          <Common kinds={kinds} />
        </div>
      )}
    </PageShell>
  )
}

async function Tiles({ all, days, from }: { all: Statistics['all']; days: number; from: string }) {
  const t = await getTranslations('statistics')
  const locale = await getLocale()
  const answered = all.resolved + all.refused
  const number = (value: number, most = 0) => formatNumber(value, locale, 0, most)
  const tiles = [
    { label: t('tiles.before'), figure: all.openBefore, below: t('tiles.on', { day: from }) },
    {
      label: t('columns.came'),
      figure: all.came,
      below: all.came < days ? '' : t('tiles.aDay', { count: number(all.came / days, 1) }),
    },
    {
      label: t('columns.closed'),
      figure: all.closed,
      below: t('tiles.resolved', { count: number(all.resolved) }),
    },
    {
      label: t('tiles.open'),
      figure: all.open,
      below: `${number(all.openBefore)} + ${number(all.came)} − ${number(all.closed)}`,
      href: queuePath('requests', 'open'),
    },
    {
      label: t('columns.late'),
      figure: all.late,
      isBad: all.late > 0,
      below:
        answered === 0
          ? '–'
          : t('tiles.ofAnswers', { percent: formatPercent((all.late / answered) * 100, locale) }),
    },
  ]
  return (
    <div className="tiles">
      {tiles.map(({ label, figure, below, href, isBad }) => {
        const content = (
          <>
            {isBad ? <Chip tone="bad">{label}</Chip> : <small className="block">{label}</small>}
            <b className="figure block">{number(figure)}</b>
            <small className="block">{below}</small>
          </>
        )
        return href ? (
          <a key={label} className="card" href={href}>
            {content}
          </a>
        ) : (
          <div key={label} className="card">
            {content}
          </div>
        )
      })}
    </div>
  )
}

async function KindTable({ kinds, all }: Pick<Statistics, 'kinds' | 'all'>) {
  const t = await getTranslations('statistics')
  const ofKind = await getTranslations('kinds')
  const locale = await getLocale()
  const cells = ({ medianDays, late, ...figures }: typeof all) => ({
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
    late:
      late > 1 ? (
        <Chip tone="bad">{t('late', { count: late })}</Chip>
      ) : late > 0 ? (
        t('late', { count: late })
      ) : (
        ''
      ),
  })
  return (
    <Table
      caption={t('byKind')}
      columns={[
        { key: 'kind', label: t('columns.kind') },
        ...COLUMNS.map(([key, place]) => ({
          key,
          place,
          label: t(`columns.${key}`),
          amount: place !== 'status',
        })),
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
  )
}

async function Common({ kinds }: Pick<Statistics, 'kinds'>) {
  const t = await getTranslations('statistics')
  const ofKind = await getTranslations('kinds')
  const common = kinds
    .filter(({ came }) => came > 0)
    .sort((one, other) => other.came - one.came)
    .slice(0, COMMON)
  if (common.length === 0) return null
  return (
    <Card labelledBy="common" title={t('common')}>
      <Rows
        rows={common.map(({ kind, came }) => ({
          id: kind,
          href: queuePath('requests', 'open', { kind }),
          title: atStart(ofKind(`${kind}.name`, { country: 'AL' })),
          note: kind,
          end: <b>{came}</b>,
        }))}
      />
    </Card>
  )
}

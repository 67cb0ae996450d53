// How the portal is: what works, what waits, since when, and what to do.
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip, type Tone } from '@/components/ui/chip.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { billerCodes } from '@/lib/billers/contract-codes.ts'
import { queuePath } from '@/lib/cases/chosen.ts'
import { feedsPath } from '@/lib/feed/addresses.ts'
import { listHealth } from '@/lib/health/queries.ts'
import {
  HEALTH_COUNTED,
  type HealthGroup,
  type HealthLink,
  type HealthRow,
  type HealthState,
  healthGroups,
} from '@/lib/health/schema.ts'
import { formatInstant, formatNumber } from '@/lib/i18n/formats.ts'
import { maintenancePath } from '@/lib/maintenance/schema.ts'
import { paymentsPath, settlementsPath } from '@/lib/payment-desk/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

const TONE: Record<HealthState, Tone> = { works: 'good', waits: 'wait', needsYou: 'bad' }

const PATH: Record<HealthLink, string> = {
  jobs: '/staff/jobs',
  maintenance: maintenancePath,
  payments: paymentsPath(),
  inDoubt: paymentsPath({ part: 'in-doubt' }),
  underWay: paymentsPath({ part: 'under-way' }),
  settlements: settlementsPath(),
  feeds: feedsPath(),
  requests: queuePath('requests', 'open', { due: 'late' }),
  certificates: queuePath('certificates', 'open', { due: 'late' }),
}

export default async function HealthPage() {
  const staff = await requireStaff('supervisor')
  const now = clock.now()
  const rows = await listHealth(staff, now)
  const t = await getTranslations('health')
  const at = formatInstant(now, await getLocale(), PORTAL_ZONE)
  const seesAll = staff.role === 'administrator' && staff.billerIds.length === billerCodes.length
  const attention = rows.filter(row => row.state !== 'works')
  return (
    <PageShell
      title={t('title')}
      lead={
        <>
          <p>{t('lead', { at })}</p>
          {!seesAll && <p>{t('scope')}</p>}
        </>
      }
      wide
    >
      <Summary rows={rows} />
      {attention.length > 0 && <GroupCard group="attention" rows={attention} />}
      {healthGroups.map(group => {
        const own = rows.filter(row => row.group === group && row.state === 'works')
        return own.length > 0 && <GroupCard key={group} group={group} rows={own} />
      })}
    </PageShell>
  )
}

async function Summary({ rows }: { rows: HealthRow[] }) {
  const t = await getTranslations('health')
  const count = (state: HealthState) => rows.filter(row => row.state === state).length
  const worst = (['needsYou', 'waits'] as const).find(state => count(state) > 0) ?? 'works'
  return (
    <Notice tone={TONE[worst]}>
      <b>{worst === 'works' ? t('summary.works') : t(`summary.${worst}`, { count: count(worst) })}</b>
    </Notice>
  )
}

async function GroupCard({ group, rows }: { group: HealthGroup | 'attention'; rows: HealthRow[] }) {
  const t = await getTranslations('health')
  const locale = await getLocale()
  const title = t(`groups.${group}`)
  const at = (time: Date) => formatInstant(time, locale, PORTAL_ZONE)
  const told = (value: string | number | Date, name: string) => {
    if (value instanceof Date) return at(value)
    // More are not counted.
    return name === 'count' && Number(value) >= HEALTH_COUNTED
      ? `${formatNumber(HEALTH_COUNTED, locale)}+`
      : value
  }
  return (
    <Card labelledBy={group} title={title}>
      <Table
        caption={title}
        columns={[
          { key: 'what', label: t('columns.what') },
          { key: 'state', label: t('columns.state'), place: 'status' },
          { key: 'says', label: t('columns.says'), place: 'sub' },
          { key: 'since', label: t('columns.since'), place: 'desktop' },
          { key: 'todo', label: t('columns.todo'), place: 'words' },
        ]}
        rows={rows.map(row => {
          // One for all: which texts a row has is said by its kind.
          const { kind, says } = row as { kind: 'account'; says: 'doubt' }
          const values = Object.fromEntries(
            Object.entries(row.values ?? {}).map(([name, value]) => [name, told(value, name)]),
          ) as { count: string }
          return {
            id: `${kind} ${says} ${row.name ?? ''}`,
            cells: {
              what: (
                <>
                  {row.name ?? t(`rows.${kind}.title`)}
                  {row.name && (
                    <small className="block">{row.isTest ? t('testAccount') : t(`rows.${kind}.title`)}</small>
                  )}
                </>
              ),
              state: <Chip tone={TONE[row.state]}>{t(`states.${row.state}`)}</Chip>,
              says: (
                <>
                  {t(`rows.${kind}.says.${says}`, values)}
                  {row.since && (
                    <small className="block md:hidden print:hidden">
                      {t('columns.since')} {at(row.since)}
                    </small>
                  )}
                </>
              ),
              since: row.since && at(row.since),
              todo: (row.todo || row.link) && (
                <>
                  {row.todo && <span className="block">{t(`rows.${kind}.todo.${says}`)}</span>}
                  {row.link && <a href={PATH[row.link]}>{t(`links.${row.link}`)}</a>}
                </>
              ),
            },
          }
        })}
      />
    </Card>
  )
}

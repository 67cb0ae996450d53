// Feeds of the reader's billers: what came, from whom, how far it is, and who has gone silent.
import { SelectField } from '@/components/form-field.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { listBillerChoices } from '@/lib/billers/queries.ts'
import { feedsPath, readChosenRuns, runPath } from '@/lib/feed/addresses.ts'
import { type ListedRun, listRuns, listSilentBillers } from '@/lib/feed/queries.ts'
import { refusedCount } from '@/lib/feed/schema.ts'
import { formatInstant, formatNumber } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { Duration, Source, StateChip } from './run-parts.tsx'

export default async function FeedsPage({ searchParams }: PageProps<never, 'biller' | 'before'>) {
  const staff = await requireStaff()
  const chosen = readChosenRuns(await searchParams)
  const now = clock.now()
  const { runs, next } = await listRuns(staff, chosen, now)
  const silent = await listSilentBillers(now, staff.billerIds)
  const t = await getTranslations('feeds')
  const locale = await getLocale()
  const { biller, before } = chosen
  return (
    <PageShell title={t('title')} lead={<p>{t('lead')}</p>} wide>
      {silent.map(({ code, name, days, last, refused }) => (
        <Notice key={code} tone="bad">
          {t('silent', {
            name,
            days,
            last: formatInstant(last, locale, PORTAL_ZONE),
            refused: refusedCount(refused),
          })}
        </Notice>
      ))}
      <Card labelledBy="runs" title={t('runs')}>
        <details open={biller !== undefined}>
          <summary className="more">{t('filter')}</summary>
          <form action="/staff/feeds" className="stack">
            <SelectField
              name="biller"
              label={t('columns.biller')}
              defaultValue={biller ?? ''}
              options={[{ value: '', label: t('allBillers') }, ...(await listBillerChoices(staff.billerIds))]}
            />
            <p className="actions">
              <Button look="secondary">{t('show')}</Button>
            </p>
          </form>
        </details>
        {runs.length === 0 ? <p>{t('none')}</p> : <RunsTable runs={runs} />}
        {(before || next) && (
          <p className="actions">
            {before && <a href={feedsPath({ biller })}>{t('newest')}</a>}
            {next && <a href={feedsPath({ biller, before: next })}>{t('older')}</a>}
          </p>
        )}
      </Card>
    </PageShell>
  )
}

async function RunsTable({ runs }: { runs: ListedRun[] }) {
  const t = await getTranslations('feeds')
  const locale = await getLocale()
  return (
    <Table
      caption={t('runs')}
      columns={[
        { key: 'run', label: t('columns.run') },
        { key: 'started', label: t('columns.started'), place: 'sub' },
        { key: 'state', label: t('columns.state'), place: 'status' },
        { key: 'rows', label: t('columns.rows'), amount: true, place: 'tablet' },
        { key: 'added', label: t('columns.added'), amount: true, place: 'desktop' },
        { key: 'changed', label: t('columns.changed'), amount: true, place: 'desktop' },
        { key: 'refused', label: t('columns.refused'), amount: true, place: 'tablet' },
      ]}
      rows={runs.map(run => ({
        id: String(run.id),
        cells: {
          run: (
            <>
              <a href={runPath(run.id)}>{t('run', { biller: run.billerName, id: String(run.id) })}</a>
              <small className="block">
                <Source token={run.token} />
              </small>
            </>
          ),
          started: (
            <>
              {formatInstant(run.startedAt, locale, PORTAL_ZONE)}
              <small className="block">
                <Duration from={run.startedAt} to={run.finishedAt} />
              </small>
            </>
          ),
          state: <StateChip state={run.state} />,
          rows: formatNumber(run.rows, locale),
          added: formatNumber(run.added, locale),
          changed: formatNumber(run.changed, locale),
          refused: formatNumber(run.refused, locale),
        },
      }))}
    />
  )
}

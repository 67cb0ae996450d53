// One feed: what became of each of its files, why rows were refused, and the refused rows to download.
import { notFound } from 'next/navigation'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { feedsPath, readRun, refusalsPath } from '@/lib/feed/addresses.ts'
import { getRun, mayReadRefusals } from '@/lib/feed/queries.ts'
import { formatInstant, formatNumber } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { env } from '@/lib/platform/env.ts'
import { getAnyTexts, getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { Duration, Source, StateChip } from '../run-parts.tsx'

type Run = NonNullable<Awaited<ReturnType<typeof getRun>>>

export default async function RunPage({ params }: PageProps<'run'>) {
  const staff = await requireStaff()
  const id = readRun((await params).run)
  if (id === undefined) notFound()
  const run = await getRun(staff, id, clock.now())
  if (!run) return refuseStaff(staff)
  const t = await getTranslations('feeds')
  const locale = await getLocale()
  const title = t('run', { biller: run.billerName, id: String(run.id) })
  const { ignoredFiles = [] } = run.report
  return (
    <PageShell title={title} back={{ href: feedsPath(), label: t('title') }} wide>
      <p className="actions">
        <StateChip state={run.state} />
        <span>
          <Source token={run.token} />
        </span>
        <span>{formatInstant(run.startedAt, locale, PORTAL_ZONE)}</span>
        <span>
          <Duration from={run.startedAt} to={run.finishedAt} />
        </span>
      </p>
      <WholeReason run={run} />
      {(run.report.files ?? []).length > 0 && <FilesCard run={run} mayRead={mayReadRefusals(staff)} />}
      <RefusalsCard run={run} />
      {ignoredFiles.length > 0 && run.refusedFor === null && (
        <p>{t('ignored', { files: ignoredFiles.join(', ') })}</p>
      )}
    </PageShell>
  )
}

/** Why nothing of it was loaded, or not all. */
async function WholeReason({ run: { status, refusedFor, report } }: { run: Run }) {
  const t = await getTranslations('feeds')
  const any = await getAnyTexts('feeds')
  if (status === 'abandoned') return <Notice tone="wait">{t('abandoned')}</Notice>
  if (refusedFor === null) return null
  const [file] = report.ignoredFiles ?? []
  return (
    <Notice tone="bad">
      {any(`reasons.${refusedFor}`)}
      {file !== undefined && refusedFor !== 'upload_lost' && ` ${t('inFile', { file })}`}
    </Notice>
  )
}

type OfFiles = { run: Run; mayRead: boolean }

async function FilesCard({ run: { id, report, kept, token, status }, mayRead }: OfFiles) {
  const t = await getTranslations('feeds')
  const locale = await getLocale()
  const files = report.files ?? []
  const number = (value: number | undefined) => formatNumber(value ?? 0, locale)
  const refused = files.some(file => file.refused > 0)
  return (
    <Card labelledBy="files" title={t('files')}>
      <Table
        caption={t('files')}
        columns={[
          { key: 'file', label: t('columns.file') },
          { key: 'rows', label: t('columns.rows'), amount: true },
          { key: 'added', label: t('columns.added'), amount: true },
          { key: 'changed', label: t('columns.changed'), amount: true },
          { key: 'removed', label: t('columns.removed'), amount: true },
          { key: 'refused', label: t('columns.refused'), amount: true },
          { key: 'download', label: t('columns.download'), hiddenLabel: true },
        ]}
        rows={files.map(file => ({
          id: file.file,
          cells: {
            file: (
              <>
                {`${file.file}.csv`}
                {file.broken && (
                  <small className="block">
                    {t('broken', {
                      reason: file.broken.reason,
                      where: file.broken.line === null ? 'file' : 'line',
                      line: file.broken.line ?? '',
                    })}
                  </small>
                )}
              </>
            ),
            rows: number(file.rows),
            added: number(file.added),
            changed: number(file.changed),
            removed: number(file.removed),
            refused: number(file.refused),
            download: mayRead && kept.includes(file.file) && (
              <a className="more" href={refusalsPath(id, file.file)} download>
                <Icon name="down" />
                {t('download', { file: file.file })}
              </a>
            ),
          },
        }))}
      />
      {refused && (
        <p>
          <small>
            {token === null
              ? t('keptByCommand')
              : kept.length > 0
                ? t(mayRead ? 'kept' : 'keptForSupervisors', { days: env().FEED_REFUSAL_DAYS })
                : status !== 'running' && t('forgotten')}
          </small>
        </p>
      )}
    </Card>
  )
}

/** Why rows were refused, how many for each reason, and what is wrong in the first of them. */
async function RefusalsCard({ run: { report } }: { run: Run }) {
  const counts = report.refusalCounts ?? []
  if (counts.length === 0) return null
  const t = await getTranslations('feeds')
  const any = await getAnyTexts('feeds')
  const locale = await getLocale()
  const hasExamples = counts.some(({ line }) => line !== undefined)
  return (
    <Card labelledBy="refusals" title={t('refusals')}>
      <Table
        caption={t('refusals')}
        columns={[
          { key: 'file', label: t('columns.file') },
          { key: 'column', label: t('columns.column') },
          { key: 'reason', label: t('columns.reason') },
          ...(hasExamples ? [{ key: 'example', label: t('columns.example') }] : []),
          { key: 'rows', label: t('columns.rows'), amount: true },
        ]}
        rows={counts.map(({ file, column, reason, rows, line, figures }) => ({
          id: `${file} ${column} ${reason}`,
          cells: {
            file: `${file}.csv`,
            column: column ?? t('wholeRow'),
            reason: any(`rowReasons.${reason}`),
            example: line !== undefined && (
              <span>
                {figures}
                <small className="block">{t('line', { line: String(line) })}</small>
              </span>
            ),
            rows: formatNumber(rows, locale),
          },
        }))}
      />
      {hasExamples && (
        <p>
          <small>{t('examples')}</small>
        </p>
      )}
    </Card>
  )
}

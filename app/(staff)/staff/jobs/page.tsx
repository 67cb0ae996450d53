// Jobs that the portal has given up: what, why, since when; and trying them again.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { type FailedKind, listFailedJobs } from '@/lib/worker/failed.ts'
import { retryJobsForm } from '@/lib/worker/forms.ts'
import { retryJobsAction } from './actions.ts'

export default async function JobsPage({ searchParams }: PageProps<never, 'done'>) {
  const staff = await requireStaff('administrator')
  const kinds = await listFailedJobs(staff, clock.now())
  const t = await getTranslations('failedJobs')
  const { done } = await searchParams
  const count = /^\d{1,6}$/.test(String(done)) ? Number(done) : 0
  return (
    <PageShell title={t('title')} lead={<p>{t('lead')}</p>} wide>
      {count > 0 && <Done>{t('done', { count })}</Done>}
      {kinds.length === 0 && <p>{t('none')}</p>}
      {kinds.map(kind => (
        <KindCard key={kind.task} kind={kind} />
      ))}
    </PageShell>
  )
}

async function KindCard({ kind: { task, count, jobs } }: { kind: FailedKind }) {
  const t = await getTranslations('failedJobs')
  const locale = await getLocale()
  const at = (time: Date) => formatInstant(time, locale, PORTAL_ZONE)
  return (
    <Card labelledBy={task} title={task}>
      <p>{t('count', { count })}</p>
      {count > 1 && (
        <Form
          form={retryJobsForm}
          action={retryJobsAction}
          beside={task}
          shownFor={{ task }}
          buttons={[{ label: t('all', { count }), intent: 'kind', look: 'secondary' }]}
        />
      )}
      <Table
        caption={task}
        columns={[
          { key: 'reason', label: t('columns.reason') },
          { key: 'since', label: t('columns.since'), place: 'sub' },
          { key: 'failedAt', label: t('columns.failedAt'), place: 'desktop' },
          { key: 'tries', label: t('columns.tries'), amount: true, place: 'tablet' },
          { key: 'again', label: t('columns.again'), hiddenLabel: true, place: 'words' },
        ]}
        rows={jobs.map(({ id, reason, since, failedAt, tries }) => ({
          id,
          cells: {
            reason: <span className="break-words">{reason || t('unknown')}</span>,
            since: at(since),
            failedAt: at(failedAt),
            tries,
            again: (
              <div className="sm:min-w-44">
                <Form
                  form={retryJobsForm}
                  action={retryJobsAction}
                  beside={`job-${id}`}
                  shownFor={{ task, job: id }}
                  buttons={[{ label: t('one'), says: t('oneOf', { task, id }), intent: 'one', look: 'link' }]}
                />
              </div>
            ),
          },
        }))}
      />
      {count > jobs.length && (
        <p>
          <small>{t('more', { count: count - jobs.length })}</small>
        </p>
      )}
    </Card>
  )
}

// What staff have to look into: disputed registrations, and businesses to confirm.
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { getLocale, getTranslations } from '@/lib/i18n/server.ts'
import { clock } from '@/lib/platform/clock.ts'
import { listReviews } from '@/lib/registrations/queries.ts'

const FOLDER = { dispute: 'disputes', business: 'businesses' } as const

export default async function RegistrationsPage({
  searchParams,
}: {
  searchParams: Promise<{ done?: string }>
}) {
  const staff = await requireStaff()
  const reviews = await listReviews(staff, clock.now())
  const t = await getTranslations('staffRegistrations')
  const locale = await getLocale()
  return (
    <PageShell title={t('title')} lead={t('lead')} wide>
      {(await searchParams).done !== undefined && (
        <Notice tone="good" live>
          {t('done')}
        </Notice>
      )}
      {reviews.length === 0 ? (
        <p>{t('empty')}</p>
      ) : (
        <Card>
          <Table
            caption={t('title')}
            columns={(['name', 'kind', 'about', 'received', 'state'] as const).map(key => ({
              key,
              label: t(key),
            }))}
            rows={reviews.map(review => ({
              id: review.id,
              cells: {
                name: <a href={`/staff/registrations/${FOLDER[review.kind]}/${review.id}`}>{review.name}</a>,
                kind: t(`kinds.${review.kind}`),
                about: review.about,
                received: formatInstant(review.createdAt, locale, 'Europe/Belgrade'),
                state: t(`states.${review.state}`),
              },
            }))}
          />
        </Card>
      )}
    </PageShell>
  )
}

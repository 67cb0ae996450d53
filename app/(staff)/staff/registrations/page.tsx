// What staff have to look into: disputed registrations, and businesses to confirm.
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { listReviews } from '@/lib/cases/queries.ts'
import { parseId } from '@/lib/cases/schema.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

const ADDRESS = { open: '/staff/registrations', decided: '/staff/registrations?show=decided' } as const
const DONE = ['dispute-granted', 'dispute-refused', 'business-granted', 'business-refused'] as const
const FOLDER = { dispute: 'disputes', business: 'businesses' } as const

type Search = { done?: string; show?: string; after?: string }

export default async function RegistrationsPage({ searchParams }: { searchParams: Promise<Search> }) {
  const staff = await requireStaff()
  const { done, show, after } = await searchParams
  const saved = DONE.find(one => one === done)
  const part = show === 'decided' ? 'decided' : 'open'
  const { reviews, next } = await listReviews(staff, part, after && parseId(after), clock.now())
  const t = await getTranslations('staffRegistrations')
  const locale = await getLocale()
  return (
    <PageShell title={t('title')} lead={t('lead')} wide>
      {saved && (
        <Notice tone="good" live>
          {t(`done.${saved}`)}
        </Notice>
      )}
      <nav aria-label={t('parts.label')} className="flex gap-6">
        {(['open', 'decided'] as const).map(each => (
          <a key={each} href={ADDRESS[each]} aria-current={each === part ? 'page' : undefined}>
            {t(`parts.${each}`)}
          </a>
        ))}
      </nav>
      {reviews.length === 0 ? (
        <p>{t(`empty.${part}`)}</p>
      ) : (
        <Card>
          <Table
            caption={t(`parts.${part}`)}
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
      {(after || next) && (
        <p className="flex flex-wrap gap-6">
          {after && <a href={ADDRESS[part]}>{t('first')}</a>}
          {next && (
            <a href={`/staff/registrations?${new URLSearchParams({ show: part, after: next })}`}>
              {t('following')}
            </a>
          )}
        </p>
      )}
    </PageShell>
  )
}

// The customer's debt certificates: what was issued, what is with staff, what was begun, and the way to a new one.
import { BegunCertificates } from '@/components/begun-certificates.tsx'
import { CertificateChip } from '@/components/certificate-chip.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { type Column, Table } from '@/components/ui/table.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listCertificateDrafts } from '@/lib/cases/drafts.ts'
import { type ListedApplication, listApplications } from '@/lib/cases/own-certificates.ts'
import { parseId } from '@/lib/cases/schema.ts'
import { certificatePath } from '@/lib/certificates/schema.ts'
import { atStart, formatDay, formatMoney } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function CertificatesPage({ searchParams }: PageProps<never, 'after'>) {
  const customer = await requireCustomer()
  const after = parseId((await searchParams).after)
  const [{ applications, next }, drafts] = await Promise.all([
    listApplications(customer, after, clock.now()),
    listCertificateDrafts(customer),
  ])
  const t = await getTranslations('certificates')
  const create = (
    <ButtonLink href="/certificates/new" icon="plus">
      {t('new')}
    </ButtonLink>
  )
  const isEmpty = applications.length === 0 && !after
  return (
    <PageShell title={t('title')} lead={<p>{t('lead')}</p>} action={isEmpty ? undefined : create} wide>
      {drafts.length > 0 && <BegunCertificates drafts={drafts} />}
      {isEmpty ? (
        <section className="card centred stack">
          <p>{t('empty')}</p>
          {create}
        </section>
      ) : (
        <Card labelledBy="list" title={t('list')}>
          <Applications applications={applications} />
          {(after || next) && (
            <p className="actions">
              {after && <a href="/certificates">{t('first')}</a>}
              {next && <a href={`/certificates?after=${next}`}>{t('older')}</a>}
            </p>
          )}
        </Card>
      )}
    </PageShell>
  )
}

async function Applications({ applications }: { applications: ListedApplication[] }) {
  const t = await getTranslations('certificates')
  const ofKind = await getTranslations('kinds')
  const locale = await getLocale()
  const columns: Column[] = [
    { key: 'kind', label: t('columns.kind') },
    { key: 'about', label: t('columns.about'), place: 'sub' },
    { key: 'number', label: t('columns.number'), place: 'desktop' },
    { key: 'sent', label: t('columns.sent'), place: 'tablet' },
    { key: 'status', label: t('columns.status'), place: 'status' },
    { key: 'file', label: t('columns.file'), amount: true },
  ]
  return (
    <Table
      caption={t('list')}
      columns={columns}
      rows={applications.map(one => ({
        id: one.id,
        cells: {
          kind: <a href={certificatePath(one.id)}>{atStart(ofKind(`${one.kind}.name`))}</a>,
          about: (
            <>
              {one.biller.name} · <span className="code">{one.nipt ?? one.about}</span>
              {one.certificate && (
                <span className="block">
                  {one.certificate.total > 0
                    ? t('owes', { amount: formatMoney(one.certificate.total, one.biller.currency, locale) })
                    : t('owesNothing')}
                </span>
              )}
            </>
          ),
          number: one.certificate ? <span className="code">{one.certificate.number}</span> : '–',
          sent: formatDay(dayIn(one.biller.timeZone, one.createdAt), locale),
          status: <CertificateChip one={one} locale={locale} />,
          file: one.certificate ? (
            <a
              href={`${certificatePath(one.id)}/pdf`}
              aria-label={t('fileOf', { number: one.certificate.number })}
            >
              {t('pdf')}
            </a>
          ) : (
            '–'
          ),
        },
      }))}
    />
  )
}

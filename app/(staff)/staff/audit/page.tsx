// The audit log: who did what, when, from where; found by whom or what it is about, or by who did it.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import { auditPath, readChosenEvents } from '@/lib/audit/chosen.ts'
import { auditForm } from '@/lib/audit/forms.ts'
import { DAYS_OF_ALL, listAudit, MOST_EXPORTED } from '@/lib/audit/queries.ts'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { listBillerChoices } from '@/lib/billers/queries.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { searchAuditAction } from './actions.ts'
import { AuditFilter } from './filter.tsx'
import { AuditTable } from './table.tsx'

type Query = 'account' | 'contract' | 'case' | 'person' | 'group' | 'from' | 'to' | 'before'

export default async function AuditPage({ searchParams }: PageProps<never, Query>) {
  const staff = await requireStaff('supervisor')
  const { chosen, before } = readChosenEvents(await searchParams)
  const audit = await listAudit(staff, chosen, before, clock.now())
  if (!audit) return refuseStaff(staff)
  const t = await getTranslations('audit')
  const { account, contract, case: caseId } = chosen
  const about = account ? 'account' : contract ? 'contract' : caseId && 'case'
  return (
    <PageShell title={t('title')} lead={t('lead')} wide>
      <details open={!about && !before}>
        <summary className="more">{t('search')}</summary>
        <Form
          form={auditForm}
          action={searchAuditAction}
          options={{ biller: await listBillerChoices(staff.billerIds) }}
        />
      </details>
      <Card
        labelledBy="events"
        title={about ? t(`about.${about}`, { title: audit.title ?? '' }) : t('about.colleagues')}
        action={
          <a className="more" href={auditPath(chosen, { file: true })}>
            <Icon name="down" />
            {t('csv')}
          </a>
        }
      >
        <AuditFilter chosen={chosen} colleagues={audit.colleagues} />
        {audit.events.length === 0 ? <p>{t('none')}</p> : <AuditTable events={audit.events} />}
        {(before || audit.next) && (
          <p className="actions">
            {before && <a href={auditPath(chosen)}>{t('newest')}</a>}
            {audit.next && <a href={auditPath(chosen, { before: audit.next })}>{t('older')}</a>}
          </p>
        )}
        <p>
          <small>{t('scope', { most: MOST_EXPORTED, days: DAYS_OF_ALL })}</small>
        </p>
      </Card>
    </PageShell>
  )
}

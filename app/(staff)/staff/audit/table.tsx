// Events of the audit log, a row each.
import { Table } from '@/components/ui/table.tsx'
import { auditPath } from '@/lib/audit/chosen.ts'
import type { ShownEvent } from '@/lib/audit/queries.ts'
import { casePath } from '@/lib/cases/schema.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { auditWords } from './words.ts'

export async function AuditTable({ events }: { events: ShownEvent[] }) {
  const t = await getTranslations('audit')
  const locale = await getLocale()
  const { what, who, why } = await auditWords()
  return (
    <Table
      caption={t('title')}
      columns={[
        { key: 'what', label: t('columns.what') },
        { key: 'at', label: t('columns.at') },
        { key: 'who', label: t('columns.who'), place: 'sub' },
        { key: 'about', label: t('columns.about'), place: 'status' },
      ]}
      rows={events.map(event => ({
        id: String(event.id),
        cells: {
          what: <Lines first={what(event)} second={why(event)} />,
          at: (
            <Lines
              first={formatInstant(event.at, locale, PORTAL_ZONE)}
              second={event.requestId && t('request', { id: event.requestId })}
            />
          ),
          who: <Lines first={who(event)} second={event.address && t('from', { address: event.address })} />,
          about: <About event={event} />,
        },
      }))}
    />
  )
}

function Lines({ first, second }: { first: string; second: string | null }) {
  return (
    <>
      {first}
      {second && <small className="block">{second}</small>}
    </>
  )
}

/** A contract's code or what else staff keep, a way to a case, a way to what else was done with an account. */
async function About({ event: { contract, case: one, account, data } }: { event: ShownEvent }) {
  const t = await getTranslations('audit')
  if (one) return <a href={casePath(one.queue, one.id)}>{t('case', { number: one.number })}</a>
  if (contract ?? data) return contract ?? data
  if (!account) return '–'
  return <a href={auditPath({ account: account.id })}>{t('who.customer', { initials: account.initials })}</a>
}

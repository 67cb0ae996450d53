// The access log, a page of it.

import { Card } from '@/components/ui/card.tsx'
import { Table } from '@/components/ui/table.tsx'
import type { Customer } from '@/lib/auth/sessions.ts'
import { type KindCode, kindOf, textsOf } from '@/lib/cases/kinds.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { type LogPlace, listAccessLog, logPlaceText } from '@/lib/own-data/access-log.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

export async function AccessLog({ customer, before }: { customer: Customer; before: LogPlace | undefined }) {
  const { entries, older } = await listAccessLog(customer, before)
  const t = await getTranslations('ownData')
  const locale = await getLocale()
  const rows = entries.map(({ id, at, actor, sentence, contract, kind, reason, company, address }) => ({
    id: String(id),
    cells: {
      what: (
        <>
          {t(`log.${sentence}` as 'log.self.unknown', {
            contract: contract ? `${contract.code} (${contract.biller})` : 'none',
            kind: kind && kindOf({ kind }) ? textsOf(kind as KindCode) : 'none',
          })}
          {reason && <small>{t(`log.reasons.${reason as 'other'}`)}</small>}
          {address && <small>{t('log.address', { address })}</small>}
        </>
      ),
      who: company ? t('log.staffOf', { company }) : t(`log.actor.${actor}`),
      when: <span className="sm:whitespace-nowrap">{formatInstant(at, locale, PORTAL_ZONE)}</span>,
    },
  }))
  return (
    <Card labelledBy="log" title={t('log.title')}>
      <p className="text-muted">{t('log.lead')}</p>
      {rows.length === 0 ? (
        <p>{t('log.empty')}</p>
      ) : (
        <Table
          caption={t('log.title')}
          columns={[
            { key: 'what', label: t('log.what') },
            { key: 'who', label: t('log.who'), place: 'sub' },
            { key: 'when', label: t('log.when'), place: 'sub' },
          ]}
          rows={rows}
        />
      )}
      {(before || older) && (
        <p className="actions">
          {before && <a href="/account/data#log">{t('log.newest')}</a>}
          {older && <a href={`/account/data?before=${logPlaceText(older)}#log`}>{t('log.older')}</a>}
        </p>
      )}
    </Card>
  )
}

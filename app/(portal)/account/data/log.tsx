// The access log, a page of it.
import { Card } from '@/components/ui/card.tsx'
import { Table } from '@/components/ui/table.tsx'
import type { Customer } from '@/lib/auth/sessions.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { listAccessLog } from '@/lib/own-data/access-log.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

export async function AccessLog({ customer, before }: { customer: Customer; before: number | undefined }) {
  const { entries, older } = await listAccessLog(customer, before)
  const t = await getTranslations('ownData')
  const locale = await getLocale()
  const rows = entries.map(({ id, at, actor, sentence, contract, kind, address }) => ({
    id: String(id),
    cells: {
      when: <span className="whitespace-nowrap">{formatInstant(at, locale, 'Europe/Belgrade')}</span>,
      who: <span className="whitespace-nowrap">{t(`log.actor.${actor}`)}</span>,
      what: (
        <div>
          {t(`log.${sentence}` as 'log.self.unknown', {
            contract: contract ? `${contract.code} (${contract.biller})` : 'none',
            kind: kind ?? 'none',
          })}
          {address && <span className="block text-sm text-muted">{t('log.address', { address })}</span>}
        </div>
      ),
    },
  }))
  return (
    <Card labelledBy="log" title={t('log.title')}>
      <p className="mb-4 text-muted">{t('log.lead')}</p>
      {rows.length === 0 ? (
        <p>{t('log.empty')}</p>
      ) : (
        <Table
          caption={t('log.title')}
          columns={(['when', 'who', 'what'] as const).map(key => ({
            key,
            label: t(`log.${key}`),
            words: key === 'what',
          }))}
          rows={rows}
        />
      )}
      {(before || older) && (
        <p className="mt-4 flex flex-wrap gap-6">
          {before && <a href="/account/data#log">{t('log.newest')}</a>}
          {older && <a href={`/account/data?before=${older}#log`}>{t('log.older')}</a>}
        </p>
      )}
    </Card>
  )
}

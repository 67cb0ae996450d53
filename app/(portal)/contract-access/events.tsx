// What has happened with a contract, as its holder may see it: who did what, when.
import { Card } from '@/components/ui/card.tsx'
import { Icon, type IconName } from '@/components/ui/icon.tsx'
import type { AccessEvent } from '@/lib/contracts/people.ts'
import type { ContractDetails } from '@/lib/contracts/queries.ts'
import { formatDayInSentence, formatInstant } from '@/lib/i18n/formats.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

const ICONS: Partial<Record<AccessEvent['action'], IconName>> = {
  'contract.added': 'plus',
  'contract.restored': 'plus',
  'contract.removed': 'no',
  'access.refused': 'no',
  'access.ended': 'no',
  'holder.withdrawn': 'no',
  'handover.named': 'out',
}

type Props = { events: AccessEvent[]; contract: ContractDetails }

export async function AccessEvents({ events, contract: { biller } }: Props) {
  const t = await getTranslations('access')
  const locale = await getLocale()
  const sentence = ({ action, by, who, whom }: AccessEvent) =>
    t(`log.${action.replace('.', '_') as LogKey}`, {
      by,
      biller: biller.name,
      who: who === null ? t('gone') : inNormalCase(who),
      whom: whom === null ? t('gone') : inNormalCase(whom),
    })
  // The day that somebody moves out is one, not the end of what was allowed.
  const untilOf = (action: AccessEvent['action'], day: string) =>
    action.startsWith('handover.') ? day : t('lasts', { day })
  return (
    <Card labelledBy="events" title={t('events')}>
      {events.length === 0 && <p>{t('noEvents')}</p>}
      <ol className="timeline">
        {events.map(event => (
          <li key={event.id}>
            <Icon name={ICONS[event.action] ?? 'check'} />
            <b>{sentence(event)}</b>
            <small>
              {formatInstant(event.at, locale, biller.timeZone)}
              {event.until && ` · ${untilOf(event.action, formatDayInSentence(event.until, locale))}`}
            </small>
          </li>
        ))}
      </ol>
    </Card>
  )
}

type Dotless<Action> = Action extends `${infer Of}.${infer What}` ? `${Of}_${What}` : never
type LogKey = Dotless<AccessEvent['action']>

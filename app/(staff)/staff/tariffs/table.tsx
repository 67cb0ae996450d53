// The groups to choose from, and the tariffs of one, newest first.
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Table } from '@/components/ui/table.tsx'
import { tariffGroupName } from '@/lib/billing/tariff-groups.ts'
import { formatDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import type { IsoDate } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { tariffOn } from '@/lib/tariffs/rules.ts'
import { type Tariff, tariffsPath } from '@/lib/tariffs/schema.ts'
import type { TariffGroup } from '@/lib/tariffs/staff-queries.ts'
import { EnergyWords, MonthlyWords } from './prices.tsx'

export const groupTitle = ({ biller, billerName, group }: TariffGroup, locale: Locale): string =>
  `${billerName}: ${tariffGroupName(biller, group, locale) ?? group}`

type Shown = { shown: TariffGroup; today: IsoDate }

export async function GroupTiles({ groups, shown, today }: Shown & { groups: TariffGroup[] }) {
  const t = await getTranslations('tariffs')
  const locale = await getLocale()
  return (
    <nav className="tiles" aria-label={t('groups')}>
      {groups.map(one => {
        const now = tariffOn(one.tariffs, today)
        return (
          <a
            key={`${one.biller} ${one.group}`}
            className="card"
            href={tariffsPath({ biller: one.biller, group: one.group })}
            aria-current={one.biller === shown.biller && one.group === shown.group ? 'page' : undefined}
          >
            <b>{groupTitle(one, locale)}</b>
            <small>{now ? t('since', { day: formatDay(now.validFrom, locale) }) : t('none')}</small>
            {now?.note && <small>{t('toConfirm')}</small>}
          </a>
        )
      })}
    </nav>
  )
}

export async function TariffTable({ shown, today }: Shown) {
  const t = await getTranslations('tariffs')
  const locale = await getLocale()
  const title = groupTitle(shown, locale)
  const { currency, tariffs } = shown
  return (
    <Card labelledBy="tariffs" title={title}>
      {tariffs.length === 0 ? (
        <p>{t('noneYet')}</p>
      ) : (
        <Table
          caption={title}
          columns={[
            { key: 'valid', label: t('columns.valid') },
            { key: 'energy', label: t('columns.energy') },
            { key: 'monthly', label: t('columns.monthly') },
            { key: 'source', label: t('columns.source') },
          ]}
          rows={tariffs.toReversed().map(tariff => ({
            id: String(tariff.id),
            cells: {
              valid: <Valid tariff={tariff} today={today} />,
              energy: (
                <span>
                  <EnergyWords tariff={tariff} currency={currency} />
                </span>
              ),
              monthly: (
                <span>
                  <MonthlyWords tariff={tariff} currency={currency} />
                </span>
              ),
              source: (
                <span>
                  {tariff.source}
                  {tariff.note && (
                    <small className="block">
                      <b>{t('toConfirm')}:</b> {tariff.note}
                    </small>
                  )}
                </span>
              ),
            },
          }))}
        />
      )}
    </Card>
  )
}

async function Valid({ tariff, today }: { tariff: Tariff; today: IsoDate }) {
  const t = await getTranslations('tariffs')
  const locale = await getLocale()
  const { validFrom, validTo } = tariff
  const isNow = tariffOn([tariff], today) !== undefined
  return (
    <>
      {validTo
        ? t('fromTo', { from: formatDay(validFrom, locale), to: formatDay(validTo, locale) })
        : t('since', { day: formatDay(validFrom, locale) })}
      {isNow && (
        <small className="block">
          <Chip tone="good">{t('inForce')}</Chip>
        </small>
      )}
      {validFrom > today && (
        <small className="block">
          <Chip tone="wait">{t('ahead')}</Chip>
        </small>
      )}
    </>
  )
}

// A tariff that was filled in, and what it changes, before it counts.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Table } from '@/components/ui/table.tsx'
import {
  formatChange,
  formatDay,
  formatMoney,
  formatMonthInSentence,
  formatNumber,
  formatPercent,
} from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { addMonths, dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { confirmTariffForm, typedOf } from '@/lib/tariffs/forms.ts'
import { changeBy, DAY_SHARE, type TariffChange } from '@/lib/tariffs/preview-rules.ts'
import { type NewTariff, tariffsPath } from '@/lib/tariffs/schema.ts'
import { findConcerned, type TariffGroup } from '@/lib/tariffs/staff-queries.ts'
import { confirmTariffAction } from './actions.ts'
import { EnergyWords, MonthlyWords } from './prices.tsx'
import { groupTitle } from './table.tsx'

type PreviewProps = { shown: TariffGroup; added: NewTariff }

export async function Preview({ shown, added }: PreviewProps) {
  const t = await getTranslations('tariffs')
  const { biller, newest, tariffs } = shown
  const { contracts, billedUpTo } = await findConcerned(biller, added.group)
  const change = changeBy(biller, tariffs, added)
  const typed = typedOf(added)
  return (
    <PageShell
      title={t('preview.title')}
      back={{ href: tariffsPath({ biller, ...typed }), label: t('preview.back') }}
    >
      {contracts === 0 && tariffs.length === 0 && (
        <Notice tone="bad">{t('preview.unknownGroup', { group: added.group })}</Notice>
      )}
      <Past added={added} billedUpTo={billedUpTo} />
      <Changed shown={shown} added={added} change={change} contracts={contracts} />
      <Examples shown={shown} added={added} change={change} />
      <Form
        form={confirmTariffForm}
        action={confirmTariffAction}
        shownFor={{ biller, seen: String(newest), ...typed }}
      />
    </PageShell>
  )
}

/** Nothing that lies behind changes unsaid. */
async function Past({ added, billedUpTo }: { added: NewTariff; billedUpTo: string | null }) {
  const t = await getTranslations('tariffs')
  const locale = await getLocale()
  const { validFrom } = added
  const isBilled = billedUpTo !== null && billedUpTo >= addMonths(validFrom, 0)
  if (!isBilled && validFrom > dayIn(PORTAL_ZONE, clock.now())) return null
  return (
    <Notice tone="wait">
      <p>{t('preview.past', { day: formatDay(validFrom, locale) })}</p>
      {isBilled && <p>{t('preview.billed', { month: formatMonthInSentence(billedUpTo, locale) })}</p>}
    </Notice>
  )
}

async function Changed({
  shown,
  added,
  change: { ends, replaces, until },
  contracts,
}: PreviewProps & { change: TariffChange; contracts: number }) {
  const t = await getTranslations('tariffs')
  const locale = await getLocale()
  const day = (on: string) => formatDay(on, locale)
  const before = ends
    ? t('preview.ends', { from: day(ends.from), day: day(ends.lastDay) })
    : t(replaces ? 'preview.replaces' : 'preview.first', { day: day(added.validFrom) })
  const { currency } = shown
  const facts = [
    {
      label: t('columns.valid'),
      value: until
        ? t('fromTo', { from: day(added.validFrom), to: day(until) })
        : t('preview.open', { day: day(added.validFrom) }),
    },
    { label: t('preview.before'), value: before },
    { label: t('preview.contracts'), value: t('preview.count', { count: contracts }) },
    { label: t('columns.energy'), value: <EnergyWords tariff={added} currency={currency} /> },
    { label: t('columns.monthly'), value: <MonthlyWords tariff={added} currency={currency} /> },
    { label: t('columns.source'), value: added.source, prose: true },
    ...(added.note ? [{ label: t('toConfirm'), value: added.note, prose: true }] : []),
  ]
  return (
    <Card labelledBy="changed" title={groupTitle(shown, locale)}>
      <Facts facts={facts} columns={1} />
    </Card>
  )
}

async function Examples({ shown, added, change }: PreviewProps & { change: TariffChange }) {
  const t = await getTranslations('tariffs')
  const locale = await getLocale()
  const money = (minor: number) => formatMoney(minor, shown.currency, locale)
  return (
    <Card labelledBy="examples" title={t('preview.examples')}>
      <Table
        caption={t('preview.examples')}
        columns={[
          { key: 'kwh', label: t('preview.kwh') },
          { key: 'before', label: t('preview.until'), amount: true },
          { key: 'after', label: t('preview.then'), amount: true },
          { key: 'more', label: t('preview.difference'), amount: true },
          { key: 'percent', label: t('preview.percent'), amount: true },
        ]}
        rows={change.examples.map(({ kwh, before, after }) => ({
          id: String(kwh),
          cells: {
            kwh: formatNumber(kwh, locale),
            before: before === null ? t('none') : money(before),
            after: money(after),
            more: before === null ? t('none') : money(after - before),
            percent: before ? formatChange((after - before) / before, locale) : t('none'),
          },
        }))}
      />
      <p>
        <small>
          {t('preview.basis')}
          {added.low !== null &&
            ` ${t('preview.share', { percent: formatPercent(DAY_SHARE * 100, locale) })}`}
        </small>
      </p>
    </Card>
  )
}

// Tariffs by biller and group, with their sources and what is to be confirmed; an administrator adds one, and sees first what it changes.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { formatDay, typedDecimal } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { readDay } from '@/lib/platform/typed.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { isPreviewed, mayAddTariffs } from '@/lib/tariffs/commands.ts'
import { previewTariffForm, typedOf } from '@/lib/tariffs/forms.ts'
import { listTariffGroups, type TariffGroup } from '@/lib/tariffs/staff-queries.ts'
import { readNewTariff } from '@/lib/tariffs/typed.ts'
import { previewTariffAction } from './actions.ts'
import { Preview } from './preview.tsx'
import { GroupTiles, TariffTable } from './table.tsx'

const FIELDS = Object.keys(previewTariffForm.fields) as (keyof typeof previewTariffForm.fields)[]
type Query = (typeof FIELDS)[number] | 'biller' | 'step' | 'mark' | 'done'

export default async function TariffsPage({ searchParams }: PageProps<never, Query>) {
  const staff = await requireStaff()
  const groups = await listTariffGroups(staff)
  const typed = await searchParams
  const shown = groupOf(groups, typed)
  const t = await getTranslations('tariffs')
  if (!shown) {
    return (
      <PageShell title={t('title')}>
        <p>{t('noneOfYours')}</p>
      </PageShell>
    )
  }
  const added = readNewTariff(typed)
  const mayAdd = mayAddTariffs(staff, shown.biller)
  if (typed.step === 'preview' && added && isPreviewed(typed.mark, staff, shown.biller, added))
    return <Preview shown={shown} added={added} />
  const today = dayIn(PORTAL_ZONE, clock.now())
  return (
    <PageShell title={t('title')} lead={<p>{t('lead')}</p>} wide>
      {typed.done === 'added' && <Done>{t('added')}</Done>}
      <GroupTiles groups={groups} shown={shown} today={today} />
      <TariffTable shown={shown} today={today} />
      {mayAdd ? <AddCard shown={shown} typed={typed} /> : <Notice>{t('administrator')}</Notice>}
    </PageShell>
  )
}

type Typed = Awaited<PageProps<never, Query>['searchParams']>

/** The one that the address names, a new one of a biller of theirs too; else the first. */
function groupOf(groups: TariffGroup[], { biller, group }: Typed): TariffGroup | undefined {
  const known = groups.find(one => one.biller === biller && one.group === group)
  const ofBiller = groups.find(one => one.biller === biller)
  const isNew =
    ofBiller && typeof group === 'string' && 'value' in previewTariffForm.fields.group.read(group, {})
  return known ?? (isNew ? { ...ofBiller, group, newest: 0, tariffs: [] } : (ofBiller ?? groups[0]))
}

const FIGURES = ['high', 'low', 'blockHigh', 'blockLow', 'fixedFee', 'tvTax', 'vatPercent']

/** With its decimals as its reader types them. */
const inFigures = (values: Record<string, string>, locale: Locale) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      FIGURES.includes(name) ? typedDecimal(value, locale) : value,
    ]),
  )

/** It begins as the group's last tariff, but for what has to be said anew. */
async function AddCard({ shown, typed }: { shown: TariffGroup; typed: Typed }) {
  const t = await getTranslations('tariffs')
  const last = shown.tariffs.at(-1)
  const before = last ? { ...typedOf(last), from: '', source: '', note: '' } : { group: shown.group }
  const locale = await getLocale()
  const day = readDay(String(typed.from))
  const again = {
    ...Object.fromEntries(FIELDS.map(name => [name, String(typed[name] ?? '')])),
    ...(day && { from: formatDay(day, locale) }),
  }
  return (
    <Card labelledBy="add" title={t('new.title')}>
      <p>{t('new.lead')}</p>
      <Form
        form={previewTariffForm}
        action={previewTariffAction}
        shownFor={{ biller: shown.biller }}
        values={inFigures(typed.from ? again : before, locale)}
      />
    </Card>
  )
}

// Why a contract may be without supply: its disconnections, and the outages of its area.
import { DisconnectionChip, OutageChip } from '@/components/supply-chips.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { formatDayInSentence, formatInstant, formatMoney } from '@/lib/i18n/formats.ts'
import type { ContractForStaff } from '@/lib/looks/contract-queries.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { announcedDebt, disconnectionStanding } from '@/lib/supply/rules.ts'
import type { Disconnection } from '@/lib/supply/schema.ts'
import { whenOf, whereOf } from '@/lib/supply/words.ts'

type Props = { contract: ContractForStaff }

export async function Supply({ contract }: Props) {
  const { disconnections, outages, biller } = contract
  const t = await getTranslations('supply')
  const locale = await getLocale()
  const now = clock.now()
  const notes = await Promise.all(disconnections.map(one => noteOf(one, contract)))
  const rows = [
    ...disconnections.map((one, index) => ({
      id: `d${index}`,
      title: t(`reasons.${one.reason}`),
      note: notes[index],
      end: <DisconnectionChip state={stateOf(one, contract, now)} country={biller.country} locale={locale} />,
    })),
    ...outages.map(outage => ({
      id: `o${outage.id}`,
      title: whereOf(outage, locale).title,
      note: whenOf(outage, { timeZone: biller.timeZone, now, locale }),
      end: <OutageChip outage={outage} now={now} locale={locale} />,
    })),
  ]
  return (
    <Card labelledBy="outages" title={t('title')}>
      {rows.length > 0 ? <Rows rows={rows} /> : <p>{t('none')}</p>}
    </Card>
  )
}

function stateOf(disconnection: Disconnection, { unpaid, today }: ContractForStaff, now: Date) {
  const invoices = unpaid.map(({ dueOn, state, due }) => ({ dueOn, overdue: state === 'overdue', due }))
  const debt = announcedDebt(invoices, disconnection).reduce((sum, { due }) => sum + due, 0)
  return disconnectionStanding(disconnection, debt, today, now).state
}

async function noteOf(
  { announcedOn, notBefore, amount, doneAt, reconnectedAt }: Disconnection,
  { biller }: ContractForStaff,
) {
  const t = await getTranslations('supply')
  const locale = await getLocale()
  const at = (time: Date) => formatInstant(time, locale, biller.timeZone)
  return [
    amount !== null && formatMoney(amount, biller.currency, locale),
    t('announcedOn', {
      day: formatDayInSentence(announcedOn, locale),
      for: formatDayInSentence(notBefore, locale),
    }),
    doneAt && t('doneOn', { at: at(doneAt), country: biller.country }),
    reconnectedAt && t('reconnectedOn', { at: at(reconnectedAt) }),
  ]
    .filter(Boolean)
    .join(' · ')
}

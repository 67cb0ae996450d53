// What concerns the contracts of whoever is signed in: disconnections first, then outages of their area.
import { DisconnectionChip, OutageChip } from '@/components/supply-chips.tsx'
import { Card } from '@/components/ui/card.tsx'
import { type ListRow, Rows } from '@/components/ui/rows.tsx'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import { formatNearDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import type { OwnSupply } from '@/lib/supply/queries.ts'
import { byState, byUrgency, isPressing, type Standing, standingOf } from '@/lib/supply/rules.ts'
import type { Disconnection } from '@/lib/supply/schema.ts'
import { nearTime, saidOf, whenOf, whereOf } from '@/lib/supply/words.ts'

/** Of whoever is signed in. */
export type Own = { contracts: OwnSupply[]; unpaid: UnpaidInvoice[] }
type Reading = { now: Date; locale: Locale }

export type Standings = { contract: OwnSupply; disconnection: Disconnection; standing: Standing }

/** Disconnections of one's own contracts, the most urgent first. */
const disconnectionsOf = ({ contracts, unpaid }: Own, now: Date): Standings[] =>
  byState(
    contracts.flatMap(contract => {
      const standing = standingOf(contract, unpaid, now)
      return standing && contract.disconnection
        ? [{ contract, disconnection: contract.disconnection, standing }]
        : []
    }),
  )

/** The one that the page begins with. */
export const pressingOf = (own: Own, now: Date): Standings | undefined =>
  disconnectionsOf(own, now).find(({ standing }) => isPressing(standing))

/** So many rows at most. */
const MOST_ROWS = 10

export function OwnContracts({ own, now, locale }: { own: Own } & Reading) {
  const t = translator(locale, 'noPower')
  const disconnections = disconnectionsOf(own, now)
  const outages = byUrgency(
    own.contracts.flatMap(contract => contract.outages.map(outage => ({ ...outage, contract }))),
    now,
  )
  const concerned = new Set([...disconnections, ...outages].map(({ contract }) => contract.id))
  const rows = [
    ...disconnections.map(one => disconnectionRow(one, { now, locale })),
    ...outages.map(({ contract, ...outage }): ListRow => {
      const said = saidOf(outage, locale)
      return {
        id: `${contract.id}-${outage.id}`,
        title: contractTitle(contract, locale),
        note: (
          <>
            {[
              contract.biller.name,
              whereOf(outage, locale).title,
              whenOf(outage, { timeZone: contract.biller.timeZone, now, locale }),
            ].join(' · ')}
            {said && (
              <>
                {' · '}
                <span lang={said.lang}>{said.text}</span>
              </>
            )}
          </>
        ),
        end: <OutageChip outage={outage} now={now} locale={locale} />,
      }
    }),
  ]
  const others = own.contracts.length - concerned.size
  return (
    <Card labelledBy="own" title={t('own.title')}>
      {rows.length > 0 && <Rows rows={rows.slice(0, MOST_ROWS)} />}
      {rows.length > MOST_ROWS && <p>{t('own.more', { count: rows.length - MOST_ROWS })}</p>}
      {others > 0 && (
        <p className={concerned.size > 0 ? 'text-muted text-sm' : undefined}>
          {t(concerned.size > 0 ? 'own.others' : 'own.none', { count: others })}
        </p>
      )}
    </Card>
  )
}

function disconnectionRow(
  { contract, disconnection, standing }: Standings,
  { now, locale }: Reading,
): ListRow {
  const t = translator(locale, 'noPower')
  const { biller, code } = contract
  const reading = { timeZone: biller.timeZone, now, locale }
  const { doneAt, reconnectedAt, notBefore } = disconnection
  const when = standing.clock
    ? t('own.by', { at: nearTime(standing.clock.by, reading) })
    : (reconnectedAt ?? doneAt)
      ? t('own.since', { at: nearTime((reconnectedAt ?? doneAt)!, reading) })
      : t('own.onDay', { day: formatNearDay(notBefore, dayIn(biller.timeZone, now), locale) })
  return {
    id: `${contract.id}-disconnection`,
    href: isPressing(standing) ? `/contracts/${biller.code}/${code}/pay` : undefined,
    title: contractTitle(contract, locale),
    note: `${biller.name} · ${when}`,
    end: <DisconnectionChip state={standing.state} country={biller.country} locale={locale} />,
  }
}

// In the sky of home: a disconnection or an outage that concerns a contract of one's own.
import type { ReactNode } from 'react'
import { linkTo } from '@/components/link-to.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { distinctTitles } from '@/lib/billing/contract-title.ts'
import type { HomeContract } from '@/lib/billing/home-queries.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import { formatMoney, formatNearDay } from '@/lib/i18n/formats.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import {
  byState,
  isMoreLate,
  isPressing,
  nearOutage,
  payableUntil,
  type Standing,
  standingOf,
} from '@/lib/supply/rules.ts'
import { NO_POWER, type Outage } from '@/lib/supply/schema.ts'
import { nearTime, whenOf } from '@/lib/supply/words.ts'
import type { Home } from './home.ts'

/** So many are told each for itself. */
const TOLD = 2

export function SupplyBanner({ home }: { home: Home }) {
  const { standings, unpaid, now, locale } = home
  const t = translator(locale, 'noPower')
  const contracts = standings.flatMap(({ contract }) => (contract.closedOn ? [] : contract))
  const disconnections = byState(
    contracts.flatMap(contract => {
      const standing = standingOf(contract, unpaid, now)
      return standing && isPressing(standing) ? [{ contract, standing }] : []
    }),
  )
  const outages = contracts.flatMap(contract => {
    const outage = nearOutage(contract.outages, now)
    return outage ? [{ contract, outage }] : []
  })
  const titleOf = distinctTitles(contracts, locale)
  const named = { home, titleOf }
  const told = [
    ...disconnections.map(one => <Disconnected key={`d${one.contract.id}`} {...one} {...named} />),
    ...outages.map(one => <Out key={`o${one.contract.id}`} {...one} {...named} />),
  ]
  return (
    <>
      {told.slice(0, TOLD)}
      {told.length > TOLD && (
        <p>
          <a href={NO_POWER}>{t('banner.more')}</a>
        </p>
      )}
    </>
  )
}

const TAGS = { b: (chunks: ReactNode) => <b>{chunks}</b>, link: linkTo(NO_POWER) }

type Part = { contract: HomeContract; home: Home; titleOf: ReturnType<typeof distinctTitles> }

function Disconnected({
  contract,
  standing,
  home: { now, locale, unpaid },
  titleOf,
}: Part & { standing: Standing }) {
  const { biller, disconnection } = contract
  const reading = { timeZone: biller.timeZone, now, locale }
  const today = dayIn(biller.timeZone, now)
  const { state, left, clock } = standing
  const late = unpaid.filter(
    invoice => invoice.contract.id === contract.id && invoice.overdue && !invoice.underWay,
  )
  const asks = state === 'announced' || state === 'possible'
  return (
    <Notice tone={state === 'reconnecting' ? 'wait' : 'bad'}>
      <p className="wrap-anywhere">
        {translator(locale, 'noPower').rich(`banner.${state as 'announced'}`, {
          contract: titleOf(contract),
          country: biller.country,
          day: formatNearDay(disconnection!.notBefore, today, locale),
          until: formatNearDay(payableUntil(disconnection!), today, locale),
          amount: left === null ? 'none' : formatMoney(left, biller.currency, locale),
          by: clock ? nearTime(clock.by, reading) : '',
          ...TAGS,
        })}
        {asks &&
          left !== null &&
          isMoreLate(late, left) &&
          ` ${translator(locale, 'noPower')('allLate', { amount: formatMoney(sumOf(late, 'total'), biller.currency, locale) })}`}
      </p>
    </Notice>
  )
}

function Out({ contract, outage, home: { now, locale }, titleOf }: Part & { outage: Outage }) {
  return (
    <Notice tone="wait" icon={outage.kind === 'fault' ? 'alert' : 'due'}>
      <p className="wrap-anywhere">
        {translator(locale, 'noPower').rich(outage.kind === 'fault' ? 'banner.fault' : 'banner.work', {
          contract: titleOf(contract),
          when: whenOf(outage, { timeZone: contract.biller.timeZone, now, locale }),
          ...TAGS,
        })}
      </p>
    </Notice>
  )
}

// The sky of home: what is to be paid in all, by when, and the one button; a morning where nothing is.
import { InDoubt } from '@/components/in-doubt.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { Sky, Sun } from '@/components/sky.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { restOf } from '@/components/under-way-notice.tsx'
import { contractTitle, distinctTitles } from '@/lib/billing/contract-title.ts'
import type { HomeContract } from '@/lib/billing/home-queries.ts'
import { firstOf, type NotHeld, newNotRecognised, nextInvoice } from '@/lib/billing/home-rules.ts'
import { groupBy } from '@/lib/billing/statement-rules.ts'
import { formatMoney, formatNearDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { dayIn, hourIn } from '@/lib/platform/dates.ts'
import { type Home, pathOf } from './home.ts'
import { Path, payableOf, ToPay } from './home-to-pay.tsx'
import { SupplyBanner } from './supply-banner.tsx'

/** Where a reader's day is not known by a contract's biller, it is this one's. */
const HERE = 'Europe/Tirane'

const zoneOf = ({ standings }: Home) => standings[0]?.contract.biller.timeZone ?? HERE

export function greetingOf(home: Home, name: string): string {
  const hour = hourIn(zoneOf(home), home.now)
  const time = hour < 5 || hour >= 18 ? 'evening' : hour < 12 ? 'morning' : 'day'
  return translator(home.locale, 'home')(`greeting.${time}`, { name })
}

/** `added`: the contract that the form before added; `told`: its holder was. `low`: of many contracts, which are what is looked for. */
export function HomeSky({
  home,
  greeting,
  added,
  told,
  low,
}: {
  home: Home
  greeting: string
  added?: HomeContract
  told: boolean
  low: boolean
}) {
  const { locale, standings, unpaid, inDoubt, now } = home
  const contracts = standings.map(({ contract }) => contract)
  const notRecognised = newNotRecognised(contracts, now)
  const payable = payableOf(home)
  const first = firstOf(payable)
  const dawn = unpaid.length === 0 && inDoubt.length === 0
  return (
    <Sky dawn={dawn} low={low}>
      <div className="stack">
        <h1>{greeting}</h1>
        {added && <Added contract={added} told={told} locale={locale} />}
        {notRecognised && notRecognised === added && (
          <NotRecognised contract={notRecognised} locale={locale} />
        )}
        <InDoubt
          inDoubt={inDoubt}
          only={contracts.length === 1 ? contracts[0]!.id : undefined}
          // Where nothing can be paid, it stands below in place of the sum.
          unpaid={first && unpaid}
          locale={locale}
        />
        <SupplyBanner home={home} />
        <SomebodyWaits contracts={contracts} locale={locale} />
        {first ? <ToPay home={home} payable={payable} /> : <NothingToPay home={home} dawn={dawn} />}
        {notRecognised && notRecognised !== added && (
          <NotRecognised contract={notRecognised} isNamed={contracts.length > 1} locale={locale} />
        )}
      </div>
      {!low && (first ? <Path invoice={first} locale={locale} /> : <RisenSun dawn={dawn} />)}
    </Sky>
  )
}

const RisenSun = ({ dawn }: { dawn: boolean }) => (
  <div className="centred">
    <Sun look={dawn ? 'up' : 'half'} />
  </div>
)

function NothingToPay({ home, dawn }: { home: Home; dawn: boolean }) {
  const { locale, standings, unpaid, lastPaid, now } = home
  const t = translator(locale, 'home')
  const today = dayIn(zoneOf(home), now)
  const [next] = standings
    .flatMap(({ contract }) => (contract.closedOn ? [] : (nextInvoice(contract.year ?? [], today) ?? [])))
    .toSorted()
  const paidOn = lastPaid && dayIn(lastPaid.timeZone, lastPaid.at)
  return (
    <>
      <p className="sum">{t(dawn ? 'nothing' : 'nothingMore')}</p>
      {groupBy(unpaid, ({ contract }) => contract.currency).map(some => {
        const { currency } = some[0].contract
        const rest = restOf(some, currency, locale)
        return rest && <p key={currency}>{rest}</p>
      })}
      {dawn && next && <p>{t('next', { day: formatNearDay(next, today, locale) })}</p>}
      {dawn && lastPaid && (
        <p className="actions">
          <a href={`/payments/${lastPaid.id}`}>
            {t('lastPaid', {
              amount: formatMoney(lastPaid.amount, lastPaid.currency, locale),
              day: paidOn === today ? t('today') : formatNearDay(paidOn!, today, locale),
            })}
          </a>
        </p>
      )}
    </>
  )
}

/** So many contracts that wait are told each for itself. */
const TOLD = 2

function Added({ contract, told, locale }: { contract: HomeContract; told: boolean; locale: Locale }) {
  const t = translator(locale, 'home')
  return (
    <Notice tone="good" done>
      <p>
        {t.rich('added.done', {
          contract: contractTitle(contract, locale),
          b: chunks => <b>{chunks}</b>,
        })}{' '}
        {contract.level === 'holder' && t('added.holder')} {told && t('added.told')}
      </p>
    </Notice>
  )
}

/** Somebody added a contract of one's own, and one has not decided what they see. */
function SomebodyWaits({ contracts, locale }: { contracts: HomeContract[]; locale: Locale }) {
  const t = translator(locale, 'home')
  const awaited = contracts.filter(({ somebodyWaits }) => somebodyWaits)
  const titleOf = distinctTitles(contracts, locale)
  return (
    <>
      {awaited.slice(0, TOLD).map(contract => (
        <Notice key={contract.id} icon="access">
          <p>
            {t.rich('somebodyWaits', {
              contract: titleOf(contract),
              link: linkTo(`${pathOf(contract)}/access`),
            })}
          </p>
        </Notice>
      ))}
      {awaited.length > TOLD && (
        <p>
          <a href="/contracts/manage">{t('moreWait', { count: awaited.length - TOLD })}</a>
        </p>
      )}
    </>
  )
}

/** Why a new contract shows less than its holder sees, and what to do; of the holder it says only that it may be another. */
function NotRecognised({
  contract,
  isNamed = false,
  locale,
}: {
  contract: HomeContract & NotHeld
  isNamed?: boolean
  locale: Locale
}) {
  const t = translator(locale, 'home')
  const { biller, level, isOwn, category } = contract
  const isHousehold = category === 'household'
  return (
    <Notice>
      <div className="space-y-2">
        {isNamed && <p className="wrap-anywhere">{contractTitle(contract, locale)}</p>}
        <p>
          {t.rich(`notRecognised.${level}`, { b: chunks => <b>{chunks}</b> })}{' '}
          {isOwn ? t('notRecognised.own') : t('notRecognised.notOwn', { biller: biller.name })}
        </p>
        {!isOwn && (
          <p>
            {t('notRecognised.forOthers')}{' '}
            {t.rich(isHousehold ? 'notRecognised.household' : 'notRecognised.business', {
              link: linkTo(isHousehold ? '/account' : '/account/business'),
            })}
          </p>
        )}
        <p>
          {level === 'amounts' ? (
            <a href={`${pathOf(contract)}/pay#prove`}>{t('howToSee')}</a>
          ) : (
            <a href={`${pathOf(contract)}/info`}>{t('notRecognised.why')}</a>
          )}
        </p>
      </div>
    </Notice>
  )
}

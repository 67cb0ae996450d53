// The disconnection that presses most: what to pay until when so that it does not happen, or when the supply has to be back.
import { HeroAmount } from '@/components/figures.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PayButtonLink } from '@/components/pay-button-link.tsx'
import { Sky, Sun } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { restOf } from '@/components/under-way-notice.tsx'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import { hearsKind } from '@/lib/cases/catalogue.ts'
import { newRequestPath } from '@/lib/cases/schema.ts'
import { formatMoney, formatNearDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import {
  announcedDebt,
  hoursGone,
  isMoreLate,
  isShortNotice,
  NOTICE_DAYS,
  payableUntil,
  RECONNECTION_HOURS,
  type Standing,
} from '@/lib/supply/rules.ts'
import { nearTime } from '@/lib/supply/words.ts'
import { Path } from '../../(portal)/contracts/home-to-pay.tsx'
import type { Standings } from './own.tsx'

type Props = { pressing: Standings; now: Date; locale: Locale }

/** `unpaid`: of all contracts of the reader's. */
export function PressingSky({ pressing, unpaid, now, locale }: Props & { unpaid: UnpaidInvoice[] }) {
  const t = translator(locale, 'noPower')
  const { contract, disconnection, standing } = pressing
  const { biller } = contract
  const ofContract = unpaid.filter(invoice => invoice.contract.id === contract.id)
  const [oldest] = announcedDebt(ofContract, disconnection)
  return (
    <Sky>
      <div className="stack">
        <h1>{t('title')}</h1>
        <p className="text-muted wrap-anywhere">
          {headline(pressing, now, locale)} · {contractTitle(contract, locale)}
        </p>
        {standing.clock ? (
          <Clock pressing={pressing} clock={standing.clock} now={now} locale={locale} />
        ) : standing.left ? (
          <ToPay pressing={pressing} unpaid={ofContract} now={now} locale={locale} />
        ) : (
          <p>
            {t(disconnection.reason === 'debt' ? 'nothingLeft' : disconnection.reason, {
              biller: biller.name,
            })}
          </p>
        )}
        <ShortNotice {...pressing} locale={locale} />
      </div>
      {oldest && !standing.clock ? (
        <Path invoice={oldest} locale={locale} />
      ) : (
        <div className="centred">
          <Sun look="half" />
        </div>
      )}
    </Sky>
  )
}

function headline({ contract, disconnection, standing }: Standings, now: Date, locale: Locale): string {
  const t = translator(locale, 'noPower')
  const { country, timeZone } = contract.biller
  const day = formatNearDay(disconnection.notBefore, dayIn(timeZone, now), locale)
  switch (standing.state) {
    case 'announced':
      return t(standing.left === null ? 'announcedOther' : 'announced', { day, country })
    case 'reconnecting':
      return t('reconnecting', { hours: RECONNECTION_HOURS })
    case 'late':
      return t('late')
    default:
      return t(standing.state === 'possible' ? 'possible' : 'disconnected', { country })
  }
}

function ToPay({ pressing, unpaid, now, locale }: Props & { unpaid: UnpaidInvoice[] }) {
  const t = translator(locale, 'noPower')
  const { contract, disconnection, standing } = pressing
  const { biller, code, level } = contract
  const today = dayIn(biller.timeZone, now)
  const until = payableUntil(disconnection)
  const left = standing.left!
  const payable = unpaid.filter(({ underWay }) => !underWay)
  const isUnderWay = unpaid.length > 0 && payable.length === 0
  const late = payable.filter(({ overdue }) => overdue)
  const allLate = formatMoney(sumOf(late, 'total'), biller.currency, locale)
  return (
    <>
      <p className="sum">
        <HeroAmount minor={left} currency={biller.currency} locale={locale} />
      </p>
      <p>
        <Chip tone="bad" icon="due">
          {standing.state === 'announced' && until > today
            ? t('payUntil', { day: formatNearDay(until, today, locale) })
            : t('payToday')}
        </Chip>
      </p>
      {isMoreLate(late, left) && <p>{t('allLate', { amount: allLate })}</p>}
      {isUnderWay && (
        <p>
          {t('underWay')} {restOf(unpaid, biller.currency, locale)}
        </p>
      )}
      {unpaid.length === 0 && <p>{t('notHere', { biller: biller.name })}</p>}
      <p className="actions">
        {payable.length > 0 && (
          <PayButtonLink href={`/contracts/${biller.code}/${code}/pay?late`} icon="pay">
            {t('pay', { amount: late.length > 0 ? allLate : formatMoney(left, biller.currency, locale) })}
          </PayButtonLink>
        )}
        {level !== 'amounts' && hearsKind(biller.code, 'P5') && (
          <a href={`${newRequestPath({ biller: biller.code, code })}?kind=P5`}>{t('instalments')}</a>
        )}
      </p>
    </>
  )
}

/** How much of the time is over; what was asked besides paying the portal does not know. */
function Clock({
  pressing: { contract, standing },
  clock: { paid, from, by },
  now,
  locale,
}: Props & { clock: NonNullable<Standing['clock']> }) {
  const t = translator(locale, 'noPower')
  const { biller, code } = contract
  const { state } = standing
  const reading = { timeZone: biller.timeZone, now, locale }
  const complaint = hearsKind(biller.code, 'C3') && `${newRequestPath({ biller: biller.code, code })}?kind=C3`
  return (
    <>
      <p className="sum">{nearTime(by, reading)}</p>
      <p>
        <Chip tone={state === 'late' ? 'bad' : 'wait'}>
          {state === 'late'
            ? t('lateBy', { hours: hoursGone(by, now) })
            : t('clock', { gone: hoursGone(from, now), hours: RECONNECTION_HOURS })}
        </Chip>
      </p>
      <p>
        {t('paidOn', { at: nearTime(paid, reading) })} {t('backBy', { at: nearTime(by, reading) })}
      </p>
      {complaint && (
        <p className="actions">
          {state === 'late' ? (
            <ButtonLink href={complaint} icon="request">
              {t('complain')}
            </ButtonLink>
          ) : (
            <a href={complaint}>{t('ifLate')}</a>
          )}
        </p>
      )}
    </>
  )
}

/** Kosovo's rule alone is known. */
function ShortNotice({ contract, disconnection, standing, locale }: Standings & { locale: Locale }) {
  const { biller, code, level } = contract
  const isTold = ['announced', 'possible', 'disconnected'].includes(standing.state)
  if (biller.country !== 'XK' || level === 'amounts' || !isTold || !isShortNotice(disconnection)) return null
  return (
    <p>
      {translator(locale, 'noPower').rich('shortNotice', {
        days: NOTICE_DAYS,
        link: linkTo(`${newRequestPath({ biller: biller.code, code })}?type=C`),
      })}
    </p>
  )
}

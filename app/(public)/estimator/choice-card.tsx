// By which contract or tariff group is estimated, and its prices of today.
import { Facts } from '@/components/ui/facts.tsx'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import { tariffGroupName } from '@/lib/billing/tariff-groups.ts'
import { type Asked, chosenText } from '@/lib/estimator/address.ts'
import type { Choice } from '@/lib/estimator/choice.ts'
import { formatDay, formatMoney, formatNumber, formatPercent, formatPrice } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Currency } from '@/lib/platform/money.ts'
import type { EnergyPrices } from '@/lib/tariffs/schema.ts'
import { NumberField } from './number-field.tsx'

export type Reading = { locale: Locale; currency: Currency }

export function ChoiceCard({
  choices,
  choice,
  asked,
  ...reading
}: { choices: Choice[]; choice: Choice; asked: Asked } & Reading) {
  const { locale } = reading
  const t = translator(locale, 'estimator')
  const own = choices.filter(({ contract }) => contract)
  const groups = choices.filter(({ contract }) => !contract)
  const field = { asked, locale }
  return (
    <div className="card half items-start">
      <div>
        <div className="field">
          <label htmlFor="for">{t('by')}</label>
          <select id="for" name="for" className="input">
            {own.length > 0 ? (
              <>
                <optgroup label={t('own')}>
                  <Options of={own} choice={choice} locale={locale} />
                </optgroup>
                <optgroup label={t('groups')}>
                  <Options of={groups} choice={choice} locale={locale} />
                </optgroup>
              </>
            ) : (
              <Options of={groups} choice={choice} locale={locale} />
            )}
          </select>
        </div>
        <div data-live="day" hidden={choice.tariff.low === null} className="mt-4">
          <NumberField name="day" hint={t('dayHint')} {...field} />
        </div>
        <div data-live="power" hidden={Boolean(choice.contract?.powerKw)} className="mt-4">
          <NumberField name="power" hint={t('powerHint')} {...field} />
        </div>
      </div>
      <details className="fold max-sm:mt-4">
        <summary>
          <h2 className="text-base">{t('month')}</h2>
        </summary>
        <div data-live="prices">
          <Prices choice={choice} {...reading} />
        </div>
      </details>
    </div>
  )
}

const Options = ({ of, choice, locale }: { of: Choice[]; choice: Choice; locale: Locale }) =>
  of.map(one => (
    <option key={chosenText(one.value)} value={chosenText(one.value)} selected={one === choice}>
      {choiceTitle(one, locale)}
    </option>
  ))

export const choiceTitle = ({ biller, tariff, contract }: Choice, locale: Locale): string =>
  contract
    ? contractTitle(contract, locale)
    : `${biller.name}: ${tariffGroupName(biller.code, tariff.group, locale) ?? tariff.group}`

/** Before VAT, as tariffs are decided and as the lines of an invoice say them. */
function Prices({ choice: { tariff }, locale, currency }: { choice: Choice } & Reading) {
  const t = translator(locale, 'estimator')
  const price = ({ high, low }: EnergyPrices) =>
    [high, low].flatMap(one => (one === null ? [] : formatPrice(one, currency, locale))).join(' / ')
  const { block, fixedFee, tvTax, vatPercent, low } = tariff
  const facts = [
    { label: t(low === null ? 'kwh' : 'kwhOfTwoRates'), value: price(tariff) },
    block && {
      label: t(block.kind === 'whole' ? 'blockWhole' : 'blockAbove', {
        limit: formatNumber(block.limit, locale),
      }),
      value: price(block),
    },
    fixedFee > 0 && { label: t('standing'), value: formatMoney(fixedFee, currency, locale) },
    { label: t('vat'), value: formatPercent(Number(vatPercent), locale) },
    tvTax > 0 && { label: t('tvTax'), value: formatMoney(tvTax, currency, locale) },
  ].filter(fact => fact !== null && fact !== false)
  return (
    <>
      <Facts facts={facts} columns={1} />
      <p className="text-sm text-muted">
        {t('since', { day: formatDay(tariff.validFrom, locale) })} {tariff.note !== null && t('unverified')}
      </p>
    </>
  )
}

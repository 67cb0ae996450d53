// What a tariff charges, in words: per kWh, beyond its block, and a month.
import { formatMoney, formatNumber, formatPrice } from '@/lib/i18n/formats.ts'
import type { Currency } from '@/lib/platform/money.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { EnergyPrices, NewTariff } from '@/lib/tariffs/schema.ts'

export async function EnergyWords({ tariff, currency }: { tariff: NewTariff; currency: Currency }) {
  const t = await getTranslations('tariffs')
  const locale = await getLocale()
  const prices = ({ high, low }: EnergyPrices) =>
    low === null
      ? t('prices.one', { price: formatPrice(high, currency, locale) })
      : t('prices.two', {
          high: formatPrice(high, currency, locale),
          low: formatPrice(low, currency, locale),
        })
  const { block } = tariff
  return (
    <>
      {prices(tariff)}
      {block && (
        <small className="block">
          {t(`prices.${block.kind}`, { limit: formatNumber(block.limit, locale), prices: prices(block) })}
        </small>
      )}
    </>
  )
}

export async function MonthlyWords({ tariff, currency }: { tariff: NewTariff; currency: Currency }) {
  const t = await getTranslations('tariffs')
  const locale = await getLocale()
  const { fixedFee, tvTax, vatPercent } = tariff
  return (
    <>
      {formatMoney(fixedFee, currency, locale)}
      <small className="block">
        {t('prices.vat', { percent: formatNumber(vatPercent, locale, 0, 2) })}
        {tvTax > 0 && t('prices.tvTax', { amount: formatMoney(tvTax, currency, locale) })}
      </small>
    </>
  )
}

// What follows from an estimate: too much at once, a price that ends or begins nearby, what the night saves.
import { Notice } from '@/components/ui/notice.tsx'
import type { Asked } from '@/lib/estimator/address.ts'
import type { Choice } from '@/lib/estimator/choice.ts'
import { blockAdvice, nightSaving, together } from '@/lib/estimator/rules.ts'
import type { ApplianceKind, Estimate } from '@/lib/estimator/schema.ts'
import {
  formatList,
  formatMoney,
  formatNumber,
  formatPrice,
  formatUnits,
  inSentence,
} from '@/lib/i18n/formats.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Reading } from './choice-card.tsx'

type AdviceProps = {
  choice: Choice
  result: Estimate
  meant: NonNullable<Asked['meant']>
  powerKw: number | null
} & Reading

export function Advice(props: AdviceProps) {
  return (
    <>
      <AtOnce {...props} />
      <NearBlock {...props} />
      <AtNight {...props} />
    </>
  )
}

/** As they are written inside a sentence. */
function named(kinds: ApplianceKind[], locale: AdviceProps['locale']): string {
  const t = translator(locale, 'estimator')
  return formatList(
    kinds.map(kind => inSentence(t(`kinds.${kind}`))),
    locale,
  )
}

function AtOnce({ choice: { contract }, meant, powerKw, locale }: AdviceProps) {
  const found = together(meant.used, powerKw)
  if (!found) return null
  const t = translator(locale, 'estimator')
  const kw = (value: number) => `${formatNumber(value, locale, 0, 2)}\u00a0kW`
  const { count } = found
  const sum = t('atOnce', {
    count,
    appliances: named(found.kinds, locale),
    power: kw(found.watts / 1000),
  })
  if (powerKw === null) {
    return (
      <Notice icon="bolt">
        <p>
          {sum} {t('powerUnknown')}
        </p>
      </Notice>
    )
  }
  const allowed = kw(powerKw)
  return found.isTooMuch ? (
    <Notice tone="wait">
      <p>
        <b>{sum}</b> {t(contract ? 'tooMuchOwn' : 'tooMuch', { count, power: allowed })}
      </p>
    </Notice>
  ) : (
    <Notice icon="bolt">
      <p>
        {sum} {t('enough', { power: allowed })}
      </p>
    </Notice>
  )
}

function NearBlock({ choice: { tariff }, result, meant, locale, currency }: AdviceProps) {
  const found = blockAdvice(tariff, result.kwh, meant.dayPercent)
  if (!found || !tariff.block) return null
  const t = translator(locale, 'estimator')
  // Tenths that keep what is promised: so many less are enough, and so many are left.
  const tenths = (found.about === 'near' ? Math.floor : Math.ceil)(Math.round(found.kwh * 1000) / 100)
  return (
    <Notice tone={found.about === 'near' ? 'plain' : 'wait'}>
      <p>
        {t(`block.${found.about}`, {
          kwh: formatUnits(tenths / 10, 'kWh', locale),
          limit: formatUnits(tariff.block.limit, 'kWh', locale),
          from: formatUnits(tariff.block.limit + 1, 'kWh', locale),
          price: formatPrice(tariff.high, currency, locale),
          priceAbove: formatPrice(tariff.block.high, currency, locale),
          amount: formatMoney(found.amount, currency, locale),
        })}
      </p>
    </Notice>
  )
}

function AtNight({ choice: { tariff }, meant, locale, currency }: AdviceProps) {
  const found = nightSaving(tariff, meant.used, meant.dayPercent)
  if (!found) return null
  const t = translator(locale, 'estimator')
  return (
    <Notice icon="sun">
      <p>
        {t('atNight', {
          appliances: named(found.kinds, locale),
          amount: formatMoney(found.amount, currency, locale),
        })}
      </p>
    </Notice>
  )
}

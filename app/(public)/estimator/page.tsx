// What appliances cost in a month, by one's own contract or by a tariff group. The address says all that is asked, so that it can be sent.
import { redirect } from 'next/navigation'
import { ErrorSummary } from '@/components/error-summary.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Static } from '@/components/static.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import { type estimatorFields, estimatorPath, readAsked, UNKNOWN } from '@/lib/estimator/address.ts'
import { chosenOf, listChoices, namesUnknown, withoutPrices } from '@/lib/estimator/choice.ts'
import { listBilledMonths, listOwnContracts, listPrices } from '@/lib/estimator/queries.ts'
import { estimate, ownBills } from '@/lib/estimator/rules.ts'
import { formatList } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { Advice } from './advice.tsx'
import { Appliances } from './appliances.tsx'
import { ChoiceCard, choiceTitle } from './choice-card.tsx'
import { LiveForm } from './live-form.tsx'
import { mistakeInSummary } from './mistakes.ts'
import { Result, Total } from './result.tsx'
import { Share } from './share.tsx'

export default async function EstimatorPage({
  searchParams,
}: PageProps<never, (typeof estimatorFields)[number]>) {
  const asked = readAsked(await searchParams)
  const { short, meant } = asked
  const today = dayIn(PORTAL_ZONE, clock.now())
  if (short && meant) {
    const path = namesUnknown(await listPrices(today), asked) ? estimatorPath(UNKNOWN, meant) : short.path
    redirect(short.row === null ? path : `${path}#watts-${short.row}`)
  }
  const customer = await currentCustomer()
  const [prices, own] = await Promise.all([listPrices(today), customer ? listOwnContracts(customer) : []])
  const choices = listChoices(prices, own)
  const choice = chosenOf(choices, asked.chosen)
  const locale = await getLocale()
  const t = await getTranslations('estimator')
  if (!choice) {
    return (
      <PageShell title={t('title')}>
        <Notice tone="wait">{t('noPrices')}</Notice>
      </PageShell>
    )
  }
  const { contract, tariff, biller } = choice
  const unpriced = withoutPrices(prices, own)
  const reading = { locale, currency: biller.currency }
  const bills =
    customer && contract ? ownBills(await listBilledMonths(customer, contract.id, today), today) : null
  const powerKw = contract?.powerKw ? Number(contract.powerKw) : (meant?.powerKw ?? null)
  const result = meant && estimate(tariff, meant.used, meant.dayPercent)
  // Of a contract nothing goes along but its group.
  const link = meant && estimatorPath({ ...choice.value, contract: null }, meant)
  return (
    <PageShell title={t('title')} lead={t('lead')} wide>
      <LiveForm>
        <ErrorSummary
          title={(await getTranslations('errors'))('title')}
          errors={asked.mistakes.map(mistake => ({
            field: mistake.row === undefined ? mistake.field : `${mistake.field}-${mistake.row}`,
            text: mistakeInSummary(mistake, asked.appliances, locale),
          }))}
          round={0}
        />
        {namesUnknown(prices, asked) && (
          <Notice tone="wait">{t('unknownGroup', { choice: choiceTitle(choice, locale) })}</Notice>
        )}
        {unpriced.length > 0 && (
          <Notice>
            {t('unpriced', {
              contracts: formatList(
                unpriced.map(one => contractTitle(one, locale)),
                locale,
              ),
            })}
          </Notice>
        )}
        {asked.tooMany && <Notice tone="wait">{t('tooMany', { most: asked.appliances.length })}</Notice>}
        <Static as="div" className="stack">
          {/* What Enter presses: else the first button of a row, which takes the row away. */}
          <button type="submit" className="sr-only" tabIndex={-1} aria-hidden="true" />
          <ChoiceCard choices={choices} choice={choice} asked={asked} {...reading} />
          <Appliances asked={asked} result={result} {...reading} />
          <div data-live="result" className="stack">
            {result && meant && (
              <>
                <Advice choice={choice} result={result} meant={meant} powerKw={powerKw} {...reading} />
                <Result result={result} bills={bills} {...reading} />
              </>
            )}
          </div>
          <p className="text-sm text-muted">{t('disclaimer')}</p>
          <Total result={result} {...reading} />
        </Static>
      </LiveForm>
      {link && <Share path={link} />}
    </PageShell>
  )
}

// What to check oneself before calling, and the way to report that there is no supply.
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { distinctTitles } from '@/lib/billing/contract-title.ts'
import { hearsKind } from '@/lib/cases/catalogue.ts'
import { newRequestPath } from '@/lib/cases/schema.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { withWayBack } from '@/lib/platform/paths.ts'
import type { OwnSupply } from '@/lib/supply/queries.ts'
import { NO_POWER } from '@/lib/supply/schema.ts'
import type { Own } from './own.tsx'

/** So many contracts have a button of their own. */
const MOST_BUTTONS = 5

/** `own`: undefined where nobody is signed in. `isMain`: it is what the page is for. */
export function Report({ own, isMain, locale }: { own?: Own; isMain: boolean; locale: Locale }) {
  const t = translator(locale, 'noPower')
  const contracts = own?.contracts ?? []
  const units = new Set(contracts.map(({ biller }) => biller.unit))
  const checks = (['kWh', 'm3', 'none'] as const).filter(
    unit => units.has(unit) || (unit === 'kWh' && units.size === 0),
  )
  const steps = [...checks, 'neighbours' as const, 'tell' as const]
  const heard = contracts.filter(({ level, biller }) => level !== 'amounts' && hearsKind(biller.code, 'C1'))
  return (
    <Card labelledBy="report" title={t('report.title')}>
      <ol className="rows">
        {steps.map((step, index) => (
          <li key={step}>
            <div>
              <b className="count">{index + 1}</b>
              <span>
                <b>{t(`report.${step}.title`)}</b>
                <small>
                  {t(step === 'tell' && !heard[0] && own ? 'report.call' : `report.${step}.text`)}
                </small>
              </span>
            </div>
          </li>
        ))}
      </ol>
      <p className="actions">
        {own ? (
          <Ways contracts={heard} isMain={isMain} locale={locale} />
        ) : (
          <ButtonLink href={withWayBack('/sign-in', NO_POWER)} icon="request">
            {t('report.signIn')}
          </ButtonLink>
        )}
      </p>
    </Card>
  )
}

function Ways({ contracts, isMain, locale }: { contracts: OwnSupply[]; isMain: boolean; locale: Locale }) {
  const t = translator(locale, 'noPower')
  const look = isMain && contracts.length === 1 ? 'primary' : 'secondary'
  const titleOf = distinctTitles(contracts, locale)
  if (contracts.length > MOST_BUTTONS) {
    return (
      <ButtonLink href="/requests?new&kind=C1" look={look} icon="request">
        {t('report.choose')}
      </ButtonLink>
    )
  }
  return contracts.map(contract => (
    <ButtonLink
      key={contract.id}
      href={`${newRequestPath({ biller: contract.biller.code, code: contract.code })}?kind=C1`}
      look={look}
      icon="request"
    >
      {contracts.length === 1 ? t('report.submit') : t('report.submitFor', { contract: titleOf(contract) })}
    </ButtonLink>
  ))
}

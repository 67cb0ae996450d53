// A plan of instalments for one contract, simulated, and the way to ask the company for it.
import { SelectField } from '@/components/form-field.tsx'
import { Button, ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { hearsKind, INSTALMENTS, USUAL } from '@/lib/cases/catalogue.ts'
import { newRequestPath } from '@/lib/cases/schema.ts'
import { formatDayInSentence, formatMoney } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { instalmentsOf } from '@/lib/unpaid/instalment-rules.ts'
import { planOf, planPath } from '@/lib/unpaid/schema.ts'
import { titlesOf } from '../view.ts'
import { queryOf, type View } from './view.ts'

type Contract = View['contracts'][number]
type Props = { view: View; locale: Locale }

/** Whether its company can be asked for instalments by the reader. */
const canAsk = ({ billerCode, level }: Contract): boolean =>
  level !== 'amounts' && hearsKind(billerCode, 'P5')

export function Instalments({ view, locale }: Props) {
  const t = translator(locale, 'unpaidPlan')
  const askable = view.contracts.filter(canAsk)
  if (askable.length === 0) return null
  const titleOf = titlesOf(view.debts, locale)
  return (
    <Card labelledBy="instalments" title={t('instalments')}>
      {view.contracts.length === 1 ? (
        <Simulation view={view} contract={askable[0]!} locale={locale} />
      ) : (
        <>
          <p>{t('perContract')}</p>
          <ul>
            {askable.map(contract => (
              <li key={contract.id}>
                <a className="more" href={`${planOf(contract)}#instalments`}>
                  {titleOf(contract)}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  )
}

function Simulation({ view, contract, locale }: Props & { contract: Contract }) {
  const { debts, currency, months, payday, today } = view
  const t = translator(locale, 'unpaidPlan')
  const money = (minor: number) => formatMoney(minor, currency, locale)
  const { parts, total, waiting } = instalmentsOf(debts, Number(months), payday, today)
  const saved = waiting - total
  const asked = new URLSearchParams({ type: 'P', kind: 'P5', months })
  const { months: _, ...kept } = queryOf(view)
  return (
    <div className="stack">
      <form action={`${planPath}#instalments`} method="get" className="stack">
        {Object.entries(kept).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <SelectField
          name="months"
          short
          label={t('months')}
          defaultValue={months}
          options={INSTALMENTS.map(value => ({
            value,
            label: t('monthsOption', { count: Number(value) }),
          }))}
        />
        <p className="actions">
          <Button look="secondary">{t('simulate')}</Button>
        </p>
      </form>
      <Facts
        sum
        facts={[
          ...parts.map(({ on, amount }) => ({
            label: formatDayInSentence(on, locale),
            value: money(amount),
          })),
          { label: t('total'), value: money(total) },
        ]}
      />
      {saved > 0 && (
        <p>
          {t.rich('saves', {
            day: formatDayInSentence(parts.at(-1)!.on, locale),
            amount: money(waiting),
            saved: money(saved),
            b: chunks => <b>{chunks}</b>,
          })}
        </p>
      )}
      <p className="actions">
        <ButtonLink
          look="secondary"
          href={`${newRequestPath({ biller: contract.billerCode, code: contract.code })}?${asked}`}
        >
          {t('ask')}
        </ButtonLink>
      </p>
      <p className="text-sm text-muted">
        {t('estimate', {
          biller: contract.billerName,
          days: USUAL.count,
          interest: saved > 0 ? 'yes' : 'no',
        })}
      </p>
    </div>
  )
}

// biome-ignore-all lint/a11y/noRedundantRoles: `display` in the layout of a phone takes the implicit roles away.
// The appliances, each with what it uses and costs in the month, and the list to add from.
import { Box } from '@/components/form-field.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Icon, type IconName } from '@/components/ui/icon.tsx'
import type { Asked } from '@/lib/estimator/address.ts'
import { type ApplianceKind, applianceKinds, type Estimate, typical } from '@/lib/estimator/schema.ts'
import { formatAmount, formatMoney, formatUnits } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Reading } from './choice-card.tsx'
import { NumberField } from './number-field.tsx'

const ICON: Record<ApplianceKind, IconName> = {
  fridge: 'fridge',
  freezer: 'freezer',
  boiler: 'boiler',
  heater: 'heater',
  aircon: 'cool',
  washer: 'washer',
  dryer: 'dryer',
  dishwasher: 'dishwasher',
  oven: 'oven',
  hob: 'hob',
  microwave: 'microwave',
  kettle: 'kettle',
  iron: 'iron',
  vacuum: 'vacuum',
  tv: 'tv',
  computer: 'computer',
  lamp: 'lamp',
  other: 'bolt',
}

export function Appliances({
  asked,
  result,
  ...reading
}: { asked: Asked; result: Estimate | null } & Reading) {
  const t = translator(reading.locale, 'estimator')
  return (
    <Card labelledBy="appliances" title={t('appliances')}>
      {/* Without any, the form still says that there are none. */}
      <input type="hidden" name="with" value="" />
      <p data-live="example" hidden={!asked.isExample}>
        {t('example')}
      </p>
      {asked.appliances.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <table role="table" className="list appliances">
          <caption className="sr-only">{t('caption')}</caption>
          <thead role="rowgroup" className="sr-only">
            <tr role="row">
              {(['appliance', 'fields.watts', 'use', 'fields.count', 'more', 'inMonth', 'cost'] as const).map(
                column => (
                  <th key={column} role="columnheader" scope="col">
                    {t(column)}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {asked.appliances.map((_, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: there may be several of one kind
              <Row key={row} row={row} asked={asked} result={result} {...reading} />
            ))}
          </tbody>
        </table>
      )}
      <p className="text-sm text-muted">{t('assumed')}</p>
      <AddAppliance locale={reading.locale} />
    </Card>
  )
}

function Row({
  row,
  asked,
  result,
  locale,
  currency,
}: { row: number; asked: Asked; result: Estimate | null } & Reading) {
  const t = translator(locale, 'estimator')
  const { kind, together } = asked.appliances[row]!
  const appliance = typical(kind)
  const share = result?.shares[row]
  const field = { row, asked, locale }
  const name = t(`kinds.${kind}`)
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <input type="hidden" name="appliance" value={kind} />
        <Icon name={ICON[kind]} /> <b>{name}</b>
        {appliance.per === 'week' && <small>{t('aTime', { minutes: appliance.minutes })}</small>}
      </th>
      <td role="cell">
        <NumberField name="watts" {...field} />
      </td>
      <td role="cell">
        <NumberField name="use" {...field} />
      </td>
      <td role="cell">
        <NumberField name="count" {...field} />
      </td>
      <td role="cell" className="choices">
        <Box
          id={`together-${row}`}
          name="together"
          value={String(row)}
          label={
            <>
              <span className="sr-only">{`${name}: `}</span>
              {t('together')}
            </>
          }
          checked={together}
        />
        <button type="submit" name="remove" value={row} className="more">
          {t('remove')}
          <span className="sr-only">{` ${name}`}</span>
        </button>
      </td>
      <td role="cell" className="tablet" data-live={`kwh-${row}`}>
        {share && formatUnits(Math.round(share.wattHours / 100) / 10, 'kWh', locale)}
      </td>
      <td role="cell" className="amount" data-live={`cost-${row}`}>
        {share && (
          <>
            <b>
              {currency === 'EUR'
                ? formatMoney(share.amount, currency, locale)
                : formatAmount(share.amount, currency, locale)}
            </b>
            <small className="sm:hidden">
              {formatUnits(Math.round(share.wattHours / 100) / 10, 'kWh', locale)}
            </small>
          </>
        )}
      </td>
    </tr>
  )
}

/** Each with its drawing; a tap adds one more of it. */
function AddAppliance({ locale }: { locale: Locale }) {
  const t = translator(locale, 'estimator')
  return (
    <details className="print:hidden">
      <summary className="more">
        <Icon name="plus" />
        {t('add')}
      </summary>
      <div className="tiles">
        {applianceKinds.map(kind => (
          <Button key={kind} look="link" name="add" value={kind} icon={ICON[kind]}>
            {t(`kinds.${kind}`)}
          </Button>
        ))}
      </div>
    </details>
  )
}

// The details of a contract, and its meter's present reading, for its customer and for staff.
import { categoryName, tariffGroupName } from '@/lib/billing/tariff-groups.ts'
import type { ContractDetails, listPresentReadings } from '@/lib/contracts/queries.ts'
import { formatInstant, formatNumber, formatUnits } from '@/lib/i18n/formats.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { Day } from './day.tsx'
import { Card } from './ui/card.tsx'
import { Facts } from './ui/facts.tsx'

type Described = Pick<
  ContractDetails,
  | 'code'
  | 'biller'
  | 'holder'
  | 'category'
  | 'region'
  | 'branch'
  | 'zone'
  | 'connectedOn'
  | 'closedOn'
  | 'phases'
  | 'powerConnectedKw'
  | 'powerContractedKw'
  | 'tariffGroup'
>

/** What is copied letter by letter; null: the biller does not know it. */
const code = (value: string | null, unknown: string) =>
  value === null ? unknown : <span className="code">{value}</span>

/** Whose it is. Kosovo and Albania have words of their own for some of these. */
export async function contractFacts(contract: Described) {
  const t = await getTranslations('contractInfo')
  const { holder, category } = contract
  const unknown = t('unknown')
  // A firm's name is as it was registered.
  const name = category === 'household' && holder.name ? inNormalCase(holder.name) : holder.name
  return [
    { label: t('code', { country: contract.biller.country }), value: code(contract.code, unknown) },
    { label: t('holder'), value: name ?? unknown },
    { label: t('personalNumber'), value: code(holder.personalNumber, unknown) },
    ...(category === 'household'
      ? []
      : [{ label: t('businessNumber'), value: code(holder.businessNumber, unknown) }]),
    { label: t('address'), value: placeOr(unknown, holder.address) },
    { label: t('phone'), value: holder.phone ?? unknown },
    {
      label: t('connectedOn'),
      value: contract.connectedOn ? <Day on={contract.connectedOn} /> : unknown,
    },
    ...(contract.closedOn ? [{ label: t('closedOn'), value: <Day on={contract.closedOn} /> }] : []),
  ]
}

const placeOr = (unknown: string, place: string | null) => (place === null ? unknown : inNormalCase(place))

/** What is supplied where. */
export async function supplyFacts(contract: Described) {
  const t = await getTranslations('contractInfo')
  const locale = await getLocale()
  const { biller, tariffGroup, phases } = contract
  const unknown = t('unknown')
  const kilowatts = (value: string | null) =>
    value === null ? unknown : `${formatNumber(value, locale, 2, 2)}\u00a0kW`
  return [
    { label: t('region'), value: placeOr(unknown, contract.region) },
    { label: t('branch'), value: placeOr(unknown, contract.branch) },
    { label: t('zone'), value: placeOr(unknown, contract.zone) },
    { label: t('category'), value: categoryName(contract.category, biller.country, locale) },
    {
      label: t('tariffGroup'),
      value: tariffGroup ? (tariffGroupName(biller.code, tariffGroup, locale) ?? tariffGroup) : unknown,
    },
    { label: t('phases'), value: phases ?? unknown },
    { label: t('powerConnected'), value: kilowatts(contract.powerConnectedKw) },
    { label: t('powerContracted'), value: kilowatts(contract.powerContractedKw) },
    {
      label: t('meter', { country: biller.country }),
      value: code(contract.holder.meterNumber, unknown),
    },
  ]
}

type ReadingsProps = {
  contract: Pick<ContractDetails, 'biller' | 'meterRemote'>
  readings: Awaited<ReturnType<typeof listPresentReadings>>
}

/** What a meter that is read remotely shows now. */
export async function Readings({ contract, readings }: ReadingsProps) {
  const t = await getTranslations('contractInfo')
  const locale = await getLocale()
  const { country, timeZone, unit } = contract.biller
  return (
    <Card labelledBy="reading" title={t('presentReading', { country })}>
      {readings.length > 0 ? (
        <Facts
          columns={1}
          facts={readings.map(({ register, value, readAt }) => ({
            label: `${t(`registers.${register}` as 'registers.A1')}, ${formatInstant(readAt, locale, timeZone)}`,
            value: <b>{formatUnits(value, unit, locale)}</b>,
          }))}
        />
      ) : (
        <p>{t(contract.meterRemote ? 'noReadingYet' : 'noRemoteReading', { country })}</p>
      )}
    </Card>
  )
}

// The details of a contract, and its meter's present reading, for its customer and for staff.
import type { ReactNode } from 'react'
import { supplyOf, wordsFor } from '@/lib/billers/supply.ts'
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
    { label: t('code', wordsFor(contract.biller)), value: code(contract.code, unknown) },
    { label: t('holder'), value: name ?? unknown },
    { label: t('personalNumber'), value: code(holder.personalNumber, unknown) },
    ...(category === 'household'
      ? []
      : [{ label: t('businessNumber'), value: code(holder.businessNumber, unknown) }]),
    { label: t('address'), value: placeOr(unknown, holder.address) },
    { label: t('phone'), value: holder.phone ?? unknown },
    ...(supplyOf(contract.biller.code) === 'fines'
      ? []
      : [
          {
            label: t('connectedOn', { supply: supplyOf(contract.biller.code) }),
            value: contract.connectedOn ? <Day on={contract.connectedOn} /> : unknown,
          },
        ]),
    ...(contract.closedOn ? [{ label: t('closedOn'), value: <Day on={contract.closedOn} /> }] : []),
  ]
}

const placeOr = (unknown: string, place: string | null) => (place === null ? unknown : inNormalCase(place))

/** What is supplied where: power and phases where that is electricity, a meter where the biller has any; of a fine nothing. */
export async function supplyFacts(contract: Described) {
  const t = await getTranslations('contractInfo')
  const locale = await getLocale()
  const { biller, tariffGroup, phases } = contract
  const supply = supplyOf(biller.code)
  if (supply === 'fines') return []
  const unknown = t('unknown')
  const kilowatts = (value: string | null) =>
    value === null ? unknown : `${formatNumber(value, locale, 2, 2)}\u00a0kW`
  return [
    // Electricity has them all; of others some have none of them.
    ...(['region', 'branch', 'zone'] as const).flatMap(key =>
      contract[key] || supply === 'electricity'
        ? [
            {
              label: t(key),
              // A zone is a code.
              value: key === 'zone' ? (contract.zone ?? unknown) : placeOr(unknown, contract[key]),
            },
          ]
        : [],
    ),
    { label: t('category'), value: categoryName(contract.category, biller.country, locale) },
    ...(tariffGroup || supply === 'electricity'
      ? [
          {
            label: t('tariffGroup'),
            value: tariffGroup ? (tariffGroupName(biller.code, tariffGroup, locale) ?? tariffGroup) : unknown,
          },
        ]
      : []),
    ...(supply === 'electricity'
      ? [
          { label: t('phases'), value: phases ?? unknown },
          { label: t('powerConnected'), value: kilowatts(contract.powerConnectedKw) },
          { label: t('powerContracted'), value: kilowatts(contract.powerContractedKw) },
        ]
      : []),
    ...(biller.unit === 'none'
      ? []
      : [
          {
            label: t('meter', { country: biller.country }),
            value: code(contract.holder.meterNumber, unknown),
          },
        ]),
  ]
}

type Reading = Awaited<ReturnType<typeof listPresentReadings>>[number]

type ReadingsProps = {
  contract: Pick<ContractDetails, 'biller' | 'meterRemote'>
  readings: Reading[]
  /** A way to send one. */
  action?: ReactNode
}

/** What a meter that is read remotely shows now, and since when, or why nothing is known of it; nothing where the biller has no meters. */
export async function Readings({ contract, readings, action }: ReadingsProps) {
  const t = await getTranslations('contractInfo')
  const locale = await getLocale()
  const { country, timeZone, unit } = contract.biller
  if (unit === 'none') return null
  // Where it counts by one alone, high or low says nothing.
  const isOne = readings.filter(({ register }) => register.startsWith('A')).length === 1
  const nameOf = (register: Reading['register']) =>
    isOne && register === 'A1' ? t('oneRegister', { country }) : t(`registers.${register}`)
  return (
    <Card labelledBy="reading" title={t('presentReading', { country })}>
      {readings.length > 0 ? (
        <Facts
          columns={1}
          facts={readings.map(({ register, value, readAt }) => ({
            label: nameOf(register),
            value: (
              <>
                <b>{formatUnits(value, register.startsWith('R') ? 'kvarh' : unit, locale)}</b>{' '}
                <small>{t('readAt', { at: formatInstant(readAt, locale, timeZone) })}</small>
              </>
            ),
          }))}
        />
      ) : (
        <p>{t(contract.meterRemote ? 'noReadingYet' : 'noRemoteReading', { country })}</p>
      )}
      {action && <p className="actions">{action}</p>}
    </Card>
  )
}

// By which prices is estimated: those of one of the reader's contracts, or of a tariff group; pure.
import { supplyOf } from '../billers/supply.ts'
import type { Asked, Chosen } from './address.ts'
import type { GroupPrices, OwnContract } from './queries.ts'

/** `value`: as the address names it, where a contract is one of its group's by its place. */
export type Choice = GroupPrices & { value: Chosen; contract: OwnContract | null }

const isOf =
  ({ biller, tariff }: GroupPrices) =>
  (contract: OwnContract) =>
    contract.biller.code === biller.code && contract.group === tariff.group

/** The reader's contracts of electricity by whose prices nothing can be estimated: they are not known. */
export const withoutPrices = (prices: readonly GroupPrices[], own: readonly OwnContract[]): OwnContract[] =>
  own.filter(
    contract =>
      supplyOf(contract.biller.code) === 'electricity' && !prices.some(group => isOf(group)(contract)),
  )

/** The address names a group that has no prices, or nothing that can be read. */
export const namesUnknown = (prices: readonly GroupPrices[], { named, chosen }: Asked): boolean =>
  named &&
  !prices.some(({ biller, tariff }) => biller.code === chosen?.biller && tariff.group === chosen.group)

/** The reader's own contracts first, then every group. */
export function listChoices(prices: readonly GroupPrices[], own: readonly OwnContract[]): Choice[] {
  const ofGroup = (one: GroupPrices) => ({ biller: one.biller.code, group: one.tariff.group })
  const ofContracts = own.flatMap(contract => {
    const one = prices.find(group => isOf(group)(contract))
    if (!one) return []
    const place = own.filter(isOf(one)).indexOf(contract) + 1
    return { ...one, contract, value: { ...ofGroup(one), contract: place } }
  })
  return [
    ...ofContracts,
    ...prices.map(one => ({ ...one, contract: null, value: { ...ofGroup(one), contract: null } })),
  ]
}

/** What was asked for; a contract that is not the reader's leads to its group, and nothing that is known to their first contract, or to households. */
export function chosenOf(choices: readonly Choice[], asked: Chosen | null): Choice | undefined {
  const ofGroup = choices.filter(({ value }) => value.biller === asked?.biller && value.group === asked.group)
  return (
    ofGroup.find(({ value }) => value.contract === asked?.contract) ??
    ofGroup.find(({ value }) => value.contract === null) ??
    choices.find(({ contract, value }) => contract !== null || value.group === 'household') ??
    choices[0]
  )
}

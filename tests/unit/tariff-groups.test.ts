// Tariff groups in words: those that facts are known of, and no other.
import { describe, expect, it } from 'vitest'
import { lineName } from '../../lib/billing/invoice-content.ts'
import { categoryName, tariffGroupName } from '../../lib/billing/tariff-groups.ts'
import { compareTariffGroups } from '../../lib/tariffs/group-order.ts'

describe('a tariff group', () => {
  it.each([
    ['oshee', 'household', 'Familjar', 'Household', 'Domaćinstvo'],
    ['oshee', 'business-0.4kv', 'Biznes, 0,4 kV', 'Business, 0.4 kV', 'Biznis, 0,4 kV'],
    ['oshee', 'business-35kv', 'Biznes, 35 kV', 'Business, 35 kV', 'Biznis, 35 kV'],
    [
      'kesco',
      '4/01',
      'Amvisëri, një tarifë (4/01)',
      'Household, one rate (4/01)',
      'Domaćinstvo, jedna tarifa (4/01)',
    ],
    [
      'kesco',
      '4/02',
      'Amvisëri, dy tarifa (4/02)',
      'Household, two rates (4/02)',
      'Domaćinstvo, dve tarife (4/02)',
    ],
  ] as const)('of %s, %s, has a name', (biller, group, ...names) => {
    expect((['sq', 'en', 'sr'] as const).map(locale => tariffGroupName(biller, group, locale))).toEqual(names)
  })

  it.each([
    ['oshee', '4/02'],
    ['oshee', 'business-110kv'],
    ['oshee', 'business-0.4kv '],
    ['kesco', 'household'],
    ['kesco', '4/03'],
    ['ukt', 'household'],
  ] as const)('of %s, %j, is not known', (biller, group) => {
    expect(tariffGroupName(biller, group, 'sq')).toBeUndefined()
  })

  it('and a category are named by the country', () => {
    expect(categoryName('household', 'AL', 'sq')).toBe('Familjare')
    expect(categoryName('household', 'XK', 'sq')).toBe('Amvisëri')
    expect(categoryName('public', 'XK', 'en')).toBe('Public institution')
  })
})

it('groups are listed by biller, households first, then by voltage, and others at the end', () => {
  const listed = [
    ...[
      'household',
      'business-0.4kv',
      'business-6kv',
      'business-10kv',
      'business-20kv',
      'business-35kv',
      'x',
    ],
    ...['4/01', '4/02', '4/11'],
  ].map(group => ({ biller: group.startsWith('4') ? ('kesco' as const) : ('oshee' as const), group }))
  expect(listed.toReversed().sort(compareTariffGroups)).toEqual(listed)
})

it('a meter of one rate has no high one, though its energy comes by that code', () => {
  const nameOf = (tariffGroup: string | null) =>
    lineName('A1B1', { tariffGroup, biller: { code: 'kesco' } }, 'sr')
  expect(nameOf('4/01')).toBe('Energija, prvi blok (A1B1)')
  expect(nameOf('4/02')).toBe('Viša tarifa, prvi blok (A1B1)')
  expect(nameOf(null)).toBe('Viša tarifa, prvi blok (A1B1)')
})

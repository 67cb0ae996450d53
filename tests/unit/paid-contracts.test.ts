// What is said of the contracts that a payment is for.
import { expect, test } from 'vitest'
import { contractsNamed, titlesOfPaid } from '../../components/paid-contracts.ts'

const contract = (id: number, alias: string | null) => ({
  id,
  code: `DPR-${id}`,
  alias,
  address: null,
  category: 'household' as const,
})
const paying = (...contracts: ReturnType<typeof contract>[]) => ({
  contracts,
  billerCode: 'kesco' as const,
  billerName: 'KESCO',
  country: 'XK' as const,
})

test('a few are named as their payer calls them, many are counted', () => {
  expect(contractsNamed(paying(contract(1, 'Home')), 'en')).toBe('Home')
  expect(contractsNamed(paying(contract(1, 'Home'), contract(2, 'Shop')), 'sq')).toBe('Home dhe Shop')
  const four = [1, 2, 3, 4].map(id => contract(id, `Shop ${id}`))
  expect(contractsNamed(paying(...four), 'en')).toBe('4 contracts')
})

test('two of one name are told apart', () => {
  const titles = titlesOfPaid(paying(contract(1, 'Shop'), contract(2, 'Shop')), 'en')
  expect(new Set(titles.values()).size).toBe(2)
  expect(titles.get(2)).toContain('DPR-2')
})

// What is asked for in the address of the page: a place, or a contract by its biller and code.
import { type BillerCode, billerCodes } from '@/lib/billers/contract-codes.ts'
import { contractCode } from '@/lib/billers/fields.ts'
import { cut } from '@/lib/platform/text.ts'
import { readLine } from '@/lib/platform/typed.ts'
import type { Search } from '@/lib/supply/queries.ts'

export const MOST_LETTERS = 100

/** As it was typed, and what is looked for; `error`: of the field of the same name. */
export type Asked = {
  place: string
  biller: BillerCode | ''
  contractCode: string
  search: Search
  error?: { field: 'biller'; key: 'chooseBiller' } | { field: 'contractCode'; key: 'contractCodeForm' }
}

type Query = { [Name in 'place' | 'biller' | 'contractCode']?: string | string[] }

const typedIn = (said: string | string[] | undefined): string =>
  readLine(cut(typeof said === 'string' ? said : '', MOST_LETTERS))

/** Of both, the contract is looked for. */
export function readAsked(query: Query): Asked {
  const place = typedIn(query.place)
  const typed = typedIn(query.contractCode)
  const biller = billerCodes.find(code => code === query.biller)
  const asked = { place, biller: biller ?? ('' as const), contractCode: typed }
  if (typed === '') return { ...asked, search: place === '' ? {} : { place } }
  if (!biller) return { ...asked, search: {}, error: { field: 'biller', key: 'chooseBiller' } }
  const read = contractCode.read(typed, { biller })
  return 'error' in read
    ? { ...asked, search: {}, error: { field: 'contractCode', key: 'contractCodeForm' } }
    : { ...asked, search: { contract: { biller, code: read.value } } }
}

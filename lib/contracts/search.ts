// Finding one of many contracts, and a page of them. Pure.
import { foldName } from '../platform/names.ts'
import { readGrouped } from '../platform/typed.ts'

/** So many contracts stand on a page: what a phone scrolls through, and a page's weight. */
export const CONTRACTS_PAGE = 50

/** `address`: where the reader may see it; it is then what the contract is called. */
type Findable = { code: string; alias: string | null; address: string | null; biller: { name: string } }

/**
 * Those of which a part is typed: of the code in any spelling and alphabet, of the alias, the address or the biller's name without regard to
 * capitals and diacritics. A whole code finds that one alone; nothing typed finds all.
 */
export function findContracts<Contract extends Findable>(
  contracts: readonly Contract[],
  search: string,
): Contract[] {
  if (search === '') return [...contracts]
  const code = readGrouped(search)
  const name = foldName(search)
  // Typed on a Cyrillic keyboard: `дпр 6687`.
  const spelt = readGrouped(name)
  const exact = contracts.filter(one => [code, spelt].includes(readGrouped(one.code)))
  if (exact.length > 0) return exact
  const isPart = (typed: string, of: string) => typed !== '' && of.includes(typed)
  return contracts.filter(one => {
    const known = readGrouped(one.code)
    return (
      isPart(code, known) ||
      isPart(spelt, known) ||
      isPart(name, foldName(one.alias)) ||
      isPart(name, foldName(one.address)) ||
      isPart(name, foldName(one.biller.name))
    )
  })
}

/** The page that an address asks for; the last one where there are not so many. */
export function pageOf<Item>(items: readonly Item[], asked: unknown, size = CONTRACTS_PAGE) {
  const pages = Math.max(1, Math.ceil(items.length / size))
  const page = Math.min(pages, /^[1-9]\d{0,4}$/.test(String(asked)) ? Number(asked) : 1)
  return { shown: items.slice((page - 1) * size, page * size), page, pages }
}

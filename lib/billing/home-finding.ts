// Which of what is found in the contracts on home is told there.
import { findingKey, type Owed, readWatched } from './finding-columns.ts'
import { type Finding, findingKinds, findingsOf } from './finding-rules.ts'
import type { HomeContract } from './home-queries.ts'
import type { Debt } from './schema.ts'

/** The most important one that was not put away; of bills, that of a newest one alone. `debts`: all that is unpaid of the contracts. */
export function homeFinding(
  contracts: readonly HomeContract[],
  debts: readonly Debt[],
  now: Date,
): { contract: HomeContract; finding: Finding } | undefined {
  const owed = new Map(
    debts.map(({ id, counted, underWay }): [number, Owed] => [
      id,
      { ...counted.balance, isUnderWay: underWay !== null },
    ]),
  )
  const watched = contracts.flatMap(contract => {
    const { watched, openRequests: requests } = contract
    return watched ? [{ contract, watched: readWatched({ ...contract, watched, requests }, owed, now) }] : []
  })
  const dismissed = new Set(contracts.flatMap(({ watched }) => watched?.dismissed ?? []))
  const found = watched.flatMap(({ contract, watched: one }) => {
    const others = watched.filter(
      other => other.watched !== one && other.contract.biller.code === contract.biller.code,
    )
    return findingsOf(
      one,
      others.map(other => other.watched),
    )
      .filter(finding => !dismissed.has(findingKey(finding)) && isPresent(finding, contract))
      .map(finding => ({ contract, finding }))
  })
  return found.toSorted((a, b) => rank(a.finding) - rank(b.finding))[0]
}

const rank = ({ kind }: Finding) => findingKinds.indexOf(kind)

const isPresent = ({ kind, invoiceId }: Finding, { latest }: HomeContract) =>
  kind === 'wrongSlip' || kind === 'skipped' || invoiceId === latest?.id

// Whom a change of who sees a contract is told: its holders, and whose access changed.
import { and, eq, inArray, ne, not } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import type { Transaction } from '../../db/client.ts'
import { accountBusinesses, accounts } from '../../db/schema/accounts.ts'
import { billers } from '../../db/schema/billers.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { formatDayInSentence } from '../i18n/formats.ts'
import { notify } from '../notifications/outbox.ts'
import type { IsoDate } from '../platform/dates.ts'
import { env } from '../platform/env.ts'
import { hasMovedOut, isHolder } from './access.ts'

const stays = not(hasMovedOut)

/** What messages say of a contract. `link`: its page of that name. */
async function contractOf(tx: Transaction, contractId: number, page: 'access' | 'pay') {
  const [contract] = await tx
    .select({ contractCode: contracts.code, biller: billers.name, billerCode: billers.code })
    .from(contracts)
    .innerJoin(billers, eq(billers.id, contracts.billerId))
    .where(eq(contracts.id, contractId))
  const { billerCode, ...of } = contract!
  return { ...of, link: `${env().APP_URL}/contracts/${billerCode}/${of.contractCode}/${page}` }
}

/**
 * Tells the contract's holders what the account did, or what became of it, but not the account itself: the recognised person, and
 * those whose confirmed business it is, unless they moved out. Whether there was anybody to tell.
 */
export async function tellHolders(
  tx: Transaction,
  accountId: string,
  contractId: number,
  kind: 'contract-added-by-other' | 'contract-proved-by-other' | 'access-of-other-ended',
): Promise<boolean> {
  const of = await contractOf(tx, contractId, 'access')
  const ownAccess = and(
    eq(contractAccess.accountId, accounts.id),
    eq(contractAccess.contractId, contracts.id),
  )
  const person = tx
    .select({ id: accounts.id })
    .from(contracts)
    .innerJoin(accounts, eq(accounts.personalNumber, contracts.holderPersonalNumber))
    .leftJoin(contractAccess, ownAccess)
    .where(and(eq(contracts.id, contractId), isHolder, stays))
  const ofBusiness = tx
    .select({ id: accounts.id })
    .from(contracts)
    .innerJoin(
      accountBusinesses,
      and(
        eq(accountBusinesses.number, contracts.businessNumber),
        eq(accountBusinesses.billerId, contracts.billerId),
      ),
    )
    .innerJoin(accounts, eq(accounts.id, accountBusinesses.accountId))
    .leftJoin(contractAccess, ownAccess)
    .where(and(eq(contracts.id, contractId), stays))
  // Each branch on an index of its own; an `or` would read all accounts.
  const ids = unionAll(person, ofBusiness)
  const holders = await tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(inArray(accounts.id, ids), ne(accounts.id, accountId)))
  for (const { id } of holders) await notify(tx, id, { kind, ...of }, { contractId })
  return holders.length > 0
}

/** What became of somebody's access. `handedOver`: it ends with the holder's, who moves out. */
export type AccessChange = 'approved' | 'limited' | 'refused' | 'withdrawn' | 'ended' | 'handedOver'

/** Tells somebody what the holder decided about their access, or that it ended. `until`: the day with which it ends. */
export async function tellPerson(
  tx: Transaction,
  accountId: string,
  contractId: number,
  change: AccessChange,
  until: IsoDate | null,
): Promise<void> {
  const of = await contractOf(tx, contractId, 'pay')
  const link = change === 'refused' ? `${env().APP_URL}/contracts/manage` : of.link
  const day = await dayFor(tx, accountId, until)
  await notify(tx, accountId, { kind: 'access-changed', ...of, link, change, ...day }, { contractId })
}

/** Tells a holder which day they named, or that it counts no longer. */
export async function tellMover(
  tx: Transaction,
  accountId: string,
  contractId: number,
  change: 'named' | 'undone',
  movesOutOn: IsoDate,
): Promise<void> {
  const of = await contractOf(tx, contractId, 'access')
  const { on, day } = await dayFor(tx, accountId, movesOutOn)
  await notify(tx, accountId, { kind: 'handover-changed', ...of, change, on, day }, { contractId })
}

/** In the reader's language; `limited`: whether there is one. */
async function dayFor(tx: Transaction, accountId: string, on: IsoDate | null) {
  const [reader] = await tx
    .select({ language: accounts.language })
    .from(accounts)
    .where(eq(accounts.id, accountId))
  return {
    on: on ?? '',
    day: on ? formatDayInSentence(on, reader!.language) : '',
    limited: on ? ('yes' as const) : ('no' as const),
  }
}

// Finds one customer by one exact identifier: never by a part of it, and never several.
import { sql } from 'drizzle-orm'
import { type BillerCode, billerOf } from '../../db/billers.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { cases } from '../../db/schema/cases.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { identifierKey } from '../accounts/identify.ts'
import { readContractCode } from '../billers/contract-codes.ts'
import { readAnyPhone } from '../billers/phones.ts'
import { requestCodes } from '../cases/catalogue.ts'
import { isOthersCase } from '../cases/scope.ts'
import { database } from '../platform/database.ts'
import { readPersonalNumber } from '../platform/identifiers.ts'
import { readCode } from '../platform/typed.ts'
import { accountInScope, contractInScope, type Who } from './scope.ts'

/** A contract or an account, by its id. */
export type Target = { contractId: number; caseId?: string } | { accountId: string }

type Kind = 'request' | 'contract' | 'personalNumber' | 'phone' | 'email' | 'username'
type Candidate = { kind: Kind; value: string }

const REQUEST_NUMBER = new RegExp(`^(${requestCodes.join('|')})\\d{9}$`)

/** What the typed text may be, in the order in which it is looked for. */
export function candidatesOf(biller: BillerCode, typed: string): Candidate[] {
  const code = readCode(typed).replaceAll(' ', '').toUpperCase()
  const { column, value } = identifierKey(typed)
  const found: [Kind, string | undefined][] = [
    ['request', REQUEST_NUMBER.test(code) ? code : undefined],
    ['contract', readContractCode(biller, typed)],
    ['personalNumber', readPersonalNumber(typed)],
    ['phone', readAnyPhone(typed, biller)],
    [column, column === 'phone' ? undefined : value],
  ]
  return found.flatMap(([kind, value]) => (value ? [{ kind, value }] : []))
}

/** What may be written down of what was looked for: contract codes and numbers of requests, where they can be nothing else. */
export const recordedOf = (biller: BillerCode, candidates: Candidate[]) => ({
  kinds: candidates.map(({ kind }) => kind).join(' ') || 'none',
  search:
    candidates.find(
      ({ kind }) => kind === 'request' || (kind === 'contract' && billerOf(biller).contractCodes),
    )?.value ?? null,
})

/** The first that there is of them, within what the member of staff may see of the biller. */
export async function findTarget(
  staff: Who,
  biller: BillerCode,
  candidates: Candidate[],
): Promise<Target | undefined> {
  const { id } = billerOf(biller)
  const who: Who = { id: staff.id, billerIds: staff.billerIds.filter(one => one === id) }
  if (who.billerIds.length === 0) return undefined
  for (const { kind, value } of candidates) {
    const target = await finders[kind](who, value)
    if (target) return target
  }
  return undefined
}

const finders: Record<Kind, (who: Who, value: string) => Promise<Target | undefined>> = {
  request: findByRequest,
  contract: (who, code) => findContract(who, sql`${contracts.code} = ${code}`),
  personalNumber: async (who, number) =>
    (await findAccount(who, sql`${accounts.personalNumber} = ${number}`)) ??
    findContract(who, sql`${contracts.holderPersonalNumber} = ${number}`),
  phone: async (who, phone) =>
    (await findAccount(who, sql`${accounts.phone} = ${phone}`)) ??
    findContract(who, sql`${contracts.phone} = ${phone}`),
  email: (who, email) =>
    findAccount(who, sql`${accounts.email} = ${email} and ${accounts.emailVerifiedAt} is not null`),
  username: (who, username) => findAccount(who, sql`${accounts.username} = ${username}`),
}

async function findByRequest(who: Who, number: string): Promise<Target | undefined> {
  const { rows } = await database().execute<{
    id: string
    contractId: number | null
    accountId: string | null
  }>(sql`
    select ${cases.id}, ${contracts.id} as "contractId", ${accounts.id} as "accountId" from ${cases}
    left join ${contracts} on ${contracts.id} = ${cases.contractId} and ${contractInScope(who)}
    left join ${accounts} on ${accounts.id} = ${cases.accountId} and ${cases.contractId} is null and ${accountInScope(who)}
    where ${cases.billerId} = ${who.billerIds[0]} and ${cases.number} = ${number} and ${isOthersCase(who)}`)
  const [row] = rows
  if (row?.contractId) return { contractId: row.contractId, caseId: row.id }
  return row?.accountId ? { accountId: row.accountId } : undefined
}

async function findAccount(who: Who, is: ReturnType<typeof sql>): Promise<Target | undefined> {
  const { rows } = await database().execute<{ accountId: string }>(
    sql`select ${accounts.id} as "accountId" from ${accounts} where ${is} and ${accountInScope(who)} limit 1`,
  )
  return rows[0]
}

/** Of several of one holder the newest; its page leads to the others. */
async function findContract(who: Who, is: ReturnType<typeof sql>): Promise<Target | undefined> {
  const { rows } = await database().execute<{ contractId: number }>(
    sql`select ${contracts.id} as "contractId" from ${contracts} where ${is} and ${contractInScope(who)}
      order by ${contracts.closedOn} is not null, ${contracts.id} desc limit 1`,
  )
  return rows[0]
}

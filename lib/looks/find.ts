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
const OF_PERSON: Kind[] = ['personalNumber', 'phone', 'email']

const REQUEST_NUMBER = new RegExp(`^(${requestCodes.join('|')})\\d{9}$`)

/** What the typed text may be, in the order in which it is looked for. */
function candidatesOf(biller: BillerCode, typed: string): Candidate[] {
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
export function recordedOf(typed: string, searched: readonly BillerCode[]) {
  const candidates = searched.flatMap(biller =>
    candidatesOf(biller, typed).map(one => ({ ...one, isStrict: Boolean(billerOf(biller).contractCodes) })),
  )
  const ofPerson = candidates.some(({ kind }) => OF_PERSON.includes(kind))
  const code = candidates.find(
    ({ kind, isStrict }) => kind === 'request' || (kind === 'contract' && isStrict),
  )
  return {
    kinds: [...new Set(candidates.map(({ kind }) => kind))].join(' ') || 'none',
    search: ofPerson ? null : (code?.value ?? null),
  }
}

/** A target and the biller whose customer it is found as. */
export type Found = { biller: BillerCode; target: Target }

/** What the text names with these of the member of staff's billers: of one biller one thing, of several the same thing once. */
export async function findTargets(
  staff: Who,
  searched: readonly BillerCode[],
  typed: string,
): Promise<Found[]> {
  const found = new Map<string, Found>()
  for (const biller of searched) {
    const target = await findTarget(
      { ...staff, billerIds: [billerOf(biller).id] },
      candidatesOf(biller, typed),
    )
    const key = JSON.stringify(target)
    if (target && !found.has(key)) found.set(key, { biller, target })
  }
  return [...found.values()]
}

/** The first that there is of them, within what the member of staff may see of the biller. */
async function findTarget(who: Who, candidates: Candidate[]): Promise<Target | undefined> {
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

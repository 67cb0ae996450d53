// Billers' accounts at banks, each with its secrets: which takes new payments, which an attempt went to, whose an answer is.
import { and, asc, eq, getTableColumns, gte, inArray, isNull, or, type SQL } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { gatewayAccounts } from '../../db/schema/gateway-accounts.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { log } from '../platform/log.ts'
import type { Currency } from '../platform/money.ts'
import type { GatewayAccount, Named } from './gateways/gateway.ts'
import { findGateway } from './gateways/registry.ts'
import { attemptNamed } from './rules.ts'

/** There are few, and they change seldom: a process reads them so often. */
const KEPT_MS = 30_000

/** `isUsable`: it has its secrets. */
type KnownAccount = GatewayAccount & { isUsable: boolean }

let kept: { at: number; accounts: Promise<KnownAccount[]> } | undefined

/** All accounts that can be used, by id. */
export const listAccounts = async (): Promise<GatewayAccount[]> =>
  (await listKnown()).filter(({ isUsable }) => isUsable)

/** Those too that lack their secrets. */
async function listKnown(): Promise<KnownAccount[]> {
  const now = clock.now().getTime()
  if (!kept || Math.abs(now - kept.at) >= KEPT_MS) {
    const reading = { at: now, accounts: readAccounts() }
    kept = reading
    reading.accounts.catch(() => {
      if (kept === reading) kept = undefined
    })
  }
  return kept.accounts
}

async function readAccounts(): Promise<KnownAccount[]> {
  const rows = await database()
    .select({ ...getTableColumns(gatewayAccounts), billerTimeZone: billers.timeZone })
    .from(gatewayAccounts)
    .innerJoin(billers, eq(billers.id, gatewayAccounts.billerId))
    .orderBy(asc(gatewayAccounts.id))
  const { DEMO, GATEWAY_SECRETS } = env()
  return rows.flatMap(({ billerTimeZone, createdAt, ...row }) => {
    const secrets = GATEWAY_SECRETS[row.code] ?? {}
    const account = { ...row, timeZone: row.timeZone ?? billerTimeZone, secrets }
    // Its cards are printed on its page: nobody's money outside a demonstration.
    if (account.gateway === 'sandbox' && !DEMO) return []
    const fault = secretsFault(account)
    if (fault) tellOnce(account.code, fault)
    return [{ ...account, isUsable: !fault }]
  })
}

/** What is wrong with an account's secrets, a sentence; undefined: nothing. */
export function secretsFault({
  code,
  gateway,
  secrets,
}: Pick<GatewayAccount, 'code' | 'gateway' | 'secrets'>): string | undefined {
  const bank = findGateway(gateway)
  if (!bank) return `This release has no gateway ${gateway}, which the account ${code} is at.`
  const missing = bank.secretNames.find(name => !secrets[name])
  if (missing) return `The setting GATEWAY_SECRETS has no ${missing} of the account ${code}.`
  const known = [...bank.secretNames, ...(bank.optionalSecretNames ?? [])]
  const unknown = Object.keys(secrets).find(name => !known.includes(name))
  return (
    unknown &&
    `The setting GATEWAY_SECRETS has ${unknown} of the account ${code}, which knows no such secret.`
  )
}

const told = new Set<string>()

/** Settings stay as they are as long as the process lives. */
function tellOnce(code: string, fault: string): void {
  if (told.has(code)) return
  told.add(code)
  log.error({ account: code }, fault)
}

/** The account of that id; undefined where it cannot be used. */
export const findAccount = async (id: number): Promise<GatewayAccount | undefined> =>
  (await listAccounts()).find(account => account.id === id)

/**
 * The account that the biller's new payments in a currency go to; undefined: online payment is not offered. In a demonstration it is the
 * sandbox's where no other takes them.
 */
export async function accountInUse(
  billerId: number,
  currency: Currency,
): Promise<GatewayAccount | undefined> {
  const own = (await listAccounts()).filter(
    account => account.billerId === billerId && account.currency === currency,
  )
  return own.find(account => account.takesPayments) ?? own.find(account => account.gateway === 'sandbox')
}

/** The account that an attempt went to; of an old one, which names none, the biller's first at the same bank. */
export async function accountOfAttempt(attempt: {
  gatewayAccountId: number | null
  gateway: string
  billerId: number
}): Promise<GatewayAccount | undefined> {
  if (attempt.gatewayAccountId !== null) return findAccount(attempt.gatewayAccountId)
  return (await listAccounts()).find(
    ({ gateway, billerId }) => gateway === attempt.gateway && billerId === attempt.billerId,
  )
}

/** Whether there is an account at that bank, usable or not. */
export const hasAccountAt = async (gateway: string): Promise<boolean> =>
  (await listKnown()).some(account => account.gateway === gateway)

/** The attempt went to this account. */
export const isAtAccount = ({ id, gateway, billerId }: GatewayAccount): SQL =>
  or(
    eq(paymentAttempts.gatewayAccountId, id),
    and(
      isNull(paymentAttempts.gatewayAccountId),
      eq(paymentAttempts.gateway, gateway),
      eq(paymentAttempts.billerId, billerId),
    ),
  )!

/** The attempt is the order named, exactly; undefined: none is named. */
export function isOrderNamed({ orderNumber, bankOrderId }: Named): SQL | undefined {
  if (orderNumber === undefined) {
    return bankOrderId === undefined ? undefined : eq(paymentAttempts.bankOrderId, bankOrderId)
  }
  const { number, placed } = attemptNamed(orderNumber)
  return and(eq(paymentAttempts.number, number), placed > 1 ? gte(paymentAttempts.placed, placed) : undefined)
}

/**
 * Whose an incoming body may be: the account of the attempt that it names, else those of the merchant that it names. By the secrets of
 * these alone it is to be believed. `withoutSecrets`: theirs are missing, so nobody can tell.
 */
export async function findAccounts(
  named: Named,
  gateway: string,
): Promise<{ usable: GatewayAccount[]; withoutSecrets: GatewayAccount[] }> {
  const accounts = (await listKnown()).filter(account => account.gateway === gateway)
  const isNamed = isOrderNamed(named)
  const ofOrder = isNamed && accounts.length > 0 ? await findAccountsOfOrder(isNamed, accounts) : []
  const found =
    ofOrder.length > 0 ? ofOrder : accounts.filter(({ merchantId }) => merchantId === named.merchantId)
  return {
    usable: found.filter(({ isUsable }) => isUsable),
    withoutSecrets: found.filter(({ isUsable }) => !isUsable),
  }
}

/** Of accounts at one bank those that attempts of this number went to; of an old one, which names none, its biller's first. */
async function findAccountsOfOrder(isNamed: SQL, accounts: KnownAccount[]): Promise<KnownAccount[]> {
  const isHere = or(
    inArray(
      paymentAttempts.gatewayAccountId,
      accounts.map(({ id }) => id),
    ),
    and(isNull(paymentAttempts.gatewayAccountId), eq(paymentAttempts.gateway, accounts[0]!.gateway)),
  )
  const attempts = await database()
    .select({ gatewayAccountId: paymentAttempts.gatewayAccountId, billerId: paymentAttempts.billerId })
    .from(paymentAttempts)
    .where(and(isHere, isNamed))
    .limit(accounts.length)
  return attempts.flatMap(
    ({ gatewayAccountId, billerId }) =>
      accounts.find(({ id }) => id === gatewayAccountId) ??
      accounts.find(account => gatewayAccountId === null && account.billerId === billerId) ??
      [],
  )
}

/** Origins of the accounts' checkout pages: forms of ours may lead there. */
export async function checkoutOrigins(): Promise<string[]> {
  const accounts = await listAccounts()
  const origins = accounts.flatMap(({ checkoutUrl, checkoutOrigins }) => [
    ...(checkoutUrl ? [new URL(checkoutUrl).origin] : []),
    ...checkoutOrigins,
  ])
  return [...new Set(origins)]
}

/** Throws a sentence about an account that takes payments and whose secrets are missing, or others than its bank knows. */
export async function checkAccounts(): Promise<void> {
  const { DEMO, GATEWAY_SECRETS } = env()
  const rows = await database().select().from(gatewayAccounts).where(eq(gatewayAccounts.takesPayments, true))
  for (const row of rows) {
    const fault =
      row.gateway === 'sandbox' && !DEMO
        ? `The account ${row.code} takes payments at the sandbox bank, which only a demonstration has.`
        : secretsFault({ ...row, secrets: GATEWAY_SECRETS[row.code] ?? {} })
    if (fault) throw new Error(fault)
  }
}

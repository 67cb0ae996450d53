// Adds and changes billers' accounts at banks from a file (`npm run gateway-accounts`).
import { and, asc, eq, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Database, Transaction } from '../../db/client.ts'
import { currencies, gatewayNames } from '../../db/enums.ts'
import { billers } from '../../db/schema/billers.ts'
import { gatewayAccounts } from '../../db/schema/gateway-accounts.ts'
import { recordEvent } from '../platform/audit.ts'
import { env, isPrivateAddress } from '../platform/env.ts'
import { parseJson } from '../platform/json.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { secretsFault } from './accounts.ts'
import { findGateway } from './gateways/registry.ts'
import { LAST_CLOSED_CHECK_MS } from './rules.ts'

const address = z.url('is no address').refine(isPrivateAddress, 'is not an https:// address')
const origin = address.refine(
  text => new URL(text).origin === text,
  'is no origin, such as https://bank.example',
)

const fileSchema = z
  .array(
    z.strictObject({
      code: z.string().regex(/^[a-z0-9][a-z0-9-]{1,40}$/, 'is not of small letters, digits and hyphens'),
      gateway: z.enum(gatewayNames, `is none of ${gatewayNames.join(', ')}`),
      biller: z.string('is missing'),
      currency: z.enum(currencies, `is none of ${currencies.join(', ')}`),
      merchantId: z.string('is missing').min(1, 'is empty'),
      checkoutUrl: address.nullable().default(null),
      apiUrl: address.nullable().default(null),
      authUrl: address.nullable().default(null),
      checkoutOrigins: z.array(origin).default([]),
      timeZone: z
        .string()
        .refine(zone => Intl.supportedValuesOf('timeZone').includes(zone), 'is no time zone')
        .nullable()
        .default(null),
      callsBack: z.boolean('is neither true nor false').default(true),
      isTest: z.boolean('is neither true nor false').default(false),
      takesPayments: z.boolean('is neither true nor false').default(false),
    }),
  )
  .min(1, 'has no account')

type GivenAccount = z.infer<typeof fileSchema>[number]

/** The accounts of a file's text, or a sentence about the first thing that is wrong with it. */
export function readAccountFile(text: string): Result<GivenAccount[], string> {
  const json = parseJson(text)
  if (json === undefined) return fail('The file is no JSON.')
  const read = fileSchema.safeParse(json)
  if (read.success) {
    const codes = read.data.map(({ code }) => code)
    const twice = codes.find((code, place) => codes.indexOf(code) < place)
    return twice === undefined ? ok(read.data) : fail(`The account ${twice} is there twice.`)
  }
  const { path, message, code, ...issue } = read.error.issues[0]!
  const where = path.map(String).join('.')
  if (code === 'unrecognized_keys' && 'keys' in issue) {
    return fail(`Account ${where}: ${issue.keys.join(', ')} is nothing that an account has.`)
  }
  return fail(where ? `Account ${where} ${message}.` : `The file ${message}.`)
}

/**
 * Adds these accounts, or changes those that have their codes, all or none. One that is to take payments takes them from the one that
 * did, in the same moment. Fails with a sentence. `db`: as the owner, who alone may write them.
 */
export async function saveAccounts(
  db: Database,
  given: readonly GivenAccount[],
  now: Date,
): Promise<Result<undefined, string>> {
  const known = await db.select({ id: billers.id, code: billers.code }).from(billers)
  for (const account of given) {
    const fault = faultOf(account)
    if (fault) return fail(fault)
    if (!known.some(({ code }) => code === account.biller))
      return fail(`There is no biller ${account.biller}.`)
  }
  return db
    .transaction(async tx => {
      for (const { biller, ...account } of given) {
        const billerId = known.find(({ code }) => code === biller)!.id
        await save(tx, { ...account, billerId }, now)
        await recordEvent(tx, {
          action: 'gateway-account.saved',
          subject: `gateway-account:${account.code}`,
          details: { gateway: account.gateway, biller, takesPayments: String(account.takesPayments) },
          at: now,
        })
      }
      return ok(undefined)
    })
    .catch(rolledBack)
}

class NotSaved extends Error {}

/** A sentence about what undid the transaction. */
function rolledBack(error: unknown): Result<never, string> {
  if (error instanceof NotSaved) return fail(error.message)
  throw error
}

function faultOf(account: GivenAccount): string | undefined {
  if (!findGateway(account.gateway)) return `This release has no gateway ${account.gateway}.`
  if (!account.takesPayments) return undefined
  if (account.gateway === 'sandbox' && !env().DEMO) {
    return `The account ${account.code} is at the sandbox bank, which only a demonstration has.`
  }
  return secretsFault({ ...account, secrets: env().GATEWAY_SECRETS[account.code] ?? {} })
}

/** Where an attempt's bank is asked about it, and as whose. */
const KEPT = ['merchantId', 'checkoutUrl', 'apiUrl', 'authUrl'] as const

/** Whether the account has attempts whose end is not known, or was not as long as they are asked about; or refunds under way. */
async function isAnsweredFor(
  tx: Transaction,
  id: number,
  { gateway, billerId }: { gateway: string; billerId: number },
  now: Date,
): Promise<boolean> {
  const lastCheck = new Date(now.getTime() - LAST_CLOSED_CHECK_MS).toISOString()
  const { rows } = await tx.execute<{ found: boolean }>(sql`
    with own as (select a.id, a.state, a.state_changed_at from payment_attempts a where a.gateway_account_id = ${id}
      or (a.gateway_account_id is null and a.gateway = ${gateway} and a.biller_id = ${billerId}))
    select exists (select from own where state in ('created', 'pending', 'authorised', 'in_doubt') or state_changed_at > ${lastCheck})
      or exists (select from refunds r join payments p on p.id = r.payment_id join own on own.id = p.attempt_id
        where r.way = 'card' and r.state in ('submitted', 'unknown')) as found`)
  return rows[0]!.found
}

async function save(
  tx: Transaction,
  account: Omit<GivenAccount, 'biller'> & { billerId: number },
  now: Date,
): Promise<void> {
  const { code, billerId, currency, gateway } = account
  const [before] = await tx.select().from(gatewayAccounts).where(eq(gatewayAccounts.code, code)).for('update')
  // What was begun there is asked about there.
  if (
    before &&
    (before.billerId !== billerId || before.gateway !== gateway || before.currency !== currency)
  ) {
    throw new NotSaved(`The account ${code} keeps its biller, its gateway and its currency: add another one.`)
  }
  const isElsewhere = before && KEPT.some(name => before[name] !== account[name])
  if (isElsewhere && (await isAnsweredFor(tx, before.id, account, now))) {
    throw new NotSaved(
      `The account ${code} keeps its merchant and its addresses as long as its payments are followed up there: add another one.`,
    )
  }
  if (account.takesPayments) {
    await tx
      .update(gatewayAccounts)
      .set({ takesPayments: false })
      .where(
        and(
          eq(gatewayAccounts.billerId, billerId),
          eq(gatewayAccounts.currency, currency),
          ne(gatewayAccounts.code, code),
        ),
      )
  }
  await tx
    .insert(gatewayAccounts)
    .values(account)
    .onConflictDoUpdate({ target: gatewayAccounts.code, set: account })
}

/** All accounts, without secrets. */
export const listSavedAccounts = (db: Database) =>
  db
    .select({
      code: gatewayAccounts.code,
      gateway: gatewayAccounts.gateway,
      biller: billers.code,
      currency: gatewayAccounts.currency,
      merchantId: gatewayAccounts.merchantId,
      isTest: gatewayAccounts.isTest,
      takesPayments: gatewayAccounts.takesPayments,
    })
    .from(gatewayAccounts)
    .innerJoin(billers, eq(billers.id, gatewayAccounts.billerId))
    .orderBy(asc(gatewayAccounts.code))

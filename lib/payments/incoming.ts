// What reaches us from outside in a bank's name: whose it is, limited where it is not genuine, and received.
import { createHash } from 'node:crypto'
import { and, eq, inArray } from 'drizzle-orm'
import { type GatewayName, openAttemptStates } from '../../db/enums.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { readBody } from '../platform/body.ts'
import { database } from '../platform/database.ts'
import { limits } from '../platform/limits.ts'
import { countTry } from '../platform/rate-limits.ts'
import { findAccounts, hasAccountAt } from './accounts.ts'
import { receiveAnswer, storeUnknown } from './answers.ts'
import type { BankAnswer, Gateway, GatewayAccount, Incoming, Named } from './gateways/gateway.ts'
import { findGateway } from './gateways/registry.ts'
import { withinLockWait } from './lock-wait.ts'

/** No answer of a bank comes near this many bytes. */
const MAX_BYTES = 20_000

/** A NUL, as a form, JSON or a text has it: no bank sends one, and the database takes none. */
const NUL = /%00|\\u0000|\0/

/** The body of what comes in a bank's name; undefined where it is longer than any bank's answer. */
export const readAnswer = (request: Request): Promise<string | undefined> => readBody(request, MAX_BYTES)

/**
 * `received`: it is stored, and applied at once or in a moment. Of an unknown order and wrongly signed too: a bank would stop calling, and
 * whoever tries numbers would learn which there are. `hint`: and the bank is to be asked. `refused`: no answer of that bank's form.
 * `seconds`: how long to wait.
 */
export async function receiveIncoming(
  gatewayName: string,
  incoming: Incoming,
  address: string,
  now: Date,
): Promise<
  { status: 'received' | 'hint' | 'refused' | 'no-gateway' } | { status: 'limited'; seconds: number }
> {
  const gateway = findGateway(gatewayName)
  if (!gateway || !(await hasAccountAt(gatewayName))) return { status: 'no-gateway' }
  const named = NUL.test(incoming.body) ? undefined : gateway.named(incoming)
  const found = named ? await findAccounts(named, gatewayName) : { usable: [], withoutSecrets: [] }
  const accounts = [...found.usable, ...found.withoutSecrets]
  const read =
    readFor(gateway, found.usable, incoming) ?? readUnverified(gateway, found.withoutSecrets, incoming)
  // Genuine ones are never limited.
  if (read?.answer.trust !== 'genuine') {
    const limit = named ? limits.hintsOfAddress() : limits.forgedAnswersOfAddress()
    const seconds = await countTry(limit, { address })
    if (seconds > 0) return { status: 'limited', seconds }
  }
  if (named && accounts.length === 0) {
    await storeUnknown(
      database(),
      gatewayName as GatewayName,
      incoming.channel,
      traceOf(named, incoming),
      now,
    )
    return { status: 'received' }
  }
  if (!read) return { status: named ? 'received' : 'refused' }
  const received = await receiveAnswer(database(), read.account, incoming.channel, read.answer, now)
  return { status: received === 'hint' ? 'hint' : 'received' }
}

/** The body as one of the accounts shows it to be: the one whose secret signed it, if any. */
function readFor(
  gateway: Gateway,
  accounts: readonly GatewayAccount[],
  incoming: Incoming,
): { account: GatewayAccount; answer: BankAnswer } | undefined {
  const readings = accounts.flatMap(account => {
    const answer = gateway.read(account, incoming)
    return answer ? [{ account, answer }] : []
  })
  return readings.find(({ answer }) => answer.trust === 'genuine') ?? readings[0]
}

/** Of an account without its secrets: whoever sent it, the bank is asked once they are back. */
function readUnverified(
  gateway: Gateway,
  [account]: readonly GatewayAccount[],
  incoming: Incoming,
): { account: GatewayAccount; answer: BankAnswer } | undefined {
  const answer = account && gateway.read({ ...account, secrets: {} }, incoming)
  if (!answer) return undefined
  // The same body, sent again when it can be verified, is another answer.
  return { account, answer: { ...answer, trust: 'hint', dedupKey: `unverified ${answer.dedupKey}` } }
}

/** Of a body that nobody can verify what it names is kept; it may hold anything else. */
const traceOf = (named: Named, { body }: Incoming): Pick<BankAnswer, 'dedupKey' | 'payload'> => ({
  dedupKey: createHash('sha256').update(body).digest('base64url'),
  payload: Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
})

/** Notes that the customer of a payment came back from its bank: whatever the bank says, they may have paid there. */
export async function recordReturn(gateway: string, id: string, now: Date): Promise<void> {
  await withinLockWait(database(), tx =>
    tx
      .update(paymentAttempts)
      .set({ returnedAt: now })
      .where(
        and(
          eq(paymentAttempts.id, id),
          eq(paymentAttempts.gateway, gateway as GatewayName),
          inArray(paymentAttempts.state, openAttemptStates),
        ),
      ),
  )
}

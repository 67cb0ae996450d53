// Orders that banks have and the portal has not, since its database was restored to a moment before them: found by asking number by number.
import { inArray } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { listAccounts } from './accounts.ts'
import { receiveAnswer } from './answers.ts'
import type { GatewayAccount } from './gateways/gateway.ts'
import { findGateway } from './gateways/registry.ts'
import { putQuestion } from './questions.ts'
import { movesMoney } from './rules.ts'

/** So many numbers in a row that no bank knows are thought to be the end: whoever did not go on to pay left a gap of one. */
const GAP = 200
const AT_ONCE = 8
/** PostgreSQL writes down a sequence so many numbers ahead: after a restore it may stand beyond the last that was handed out. */
const WRITTEN_AHEAD = 32

/** A bank that left so many questions without an answer is not asked any more: each would be waited for. */
const PATIENCE = 3

type Asked = { number: string; account: string }

export type OrdersFound = {
  /** How many numbers were asked about. */
  numbers: number
  /** Money was taken or set aside: held for staff as an order that is not ours. */
  held: Asked[]
  /** The bank has the order, and no money for it yet. What it sends of itself of an order that nobody knows is not believed: it is to be asked again. */
  open: Asked[]
  /** Codes of accounts whose bank did not answer about every number. */
  unanswered: string[]
  /** Codes of accounts whose bank cannot be asked by our number. */
  notAsked: string[]
}

/** The payment number as `freeNumber` makes it. */
const numberOf = (year: number, place: number) =>
  `D${String(year % 100).padStart(2, '0')}${String(place).padStart(8, '0')}`

/**
 * Asks every bank about the numbers that may have been handed out after the moment: from where the sequence `stood` then, in the years of
 * `years`, up to the place `last`, or until none is known for long. What has money is stored and held for staff, once.
 */
export async function findOrdersSince(
  db: Database,
  { stood, last, years }: { stood: number; last?: number; years: readonly number[] },
  now: Date,
): Promise<OrdersFound> {
  const accounts = await listAccounts()
  const asked = accounts.filter(({ gateway }) => !findGateway(gateway)?.needsBankOrderId)
  const notAsked = accounts.filter(account => !asked.includes(account)).map(({ code }) => code)
  const found: OrdersFound = { numbers: 0, held: [], open: [], unanswered: [], notAsked }
  const silences = new Map<string, number>()
  const first = Math.max(1, stood - WRITTEN_AHEAD)
  let end = last ?? stood + GAP
  for (let place = first; asked.length > 0 && place <= end; place += AT_ONCE) {
    const places = Array.from({ length: AT_ONCE }, (_, index) => place + index).filter(one => one <= end)
    const numbers = await unknownHere(
      db,
      places.flatMap(one => years.map(year => numberOf(year, one))),
    )
    const patient = asked.filter(({ code }) => (silences.get(code) ?? 0) < PATIENCE)
    const ask = (number: string) => askAbout(db, patient, number, { found, silences }, now)
    const known = await Promise.all(numbers.map(ask))
    if (last === undefined && known.includes(true)) end = Math.max(end, place + AT_ONCE + GAP)
  }
  const byNumber = (one: Asked, other: Asked) => (one.number < other.number ? -1 : 1)
  return {
    ...found,
    held: found.held.sort(byNumber),
    open: found.open.sort(byNumber),
    unanswered: [...silences.keys()],
  }
}

async function unknownHere(db: Database, numbers: string[]): Promise<string[]> {
  const rows = await db
    .select({ number: paymentAttempts.number })
    .from(paymentAttempts)
    .where(inArray(paymentAttempts.number, numbers))
  return numbers.filter(number => !rows.some(row => row.number === number))
}

/** Whether any bank knows the number; an order is at one account alone. */
async function askAbout(
  db: Database,
  accounts: readonly GatewayAccount[],
  number: string,
  { found, silences }: { found: OrdersFound; silences: Map<string, number> },
  now: Date,
): Promise<boolean> {
  found.numbers += 1
  for (const account of accounts) {
    const order = { number, bankOrderId: null, amount: 0, currency: account.currency }
    let answer = await putQuestion(db, account, order, now)
    if (answer === 'no-answer') answer = await putQuestion(db, account, order, now)
    if (answer === 'not-found') continue
    const of = { number, account: account.code }
    if (answer === 'no-answer') {
      silences.set(account.code, (silences.get(account.code) ?? 0) + 1)
      continue
    }
    if (movesMoney(answer.outcome)) {
      await receiveAnswer(db, account, 'query', { ...answer, orderNumber: number }, now)
      found.held.push(of)
    } else if (answer.outcome === 'processing') found.open.push(of)
    return true
  }
  return false
}

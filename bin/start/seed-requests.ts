// Requests of the demonstration's customers, as if they had been sent and dealt with over the last year: filed and moved by the
// commands that pages use, at times that are past.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { desc, eq } from 'drizzle-orm'
import type { CaseMove } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { invoices } from '../../db/schema/billing.ts'
import { findStaff, type Staff } from '../../lib/auth/staff.ts'
import { type RequestCode, typeOf } from '../../lib/cases/catalogue.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { moveCase, moveOwnCase } from '../../lib/cases/moves.ts'
import { findContract } from '../../lib/contracts/queries.ts'
import { clock } from '../../lib/platform/clock.ts'
import { database } from '../../lib/platform/database.ts'
import { hourIn, PORTAL_ZONE } from '../../lib/platform/dates.ts'

/** `invoice`: of the newest ones the so many-th. `readingLess`: than it says. `after`: so many days after it was filed. */
type Told = {
  customer: string
  kind: RequestCode
  daysAgo: number
  invoice?: number
  readingLess?: number
  newValue?: string
  note: string
  moves: { move: CaseMove; after: number; note?: string }[]
}

const DAY_MS = 86_400_000
const OWN: CaseMove[] = ['answer', 'amend', 'write', 'withdraw']

/** Of a customer who has none yet, and is told of none of it: it is long past. */
export async function seedRequests(
  username: string,
  contract: { biller: string; code: string },
  agentName: string,
): Promise<void> {
  const all: Told[] = JSON.parse(fs.readFileSync('db/demonstration/requests.json', 'utf8'))
  const customer = await findAccount(username)
  const agent = (await findStaff(await findAccount(agentName))) as Staff
  await silently(customer.id, async () => {
    for (const told of all) if (told.customer === username) await seedRequest(told, customer, contract, agent)
  })
}

async function findAccount(username: string) {
  const [account] = await database()
    .select({ id: accounts.id })
    .from(accounts)
    .where(eq(accounts.username, username))
  return account!
}

/** Without messages to the account. */
async function silently(accountId: string, run: () => Promise<void>): Promise<void> {
  const tell = (notifyByEmail: boolean, notifyBySms: boolean) =>
    database().update(accounts).set({ notifyByEmail, notifyBySms }).where(eq(accounts.id, accountId))
  const [{ byEmail, bySms }] = (await database()
    .select({ byEmail: accounts.notifyByEmail, bySms: accounts.notifyBySms })
    .from(accounts)
    .where(eq(accounts.id, accountId))) as [{ byEmail: boolean; bySms: boolean }]
  await tell(false, false)
  await run().finally(() => tell(byEmail, bySms))
}

async function seedRequest(
  { kind, daysAgo, invoice, readingLess, newValue, note, moves }: Told,
  customer: { id: string },
  contract: { biller: string; code: string },
  agent: Staff,
): Promise<void> {
  const filedAt = new Date(clock.now().getTime() - daysAgo * DAY_MS)
  const bill = invoice === undefined ? undefined : await findInvoice(contract, invoice)
  const currentReading = readingLess && bill?.reading ? String(Number(bill.reading) - readingLess) : undefined
  const input = {
    type: typeOf(kind),
    kind,
    note,
    newValue,
    currentReading,
    invoice: bill && String(bill.id),
    meterNumber: undefined,
    months: undefined,
    intent: 'send' as const,
  }
  const filing = {
    owner: { accountId: customer.id },
    contract,
    documentIds: [],
    idempotencyKey: randomUUID(),
  }
  const filed = await fileCase(kind, input, filing, filedAt)
  if (!filed.ok) throw new Error(`A request of the demonstration was not taken: ${filed.code}.`)
  let last = filedAt
  for (const { move, after, note } of moves) {
    const told = new Date(filedAt.getTime() + after * DAY_MS)
    const isOwn = OWN.includes(move)
    last = isOwn ? told : atWork(told, last)
    const moved = isOwn
      ? await moveOwnCase(customer, filed.value, move, { note }, last)
      : await moveCase(agent, filed.value, move, { note }, last)
    if (!moved.ok) throw new Error(`A request of the demonstration was not moved: ${moved.code}.`)
  }
}

/** The nearest time of that day at which an office is open, but after what came before and not in the future. */
function atWork(at: Date, before: Date): Date {
  const hour = hourIn(PORTAL_ZONE, at)
  const open = Math.min(15, Math.max(8, hour))
  const shifted = at.getTime() + (open - hour) * 3_600_000
  return new Date(Math.min(clock.now().getTime(), Math.max(before.getTime() + 60_000, shifted)))
}

async function findInvoice({ biller, code }: { biller: string; code: string }, place: number) {
  const contract = await findContract(database(), biller, code)
  const [row] = await database()
    .select({ id: invoices.id, reading: invoices.currentReading })
    .from(invoices)
    .where(eq(invoices.contractId, contract!.id))
    .orderBy(desc(invoices.period), desc(invoices.number))
    .offset(place - 1)
    .limit(1)
  return row
}

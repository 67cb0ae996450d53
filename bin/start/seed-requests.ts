// Requests of the demonstration's customers, as if they had been sent and dealt with over the last year: filed and moved by the
// commands that pages use, at times that are past.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { desc, eq } from 'drizzle-orm'
import { invoices } from '../../db/schema/billing.ts'
import { type RequestCode, typeOf } from '../../lib/cases/catalogue.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { findContract } from '../../lib/contracts/queries.ts'
import { database } from '../../lib/platform/database.ts'
import { type Deed, daysAgo, historyOfCase, type People, type ToldMove } from './seed-cases.ts'

/** `invoice`: of the newest ones the so many-th. `readingLess`: than it says. */
type Told = {
  customer: string
  kind: RequestCode
  daysAgo: number
  invoice?: number
  readingLess?: number
  newValue?: string
  note: string
  moves: ToldMove[]
}

type OfContract = { biller: string; code: string }

/** Of a customer who has none yet. */
export async function historyOfRequests(
  username: string,
  contract: OfContract,
  people: People,
): Promise<Deed[]> {
  const all: Told[] = JSON.parse(fs.readFileSync('db/demonstration/requests.json', 'utf8'))
  const own = all.filter(({ customer }) => customer === username)
  return (await Promise.all(own.map(told => historyOf(told, contract, people)))).flat()
}

async function historyOf(
  { kind, daysAgo: days, invoice, readingLess, newValue, note, moves }: Told,
  contract: OfContract,
  people: People,
): Promise<Deed[]> {
  const filedAt = daysAgo(days)
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
    owner: { accountId: people.customer.id },
    contract,
    documentIds: [],
    idempotencyKey: randomUUID(),
  }
  return historyOfCase(filedAt, () => fileCase(kind, input, filing, filedAt), moves, people)
}

async function findInvoice({ biller, code }: OfContract, place: number) {
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

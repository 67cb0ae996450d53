// The database of a measurement: contracts with a year of invoices, made with COPY, and one customer who owes twelve.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { migrateDatabase } from '../../db/migrate.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import { addDays, addMonths } from '../../lib/platform/dates.ts'
import { foldName } from '../../lib/platform/names.ts'

const MONTHS = 12

/** The first month that is not billed yet. */
export const NEXT_MONTH = '2026-01-01'

/** Whoever signs in; their contract is the middle one. */
export const customer = {
  username: 'bench',
  password: 'Matja-2024',
  firstName: 'Arta',
  lastName: 'Berisha',
  personalNumber: 'J05115999K',
}

/** Beyond those of the demonstration, which has payments of its own on its contracts. */
export const codeOf = (contract: number) => `AL${1_000_000 + contract}`
/** Of a contract's invoice of a month, by the month's first day. */
export const invoiceNumber = (period: string, contract: number) =>
  `${period.slice(0, 4)}${period.slice(5, 7)}${String(contract).padStart(7, '0')}`
const middle = (contracts: number) => Math.ceil(contracts / 2)

/** The address of the page that is measured. */
export const pagePath = (contracts: number) => `/contracts/oshee/${codeOf(middle(contracts))}/pay`

/** Adds the database `name` beside the one of `serverUrl`, with so many contracts billed for so many months, and returns its address. */
export async function makeDatabase(
  serverUrl: string,
  name: string,
  contracts: number,
  months = MONTHS,
): Promise<string> {
  const url = serverUrl.replace(/\/[^/]*$/, `/${name}`)
  const admin = await connect(serverUrl)
  await admin.query(`create database ${name}`)
  await admin.end()
  await migrateDatabase(url)
  const client = await connect(url)
  // The rows are right by construction: looking every reference up would take most of the time.
  await client.query('set session_replication_role = replica')
  await copy(
    client,
    'contracts (biller_id, code, holder_first_name, holder_last_name, holder_name_folded, holder_personal_number, category, address, phone, meter_number)',
    contracts,
    contractRow(contracts),
  )
  await copy(
    client,
    'invoices (biller_id, contract_id, number, period, issued_on, due_on, previous_reading, current_reading, reading_kind, units, principal, tv_tax, total, principal_paid, tv_tax_paid)',
    contracts * months,
    invoiceRow(contracts, months),
  )
  await client.query('set session_replication_role = origin')
  await addCustomer(client, middle(contracts))
  await client.query('vacuum analyze')
  await client.query('checkpoint')
  await client.end()
  return url
}

/** Asks the database itself, for what the portal does not show. */
export async function rows<Row>(url: string, text: string): Promise<Row[]> {
  const client = await connect(url)
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

/** `head` and so many lines, in pieces. */
export function* linesOf(count: number, lineOf: (n: number) => string, head = ''): Generator<string> {
  let piece = head
  for (let n = 0; n < count; n++) {
    piece += `${lineOf(n)}\n`
    if (piece.length > 65_536) {
      yield piece
      piece = ''
    }
  }
  yield piece
}

async function copy(client: pg.Client, table: string, count: number, rowOf: (n: number) => unknown[]) {
  const lines = linesOf(count, n => rowOf(n).join('\t'))
  await pipeline(Readable.from(lines), client.query(copyFrom(`copy ${table} from stdin`)))
}

const NAMES = ['Arben', 'Blerta', 'Çelik', 'Drita', 'Ëngjëll', 'Fatmir', 'Gjergj', 'Shpresa']
export const holderOf = (n: number) => [NAMES[n % 8]!, `${NAMES[(n >> 3) % 8]}aj`] as const
export const addressOf = (n: number) => `Rruga e Kavajës ${n % 300}, Tiranë`

/** What the n-th invoice bills, in minor units, and what it says beside its contract: by the first day of its month. */
export function billed(n: number, period: string) {
  const units = 100 + ((n * 7919) % 500)
  const principal = Math.round((units * 9.5 + 95) * 120)
  const issuedOn = addDays(addMonths(period, 1), 2)
  return { units, principal, issuedOn, dueOn: addDays(addMonths(period, 2), -1) }
}

const contractRow = (contracts: number) => (n: number) => {
  const ours = n + 1 === middle(contracts)
  const [first, last] = ours ? [customer.firstName, customer.lastName] : holderOf(n)
  const number = ours ? customer.personalNumber : `J${String(n).padStart(8, '0')}W`
  const holder = [first, last, foldName(first, last), number]
  return [1, codeOf(n + 1), ...holder, 'household', addressOf(n), '+355682000001', `M${n}`]
}

/** A month after the other, each with every contract; all but the last two months are paid, of our customer none. */
const invoiceRow = (contracts: number, months: number) => (n: number) => {
  const contract = (n % contracts) + 1
  const month = Math.floor(n / contracts)
  const period = addMonths(NEXT_MONTH, month - months)
  const { units, principal, issuedOn, dueOn } = billed(n, period)
  const read = 1000 + month * 500
  const paid = contract !== middle(contracts) && month < months - 2
  const money = [principal, 10_000, principal + 10_000, paid ? principal : 0, paid ? 10_000 : 0]
  const readings = [read, read + units, 'read', units]
  return [1, contract, invoiceNumber(period, contract), period, issuedOn, dueOn, ...readings, ...money]
}

async function addCustomer(client: pg.Client, contract: number): Promise<void> {
  const { username, firstName, lastName, personalNumber } = customer
  const {
    rows: [account],
  } = await client.query(
    `insert into accounts (personal_number, username, email, phone, first_name, last_name, name_folded, password_hash,
       terms_version, terms_accepted_at)
     values ($1, $2, 'bench@example.com', '+355682000001', $3, $4, $5, $6, '2026-11-01', now()) returning id`,
    [
      personalNumber,
      username,
      firstName,
      lastName,
      foldName(firstName, lastName),
      await hashPassword(customer.password),
    ],
  )
  await client.query('insert into contract_access (account_id, contract_id) values ($1, $2)', [
    account.id,
    contract,
  ])
  await client.query(
    `insert into invoice_lines (invoice_id, position, code, quantity, unit_price, amount, vat_percent)
     select id, 1, 'ENERGY', units, 9.5, principal - 9500, 20 from invoices where contract_id = $1
     union all select id, 2, 'FIXED', 1, 95, 9500, 20 from invoices where contract_id = $1`,
    [contract],
  )
}

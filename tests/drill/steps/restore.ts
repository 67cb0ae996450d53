// The database restored to a moment while the banks know more: compared row by row, put right, and paid on.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ArchivedPostgres,
  changedSince,
  startArchivedPostgres,
  takeMoment,
} from '../../support/archived-postgres.ts'
import { Customer, formOf } from '../../support/customer.ts'
import { type Portal, rows, startPortal } from '../../support/portal-process.ts'
import { cards, startNestpay } from '../../support/simulators/nestpay.ts'
import { payByCard } from '../../support/simulators/nestpay-customer.ts'
import { seconds } from '../figures.ts'
import { makeCustomers, openDrillDatabase, PASSWORD } from '../paying.ts'
import type { Place } from '../place.ts'
import { runProgram } from '../place.ts'

const MERCHANT = {
  clientId: '190200001',
  storeKey: 'a-store-key-of-the-drill',
  apiUser: 'api',
  apiPassword: 'a-password-of-the-drill',
}
const BEFORE = 3
const SINCE = 4
const BOOKED_MS = 30_000

type Bank = Awaited<ReturnType<typeof startNestpay>>

/** Has servers of its own: what it breaks is a copy. */
export async function restore({ settings }: Pick<Place, 'settings'>): Promise<string[]> {
  const undo: (() => unknown)[] = []
  try {
    const postgres = await startArchivedPostgres()
    undo.push(postgres.end)
    const bank = await startNestpay({ ...MERCHANT, timeZone: 'Europe/Belgrade' })
    undo.push(bank.stop)
    const variables = {
      ...settings,
      DATABASE_OWNER_URL: '',
      DATABASE_DIRECT_URL: '',
      DATABASE_REPLICA_URL: '',
      APP_URL: 'http://localhost:3000',
      GATEWAY_SECRETS: secretsOf(),
    }
    return await drill(postgres, bank, variables, undo)
  } finally {
    for (const action of undo.reverse()) await action()
  }
}

async function drill(
  postgres: ArchivedPostgres,
  bank: Bank,
  settings: Record<string, string>,
  undo: (() => unknown)[],
): Promise<string[]> {
  const start = async (url: string) => {
    const { APP_URL: _, DATA_DIR: __, ...others } = settings
    const portal = await startPortal(url, {
      ...others,
      DATABASE_URL: url,
      JOBS_IN_PROCESS: 'on',
      DRAIN_SECONDS: '0',
    })
    undo.push(portal.stop)
    return portal
  }
  await command(['bin/migrate.ts'], postgres.url, settings)
  await addAccount(postgres.url, bank, settings)
  const original = await start(postgres.url)
  const codes = await customersWith(postgres.url)
  const customer = await signedIn(original, codes.username)
  const pay = (code: string, at = customer) => payAtNestpay(at, code)

  // Backed up while somebody pays.
  const [first] = await Promise.all([pay(codes.next()), postgres.backUp()])
  const before = [first]
  while (before.length < BEFORE) before.push(await pay(codes.next()))
  await untilBooked(postgres.url, before)
  await note(postgres.url, 'drill.before')
  await original.stop()
  const { moment, contents } = await takeMoment(postgres.url)

  // What the database will not know.
  const later = await start(postgres.url)
  const again = await signedIn(later, codes.username)
  const since: string[] = []
  const paidSince: string[] = []
  for (let count = 0; count < SINCE; count++) {
    paidSince.push(codes.next())
    since.push(await pay(paidSince.at(-1)!, again))
  }
  await untilBooked(postgres.url, since)
  await note(postgres.url, 'drill.after')
  await later.stop()
  await postgres.archiveLog()
  postgres.stop()

  const began = Date.now()
  const restored = await postgres.restore(moment)
  const restoring = Date.now() - began
  const changed = await changedSince(restored.url, contents)
  if (changed.length > 0) throw new Error(`Other rows than at the moment: ${changed.join(', ')}`)
  await expectNotes(restored.url, ['drill.before'])
  const beyond = await tooFar(postgres)

  // As if nothing had been done about it, the next number would be one that the bank has.
  const said = await afterRestore(restored.url, moment, settings)
  const unknown = since.filter(number => !said.includes(`${number} at drill-nestpay`))
  if (unknown.length > 0) throw new Error(`Paid and not found at the bank: ${unknown.join(', ')}\n${said}`)
  const portal = await start(restored.url)
  if (await isSignedIn(portal, customer)) throw new Error('A session of before still opens.')
  const paying = await signedIn(portal, codes.username)
  // Its customer sees it as unpaid, and pays again: another order at the bank, and none of those that it has.
  const number = await pay(paidSince[0]!, paying)
  if (since.includes(number)) throw new Error(`The number ${number} was handed out twice.`)
  await untilBooked(restored.url, [number])
  const held = await rows<{ order: string }>(
    restored.url,
    `select order_number as order from payment_exceptions where kind = 'unknown_order' and resolved_at is null order by 1`,
  )
  if (held.map(({ order }) => order).join() !== [...since].sort().join())
    throw new Error(`Held for staff: ${JSON.stringify(held)}`)
  await portal.stop()
  await expectBooked(restored.url, bank)
  return [
    `${contents.size} tables as at ${moment}, row by row; restored and promoted in ${seconds(restoring)}; ${beyond}`,
    `${SINCE} payments that the bank had taken since were found by asking and wait for staff; the next payment is ${number}, beyond ${since.at(-1)}`,
  ]
}

const secretsOf = () => {
  const { clientId: _, ...secrets } = MERCHANT
  return JSON.stringify({ 'drill-nestpay': secrets })
}

async function addAccount(url: string, bank: Bank, settings: Record<string, string>): Promise<void> {
  const file = path.join(os.tmpdir(), `drita-drill-accounts-${process.pid}.json`)
  const account = {
    code: 'drill-nestpay',
    gateway: 'nestpay',
    biller: 'kesco',
    currency: 'EUR',
    merchantId: MERCHANT.clientId,
    checkoutUrl: bank.checkoutUrl,
    apiUrl: bank.apiUrl,
    takesPayments: true,
  }
  fs.writeFileSync(file, JSON.stringify([account]))
  await command(['bin/gateway-accounts.ts', file], url, settings).finally(() => fs.rmSync(file))
}

/** Runs a command of the portal's; what it said. Throws where it ended with another status than one of `expected`. */
async function command(
  parameters: string[],
  url: string,
  settings: Record<string, string>,
  expected = [0],
): Promise<string> {
  const program = runProgram(parameters, { ...settings, DATABASE_URL: url })
  const status = await program.ended
  if (!expected.includes(status ?? -1))
    throw new Error(`${parameters[0]} ended with ${status}:\n${program.output()}`)
  return program.output()
}

/** As outside of a demonstration, whose own bank would be asked, too, and is a page of the portal that does not run yet. */
const CUSTOMERS = {
  DEMO: 'off',
  APP_URL: 'https://drita.example',
  SMTP_URL: 'smtp://127.0.0.1:1',
  MAIL_FROM: 'no-reply@drita.example',
  INFOBIP_BASE_URL: 'http://127.0.0.1:1',
  INFOBIP_API_KEY: 'none',
  SMS_SENDER: 'Drita',
}

/** It ends with 1: a refund of the demonstration waits at the bank that is not asked. */
const afterRestore = (url: string, moment: string, settings: Record<string, string>) =>
  command(['bin/after-restore.ts', '--moment', moment], url, { ...settings, ...CUSTOMERS }, [0, 1])

/** A customer with contracts of one unpaid invoice each. */
async function customersWith(url: string): Promise<{ username: string; next: () => string }> {
  const db = openDrillDatabase(url)
  try {
    const [made] = await makeCustomers(db, 1, BEFORE + SINCE)
    const codes = [...made!.codes]
    return { username: made!.username, next: () => codes.shift()! }
  } finally {
    await db.$client.end()
  }
}

async function signedIn(portal: Portal, username: string): Promise<Customer> {
  const customer = new Customer(portal.url)
  await customer.signIn(username, PASSWORD)
  return customer
}

/** Whether the cookies of a customer of another node open this one. */
async function isSignedIn(portal: Portal, { cookies }: Customer): Promise<boolean> {
  const customer = new Customer(portal.url)
  customer.cookies = new Map(cookies)
  return (await customer.get('/contracts')).path === '/contracts'
}

/** Pays what is due of a contract with a card that is taken, and does not come back; the payment's number. */
async function payAtNestpay(customer: Customer, code: string): Promise<string> {
  const form = await customer.get(`/contracts/kesco/${code}/pay`)
  const page = await customer.submit(form, 'invoices', { intent: 'pay' })
  const { action, fields } = formOf(page, 'oid')
  const sent = Object.fromEntries(Object.entries(fields).map(([name, [value = '']]) => [name, value]))
  await payByCard({ method: 'POST', url: action, fields: sent }, cards.approved)
  return sent.oid!
}

async function untilBooked(url: string, numbers: string[]): Promise<void> {
  for (const until = Date.now() + BOOKED_MS; ; await sleep(100)) {
    const [booked] = await rows<{ count: number }>(
      url,
      `select count(*)::int as count from payment_attempts where number = any ($1) and state = 'captured'`,
      [numbers],
    )
    if (booked!.count === numbers.length) return
    if (Date.now() > until) throw new Error(`Booked ${booked!.count} of ${numbers.join(', ')}`)
  }
}

const note = (url: string, action: string) =>
  rows(url, 'insert into audit_events (action, subject, at) values ($1, $2, now())', [action, randomUUID()])

async function expectNotes(url: string, expected: string[]): Promise<void> {
  const found = await rows<{ action: string }>(
    url,
    `select action from audit_events where action like 'drill.%'`,
  )
  const actions = found.map(({ action }) => action)
  if (actions.join() !== expected.join()) throw new Error(`Known rows: ${actions.join()}`)
}

/** A moment that the archive does not reach is no restore to a little earlier, but none, and said. */
async function tooFar(postgres: ArchivedPostgres): Promise<string> {
  const said = await postgres.restore(new Date(Date.now() + 3_600_000).toISOString()).then(
    () => '',
    (error: Error) => error.message,
  )
  const [reason] = /recovery ended before configured recovery target was reached/.exec(said) ?? []
  if (!reason) throw new Error(`A moment beyond the archive: ${said || 'restored'}`)
  return `an hour beyond the archive PostgreSQL refuses: “${reason}”`
}

/** Whatever the bank took is booked once, or held for staff once. */
async function expectBooked(url: string, { book }: Bank): Promise<void> {
  const found = await rows<{ number: string; amount: number }>(
    url,
    `select t.number, p.amount::int from payments p join payment_attempts t on t.id = p.attempt_id where t.gateway = 'nestpay'
     union all select order_number, null from payment_exceptions where kind = 'unknown_order' order by 1`,
  )
  const taken = [...book.orders.keys()].filter(number => book.isPaid(number)).sort()
  if (found.map(({ number }) => number).join() !== taken.join())
    throw new Error(`The bank took ${taken.join()}; known are ${JSON.stringify(found)}`)
  const otherwise = found.filter(({ number, amount }) => amount !== null && amount !== book.balance(number))
  if (otherwise.length > 0) throw new Error(`Booked otherwise than taken: ${JSON.stringify(otherwise)}`)
}

// Jobs, commands and feeds read what they are about, however much other people have: each is done twice, beside few and many.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { sql } from 'drizzle-orm'
import { Logger, runOnce } from 'graphile-worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStatementLog, type Statement, type StatementLog } from '../../bin/bench/statement-log.ts'
import { closeAccount } from '../../lib/accounts/closing.ts'
import { startPasswordReset } from '../../lib/accounts/passwords.ts'
import { register, verifyRegistration } from '../../lib/accounts/registration.ts'
import { signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { businessForm, disputeForm } from '../../lib/cases/forms.ts'
import type { Owner } from '../../lib/cases/kind.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { makeExport, requestExport } from '../../lib/own-data/copy.ts'
import { clock } from '../../lib/platform/clock.ts'
import { seal } from '../../lib/platform/seal.ts'
import { taskList } from '../../lib/worker/handlers.ts'
import { startHeartbeat } from '../../lib/worker/heartbeat.ts'
import { testDatabase } from '../support/database.ts'
import { sampleRows, writeFeed } from '../support/feeds.ts'
import { FEW, grown, MANY } from '../support/growth.ts'
import { addOtherPeople } from '../support/other-people.ts'
import { begin, makePayable } from '../support/payments.ts'
import { giveAccess, makeAccount, makeContract } from '../support/people.ts'
import { mustRead } from '../support/read-form.ts'

let direct = ''
let log: StatementLog
// Asked for what it has to scan, which is nothing.
process.env.CLAMD = '/nowhere'
const db = await testDatabase(async url => {
  direct = url
  log = await openStatementLog(url)
  return log.url
})
afterAll(() => log.close())
db.$client.on('connect', client => client.on('error', () => {}))

/** One contract of the sample, with all that is its own. */
const sample = sampleRows('kesco')
const code = sample.contracts[0]!.code
const invoices = sample.invoices.filter(row => row.contract_code === code).map(row => row.number)
const feed = writeFeed(
  Object.fromEntries(
    Object.entries(sample).map(([file, rows]) => [
      file,
      rows.filter(
        row => [row.code, row.contract_code].includes(code) || invoices.includes(row.invoice_number!),
      ),
    ]),
  ),
)
afterAll(() => fs.rmSync(feed, { recursive: true, force: true }))

/** A job as the queue hands it over, run by its handler. */
const job = (name: string) => () =>
  taskList()[name]!({}, { job: { id: '1', attempts: 1, max_attempts: 1 } } as never)

const PLANTED = 'a search of all accounts'

const filing = (owner: Owner) => ({ owner, documentIds: [], idempotencyKey: randomUUID() })

/** Everything that is not a page, by name; what is done twice in a round comes for another person. */
const DEEDS: Record<string, () => Promise<unknown>> = {
  ...Object.fromEntries(
    [
      'sweep-payments',
      'remove-old-documents',
      'scan-documents',
      'erase-own-data-exports',
      'forget-account-data',
      'forget-tries',
      'make-audit-months',
      'forget-events',
      'forget-messages',
      'forget-payment-events',
      'forget-settlements',
      'report-failed-jobs',
    ].map(name => [name, job(name)]),
  ),
  'a heartbeat': async () => (await startHeartbeat(db, { beatMs: 60_000, deadMs: 60_000 })).stop(),
  'a copy of own data': async () => {
    const account = await makeAccount(db)
    await requestExport(account, clock.now())
    const { rows } = await db.execute<{ id: string }>(
      sql`select id from own_data_exports where account_id = ${account.id}`,
    )
    await makeExport({ exportId: rows[0]!.id }, { database: db })
  },
  'registering, and signing in': async () => {
    const contract = await makeContract(db)
    const number = String(Date.now()).slice(-7)
    const password = 'Portokall 7'
    const person = {
      biller: 'kesco',
      contractCode: contract.code,
      firstName: 'Blerta',
      lastName: 'Krasniqi',
      personalNumber: `9${number}11`,
      confirmPersonalNumber: true,
      username: `b${number}`,
      email: `b${number}@example.com`,
      phone: `+38344${number.slice(1)}`,
      password,
      passwordConfirm: password,
      acceptTerms: true,
    } as const
    const registered = await register(person, 'sq', clock.now())
    if (!registered.ok) throw new Error(registered.code)
    const code = /\d{6}/.exec((await listOutbox(1))[0]!.text)![0]
    const device = { userAgent: null, address: '127.0.0.1', key: number }
    expect(await verifyRegistration(registered.value, code, device, clock.now())).toMatchObject({ ok: true })
    expect(await signInWithPassword(person.username, password, device, clock.now())).toMatchObject({
      ok: true,
    })
    expect(await signInWithPassword('nobody.here', password, device, clock.now())).toMatchObject({
      ok: false,
    })
    await startPasswordReset(
      { resetId: randomUUID(), identifier: seal(person.email, 'password resets') },
      { database: db },
    )
  },
  'a payment': async () => {
    const customer = await makeAccount(db)
    const contract = await makePayable(db, [100_00], '2099-01-31')
    await giveAccess(db, customer, contract)
    await begin(db, customer, contract, clock.now())
  },
  'a dispute': async () => {
    const contract = await makeContract(db)
    const input = {
      biller: 'kesco',
      contractCode: contract.code,
      firstName: 'A',
      lastName: 'B',
      personalNumber: '1234567892',
      email: 'a@example.com',
      phone: '+38344777888',
      note: null,
    } as const
    expect(
      await fileCase('dispute', mustRead(disputeForm, input), filing({ language: 'sq' }), clock.now()),
    ).toMatchObject({
      ok: true,
    })
  },
  'a business, and closing an account': async () => {
    const account = await makeAccount(db)
    const input = {
      biller: 'oshee',
      nipt: 'J91402501L',
      businessName: 'A',
      legalRepresentative: 'B',
    } as const
    const filed = await fileCase(
      'business',
      mustRead(businessForm, input),
      filing({ accountId: account.id }),
      clock.now(),
    )
    expect(filed).toMatchObject({ ok: true })
    await db.transaction(tx => closeAccount(tx, account.id, 'own-request', clock.now()))
  },
  [PLANTED]: () => db.execute(sql`select count(*) from accounts where first_name = 'Nobody'`),
  'a feed': () => loadFeed({ biller: 'kesco', folder: feed, url: log.url }),
  'the queue': () =>
    runOnce({ pgPool: db.$client, taskList: taskList(), logger: new Logger(() => () => {}) }),
}

/** Something for everything that forgets: what is due is read and deleted, with what refers to it. */
async function makeDue(): Promise<void> {
  const { id } = await makeAccount(db)
  const old = sql`now() - interval '12 years'`
  for (const statement of [
    sql`insert into sessions (account_id, expires_at) values (${id}, ${old}), (${id}, now() + interval '1 day')`,
    sql`insert into sessions (account_id, expires_at, last_used_at) values (${id}, now(), ${old})`,
    sql`insert into known_devices (account_id, device_hash, last_seen_at) values (${id}, 'old', ${old})`,
    sql`insert into one_time_codes (purpose, account_id, hash, created_at, expires_at) values ('reset-link', ${id}, 'old', ${old}, ${old})`,
    sql`insert into own_data_exports (account_id, requested_at) values (${id}, ${old})`,
    sql`insert into unpaid_lists (account_id, format, language, requested_at, invoices, beat_at)
      values (${id}, 'pdf', 'sq', ${old}, 1, ${old})`,
    sql`insert into messages (account_id, channel, kind, language, state, created_at)
      values (${id}, 'email', 'welcome', 'sq', 'sent', ${old})`,
    sql`insert into payment_events (gateway, dedup_key, channel, authentic, outcome, payload, received_at)
      values ('sandbox', gen_random_uuid(), 'callback', false, 'captured', '{}', ${old})`,
    sql`with f as (insert into settlement_files (gateway_account_id, digest, name, rows, loaded_at)
        select id, gen_random_uuid(), 'old', 1, ${old} from gateway_accounts limit 1 returning id, gateway_account_id)
      insert into settlement_rows (file_id, line, gateway_account_id, kind, order_number, transaction_id, amount, currency, at)
        select id, 2, gateway_account_id, 'sale', 'X', 'old', 1, 'EUR', ${old} from f`,
    sql`insert into audit_events (action, at) values ('old', ${old})`,
    sql`insert into rate_limits (key, expire) values (gen_random_uuid(), 1)`,
  ]) {
    await db.execute(statement)
  }
}

async function doAll(): Promise<Record<string, Statement[]>> {
  const done: Record<string, Statement[]> = {}
  await makeDue()
  for (const [name, deed] of Object.entries(DEEDS)) {
    log.take()
    await deed()
    done[name] = log.take()
  }
  return done
}

/** The second time: what a connection learns first, of tables and functions, is no statement's. */
async function doTwice(): Promise<Record<string, Statement[]>> {
  await doAll()
  return doAll()
}

describe('beside many other people as beside few', () => {
  let few: Record<string, Statement[]>
  let many: Record<string, Statement[]>
  beforeAll(async () => {
    await addOtherPeople(direct, 1, FEW)
    few = await doTwice()
    await addOtherPeople(direct, FEW + 1, MANY)
    many = await doTwice()
  }, 600_000)

  it('what searches a table is found out', () => {
    expect(grown(few[PLANTED]!, many[PLANTED]!)).toEqual([
      expect.stringMatching(/\(Seq Scan on accounts\): select/),
    ])
  })

  it.each(Object.keys(DEEDS).filter(name => name !== PLANTED))('%s reads as much', name => {
    expect(few[name]!.length).toBeGreaterThan(0)
    expect(grown(few[name]!, many[name]!)).toEqual([])
  })
})

it('no index stands in an order that no query asks for', async () => {
  // A descending column with nulls last: `order by … desc` puts them first.
  const { rows } = await db.execute<{ name: string }>(sql`
    select indexrelid::regclass::text as name from pg_index join pg_class c on c.oid = indrelid
    where c.relnamespace = 'public'::regnamespace
      and exists (select from unnest(indoption) as option where option & 3 = 1)`)
  expect(rows).toEqual([])
})

// `npm run after-restore -- --moment TIME`: puts right what a database that was restored to an earlier moment does not know. Run it before
// the portal is started on it.
import { parseArgs } from 'node:util'
import { sql } from 'drizzle-orm'
import { type Database, openDatabase, type Transaction } from '../db/client.ts'
import { endEverySession } from '../lib/auth/sessions.ts'
import { countWaiting, dropWaiting } from '../lib/notifications/commands.ts'
import { findOrdersSince, type OrdersFound } from '../lib/payments/after-restore.ts'
import { askBank } from '../lib/payments/asking.ts'
import { recordEvent } from '../lib/platform/audit.ts'
import { clock } from '../lib/platform/clock.ts'
import { asJob, database, limitsOf } from '../lib/platform/database.ts'
import { env } from '../lib/platform/env.ts'
import { moveSequencesAhead } from '../lib/platform/sequences.ts'
import { listAttemptsOfRequested, takeRefundsAsTold } from '../lib/refunds/states.ts'
import { runCommand } from './command.ts'
import { shown, shownError } from './shown.ts'
import { ownerUrl } from './start/migrating.ts'

const USAGE = `Usage: npm run after-restore -- --moment TIME [--drop-messages] [--last-number NUMBER] [--ahead COUNT]

  --moment TIME          to which the database was restored, with its zone: 2026-11-28T03:00:00+01:00
  --drop-messages        e-mails and SMS that waited at that moment are given up; without it they are sent (again)
  --last-number NUMBER   the highest payment number that anybody has seen, such as D2600001234: the banks are asked up to it;
                         without it, until they know none of 200 in a row
  --ahead COUNT          so many numbers of each kind are left out (1000000)

Stop all nodes and workers first. docs/operations/backup-and-restore.md says what it does and what is left to do. It may be
run again, also beside the portal: then the banks alone are asked again.

Ends with 0 when it was done, 1 when not or when a bank did not answer, 2 when it was called wrongly.`

type Call = { moment: Date; dropMessages: boolean; last: number | undefined; ahead: number }

/** ISO 8601 with its offset: no day before the month, no zone left out. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/
const NUMBER = /^D\d\d(\d{8,})$/

/** What was asked for, or a sentence about what is wrong with it. */
function readCall(): Call | string {
  try {
    const { values } = parseArgs({
      options: {
        moment: { type: 'string' },
        'drop-messages': { type: 'boolean', default: false },
        'last-number': { type: 'string' },
        ahead: { type: 'string', default: '1000000' },
      },
    })
    const { moment: text = '', 'last-number': last, ahead } = values
    const moment = new Date(text)
    if (!TIME.test(text) || Number.isNaN(moment.getTime()))
      return 'Give the moment as a time with its zone: --moment 2026-11-28T03:00:00+01:00'
    if (moment > clock.now()) return 'The moment lies in the future.'
    if (last !== undefined && !NUMBER.test(last)) return `${shown(last)} is no payment number.`
    if (!/^\d{1,9}$/.test(ahead)) return `${shown(ahead)} is no count.`
    return {
      moment,
      dropMessages: values['drop-messages'],
      last: last === undefined ? undefined : Number(NUMBER.exec(last)![1]),
      ahead: Number(ahead),
    }
  } catch (error) {
    return shownError(error)
  }
}

async function perform(call: Call): Promise<number> {
  const owner = openDatabase(ownerUrl(env())!, 1, limitsOf('job'))
  try {
    await checkServer(owner)
    const stood = await putRight(owner, call)
    return await asJob(() => askBanks(stood, call))
  } finally {
    await owner.$client.end()
  }
}

/** Throws where the settings lead to two servers, as a PgBouncer that still knows the old one does, or where something runs on it. */
async function checkServer(owner: Database): Promise<void> {
  if ((await startOf(owner)) !== (await startOf(database())))
    throw new Error('DATABASE_URL and DATABASE_OWNER_URL or DATABASE_DIRECT_URL lead to different servers.')
  // What was restored has beats of before, which are older than this server's start.
  const { rows } = await owner.execute(sql`select from job_workers where beat_at > pg_postmaster_start_time()
    and beat_at > now() - interval '40 seconds'`)
  if (rows.length > 0)
    throw new Error('Jobs are being run on this database: stop all nodes and workers first.')
}

async function startOf(db: Database): Promise<string> {
  const { rows } = await db.execute<{ at: string }>(sql`select pg_postmaster_start_time()::text as at`)
  return rows[0]!.at
}

/** How far a clock of a node may have been ahead of PostgreSQL's. */
const CLOCKS_MS = 10 * 60_000

/** Once a restore, all of it or nothing. Returns where the sequence of payment numbers stood. */
function putRight(owner: Database, { moment, dropMessages, ahead }: Call): Promise<number> {
  return owner.transaction(async tx => {
    const before = await findRestore(tx, moment)
    if (before !== undefined) {
      console.log('Everything but asking the banks was done before.')
      return before
    }
    await checkNothingSince(tx, moment)
    const now = clock.now()
    const stood = await moveSequencesAhead(tx, ahead)
    const payments = stood.get('payment_numbers')!
    console.log(`Numbers go on ${ahead} further on: payments beyond ${payments + ahead}.`)
    console.log(`Sessions ended, everybody signs in anew: ${await endEverySession(tx, now)}.`)
    console.log(
      `Refunds that the bank may have been told of: ${await takeRefundsAsTold(tx, now)}; it is asked, and told of none again.`,
    )
    const { email, sms } = await countWaiting(tx)
    if (dropMessages) await dropWaiting(tx)
    console.log(
      `Messages that waited: ${email} e-mails, ${sms} SMS; ${dropMessages ? 'given up.' : 'they are sent once the portal runs.'}`,
    )
    const details = { moment: moment.toISOString(), payments }
    await recordEvent(tx, { action: 'database.restored', details, at: now })
    return payments
  })
}

/** Where payment numbers stood when this was done before, for the same moment. */
async function findRestore(tx: Transaction, moment: Date): Promise<number | undefined> {
  const { rows } = await tx.execute<{ payments: number }>(sql`
    select (details ->> 'payments')::float8 as payments from audit_events
    where action = 'database.restored' and at > ${moment.toISOString()}::timestamptz
      and details ->> 'moment' = ${moment.toISOString()} order by id desc limit 1`)
  return rows[0]?.payments
}

/** Throws where the portal runs on the database, or has since the moment. */
async function checkNothingSince(tx: Transaction, moment: Date): Promise<void> {
  // What was restored has beats of before, which are older than this server's start.
  const alive = await tx.execute(sql`select from job_workers
    where beat_at > greatest(pg_postmaster_start_time(), now() - interval '40 seconds')`)
  if (alive.rows.length > 0)
    throw new Error('Jobs are being run on this database: stop all nodes and workers first.')
  const latest = new Date(moment.getTime() + CLOCKS_MS).toISOString()
  const { rows } = await tx.execute<{ at: string }>(
    sql`select at::text from audit_events where at > ${latest}::timestamptz order by at limit 1`,
  )
  if (rows[0])
    throw new Error(
      `This database knows of something at ${rows[0].at}: it was not restored to that moment, or the portal has run on it since.`,
    )
}

async function askBanks(stood: number, { moment, last }: Call): Promise<number> {
  const now = clock.now()
  const requested = await listAttemptsOfRequested(database())
  let silent = 0
  for (const id of requested) if ((await askBank(database(), id, 'job', now)) === 'no-answer') silent += 1
  if (requested.length > 0)
    console.log(
      `Payments of which a refund waits for a second person: ${requested.length}; look at each before agreeing: the bank may have made it.`,
    )
  const first = moment.getUTCFullYear()
  // Numbers name the year at the biller, which begins before that of UTC.
  const until = new Date(now.getTime() + 86_400_000).getUTCFullYear()
  const years = Array.from({ length: until - first + 1 }, (_, index) => first + index)
  const found = await findOrdersSince(database(), { stood, last, years }, now)
  for (const line of linesOf(found)) console.log(line)
  if (silent > 0) console.log(`Of ${silent} of these payments the bank did not answer.`)
  return found.unanswered.length + silent > 0 ? 1 : 0
}

function* linesOf({ numbers, held, open, unanswered, notAsked }: OrdersFound): Generator<string> {
  yield `Payment numbers asked about: ${numbers}.`
  for (const { number, account } of held)
    yield `Paid, and not known here: ${number} at ${account}; it waits at /staff/payments.`
  for (const { number, account } of open)
    yield `Begun, and not known here: ${number} at ${account}; run this again in ${env().PAYMENT_EXPIRY_MINUTES} minutes.`
  if (held.length === 0) yield 'The banks asked know of no payment that is not known here.'
  for (const account of unanswered)
    yield `The bank of ${account} did not answer about every number: run this again.`
  for (const account of notAsked)
    yield `${account} cannot be asked by our numbers: compare its bank's own list from the moment on.`
}

await runCommand(readCall(), USAGE, perform)

// The queue as processes run it: lanes, workers that die, sleep and stop, and what failing jobs leave behind.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import { eq, sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { auditEvents } from '../../db/schema/audit.ts'
import { jobWorkers } from '../../db/schema/jobs.ts'
import { channelPauses, messages } from '../../db/schema/notifications.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { requestPasswordReset, startPasswordReset } from '../../lib/accounts/passwords.ts'
import { notify, sendMessage } from '../../lib/notifications/outbox.ts'
import { answering } from '../../lib/platform/answering.ts'
import { clock } from '../../lib/platform/clock.ts'
import { enqueue } from '../../lib/platform/jobs.ts'
import { log } from '../../lib/platform/log.ts'
import { reportFailedJobs } from '../../lib/worker/failed.ts'
import { LANES, type Lane, taskList } from '../../lib/worker/handlers.ts'
import { startHeartbeat } from '../../lib/worker/heartbeat.ts'
import { type JobRunner, PRESET, startJobs } from '../../lib/worker/runner.ts'
import { reply, startMailServer, startSmsProvider } from '../support/channels.ts'
import { testDatabase } from '../support/database.ts'
import { runDueJobs } from '../support/jobs.ts'
import { nextCheckOf } from '../support/payments.ts'
import { makeAccount } from '../support/people.ts'

const sms = await startSmsProvider()
const mail = await startMailServer()
/** A mail server that takes connections and says nothing, until it is told to be the one behind it. */
const gate = { hangs: false, connections: 0 }
const gateServer = net.createServer(socket => {
  gate.connections += 1
  socket.on('error', () => {})
  if (gate.hangs) return
  const behind = net.connect(Number(new URL(mail.address).port), '127.0.0.1').on('error', () => {})
  socket.pipe(behind).pipe(socket)
})
await new Promise<void>(resolve => gateServer.listen(0, '127.0.0.1', resolve))
Object.assign(process.env, {
  DEMO: 'off',
  APP_URL: 'http://127.0.0.1:1',
  SMTP_URL: `smtp://127.0.0.1:${(gateServer.address() as AddressInfo).port}?requireTLS=false`,
  MAIL_FROM: 'Drita <no-reply@drita.example>',
  INFOBIP_BASE_URL: sms.url,
  INFOBIP_API_KEY: 'the-key',
  SMS_SENDER: 'Drita',
  MESSAGE_TIMEOUT_SECONDS: '2',
})
const db = await testDatabase()
afterAll(async () => {
  sms.stop()
  gateServer.close()
  await mail.stop()
})

const said: string[] = []
for (const level of ['info', 'warn', 'error'] as const)
  vi.spyOn(log, level).mockImplementation((...line: unknown[]) => {
    said.push(JSON.stringify([level, ...line]))
  })

const TIMES = { beatMs: 100, deadMs: 600, restartMs: 100, pollMs: 200 }
const running: JobRunner[] = []
const start = async (times = TIMES) => {
  const runner = await startJobs(times)
  running.push(runner)
  return runner
}
const stopAll = () => Promise.all(running.splice(0).map(runner => runner.stop()))
afterEach(stopAll)
beforeEach(async () => {
  for (const list of [said, sms.requests, sms.phones, sms.replies, mail.mails, mail.replies]) list.length = 0
  Object.assign(gate, { hangs: false, connections: 0 })
  for (const table of [messages, channelPauses, jobWorkers]) await db.delete(table)
  await db.execute(sql`delete from graphile_worker._private_jobs`)
})

const queueSms = () =>
  sendMessage(
    db,
    { to: '+38344123456', language: 'sq' },
    { kind: 'registration-code', code: '123456', minutes: 10 },
  )

async function queueMails(count: number): Promise<void> {
  await notify(db, (await makeAccount(db)).id, { kind: 'welcome' })
  await db.execute(sql`
    with copies as (
      insert into messages (channel, kind, language, sealed)
      select channel, kind, language, sealed from messages, generate_series(2, ${count})
      where channel = 'email' returning id)
    insert into graphile_worker._private_jobs (task_id, payload, max_attempts, priority, flags)
    select task_id, json_build_object('messageId', copies.id), max_attempts, priority, flags
    from copies, (select * from graphile_worker._private_jobs order by id desc limit 1) first`)
}

/** A payment whose bank is to be asked at once. */
async function queueBankCheck(): Promise<string> {
  const customer = await makeAccount(db)
  const [attempt] = await db
    .insert(paymentAttempts)
    .values({
      number: randomUUID(),
      accountId: customer.id,
      billerId: 1,
      gateway: 'sandbox',
      live: false,
      amount: 55_600,
      currency: 'ALL',
      state: 'pending',
      startedOn: '2024-01-20',
      idempotencyKey: randomUUID(),
    })
    .returning()
  const { id } = attempt!
  await enqueue(db, 'check-payment', { attemptId: id }, { key: `check-payment:${id}`, urgent: true })
  return id
}

const count = async (statement: ReturnType<typeof sql>) =>
  (await db.execute<{ count: number }>(statement)).rows[0]!.count
const jobsOf = (task: string) =>
  count(sql`select count(*) from graphile_worker.jobs where task_identifier = ${task}`)
const locked = () => count(sql`select count(*) from graphile_worker.jobs where locked_at is not null`)
const until = (holds: () => boolean | Promise<boolean>) =>
  vi.waitUntil(holds, { timeout: 30_000, interval: 20 })
const sent = async () => (await db.select().from(messages).where(eq(messages.state, 'sent'))).length

describe('what a request caused', () => {
  const NOWHERE = { userAgent: null, address: null }
  const payloadOf = async (task: string) =>
    (
      await db.execute<{ payload: Record<string, string> }>(sql`
        select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
        where t.identifier = ${task}`)
    ).rows[0]!.payload
  const requestedBy = async (accountId: string) =>
    (await db.select().from(auditEvents).where(eq(auditEvents.accountId, accountId))).map(
      ({ action, requestId }) => [action, requestId],
    )

  it('has its number: a job, what that records, and the jobs that come of it', async () => {
    const account = await makeAccount(db)
    await answering.run({ unreadable: false, unavailable: false, requestId: '4821-0937-6615' }, () =>
      requestPasswordReset(account.phone, NOWHERE),
    )
    expect(await payloadOf('start-password-reset')).toMatchObject({ requestId: '4821-0937-6615' })
    await runDueJobs({ 'start-password-reset': taskList()['start-password-reset']! })
    expect(await requestedBy(account.id)).toEqual([['password.reset-requested', '4821-0937-6615']])
    expect(await payloadOf('send-sms')).toEqual({
      message: 'reset-code',
      messageId: expect.any(String),
      requestId: '4821-0937-6615',
    })
    expect(said.join()).toContain('"task":"start-password-reset"')
  })

  it('and what nobody asked for has none', async () => {
    const account = await makeAccount(db)
    await requestPasswordReset(account.phone, NOWHERE)
    expect(await payloadOf('start-password-reset')).not.toHaveProperty('requestId')
    await runDueJobs({ 'start-password-reset': taskList()['start-password-reset']! })
    expect(await requestedBy(account.id)).toEqual([['password.reset-requested', null]])
  })
})

describe('lanes', () => {
  it('a mail server that hangs keeps neither a code nor a question to a bank waiting, and loses no message a try', async () => {
    gate.hangs = true
    await queueMails(1_000)
    await queueSms()
    const attemptId = await queueBankCheck()
    await start()
    await until(async () => {
      const [attempt] = await db.select().from(paymentAttempts).where(eq(paymentAttempts.id, attemptId))
      return sms.phones.length === 1 && attempt!.askedAt !== null
    })
    // The mail server has timed out and is left alone; whoever waits stays as untried as before.
    await until(async () => (await db.select().from(channelPauses)).length === 1)
    await until(async () => (await locked()) === 0)
    const tried = gate.connections
    expect(tried).toBeLessThanOrEqual(2)
    expect(await count(sql`select count(*) from messages where tries > 0 and channel = 'email'`)).toBe(tried)
    expect(
      await count(
        sql`select sum(attempts) as count from graphile_worker.jobs where task_identifier = 'send-email'`,
      ),
    ).toBe(tried)

    await queueSms()
    await until(() => sms.phones.length === 2)
    expect(gate.connections, 'still left alone').toBe(tried)

    gate.hangs = false
    await db.execute(sql`update channel_pauses set until = now()`)
    await until(() => mail.mails.length > 5)
  })

  it('a code by e-mail goes before every other e-mail', async () => {
    await queueMails(7)
    const recipient = { to: 'code@example.com', language: 'en' } as const
    await sendMessage(db, recipient, { kind: 'contact-code-email', code: '654321', minutes: 10 })
    await start()
    await until(async () => (await sent()) === 8)
    const order = mail.mails.map(({ to }) => to[0])
    // Two are sent at once.
    expect(order.slice(0, 2)).toContain('code@example.com')
  })

  it('one with nothing to do reads nothing of what waits in the others', async () => {
    await queueMails(5_000)
    await db.execute(sql`analyze graphile_worker._private_jobs`)
    const query = vi.spyOn(pg.Client.prototype, 'query')
    await runDueJobs(taskList('codes'), { preset: PRESET })
    const calls = query.mock.calls as unknown as [{ text?: string; name?: string; values: unknown[] }][]
    const { text, name, values } = calls.find(([asked]) => asked.text?.includes('skip locked'))![0]
    query.mockRestore()
    expect(name).toBeUndefined()
    const { rows } = await db.$client.query(`explain (analyze, buffers, format json) ${text}`, values)
    const plan = rows[0]['QUERY PLAN'][0].Plan
    expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(30)
  })

  it('one that ends by itself is started again', async () => {
    await start()
    // What the queue tells its workers when a newer version has changed its tables.
    await db.execute(sql`select pg_notify('worker:migrate', '{"breaking":true}')`)
    await until(
      () => said.filter(line => line.includes('a lane of jobs ended')).length === Object.keys(LANES).length,
    )
    process.exitCode = undefined
    await queueSms()
    await until(() => sms.phones.length === 1)
  })
})

describe('a process that runs jobs', () => {
  const isDone = async () => (await jobsOf('send-sms')) === 0 && (await sent()) === 1

  it.runIf(process.env.DEEP)(
    'sleeps in the middle of a job, or is killed: another does it, once, and what the sleeper does harms nothing',
    async () => {
      // Each is counted as dead once: on a busy machine a living process may well miss its beats for half a second.
      const times = { ...TIMES, deadMs: 5_000 }
      await queueSms()
      let answer = () => {}
      sms.replies.push((response, accept) => {
        accept()
        answer = () => reply(503)(response, accept)
      })
      const worker = spawn(process.execPath, ['bin/worker.ts'], {
        env: { ...process.env, NODE_ENV: 'production', MESSAGE_TIMEOUT_SECONDS: '60' },
        stdio: 'ignore',
      })
      await until(() => sms.requests.length === 1)
      worker.kill('SIGSTOP')
      await start(times)
      await until(isDone)
      await stopAll()
      expect([sms.requests.length, sms.phones.length]).toEqual([2, 1])
      worker.kill('SIGCONT')
      answer()
      // It has written down what it wrongly believes, and works on.
      await until(async () => (await db.select().from(channelPauses)).length === 1)
      await db.delete(channelPauses)
      expect(await isDone()).toBe(true)

      await db.delete(messages)
      sms.replies.push((_response, accept) => {
        accept()
        worker.kill('SIGKILL')
      })
      await queueSms()
      await once(worker, 'exit')
      expect(worker.signalCode).toBe('SIGKILL')
      await start(times)
      await until(isDone)
      expect([sms.requests.length, sms.phones.length]).toEqual([4, 2])
      expect(said.filter(line => line.includes('"freed":{"send-sms":1}'))).toHaveLength(2)
    },
  )

  it('that slept does not delete the job that came after its own', async () => {
    const attemptId = await queueBankCheck()
    const later = new Date(Date.now() + 3_600_000)
    await runDueJobs({
      'check-payment': async () => {
        await new Promise(resolve => setTimeout(resolve, 20))
        await (await startHeartbeat(db, { beatMs: 60_000, deadMs: 10 })).stop()
        // As the handler does at its end.
        const key = `check-payment:${attemptId}`
        await enqueue(db, 'check-payment', { attemptId }, { key, runAt: later, urgent: true })
      },
    })
    await vi.waitUntil(async () => (await locked()) === 0, { timeout: 30_000 })
    expect(await nextCheckOf(db, attemptId)).toEqual(later)
  })

  it('that is alive keeps what it has taken, however long ago', async () => {
    await queueSms()
    let answer = () => {}
    sms.replies.push((response, accept) => {
      answer = () => reply(200, accept())(response, accept)
    })
    await start({ ...TIMES, deadMs: 600_000 })
    await until(() => sms.requests.length === 1)
    await until(
      async () =>
        (await count(sql`select count(*) from graphile_worker.jobs
      join job_workers on locked_by = any(pools)`)) === 1,
    )
    await db.execute(sql`update graphile_worker._private_jobs set locked_at = now() - interval '3 hours'`)
    await start({ ...TIMES, deadMs: 600_000 })
    expect(await locked()).toBe(1)
    answer()
    await until(isDone)
    expect(sms.requests).toHaveLength(1)
  })

  it('frees a serial queue of a dead one', async () => {
    await db.execute(
      sql`select graphile_worker.add_job('scan-documents', '{}', queue_name := 'scan-documents')`,
    )
    await db.execute(
      sql`update graphile_worker._private_jobs set locked_at = now() - interval '1 minute', locked_by = 'dead'`,
    )
    await db.execute(
      sql`update graphile_worker._private_job_queues set locked_at = now() - interval '1 minute', locked_by = 'dead'`,
    )
    await start()
    await until(async () => (await jobsOf('scan-documents')) === 0)
  })

  it('that is stopped ends the jobs under way, and leaves none behind', async () => {
    for (const _ of [1, 2, 3]) await queueSms()
    const answers: (() => void)[] = []
    for (const _ of [1, 2, 3])
      sms.replies.push((response, accept) => void answers.push(() => reply(200, accept())(response, accept)))
    const runner = await startJobs(TIMES)
    await until(() => answers.length === 3)
    await queueSms()
    const stopped = runner.stop()
    for (const answer of answers) answer()
    await stopped
    expect([await locked(), await jobsOf('send-sms'), await sent()]).toEqual([0, 1, 3])
    expect(await db.select().from(jobWorkers)).toEqual([])
  })
})

describe('a job that fails', () => {
  it('leaves nothing personal in the queue and in the log, and what an operator needs', async () => {
    const consoles = (['log', 'warn', 'error'] as const).map(level =>
      vi.spyOn(console, level).mockImplementation((...line) => void said.push(String(line))),
    )
    await makeAccount(db, { email: 'person@example.com', phone: '+38344123456' })
    await requestPasswordReset('person@example.com', { userAgent: null, address: null })
    await queueSms()
    await queueMails(1)
    sms.replies.push(reply(500, 'no such number: +38344123456'))
    mail.replies.push({ at: 'rcpt', code: 451 })
    await db.execute(sql`update graphile_worker._private_jobs set max_attempts = 1`)
    await db.execute(sql`alter table accounts rename to accounts_away`)
    try {
      await start()
      await until(
        async () =>
          (await count(sql`select count(*) from graphile_worker.jobs where last_error is not null`)) === 3,
      )
    } finally {
      await db.execute(sql`alter table accounts_away rename to accounts`)
    }
    await stopAll()
    for (const spy of consoles) spy.mockRestore()
    const { rows } = await db.execute<{ last_error: string }>(
      sql`select * from graphile_worker._private_jobs join graphile_worker._private_tasks t on t.id = task_id`,
    )
    const everything = JSON.stringify(rows) + said.join('\n')
    for (const personal of ['person@', 'example.com', '44123456', 'Ëngjëll', '123456'])
      expect(everything).not.toContain(personal)
    const lines = said.filter(line => line.includes('"a job failed for good"'))
    expect(lines).toHaveLength(3)
    for (const [task, code] of [
      ['start-password-reset', '42P01'],
      ['send-sms', 'http-500'],
      ['send-email', 'smtp-451'],
    ] as const) {
      const line = lines.find(text => text.includes(`"task":"${task}"`))
      expect(line).toContain(`"code":"${code}"`)
      expect(line).toMatch(/"attempt":1,"of":1/)
      expect(rows.find(row => JSON.stringify(row).includes(task))!.last_error).toContain(code)
    }
  })

  it('for good is counted, and forgotten after thirty days', async () => {
    await queueSms()
    await queueMails(3)
    await reportFailedJobs(db)
    expect(said).toEqual([])
    await db.execute(sql`update graphile_worker._private_jobs set attempts = max_attempts`)
    await db.execute(sql`update graphile_worker._private_jobs set run_at = now() - interval '31 days'
      where id = (select max(id) from graphile_worker._private_jobs)`)
    await start()
    // The calendar may have started something meanwhile.
    expect(said).toContain('["warn",{"failed":{"send-email":2,"send-sms":1}},"jobs have failed for good"]')
    expect([await jobsOf('send-email'), await jobsOf('send-sms')]).toEqual([2, 1])
  })

  it('of an earlier version may have left an address: the migration takes it away', async () => {
    await queueSms()
    await db.execute(sql`update graphile_worker._private_jobs set last_error = 'params: person@example.com'`)
    const folder = path.join(import.meta.dirname, '../../db/migrations')
    const file = fs.readdirSync(folder).find(name => name.endsWith('_job-workers.sql'))!
    const [, cleaning] = fs.readFileSync(path.join(folder, file), 'utf8').split(/(?=^DO )/m)
    await db.execute(sql.raw(cleaning!))
    const { rows } = await db.execute(sql`select last_error from graphile_worker.jobs`)
    expect(rows).toEqual([{ last_error: 'not kept' }])
  })
})

it('a reset that was asked for long ago sends nothing', async () => {
  await makeAccount(db, { email: 'late@example.com' })
  const at = vi.spyOn(clock, 'now').mockReturnValue(new Date(Date.now() - 3 * 3_600_000))
  await requestPasswordReset('late@example.com', { userAgent: null, address: null })
  at.mockRestore()
  const { rows } = await db.execute<{ payload: Parameters<typeof startPasswordReset>[0] }>(
    sql`select payload from graphile_worker._private_jobs`,
  )
  await startPasswordReset(rows[0]!.payload, { database: db })
  expect(await db.select().from(messages)).toEqual([])
})

it('every job is in one lane', () => {
  const lanes = (Object.keys(LANES) as Lane[]).flatMap(lane => Object.keys(taskList(lane)))
  expect(lanes.sort()).toEqual(Object.keys(taskList()).sort())
})

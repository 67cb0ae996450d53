// Codes by SMS: where they go, how many to one number, how many in all, and what people are told where there are none left.
import { eq, notLike, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type accounts, registrations } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { rateLimits } from '../../db/schema/limits.ts'
import { messages } from '../../db/schema/notifications.ts'
import { requestContactChange } from '../../lib/accounts/contact.ts'
import { rememberDevice } from '../../lib/accounts/devices.ts'
import { phoneForCodes } from '../../lib/accounts/fields.ts'
import { requestPasswordReset, startPasswordReset } from '../../lib/accounts/passwords.ts'
import { resendCode } from '../../lib/accounts/registration.ts'
import { isSmsBudgetSpent, mayGetCodes, takeSms } from '../../lib/accounts/sms-limits.ts'
import { beginSession, findSession } from '../../lib/auth/sessions.ts'
import { newSecret } from '../../lib/auth/totp.ts'
import { addSecret } from '../../lib/auth/two-factor.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { answering } from '../../lib/platform/answering.ts'
import { log } from '../../lib/platform/log.ts'
import { seal } from '../../lib/platform/seal.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount, makeContract } from '../support/people.ts'

process.env.LIMIT_SMS_PER_HOUR = '20'
process.env.LIMIT_SMS_PER_ADDRESS_AND_HOUR = '8'
const db = await testDatabase()
const now = new Date()
const numbers = (count: number) => Array.from({ length: count }, (_, turn) => `+3834455${1000 + turn}`)

beforeEach(async () => {
  await db.delete(rateLimits)
})

it.each([
  ['+38344123456', true],
  ['+355692123456', true],
  ['+41791234567', true],
  ['+4915112345678', true],
  ['+12025550123', true],
  ['+15145550123', true],
  // Guernsey, Jersey and Man are with Britain, Åland with Finland, Svalbard with Norway; the islands of +1 with nobody.
  ['+447911123456', true],
  ['+447797712345', true],
  ['+447624123456', true],
  ['+358457123456', true],
  ['+4741234567', true],
  ['+18765550123', false],
  ['+77011234567', false],
  ['+8801712345678', false],
  ['+2250701234567', false],
])('a code to %s may go: %s', async (phone, may) => {
  expect(mayGetCodes(phone)).toBe(may)
  expect(await takeSms(phone)).toEqual(may ? { ok: true } : { ok: false, code: 'phoneCountry' })
  expect(phoneForCodes.read(phone, { biller: 'kesco' })).toEqual(
    may ? { value: phone } : { error: 'phoneCountry' },
  )
})

it('a number gets five codes an hour and ten a day, whatever they are for', async () => {
  const [phone = ''] = numbers(1)
  const customer = (await findSession(
    await beginSession(db, (await makeAccount(db)).id, { userAgent: null, address: null }, now),
    now,
  ))!
  for (let turn = 0; turn < 4; turn += 1) expect(await takeSms(phone)).toMatchObject({ ok: true })
  expect(await requestContactChange(customer, 'phone', phone, undefined, now)).toMatchObject({ ok: true })
  expect(await requestContactChange(customer, 'phone', phone, undefined, now)).toMatchObject({ code: 'wait' })
  await db.delete(rateLimits).where(eq(rateLimits.points, 6))
  for (let turn = 0; turn < 5; turn += 1) expect(await takeSms(phone)).toMatchObject({ ok: true })
  await db.delete(rateLimits).where(eq(rateLimits.points, 5))
  const refused = await takeSms(phone)
  expect(refused).toMatchObject({ code: 'wait' })
  expect('seconds' in refused && refused.seconds).toBeGreaterThan(3600)
})

describe('the budget of the deployment', () => {
  it('once spent, refuses everybody, says so once in the log, and takes nothing from anybody’s own', async () => {
    const said = vi.spyOn(log, 'error').mockImplementation(() => {})
    const phones = numbers(60)
    const answers = await Promise.all(phones.map(phone => takeSms(phone)))
    expect(answers.filter(answer => answer.ok)).toHaveLength(20)
    expect(answers.filter(answer => !answer.ok && answer.code === 'smsBudget')).toHaveLength(40)
    expect(said.mock.calls).toEqual([[{ sent: 20, hours: 1 }, expect.stringContaining('budget of SMS')]])
    said.mockRestore()
    const events = await db.select().from(auditEvents).where(eq(auditEvents.action, 'sms.budget-spent'))
    expect(events).toMatchObject([{ details: { sent: 20, hours: 1 }, accountId: null }])
    expect(await isSmsBudgetSpent()).toBe(true)
    await db.delete(rateLimits).where(eq(rateLimits.points, 60))
    for (let turn = 0; turn < 5; turn += 1) expect(await takeSms(phones[59]!)).toMatchObject({ ok: true })
  })

  it('once spent, a forgotten password goes by e-mail where that is verified, and nowhere else', async () => {
    for (const phone of numbers(20)) await takeSms(phone)
    const reset = async (identifier: string) => {
      const before = await db.$count(messages)
      const payload = { resetId: crypto.randomUUID(), identifier: seal(identifier, 'password resets') }
      await startPasswordReset(payload, { database: db })
      return (await listOutbox(10)).slice(0, (await db.$count(messages)) - before)
    }
    const verified = await makeAccount(db)
    expect(await reset(verified.phone)).toMatchObject([{ channel: 'email', to: verified.email }])
    const unverified = await makeAccount(db, { emailVerifiedAt: null })
    expect(await reset(unverified.phone)).toEqual([])
    expect(await reset(unverified.username)).toEqual([])
  })
})

const from = <Value>(address: string, ask: () => Promise<Value>): Promise<Value> =>
  answering.run({ unreadable: false, unavailable: false, address }, ask)
const customerOf = async (account: typeof accounts.$inferSelect) =>
  (await findSession(await beginSession(db, account.id, { userAgent: null, address: null }, now), now))!

describe('one address', () => {
  it('uses up no more than its part, by whichever form', async () => {
    const contract = await makeContract(db)
    const someone = await makeAccount(db)
    const registered = async (phone: string) => {
      const { personalNumber, username, email, firstName, lastName, passwordHash } = someone
      const person = { personalNumber, username, email, firstName, lastName, passwordHash }
      const [row] = await db
        .insert(registrations)
        .values({ ...person, phone, contractId: contract.id, language: 'sq', termsVersion: '2026-11-01' })
        .returning()
      return row!.id
    }
    const customer = await customerOf(someone)
    const [first, ...others] = numbers(12)
    const asks: (() => Promise<{ ok: boolean }>)[] = [
      () => takeSms(first!),
      ...others.slice(0, 4).map(phone => async () => resendCode(await registered(first!), phone, now)),
      ...others
        .slice(4, 8)
        .map(phone => () => requestContactChange(customer, 'phone', phone, undefined, now)),
    ]
    const answers = []
    for (const ask of asks) answers.push(await from('192.0.2.1', ask))
    expect(answers.map(({ ok }) => ok)).toEqual([...Array(8).fill(true), false])
    expect(answers.at(-1)).toMatchObject({ code: 'wait' })
    // It took nothing from the number, nor from anybody elsewhere.
    const device = { userAgent: null, address: null }
    expect(await from('192.0.2.1', () => requestPasswordReset('nobody', device))).toMatchObject({
      code: 'wait',
    })
    expect(await from('192.0.2.2', () => takeSms(others[7]!))).toMatchObject({ ok: true })
  })

  it('takes nothing from a number without the code of the second step', async () => {
    const account = await makeAccount(db)
    await addSecret(db, account.id, newSecret(), now, now)
    const customer = await customerOf(account)
    const [phone = ''] = numbers(1)
    for (let turn = 0; turn < 6; turn += 1) {
      expect(await requestContactChange(customer, 'phone', phone, '000000', now)).toEqual({
        ok: false,
        code: 'secondCodeWrong',
      })
    }
    expect(await takeSms(phone)).toMatchObject({ ok: true })
  })
})

it('a number of a country that gets no codes is told so before any wait', async () => {
  const jamaica = '+18765550123'
  expect(await resendCode(crypto.randomUUID(), jamaica, now)).toEqual({ ok: false, code: 'phoneCountry' })
  const customer = await customerOf(await makeAccount(db))
  expect(await requestContactChange(customer, 'phone', jamaica, undefined, now)).toEqual({
    ok: false,
    code: 'phoneCountry',
  })
  expect(await db.select().from(rateLimits)).toEqual([])
})

describe('a forgotten password that strangers ask for', () => {
  let turn = 0
  /** From another address each time, and of the browser with that key. */
  const ask = (identifier: string, key?: string) => {
    turn += 1
    const device = { userAgent: null, address: `198.51.100.${turn}`, key }
    return from(device.address, () => requestPasswordReset(identifier, device))
  }
  /** Has the newest job done, as the queue would. */
  const work = async () => {
    const { rows } = await db.execute<{ payload: Parameters<typeof startPasswordReset>[0] }>(
      sql`select payload from graphile_worker._private_jobs order by id desc limit 1`,
    )
    await startPasswordReset(rows[0]!.payload, { database: db })
  }
  const sentTo = (account: { id: string }) => db.$count(messages, eq(messages.accountId, account.id))

  it('tells by no later code whether there is an account', async () => {
    const owner = await makeAccount(db)
    const [nobodys = ''] = numbers(1)
    for (const typed of [owner.phone, nobodys, owner.email, 'nobody@example.com']) {
      for (let time = 0; time < 5; time += 1) {
        expect(await ask(typed)).toMatchObject({ ok: true })
        await work()
      }
      expect(await ask(typed)).toMatchObject({ code: 'wait' })
      const customer = await customerOf(await makeAccount(db))
      const kind = typed.includes('@') ? 'email' : 'phone'
      expect(await requestContactChange(customer, kind, typed, undefined, now)).toMatchObject({
        code: 'wait',
      })
    }
  })

  it('fills no mailbox, whatever is typed of an account, and does not keep out its own browser', async () => {
    const owner = await makeAccount(db)
    await db.transaction(tx =>
      rememberDevice(tx, owner.id, { userAgent: null, address: null, key: 'own' }, now),
    )
    for (const typed of [owner.username, owner.email, owner.phone]) {
      for (let time = 0; time < 5; time += 1) {
        expect(await ask(typed)).toMatchObject({ ok: true })
        await work()
      }
      expect(await ask(typed)).toMatchObject({ code: 'wait' })
    }
    expect(await sentTo(owner)).toBe(5)
    for (let hour = 0; hour < 3; hour += 1) {
      await db.delete(rateLimits).where(notLike(rateLimits.key, '%-day:%'))
      for (let time = 0; time < 5; time += 1) {
        await ask(owner.username)
        await work()
      }
    }
    expect(await sentTo(owner)).toBe(10)
    expect(await ask(owner.username, 'own')).toMatchObject({ ok: true })
    await work()
    expect(await sentTo(owner)).toBe(11)
  })

  it('takes nothing from an account where its address may ask no more', async () => {
    const device = { userAgent: null, address: '192.0.2.50' }
    const askThere = (identifier: string) =>
      from(device.address, () => requestPasswordReset(identifier, device))
    for (let time = 0; time < 8; time += 1)
      expect(await askThere(`nobody${time}`)).toMatchObject({ ok: true })
    const before = await db.$count(rateLimits)
    const owner = await makeAccount(db)
    for (let time = 0; time < 6; time += 1)
      expect(await askThere(owner.username)).toMatchObject({ code: 'wait' })
    // That it was met is counted, for the audit log, once an address.
    expect((await db.$count(rateLimits)) - before).toBeLessThanOrEqual(2)
    expect(await ask(owner.username)).toMatchObject({ ok: true })
  })
})

// Codes by SMS: where they go, how many to one number, how many in all, and what people are told where there are none left.
import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { auditEvents } from '../../db/schema/audit.ts'
import { rateLimits } from '../../db/schema/limits.ts'
import { messages } from '../../db/schema/notifications.ts'
import { requestContactChange } from '../../lib/accounts/contact.ts'
import { startPasswordReset } from '../../lib/accounts/passwords.ts'
import { isSmsBudgetSpent, mayGetCodes, takeSms } from '../../lib/accounts/sms-limits.ts'
import { wrongNumbersForCode } from '../../lib/accounts/wrong-numbers.ts'
import { beginSession, findSession } from '../../lib/auth/sessions.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { log } from '../../lib/platform/log.ts'
import { seal } from '../../lib/platform/seal.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount } from '../support/people.ts'

process.env.LIMIT_SMS_PER_HOUR = '20'
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
  // Jamaica shares +1, Jersey +44, Kazakhstan +7.
  ['+18765550123', false],
  ['+447797712345', false],
  ['+77011234567', false],
  ['+8801712345678', false],
  ['+2250701234567', false],
])('a code to %s may go: %s', async (phone, may) => {
  expect(mayGetCodes(phone)).toBe(may)
  expect(await takeSms(phone)).toEqual(may ? { ok: true } : { ok: false, code: 'phoneCountry' })
  expect(wrongNumbersForCode({ biller: 'kesco', phone })).toEqual(may ? {} : { phone: 'phoneCountry' })
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

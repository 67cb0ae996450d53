// The audit log: it takes inserts alone, and lets only what is old be purged.
import { randomUUID } from 'node:crypto'
import { desc, eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { auditEvents } from '../../db/schema/audit.ts'
import { twoFactors } from '../../db/schema/auth.ts'
import { signInWithCode, signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { tryCode } from '../../lib/auth/code-tries.ts'
import { askPassword } from '../../lib/auth/confirm.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import type { Customer } from '../../lib/auth/sessions.ts'
import { newSecret } from '../../lib/auth/totp.ts'
import { listCases } from '../../lib/cases/queue.ts'
import { answering } from '../../lib/platform/answering.ts'
import { recordEvent } from '../../lib/platform/audit.ts'
import { countTry, recordRefused } from '../../lib/platform/rate-limits.ts'
import { seal } from '../../lib/platform/seal.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount, makeStaff } from '../support/people.ts'

process.env.LIMIT_RECORDED_PER_ADDRESS = '5'
process.env.LIMIT_RECORDED_PER_HOUR = '12'
const db = await testDatabase()
const DAY_MS = 86_400_000
/** A request under way. */
const answer = { unreadable: false, unavailable: false }
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS)
const purge = (before: Date, most = 100) =>
  db.execute<{ purged: number }>(
    sql`select purge_audit_events(${before.toISOString()}::timestamptz, ${most}) as purged`,
  )
const refusal = (error: { cause?: { message: string } }) => error.cause?.message

describe('what was written', () => {
  it('is neither changed nor deleted nor truncated', async () => {
    await db.insert(auditEvents).values({ action: 'kept', at: daysAgo(300) })
    for (const statement of [
      'update audit_events set action = action',
      'delete from audit_events',
      'truncate audit_events',
    ]) {
      expect(await db.execute(sql.raw(statement)).catch(refusal)).toMatch(
        /^audit_events\w* may not be changed/,
      )
    }
  })

  it('is purged by age, some at once, and not before it is a year old', async () => {
    await db
      .insert(auditEvents)
      .values([500, 450, 400, 380].map(days => ({ action: 'old', at: daysAgo(days) })))
    expect((await purge(daysAgo(390), 2)).rows).toEqual([{ purged: 2 }])
    expect((await purge(daysAgo(390), 2)).rows).toEqual([{ purged: 1 }])
    expect((await purge(daysAgo(390), 2)).rows).toEqual([{ purged: 0 }])
    expect(await purge(daysAgo(200)).catch(refusal)).toMatch(/^audit_events\w* may not be changed/)
    expect(await db.$count(auditEvents)).toBe(2)
  })
})

const events = (action: string) =>
  db.select().from(auditEvents).where(eq(auditEvents.action, action)).orderBy(desc(auditEvents.id))

describe('what happens in a request', () => {
  it('is written down with its address and session; in a job with none', async () => {
    const staff = await makeStaff(db, 'agent', [1])
    const sessionId = crypto.randomUUID()
    await answering.run({ ...answer, address: '192.0.2.20', sessionId }, () =>
      listCases(staff, 'registrations', 'open', undefined, new Date()),
    )
    const [event] = await events('registrations.listed')
    expect(event).toMatchObject({ accountId: staff.id, address: '192.0.2.20', sessionId })
    await recordEvent(db, { action: 'of a job', at: new Date() })
    expect(await events('of a job')).toMatchObject([{ address: null, sessionId: null }])
  })
})

describe('what was refused', () => {
  it('a sign-in: with the account where there is one, the address, and nothing that was typed', async () => {
    const account = await makeAccount(db, { passwordHash: await hashPassword('Portokall 7') })
    const device = { userAgent: 'test', address: '192.0.2.21' }
    await signInWithPassword(account.username, 'Kumbulla 99', device, new Date())
    await signInWithPassword('kumbulla', 'Kumbulla 99', device, new Date())
    const found = await events('sign-in.refused')
    expect(found).toMatchObject([
      { accountId: null, subject: null, address: '192.0.2.21', details: { reason: 'password' } },
      { accountId: null, subject: `account:${account.id}`, address: '192.0.2.21' },
    ])
    expect(JSON.stringify(found).toLowerCase()).not.toContain('kumbulla')
  })

  it('a code of the second step', async () => {
    const account = await makeAccount(db, { passwordHash: await hashPassword('Portokall 7') })
    await db.insert(twoFactors).values({
      accountId: account.id,
      sealedSecret: seal(newSecret(), 'second steps'),
      createdAt: new Date(),
      confirmedAt: new Date(),
    })
    const device = { userAgent: 'test', address: '192.0.2.22' }
    const step = await signInWithPassword(account.username, 'Portokall 7', device, new Date())
    const waiting = step.ok && 'waiting' in step.value ? step.value.waiting : ''
    await signInWithCode(waiting, '000000', device, new Date())
    expect((await events('sign-in.refused'))[0]).toMatchObject({
      subject: `account:${account.id}`,
      details: { reason: 'code' },
    })
  })

  it('a password and a code that the account itself asks for', async () => {
    const account = await makeAccount(db, { passwordHash: await hashPassword('Portokall 7') })
    const customer = { ...account, passwordCheckedAt: null } as unknown as Customer
    await askPassword(customer, 'Kumbulla 98', new Date())
    const found = await events('password.refused')
    expect(found).toMatchObject([{ accountId: account.id }])
    expect(JSON.stringify(found)).not.toContain('Kumbulla')
    const answered = async (code: string) => ({ ok: false, code }) as const
    for (const code of ['usernameWrong', 'secondCodeWrong'])
      await tryCode(customer, '123456', new Date(), () => answered(code))
    expect(await events('code.refused')).toMatchObject([{ accountId: account.id }])
  })

  it('a limit that was met, once until it is met again', async () => {
    const limit = { name: 'tried', points: 2, seconds: 60 }
    for (let tries = 0; tries < 6; tries += 1) {
      await answering.run({ ...answer, address: '192.0.2.23' }, () => countTry(limit, 'a key'))
    }
    expect(await events('limit.met')).toMatchObject([{ address: '192.0.2.23', details: { limit: 'tried' } }])
  })

  it('so many of a kind from an address and an IPv6 network, and so many in all', async () => {
    const refuse = (address: string) => recordRefused({ action: 'form.foreign', address, at: new Date() })
    for (let times = 0; times < 8; times += 1) await refuse('192.0.2.24')
    expect(await events('form.foreign')).toHaveLength(5)
    for (let times = 0; times < 8; times += 1) await refuse(`2001:db8::${times + 1}`)
    expect(await events('form.foreign')).toHaveLength(10)
    for (let times = 0; times < 8; times += 1) await refuse(`198.51.100.${times}`)
    expect(await events('form.foreign')).toHaveLength(12)
    // Another kind has room.
    await recordRefused({ action: 'staff.refused', address: '192.0.2.24', at: new Date() })
    expect(await events('staff.refused')).toHaveLength(1)
  })

  it('of a session apart from others at the same address', async () => {
    const refuse = (sessionId: string) =>
      recordRefused({ action: 'access.refused', address: '192.0.2.25', sessionId, at: new Date() })
    const [one, other] = [randomUUID(), randomUUID()]
    for (let times = 0; times < 8; times += 1) await refuse(one)
    await refuse(other)
    expect(await events('access.refused')).toHaveLength(6)
  })
})

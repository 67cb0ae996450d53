// Forgotten and changed passwords, new e-mail addresses and phones, sessions elsewhere.
import { eq } from 'drizzle-orm'
import pg from 'pg'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { accounts, knownDevices } from '../../db/schema/accounts.ts'
import { oneTimeCodes, sessions } from '../../db/schema/auth.ts'
import {
  applyContactChange,
  getPendingContactChange,
  getUndoableChange,
  requestContactChange,
  undoContactChange,
} from '../../lib/accounts/contact.ts'
import {
  changePassword,
  checkResetCode,
  getResetLink,
  resetPassword,
  startPasswordReset,
} from '../../lib/accounts/passwords.ts'
import { listSessions } from '../../lib/accounts/queries.ts'
import { signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { confirmPassword, needsPassword } from '../../lib/auth/confirm.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import { beginSession, type Customer, endSessions, findSession } from '../../lib/auth/sessions.ts'
import { newSecret } from '../../lib/auth/totp.ts'
import { addSecret } from '../../lib/auth/two-factor.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { keyedHash, seal } from '../../lib/platform/seal.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount } from '../support/people.ts'

process.env.SESSIONS_PER_ACCOUNT = '5'
const db = await testDatabase()
const device = { userAgent: 'test', address: '127.0.0.1' }
const PASSWORD = 'Portokall 7'
let account: typeof accounts.$inferSelect
let customer: Customer
let now: Date
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

beforeEach(async () => {
  now = new Date()
  account = await makeAccount(db, { passwordHash: await hashPassword(PASSWORD) })
  customer = (await findSession(await beginSession(db, account.id, device, now), now))!
})

/** What it sends expires by the clock, which has gone on since `now`. */
const ask = async (identifier: string) => {
  const resetId = crypto.randomUUID()
  await startPasswordReset({ resetId, identifier: seal(identifier, 'password resets') }, { database: db })
  return resetId
}
const newest = async () => (await listOutbox(1))[0]!
const linkToken = (text: string) => /\/(?:reset-password|undo)\/([\w-]+)/.exec(text)![1]!

describe('a forgotten password', () => {
  it('is set anew by the link from the e-mail, once; all sessions end and the owner is told', async () => {
    await ask(account.username)
    const message = await newest()
    expect(message).toMatchObject({ to: account.email, channel: 'email' })
    const token = linkToken(message.text)
    expect(await getResetLink(token, now)).toBe('open')
    expect(await resetPassword(token, 'short', device, later(1))).toEqual({ ok: false, code: 'passwordRule' })
    expect(await resetPassword(token, 'Kumbulla 99', device, later(1))).toMatchObject({ ok: true })
    expect(await getResetLink(token, later(2))).toBe('used')
    expect(await resetPassword(token, 'Kumbulla 98', device, later(2))).toEqual({
      ok: false,
      code: 'linkUsed',
    })
    expect(await getResetLink(token, later(1860))).toBe('gone')
    expect(await findSession(customer.sessionId, later(2))).toBeUndefined()
    expect((await newest()).subject).toContain('password has been changed')
    expect(await signInWithPassword(account.username, PASSWORD, device, later(3))).toMatchObject({
      ok: false,
    })
    expect(await signInWithPassword(account.username, 'Kumbulla 99', device, later(3))).toMatchObject({
      ok: true,
    })
  })

  it('lets the owner in whom guesses at the old one kept out, and knows the browser from then on', async () => {
    const stranger = (turn: number) => ({ userAgent: null, address: `198.51.100.${turn}` })
    const guess = async (turns: number) => {
      for (let turn = 0; turn < turns; turn += 1) {
        await signInWithPassword(account.username, 'Guess 1', stranger(turn), now)
      }
    }
    const own = { ...device, key: 'the owner’s' }
    await guess(11)
    expect(await signInWithPassword(account.username, PASSWORD, own, now)).toMatchObject({ code: 'wait' })
    await ask(account.username)
    const token = linkToken((await newest()).text)
    expect(await resetPassword(token, 'Kumbulla 99', own, now)).toEqual({ ok: true })
    expect(await signInWithPassword(account.username, 'Kumbulla 99', stranger(20), now)).toMatchObject({
      ok: true,
    })
    await guess(11)
    expect(await signInWithPassword(account.username, 'Kumbulla 99', own, now)).toMatchObject({ ok: true })
  })

  it('lets in whoever mistook the old one in a browser of their own', async () => {
    const own = { ...device, key: 'the owner’s' }
    await signInWithPassword(account.username, PASSWORD, own, now)
    for (let turn = 0; turn < 11; turn += 1) await signInWithPassword(account.username, 'Guess 1', own, now)
    expect(await signInWithPassword(account.username, PASSWORD, own, now)).toMatchObject({ code: 'wait' })
    await ask(account.username)
    const token = linkToken((await newest()).text)
    expect(await resetPassword(token, 'Kumbulla 99', own, now)).toEqual({ ok: true })
    expect(await signInWithPassword(account.username, 'Kumbulla 99', own, now)).toMatchObject({ ok: true })
  })

  it('makes no browser known where a second step is to come', async () => {
    await addSecret(db, account.id, newSecret(), now, now)
    await ask(account.username)
    const token = linkToken((await newest()).text)
    expect(await resetPassword(token, 'Kumbulla 99', { ...device, key: 'a thief’s' }, now)).toEqual({
      ok: true,
    })
    expect(await db.$count(knownDevices, eq(knownDevices.accountId, account.id))).toBe(0)
  })

  it('is set by two at once only once', async () => {
    await ask(account.email)
    const token = linkToken((await newest()).text)
    const results = await Promise.all(
      ['Kumbulla 1', 'Kumbulla 2', 'Kumbulla 3'].map(p => resetPassword(token, p, device, now)),
    )
    expect(results.filter(result => result.ok)).toHaveLength(1)
  })

  it('by phone goes by a code, five tries, worth nothing in another browser', async () => {
    const resetId = await ask(account.phone)
    const message = await newest()
    expect(message).toMatchObject({ to: account.phone, channel: 'sms' })
    const code = /\d{6}/.exec(message.text)![0]
    expect(await checkResetCode(crypto.randomUUID(), code, now)).toEqual({ ok: false, code: 'codeWrong' })
    const result = await checkResetCode(resetId, code, now)
    expect(result).toMatchObject({ ok: true })
    expect(await checkResetCode(resetId, code, now)).toMatchObject(result)
    expect(await checkResetCode(resetId, code, later(660))).toMatchObject({ ok: false })
    expect(await resetPassword(result.ok ? result.value : '', 'Kumbulla 99', device, later(1))).toMatchObject(
      {
        ok: true,
      },
    )

    const late = await ask(account.phone)
    const lateCode = /\d{6}/.exec((await newest()).text)![0]
    expect(await checkResetCode(late, lateCode, later(660))).toEqual({ ok: false, code: 'codeWrong' })

    const second = await ask(account.phone)
    const right = /\d{6}/.exec((await newest()).text)![0]
    const wrong = right === '000000' ? '000001' : '000000'
    for (let turn = 0; turn < 5; turn += 1) await checkResetCode(second, wrong, now)
    expect(await checkResetCode(second, right, now)).toEqual({ ok: false, code: 'codeWrong' })
  })

  it('expires after half an hour, and says nothing of who has no account', async () => {
    await ask(account.username)
    const token = linkToken((await newest()).text)
    expect(await getResetLink(token, later(1860))).toBe('gone')
    expect(await resetPassword(token, 'Kumbulla 99', device, later(1860))).toEqual({
      ok: false,
      code: 'gone',
    })
    const links = () => db.$count(oneTimeCodes, eq(oneTimeCodes.purpose, 'reset-link'))
    const before = [await links(), await listOutbox(1)]
    await ask('nobody')
    await ask('nobody@example.com')
    expect([await links(), await listOutbox(1)]).toEqual(before)
  })

  it('asks as much for a wrong code of who has no account, and writes as much', async () => {
    const asked = vi.spyOn(pg.Client.prototype, 'query')
    const textOf = (one: string | { text: string }) => (typeof one === 'string' ? one : one.text)
    const tries = async (identifier: string) => {
      const resetId = await ask(identifier)
      const each = []
      for (let turn = 0; turn < 6; turn += 1) {
        asked.mockClear()
        expect(await checkResetCode(resetId, '12345x', now)).toEqual({ ok: false, code: 'codeWrong' })
        each.push(asked.mock.calls.map(([one]) => textOf(one as never)))
      }
      return each
    }
    const ofAccount = await tries(account.phone)
    expect(ofAccount[0]!.some(text => text.startsWith('update'))).toBe(true)
    for (const other of ['+38344000000', 'nobody', 'nobody@example.com', account.email, account.username]) {
      expect(await tries(other), other).toEqual(ofAccount)
    }
    asked.mockRestore()
  })

  it('is never opened by the code of who has no account', async () => {
    const resetId = await ask('+38344000000')
    const hash = keyedHash(`${resetId} 123456`, 'reset codes')
    await db.update(oneTimeCodes).set({ hash }).where(eq(oneTimeCodes.subject, resetId))
    expect(await checkResetCode(resetId, '123456', now)).toEqual({ ok: false, code: 'codeWrong' })
  })

  it('keeps neither link nor code in clear', async () => {
    await ask(account.username)
    const token = linkToken((await newest()).text)
    expect(JSON.stringify(await db.select().from(oneTimeCodes))).not.toContain(token)
  })
})

it('a changed password asks for the username, and ends the other sessions', async () => {
  const other = await beginSession(db, account.id, device, now)
  const change = (changes: object) =>
    changePassword(
      customer,
      {
        currentPassword: PASSWORD,
        newPassword: 'Kumbulla 99',
        username: account.username,
        ...changes,
      },
      later(1),
    )
  expect(await change({ username: 'someone' })).toEqual({ ok: false, code: 'usernameWrong' })
  expect(await change({ newPassword: `A1${account.username}` })).toEqual({ ok: false, code: 'passwordName' })
  expect(await change({})).toMatchObject({ ok: true })
  // Somebody who knew the old one too comes a moment too late.
  expect(await change({ newPassword: 'Qershia 41' })).toEqual({ ok: false, code: 'passwordWrong' })
  expect(await findSession(other, later(2))).toBeUndefined()
  expect(await findSession(customer.sessionId, later(2))).toBeDefined()
})

describe('a new e-mail address or phone', () => {
  it('counts once its code is entered; the old one is told and can undo it for a week', async () => {
    expect(await requestContactChange(customer, 'email', 'new@example.com', undefined, now)).toMatchObject({
      ok: true,
    })
    const code = /\d{6}/.exec((await newest()).text)![0]
    expect((await newest()).to).toBe('new@example.com')
    const stored = async () => (await db.select().from(accounts).where(eq(accounts.id, account.id)))[0]!
    expect((await stored()).email).toBe(account.email)
    expect(await getPendingContactChange(customer, 'email', now)).toEqual({ newValue: 'new@example.com' })
    expect(await applyContactChange(customer, 'email', '0', now)).toEqual({ ok: false, code: 'codeWrong' })
    expect(await applyContactChange(customer, 'email', code, now)).toMatchObject({ ok: true })
    expect((await stored()).email).toBe('new@example.com')

    const told = await newest()
    expect(told.to).toBe(account.email)
    const token = linkToken(told.text)
    expect(await undoContactChange(token, later(7 * 86_400 + 1))).toEqual({ ok: false, code: 'gone' })
    expect(await getUndoableChange(token, later(59))).toMatchObject({ undone: false })
    expect(await undoContactChange(token, later(60))).toMatchObject({ ok: true })
    // The page can say so, also when the link is opened again.
    expect(await getUndoableChange(token, later(61))).toMatchObject({ undone: true })
    expect((await stored()).email).toBe(account.email)
    expect(await findSession(customer.sessionId, later(61))).toBeUndefined()
    expect(await undoContactChange(token, later(62))).toMatchObject({ ok: true, again: true })
  })

  it('taken back is taken back for good: links of whoever changed it on, or asked for a password, open nothing', async () => {
    const change = async (email: string, at: Date) => {
      await requestContactChange(customer, 'email', email, undefined, at)
      const code = /\d{6}/.exec((await newest()).text)![0]
      expect(await applyContactChange(customer, 'email', code, at)).toMatchObject({ ok: true })
      return linkToken((await newest()).text)
    }
    await ask(account.email)
    const askedBefore = linkToken((await newest()).text)
    const owners = await change(`thief${account.username}@example.com`, now)
    expect(await getResetLink(askedBefore, now)).toBe('gone')
    const thiefs = await change(`other${account.username}@example.com`, later(10))
    await ask(account.username)
    const thiefsReset = linkToken((await newest()).text)
    expect(await undoContactChange(owners, later(60))).toMatchObject({ ok: true })
    expect(await undoContactChange(thiefs, later(61))).toEqual({ ok: false, code: 'gone' })
    expect(await resetPassword(thiefsReset, 'Kumbulla 99', device, later(62))).toEqual({
      ok: false,
      code: 'gone',
    })
    expect((await db.select().from(accounts).where(eq(accounts.id, account.id)))[0]!.email).toBe(
      account.email,
    )
  })

  it('does not tell that somebody else has it until its owner enters the code', async () => {
    const other = await makeAccount(db)
    expect(await requestContactChange(customer, 'phone', other.phone, undefined, now)).toMatchObject({
      ok: true,
    })
    const code = /\d{6}/.exec((await newest()).text)![0]
    expect(await applyContactChange(customer, 'phone', code, now)).toEqual({ ok: false, code: 'conflict' })
  })

  it('gives five tries and ten minutes', async () => {
    await requestContactChange(customer, 'phone', '+38345111222', undefined, now)
    const code = /\d{6}/.exec((await newest()).text)![0]
    expect(await applyContactChange(customer, 'phone', code, later(601))).toEqual({
      ok: false,
      code: 'codeExpired',
    })
    for (let turn = 0; turn < 5; turn += 1) await applyContactChange(customer, 'phone', 'x', now)
    expect(await applyContactChange(customer, 'phone', code, now)).toEqual({ ok: false, code: 'codeTries' })
    expect(JSON.stringify(await db.select().from(oneTimeCodes))).not.toContain(`"${code}"`)
  })
})

describe('sessions', () => {
  it('of one’s own are listed and ended; another’s are not', async () => {
    const mine = await beginSession(db, account.id, device, now)
    const stranger = await makeAccount(db)
    const theirs = await beginSession(db, stranger.id, device, now)
    expect((await listSessions(customer, now)).map(session => session.id).sort()).toEqual(
      [customer.sessionId, mine].sort(),
    )
    expect(await endSessions(db, customer.id, now, { only: theirs })).toBe(0)
    expect(await findSession(theirs, now)).toBeDefined()
    expect(await endSessions(db, customer.id, now, { only: mine })).toBe(1)
    expect(await endSessions(db, customer.id, now, { only: mine })).toBe(0)
    expect(await findSession(mine, now)).toBeUndefined()
    const third = await beginSession(db, account.id, device, now)
    await endSessions(db, customer.id, now, { but: customer.sessionId })
    expect(await findSession(third, now)).toBeUndefined()
    expect(await findSession(customer.sessionId, now)).toBeDefined()
    expect(await endSessions(db, customer.id, now)).toBe(1)
    expect(await findSession(customer.sessionId, now)).toBeUndefined()
    expect(await findSession(theirs, now)).toBeDefined()
  })

  it('ask for the password again after ten minutes', async () => {
    expect(needsPassword(customer, later(599))).toBe(false)
    expect(await confirmPassword(customer, undefined, later(601))).toMatchObject({ code: 'passwordMissing' })
    expect(await confirmPassword(customer, 'wrong', later(601))).toMatchObject({ code: 'passwordWrong' })
    expect(await confirmPassword(customer, PASSWORD, later(601))).toBeUndefined()
    const again = (await findSession(customer.sessionId, later(602)))!
    expect(needsPassword(again, later(700))).toBe(false)
  })

  it('from a new device are told of, but not the first and not a known one', async () => {
    const count = async () => (await listOutbox(500)).filter(message => message.to === account.email).length
    await signInWithPassword(account.username, PASSWORD, { ...device, key: 'first' }, now)
    await signInWithPassword(account.username, PASSWORD, { ...device, key: 'first' }, now)
    expect(await count()).toBe(0)
    await signInWithPassword(account.username, PASSWORD, { ...device, key: 'second' }, now)
    expect(await count()).toBe(1)
    expect(await db.$count(sessions, eq(sessions.accountId, account.id))).toBe(4)
  })
})

it('signing in from a known browser takes eight statements, of which four in one transaction', async () => {
  const known = { ...device, key: 'known' }
  await signInWithPassword(account.username, PASSWORD, known, now)
  const asked = vi.spyOn(pg.Client.prototype, 'query')
  expect(await signInWithPassword(account.username, PASSWORD, known, now)).toMatchObject({ ok: true })
  const texts = asked.mock.calls.map(([statement]) => (statement as unknown as { text: string }).text)
  asked.mockRestore()
  expect(texts.map(text => /\w+/.exec(text)![0])).toEqual([
    'select',
    'select',
    'with',
    'begin',
    'select',
    'insert',
    'with',
    'commit',
  ])
})

it('another session than an account may have at once ends the one used longest ago', async () => {
  const others = []
  for (let turn = 1; turn <= 4; turn += 1) {
    others.push(await beginSession(db, account.id, device, later(turn)))
  }
  await db
    .update(sessions)
    .set({ lastUsedAt: later(10) })
    .where(eq(sessions.id, customer.sessionId))
  await beginSession(db, account.id, device, later(11))
  const open = await Promise.all([customer.sessionId, ...others].map(id => findSession(id, later(12))))
  expect(open.map(Boolean)).toEqual([true, false, true, true, true])
})

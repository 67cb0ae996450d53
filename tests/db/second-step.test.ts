// The second step at sign-in: set up, passed, turned off; what is kept of it; and guessing.
import { and, eq, isNull } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import type { accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { oneTimeCodes, recoveryCodes, sessions, twoFactors } from '../../db/schema/auth.ts'
import { deleteOwnAccount } from '../../lib/accounts/closing.ts'
import { requestContactChange } from '../../lib/accounts/contact.ts'
import { changePassword } from '../../lib/accounts/passwords.ts'
import { landingPage, signInWithCode, signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { isChangeCode, sendChangeCode } from '../../lib/auth/demonstration-codes.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import { beginSession, type Customer, findSession } from '../../lib/auth/sessions.ts'
import { findStaff } from '../../lib/auth/staff.ts'
import {
  inviteStaff,
  resetTwoFactor,
  setStaffRole,
  signOutEverywhere,
} from '../../lib/auth/staff-commands.ts'
import { codeAt } from '../../lib/auth/totp.ts'
import {
  beginTwoFactor,
  confirmTwoFactor,
  getTwoFactor,
  renewRecoveryCodes,
  turnOffTwoFactor,
} from '../../lib/auth/two-factor.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount } from '../support/people.ts'

const db = await testDatabase()
const device = { userAgent: 'test', address: '192.0.2.7' }
const PASSWORD = 'Portokall 7'
const passwordHash = await hashPassword(PASSWORD)
let account: typeof accounts.$inferSelect
let customer: Customer
let now: Date
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

beforeEach(async () => {
  now = new Date()
  account = await makeAccount(db, { passwordHash })
  customer = (await findSession(await beginSession(db, account.id, device, now), now))!
})

/** Sets the second step up; the secret and the recovery codes. */
async function setUp(invitation?: string): Promise<{ secret: string; codes: string[] }> {
  await beginTwoFactor(customer, now, invitation)
  const begun = await getTwoFactor(customer, now)
  if (begun.state !== 'begun') throw new Error(begun.state)
  const result = await confirmTwoFactor(customer, codeAt(begun.secret, now), now)
  if (!result.ok) throw new Error(result.code)
  return { secret: begun.secret, codes: result.value }
}

async function waiting(at = now): Promise<string> {
  const result = await signInWithPassword(account.username, PASSWORD, device, at)
  if (!result.ok || !('waiting' in result.value)) throw new Error(JSON.stringify(result))
  return result.value.waiting
}

/** Makes the account staff; the code of its invitation. */
async function makeAgent(): Promise<string> {
  const result = await setStaffRole(account.username, 'agent', ['oshee'], now)
  return (result.ok && result.value.invitation) || ''
}

const newest = async () => (await listOutbox(1))[0]!

describe('setting it up', () => {
  it('counts from the first code of the app; other sessions end and the owner is told', async () => {
    const other = await beginSession(db, account.id, device, now)
    await beginTwoFactor(customer, now)
    expect(await signInWithPassword(account.username, PASSWORD, device, now)).toMatchObject({
      value: { twoFactor: false },
    })
    expect(await confirmTwoFactor(customer, '000000', now)).toMatchObject({ ok: false })
    const { codes } = await setUp()
    expect(codes).toHaveLength(10)
    expect(await getTwoFactor(customer, now)).toEqual({ state: 'on', since: now, recoveryCodes: 10 })
    expect(await findSession(other, now)).toBeUndefined()
    expect(await findSession(customer.sessionId, now)).toMatchObject({ twoFactor: true })
    expect(await newest()).toMatchObject({ to: account.email, subject: 'Two-step sign-in is on' })
    expect(await beginTwoFactor(customer, now)).toEqual({ ok: false, code: 'isOn' })
    expect(await confirmTwoFactor(customer, '000000', now)).toEqual({ ok: false, code: 'gone' })
    const events = await db.select().from(auditEvents).where(eq(auditEvents.accountId, account.id))
    expect(events.map(event => event.action)).toContain('second-step.on')
  })

  it('has half an hour; then its secret is shown no more', async () => {
    await beginTwoFactor(customer, now)
    const begun = await getTwoFactor(customer, later(1799))
    expect(begun.state).toBe('begun')
    expect(await getTwoFactor(customer, later(1800))).toEqual({ state: 'off' })
    const code = codeAt(begun.state === 'begun' ? begun.secret : '', later(1800))
    expect(await confirmTwoFactor(customer, code, later(1800))).toEqual({ ok: false, code: 'gone' })
  })

  it('keeps neither secret nor recovery code in clear', async () => {
    const { secret, codes } = await setUp()
    const stored = JSON.stringify([
      await db.select().from(twoFactors),
      await db.select().from(recoveryCodes),
      await db.select().from(auditEvents),
    ])
    for (const kept of [secret, ...codes, ...codes.map(code => code.replace('-', ''))]) {
      expect(stored).not.toContain(kept)
    }
  })
})

describe('signing in', () => {
  it('begins no session before the code, and takes each code of the app once', async () => {
    const { secret } = await setUp()
    const open = () =>
      db.$count(sessions, and(eq(sessions.accountId, account.id), isNull(sessions.revokedAt)))
    const before = await open()
    const kept = await waiting(later(60))
    expect(await open()).toBe(before)
    const code = codeAt(secret, later(60))
    const results = await Promise.all(
      Array.from({ length: 4 }, () => signInWithCode(kept, code, device, later(60))),
    )
    expect(results.filter(result => result.ok)).toHaveLength(1)
    const passed = results.find(result => result.ok)
    expect(await findSession(passed?.ok ? passed.value.sessionId : '', later(61))).toMatchObject({
      twoFactor: true,
    })
    expect(await open()).toBe(before + 1)
    expect(await signInWithCode(kept, codeAt(secret, later(30)), device, later(60))).toMatchObject({
      ok: false,
    })
  })

  it('takes a recovery code once, and tells how many are left', async () => {
    const { codes } = await setUp()
    const kept = await waiting()
    const code = codes[3]!.toUpperCase()
    expect(await signInWithCode(kept, code, device, now)).toMatchObject({ ok: true })
    expect((await newest()).text).toContain('9 codes are left')
    expect(await signInWithCode(kept, code, device, now)).toEqual({ ok: false, code: 'wrong' })
    expect(await getTwoFactor(customer, now)).toMatchObject({ recoveryCodes: 9 })
  })

  it('waits ten minutes for the code, and not beyond a change of the password', async () => {
    const { secret } = await setUp()
    const kept = await waiting(later(60))
    const code = codeAt(secret, later(661))
    expect(await signInWithCode(kept, code, device, later(661))).toEqual({ ok: false, code: 'gone' })
    const again = await waiting(later(700))
    const change = { currentPassword: PASSWORD, newPassword: 'Kumbulla 99', username: account.username }
    const secondCode = codeAt(secret, later(700))
    expect(await changePassword(customer, { ...change, secondCode }, later(700))).toMatchObject({ ok: true })
    expect(await signInWithCode(again, codeAt(secret, later(701)), device, later(701))).toEqual({
      ok: false,
      code: 'gone',
    })
  })

  it('leads staff to set it up, and gives the demonstration’s staff a code of its own to read', async () => {
    const invitation = await makeAgent()
    const result = await signInWithPassword(account.username, PASSWORD, device, now)
    expect(result.ok && 'sessionId' in result.value && landingPage(result.value)).toBe('/account/second-step')
    customer = (await findSession(await beginSession(db, account.id, device, now), now))!
    await setUp(invitation)
    const [first, firstMessage] = [await waiting(), await newest()]
    const [second, secondMessage] = [await waiting(later(1)), await newest()]
    const code = (message: { text: string }) => /\d{6}/.exec(message.text)![0]
    expect(first).not.toContain(code(firstMessage))
    const answer = await signInWithCode(first, code(firstMessage), device, now)
    expect(answer.ok && landingPage(answer.value)).toBe('/staff')
    expect(await signInWithCode(second, code(firstMessage), device, now)).toMatchObject({ code: 'wrong' })
    expect(await signInWithCode(second, code(secondMessage), device, now)).toMatchObject({ ok: true })
  })
})

describe('changing it', () => {
  it('makes new recovery codes against a code; the old ones are worth nothing', async () => {
    const { codes, secret } = await setUp()
    expect(await renewRecoveryCodes(customer, '000000', later(60))).toMatchObject({ ok: false })
    const result = await renewRecoveryCodes(customer, codeAt(secret, later(60)), later(60))
    expect(result.ok && result.value).toHaveLength(10)
    const kept = await waiting(later(61))
    expect(await signInWithCode(kept, codes[0]!, device, later(61))).toMatchObject({ ok: false })
  })

  it('turns it off against a code; nothing of it is kept and no session has passed it', async () => {
    const { codes } = await setUp()
    expect(await turnOffTwoFactor(customer, '000000', now)).toMatchObject({ ok: false })
    expect(await turnOffTwoFactor(customer, codes[0]!, now)).toMatchObject({ ok: true })
    expect(await getTwoFactor(customer, now)).toEqual({ state: 'off' })
    expect(await db.$count(recoveryCodes, eq(recoveryCodes.accountId, account.id))).toBe(0)
    expect(await findSession(customer.sessionId, now)).toMatchObject({ twoFactor: false })
    const told = (await listOutbox(2)).map(message => message.subject)
    expect(told.sort()).toEqual(['A recovery code has been used', 'Two-step sign-in is off'])
    expect(await signInWithPassword(account.username, PASSWORD, device, now)).toMatchObject({
      value: { twoFactor: false },
    })
  })
})

describe('a change of the account', () => {
  const change = () => ({ currentPassword: PASSWORD, newPassword: 'Kumbulla 99', username: account.username })

  it('takes a code where there is a second step, and does nothing without', async () => {
    const { secret, codes } = await setUp()
    const passed = (await findSession(customer.sessionId, now))!
    const at = later(60)
    expect(await changePassword(passed, change(), at)).toEqual({ ok: false, code: 'secondCodeMissing' })
    expect(await requestContactChange(passed, 'email', 'new@example.com', undefined, at)).toEqual({
      ok: false,
      code: 'secondCodeMissing',
    })
    expect(await requestContactChange(passed, 'phone', '+38344999001', '000000', at)).toEqual({
      ok: false,
      code: 'secondCodeWrong',
    })
    expect(await deleteOwnAccount(passed, undefined, at)).toEqual({ ok: false, code: 'secondCodeMissing' })
    // What is wrong otherwise is told first: the code is not used up by it.
    const code = codeAt(secret, at)
    expect(await changePassword(passed, { ...change(), newPassword: 'short', secondCode: code }, at)).toEqual(
      {
        ok: false,
        code: 'passwordRule',
      },
    )
    expect(await changePassword(passed, { ...change(), secondCode: code }, at)).toMatchObject({ ok: true })
    expect(await requestContactChange(passed, 'email', 'new@example.com', code, at)).toMatchObject({
      ok: false,
    })
    expect(await requestContactChange(passed, 'email', 'new@example.com', codes[0], at)).toMatchObject({
      ok: true,
    })
    expect(await deleteOwnAccount(passed, codes[1], at)).toMatchObject({ ok: true })
  })

  it('asks for no code where there is no second step', async () => {
    expect(await changePassword(customer, change(), now)).toMatchObject({ ok: true })
    expect(await requestContactChange(customer, 'phone', '+38344999002', undefined, now)).toMatchObject({
      ok: true,
    })
  })

  it('of the demonstration’s staff takes a code of its own session, for ten minutes', async () => {
    await setUp(await makeAgent().then(code => signInAgain().then(() => code)))
    const passed = (await findSession(customer.sessionId, now))!
    await sendChangeCode(passed, now)
    const secondCode = /\d{6}/.exec((await newest()).text)![0]
    expect(await isChangeCode(db, { ...passed, sessionId: crypto.randomUUID() }, secondCode, now)).toBe(false)
    expect(await isChangeCode(db, { ...passed, isStaff: false }, secondCode, now)).toBe(false)
    expect(await isChangeCode(db, passed, secondCode, later(601))).toBe(false)
    expect(await changePassword(passed, { ...change(), secondCode }, later(500))).toMatchObject({ ok: true })
  })
})

const signInAgain = async () => {
  customer = (await findSession(await beginSession(db, account.id, device, now), now))!
}

describe('a session of staff', () => {
  it('lasts a working day; a customer’s goes on', async () => {
    const HOUR = 3600
    expect(await findSession(customer.sessionId, later(11 * HOUR))).toBeDefined()
    await makeAgent()
    // Whatever was signed in before the role came ends with it.
    expect(await findSession(customer.sessionId, later(1))).toBeUndefined()
    const session = await beginSession(db, account.id, device, now)
    expect(await findSession(session, later(10 * HOUR - 1))).toMatchObject({ isStaff: true })
    expect(await findSession(session, later(10 * HOUR))).toBeUndefined()
  })
})

describe('the first second step of staff', () => {
  it('takes the invitation that came with the role, once, for a week', async () => {
    const invitation = await makeAgent()
    expect(invitation).toMatch(/^[2-9a-z]{5}-[2-9a-z]{5}$/)
    await signInAgain()
    const wrong = { ok: false, code: 'invitationWrong' }
    expect(await beginTwoFactor(customer, now)).toEqual(wrong)
    expect(await beginTwoFactor(customer, now, 'aaaaa-aaaaa')).toEqual(wrong)
    expect(await beginTwoFactor(customer, later(7 * 86_400), invitation)).toEqual(wrong)
    await setUp(invitation.toUpperCase().replace('-', ' '))
    await resetTwoFactor(account.username, now)
    await signInAgain()
    expect(await beginTwoFactor(customer, now, invitation)).toEqual(wrong)
    const again = await inviteStaff(account.username, now)
    expect(await beginTwoFactor(customer, now, again.ok ? again.value.invitation : '')).toMatchObject({
      ok: true,
    })
    expect(JSON.stringify(await db.select().from(oneTimeCodes))).not.toContain(invitation)
  })

  it('is no other account’s', async () => {
    const invitation = await makeAgent()
    account = await makeAccount(db, { passwordHash })
    await makeAgent()
    await signInAgain()
    expect(await beginTwoFactor(customer, now, invitation)).toMatchObject({ ok: false })
  })

  it('begun before the role came, with a password alone, comes to nothing', async () => {
    await beginTwoFactor(customer, now)
    const begun = await getTwoFactor(customer, now)
    await makeAgent()
    await signInAgain()
    const code = codeAt(begun.state === 'begun' ? begun.secret : '', now)
    expect(await confirmTwoFactor(customer, code, now)).toEqual({ ok: false, code: 'gone' })
  })

  it('needs none where there is a second step already; who is none of staff gets none', async () => {
    await setUp()
    expect(await makeAgent()).toBe('')
    expect(await inviteStaff(account.username, now)).toEqual({ ok: true, value: { invitation: undefined } })
    expect(await inviteStaff((await makeAccount(db)).username, now)).toEqual({
      ok: true,
      value: { invitation: undefined },
    })
    expect(await inviteStaff('nobody', now)).toEqual({ ok: false, code: 'noAccount' })
  })
})

describe('the command for staff', () => {
  it('gives a role for billers, changes it and takes it away', async () => {
    const staff = () => findStaff(customer)
    expect(await setStaffRole('nobody', 'agent', ['oshee'], now)).toEqual({ ok: false, code: 'noAccount' })
    await setStaffRole(account.username, 'agent', ['oshee', 'kesco'], now)
    expect(await staff()).toMatchObject({ role: 'agent', billerIds: [1, 2] })
    // A colleague for another biller changes nothing.
    await setStaffRole((await makeAccount(db)).username, 'agent', ['ukt'], now)
    expect((await staff())?.billerIds).toEqual([1, 2])
    await setStaffRole(account.username, 'supervisor', ['kesco'], now)
    expect(await staff()).toMatchObject({ role: 'supervisor', billerIds: [2] })
    await setStaffRole(account.username, 'none', ['kesco'], now)
    expect(await staff()).toBeUndefined()
  })

  it('signs an account out everywhere, and nobody else', async () => {
    const { id } = await makeAccount(db)
    const other = await beginSession(db, id, device, now)
    expect(await signOutEverywhere(account.username, now)).toEqual({ ok: true, value: undefined })
    expect(await findSession(customer.sessionId, now)).toBeUndefined()
    expect(await findSession(other, now)).toMatchObject({ id })
    expect(await signOutEverywhere('nobody', now)).toEqual({ ok: false, code: 'noAccount' })
  })

  it('removes a lost second step; all sessions end and the owner is told', async () => {
    await setUp()
    expect(await resetTwoFactor(account.username, now)).toMatchObject({ ok: true })
    expect(await findSession(customer.sessionId, now)).toBeUndefined()
    expect(await newest()).toMatchObject({ to: account.email, subject: 'Two-step sign-in is off' })
    expect(await signInWithPassword(account.username, PASSWORD, device, now)).toMatchObject({
      value: { twoFactor: false },
    })
    // It was none of the owner's deeds.
    const off = and(
      eq(auditEvents.action, 'second-step.off'),
      eq(auditEvents.subject, `account:${account.id}`),
    )
    expect(await db.select().from(auditEvents).where(off)).toMatchObject([{ accountId: null }])
  })
})

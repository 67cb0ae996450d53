// Passkeys: added with a code, passed at sign-in instead of one, and everything that is not what was asked for.
import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import type { accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { passkeys, usedPasskeyChallenges } from '../../db/schema/passkeys.ts'
import { deleteOwnAccount } from '../../lib/accounts/closing.ts'
import { forgetAccountData } from '../../lib/accounts/retention.ts'
import { passkeyOptions, signInWithPasskey, signInWithPassword } from '../../lib/accounts/sign-in.ts'
import {
  addPasskey,
  allowPasskey,
  type Challenge,
  creationOptions,
  listPasskeys,
  MOST_PASSKEYS,
  mayAddPasskey,
  newChallenge,
  removePasskey,
} from '../../lib/auth/passkeys.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import { beginSession, type Customer, findSession } from '../../lib/auth/sessions.ts'
import { codeAt } from '../../lib/auth/totp.ts'
import {
  beginTwoFactor,
  confirmTwoFactor,
  getTwoFactor,
  turnOffTwoFactor,
} from '../../lib/auth/two-factor.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { env } from '../../lib/platform/env.ts'
import { Authenticator, type Says } from '../support/authenticator.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount } from '../support/people.ts'
import { testSigner } from '../support/signing.ts'

const db = await testDatabase()
const device = { userAgent: 'test', address: '192.0.2.7' }
const PASSWORD = 'Portokall 7'
const passwordHash = await hashPassword(PASSWORD)
const { origin } = new URL(env().APP_URL)
const ELSEWHERE = 'https://drita.example.net'

type Account = typeof accounts.$inferSelect
let account: Account
let customer: Customer
let codes: string[]
let now: Date
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

/** With a second step. */
async function somebody(): Promise<{ account: Account; customer: Customer; codes: string[] }> {
  const made = await makeAccount(db, { passwordHash })
  const signedIn = (await findSession(await beginSession(db, made.id, device, now), now))!
  await beginTwoFactor(signedIn, now)
  const begun = await getTwoFactor(signedIn, now)
  const done = await confirmTwoFactor(signedIn, codeAt(begun.state === 'begun' ? begun.secret : '', now), now)
  if (!done.ok) throw new Error(done.code)
  return { account: made, customer: signedIn, codes: done.value }
}

beforeEach(async () => {
  now = new Date()
  ;({ account, customer, codes } = await somebody())
})

async function waiting(of = account): Promise<string> {
  const result = await signInWithPassword(of.username, PASSWORD, device, now)
  if (!result.ok || !('waiting' in result.value)) throw new Error(JSON.stringify(result))
  return result.value.waiting
}

async function withPasskey(says?: Says): Promise<Authenticator> {
  const key = new Authenticator(origin)
  const asked = newChallenge(now)
  const response = key.create(asked.challenge, says)
  expect(await addPasskey(customer, asked, { response, name: 'Phone' }, now)).toMatchObject({ ok: true })
  return key
}

const signIn = async (key: Authenticator, says?: Says, asked: Challenge = newChallenge(now), at = now) =>
  signInWithPasskey(await waiting(), asked, key.get(asked.challenge, says), device, at)

describe('adding one', () => {
  it('takes a code of the second step, once', async () => {
    expect(await allowPasskey(customer, '000000', now)).toEqual({ ok: false, code: 'secondCodeWrong' })
    expect(await allowPasskey(customer, codes[0]!, now)).toMatchObject({ ok: true })
    expect(await allowPasskey(customer, codes[0]!, now)).toEqual({ ok: false, code: 'secondCodeWrong' })
  })

  it('is allowed for a while, in the session of the code alone', async () => {
    const allowed = await allowPasskey(customer, codes[0]!, now)
    const kept = JSON.stringify(allowed.ok && allowed.value)
    expect(mayAddPasskey(customer, kept, later(599))).toBe(true)
    expect(mayAddPasskey(customer, kept, later(600))).toBe(false)
    const again = (await findSession(await beginSession(db, account.id, device, now, true), now))!
    expect(mayAddPasskey(again, kept, now)).toBe(false)
    expect(mayAddPasskey(customer, undefined, now)).toBe(false)
  })

  it('is not done once the second step is off: nothing may lie there that would pass the next one', async () => {
    const asked = newChallenge(now)
    const given = { response: new Authenticator(origin).create(asked.challenge), name: 'x' }
    expect(await allowPasskey(customer, codes[0]!, now)).toMatchObject({ ok: true })
    expect(await turnOffTwoFactor(customer, codes[1]!, now)).toMatchObject({ ok: true })
    expect(await addPasskey(customer, asked, given, now)).toEqual({ ok: false, code: 'passkeyRefused' })
    expect(await db.$count(passkeys, eq(passkeys.accountId, account.id))).toBe(0)
  })

  it('stores the key, tells its owner, and asks no device twice', async () => {
    const key = await withPasskey()
    expect(await listPasskeys(customer)).toEqual([
      { id: key.id.toString('base64url'), name: 'Phone', createdAt: now, lastUsedAt: null },
    ])
    expect((await listOutbox(1))[0]).toMatchObject({ to: account.email, subject: 'A passkey has been added' })
    const options = await creationOptions(customer, newChallenge(now))
    expect(options.excludeCredentials?.map(({ id }) => id)).toEqual([key.id.toString('base64url')])
    expect(JSON.stringify(options)).not.toContain(account.personalNumber)
  })

  it.each<[string, Says]>([
    ['of another site', { origin: ELSEWHERE }],
    ['of another host', { host: 'drita.example.net' }],
    ['whose owner the device has not checked', { verified: false }],
    // Checking one fetches whatever addresses stand in it.
    ['with certificates of a maker', { maker: testSigner('current') }],
  ])('refuses one %s', async (_, says) => {
    const asked = newChallenge(now)
    const response = new Authenticator(origin).create(asked.challenge, says)
    expect(await addPasskey(customer, asked, { response, name: 'x' }, now)).toEqual({
      ok: false,
      code: 'passkeyRefused',
    })
    expect(await listPasskeys(customer)).toEqual([])
  })

  it.each([
    '',
    '{}',
    '[]',
    'null',
    '{"id":1,"response":{}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
  ])('refuses what is none: %s', async response => {
    expect(await addPasskey(customer, newChallenge(now), { response, name: 'x' }, now)).toMatchObject({
      ok: false,
    })
  })

  it('refuses another challenge, one of long ago, and one that was used', async () => {
    const key = new Authenticator(origin)
    const [asked, other] = [newChallenge(now), newChallenge(now)]
    const add = (of: Challenge, response: string, at = now) =>
      addPasskey(customer, of, { response, name: 'x' }, at)
    expect(await add(other, key.create(asked.challenge))).toMatchObject({ ok: false })
    expect(await add(asked, key.create(asked.challenge), later(301))).toMatchObject({ ok: false })
    expect(await add(asked, key.create(asked.challenge))).toMatchObject({ ok: true })
    expect(await add(asked, new Authenticator(origin).create(asked.challenge))).toMatchObject({ ok: false })
  })

  it.each(['usb', { length: 1 }, ['\u0000', 7, 'x'.repeat(1000), 'nfc']])(
    'keeps of the ways to a device those that there are: %j',
    async transports => {
      await withPasskey({ transports })
      const [kept] = await db.select().from(passkeys).where(eq(passkeys.accountId, account.id))
      expect(kept!.transports).toEqual(Array.isArray(transports) ? ['nfc'] : [])
    },
  )

  it('takes no key that somebody else has, and only so many', async () => {
    const key = await withPasskey()
    const other = await somebody()
    const asked = newChallenge(now)
    const given = { response: key.create(asked.challenge), name: 'x' }
    expect(await addPasskey(other.customer, asked, given, now)).toMatchObject({ ok: false })
    for (let n = 1; n < MOST_PASSKEYS; n++) await withPasskey()
    expect(await allowPasskey(customer, codes[0]!, now)).toEqual({ ok: false, code: 'tooManyPasskeys' })
  })
})

describe('signing in', () => {
  it('takes what it signed, instead of a code', async () => {
    const key = await withPasskey()
    const options = await passkeyOptions(await waiting(), newChallenge(now), now)
    expect(options?.allowCredentials?.map(({ id }) => id)).toEqual([key.id.toString('base64url')])
    const result = await signIn(key)
    expect(result).toMatchObject({ ok: true, value: { twoFactor: true } })
    expect((await listPasskeys(customer))[0]!.lastUsedAt).toEqual(now)
    const other = await somebody()
    expect(await passkeyOptions(await waiting(other.account), newChallenge(now), now)).toBeUndefined()
  })

  it.each<[string, Says]>([
    ['for another site', { origin: ELSEWHERE }],
    ['for another host', { host: 'drita.example.net' }],
    ['without its owner', { verified: false }],
  ])('refuses what it signed %s', async (_, says) => {
    expect(await signIn(await withPasskey(), says)).toEqual({ ok: false, code: 'wrong' })
  })

  it('refuses another challenge, one of long ago, one that was used, and the passkey of somebody else', async () => {
    const key = await withPasskey()
    const asked = newChallenge(now)
    const other = key.get(newChallenge(now).challenge)
    expect(await signInWithPasskey(await waiting(), asked, other, device, now)).toMatchObject({ ok: false })
    expect(await signIn(key, {}, asked)).toMatchObject({ ok: false })
    expect(await signIn(key, {}, newChallenge(later(-301)))).toMatchObject({ ok: false })
    const fresh = newChallenge(now)
    const response = key.get(fresh.challenge)
    const stranger = await somebody()
    const ofStranger = await waiting(stranger.account)
    expect(await signInWithPasskey(ofStranger, fresh, response, device, now)).toMatchObject({ ok: false })
    expect(await signIn(key)).toMatchObject({ ok: true })
  })

  it.each(['{"id":"\\u0000"}', '{"id":{"toString":1}}', 'null', '7'])(
    'refuses what is none: %s',
    async response => {
      const result = signInWithPasskey(await waiting(), newChallenge(now), response, device, now)
      expect(await result).toEqual({ ok: false, code: 'wrong' })
    },
  )

  it('of two at once with one signature one passes', async () => {
    const key = await withPasskey()
    const asked = newChallenge(now)
    const response = key.get(asked.challenge)
    const begun = await waiting()
    const both = await Promise.all([1, 2].map(() => signInWithPasskey(begun, asked, response, device, now)))
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
  })

  it('takes a counter that stays 0; one that goes back is written down', async () => {
    const still = await withPasskey()
    for (const _ of [1, 2]) expect(await signIn(still)).toMatchObject({ ok: true })
    const went = async () => db.$count(auditEvents, eq(auditEvents.action, 'passkey.counter-back'))
    const before = await went()
    const counting = await withPasskey({ counter: 4 })
    expect(await signIn(counting, { counter: 5 })).toMatchObject({ ok: true })
    expect(await went()).toBe(before)
    expect(await signIn(counting, { counter: 3 })).toMatchObject({ ok: true })
    expect(await went()).toBe(before + 1)
  })

  it('is guessed at no more often than a code', async () => {
    const key = await withPasskey()
    const begun = await waiting()
    const guess = () => signInWithPasskey(begun, newChallenge(now), key.get('AAAA'), device, now)
    for (let n = 0; n < 5; n++) expect(await guess()).toMatchObject({ code: 'wrong' })
    expect(await guess()).toMatchObject({ code: 'wait' })
  })
})

describe('the end of one', () => {
  it('removes one’s own alone', async () => {
    const key = await withPasskey()
    const id = key.id.toString('base64url')
    const { customer: stranger } = await somebody()
    await removePasskey(stranger, id, now)
    expect(await listPasskeys(customer)).toHaveLength(1)
    await removePasskey(customer, id, now)
    expect(await listPasskeys(customer)).toEqual([])
    expect(await signIn(key)).toMatchObject({ ok: false })
  })

  it('goes with the second step, and with the account', async () => {
    await withPasskey()
    expect(await turnOffTwoFactor(customer, codes[0]!, now)).toMatchObject({ ok: true })
    expect(await listPasskeys(customer)).toEqual([])
    const other = await somebody()
    const asked = newChallenge(now)
    const given = { response: new Authenticator(origin).create(asked.challenge), name: 'x' }
    await addPasskey(other.customer, asked, given, now)
    expect(await deleteOwnAccount(other.customer, other.codes[0], now)).toMatchObject({ ok: true })
    expect(await db.$count(passkeys, eq(passkeys.accountId, other.account.id))).toBe(0)
  })

  it('forgets challenges that nobody can use any more', async () => {
    await withPasskey()
    expect(await db.$count(usedPasskeyChallenges)).toBeGreaterThan(0)
    await forgetAccountData(db, later(601))
    expect(await db.$count(usedPasskeyChallenges)).toBe(0)
  })
})

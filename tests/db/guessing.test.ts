// Guessing: a thousand tries at a password and at a code get nowhere, and lock nobody out for good.
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import type { accounts } from '../../db/schema/accounts.ts'
import { rateLimits } from '../../db/schema/limits.ts'
import { requestPasswordReset } from '../../lib/accounts/passwords.ts'
import { signInWithCode, signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import { codeAt, newSecret } from '../../lib/auth/totp.ts'
import { addSecret } from '../../lib/auth/two-factor.ts'
import { countTries, countTry, forgetTries, returnTry } from '../../lib/platform/rate-limits.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount } from '../support/people.ts'

process.env.LIMIT_SIGN_INS_PER_HOUR = '20'
const db = await testDatabase()
const PASSWORD = 'Portokall 7'
const GUESSES = 1000
const now = new Date()
const own = { userAgent: 'own', address: '192.0.2.1', key: 'the owner’s browser' }
/** Another address and another browser for every guess. */
const stranger = (turn: number) => ({
  userAgent: 'stranger',
  address: `198.51.${turn >> 8}.${turn & 255}`,
  key: `browser ${turn}`,
})
let account: typeof accounts.$inferSelect
let secret: string

beforeAll(async () => {
  account = await makeAccount(db, { passwordHash: await hashPassword(PASSWORD) })
  secret = newSecret()
})

/** Lets time pass for all limits. */
const pass = (seconds: number) =>
  db.update(rateLimits).set({ expire: sql`${rateLimits.expire} - ${seconds * 1000}` })

/** The answers to guesses that come all at once, ten at a time. */
async function guess<Answer>(count: number, one: (turn: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let turn = 0; turn < count; turn += 10) {
    answers.push(...(await Promise.all(Array.from({ length: 10 }, (_, i) => one(turn + i)))))
  }
  return answers
}

/** Wrong passwords, without the cost of checking them. */
const failedFrom = (count: number, address: (turn: number) => string) =>
  guess(count, turn =>
    countTry({ name: 'sign-in-address', points: 100, seconds: 900 }, { address: address(turn) }),
  )

const counted = (answers: { ok: boolean; code?: string }[]) => ({
  wrong: answers.filter(answer => answer.code === 'wrong').length,
  wait: answers.filter(answer => answer.code === 'wait').length,
  ok: answers.filter(answer => answer.ok).length,
})

describe('a thousand guesses at a password, each from another address', () => {
  it.runIf(process.env.DEEP)(
    'are heard ten times, the right one among the rest too; the owner comes in by the own browser',
    async () => {
      expect(await signInWithPassword(account.username, PASSWORD, own, now)).toMatchObject({ ok: true })
      const answers = await guess(GUESSES, turn =>
        signInWithPassword(account.username, turn < 500 ? `Guess ${turn}` : PASSWORD, stranger(turn), now),
      )
      expect(counted(answers)).toEqual({ wrong: 10, wait: GUESSES - 10, ok: 0 })
      const elsewhere = { ...stranger(5000), address: '192.0.2.2' }
      expect(await signInWithPassword(account.username, PASSWORD, elsewhere, now)).toMatchObject({
        code: 'wait',
      })
      // Which lets the owner in elsewhere, too.
      expect(await signInWithPassword(account.username, PASSWORD, own, now)).toMatchObject({ ok: true })
      expect(await signInWithPassword(account.username, PASSWORD, elsewhere, now)).toMatchObject({ ok: true })
      const phone = { ...stranger(5001), address: '192.0.2.3' }
      await guess(20, turn => signInWithPassword(account.phone, 'Guess 1', stranger(turn), now))
      expect(await signInWithPassword(account.phone, PASSWORD, phone, now)).toMatchObject({ code: 'wait' })
      await pass(15 * 60)
      expect(await signInWithPassword(account.phone, PASSWORD, phone, now)).toMatchObject({ ok: true })
    },
    60_000,
  )

  it('are answered the same where there is no account', async () => {
    const answers = await guess(40, turn => signInWithPassword('nobody', 'Guess 1', stranger(turn), now))
    expect(counted(answers)).toEqual({ wrong: 10, wait: 30, ok: 0 })
  })

  it.runIf(process.env.DEEP)('from one address are heard a hundred times, whoever they are at', async () => {
    const answers = await guess(120, turn =>
      signInWithPassword(`nobody${turn}`, 'Guess 1', { userAgent: null, address: '203.0.113.9' }, now),
    )
    expect(counted(answers)).toEqual({ wrong: 100, wait: 20, ok: 0 })
  })
})

it('a thousand guesses at a code are heard five times; after the wait the owner comes in', async () => {
  await addSecret(db, account.id, secret, now, now)
  const result = await signInWithPassword(account.username, PASSWORD, own, now)
  const waiting = result.ok && 'waiting' in result.value ? result.value.waiting : ''
  const right = codeAt(secret, now)
  const guesses = Array.from({ length: GUESSES }, (_, turn) => String(turn * 997).padStart(6, '0'))
  const answers = await guess(GUESSES, turn =>
    signInWithCode(waiting, turn < 10 ? 'x' : guesses[turn]!, stranger(turn), now),
  )
  expect(counted(answers)).toEqual({ wrong: 5, wait: GUESSES - 5, ok: 0 })
  expect(await signInWithCode(waiting, right, stranger(6000), now)).toMatchObject({ code: 'wait' })
  await pass(15 * 60)
  expect(await signInWithCode(waiting, right, stranger(6000), now)).toMatchObject({ ok: true })
}, 60_000)

describe('waits', () => {
  const limit = { name: 'test', points: 2, seconds: 60, longestSeconds: 300 }
  const tooMany = async (key: string) => {
    for (let turn = 0; turn < limit.points; turn += 1) expect(await countTry(limit, key)).toBe(0)
    return countTry(limit, key)
  }

  it('grow twofold to the longest, and shrink again after a day or a success', async () => {
    for (const seconds of [60, 120, 240, 300, 300]) {
      expect(await tooMany('a')).toBe(seconds)
      // Trying on makes it no longer.
      expect(await countTry(limit, 'a')).toBeLessThanOrEqual(seconds)
      await pass(seconds)
    }
    await pass(24 * 3600)
    expect(await tooMany('a')).toBe(60)
    await pass(60)
    expect(await tooMany('a')).toBe(120)
    await forgetTries(limit, 'a')
    expect(await tooMany('a')).toBe(60)
  })

  it('grow once for guesses that come all at once', async () => {
    const waited = await Promise.all(Array.from({ length: 50 }, () => countTry(limit, 'b')))
    expect(waited.filter(seconds => seconds === 0)).toHaveLength(2)
    await pass(60)
    expect(await tooMany('b')).toBe(120)
  })

  it('are of the first limit that refuses: what comes after it is not counted', async () => {
    const narrow = { name: 'narrow', points: 2, seconds: 60 }
    const wide = { name: 'wide', points: 3, seconds: 60 }
    const both = () => countTries([narrow, 'x'], [wide, 'x'])
    for (let turn = 0; turn < 2; turn += 1) expect(await both()).toEqual({ seconds: 0 })
    for (let turn = 0; turn < 5; turn += 1) expect((await both()).met).toBe(narrow)
    expect(await countTry(wide, 'x')).toBe(0)
    expect(await countTry(wide, 'x')).toBeGreaterThan(0)
    await forgetTries(narrow, 'x')
    expect(await both()).toEqual({ seconds: expect.any(Number), met: wide })
  })

  it('do not begin by tries that are given back', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      expect(await countTry(limit, 'c')).toBe(0)
      await returnTry(limit, 'c')
    }
  })
})

describe('one customer’s IPv6 network', () => {
  const limit = { name: 'ipv6', points: 5, seconds: 60 }
  const allowed = async (addresses: string[]) => {
    let count = 0
    for (const address of addresses) if ((await countTry(limit, { address })) === 0) count += 1
    return count
  }
  const addressesOf = (network: string, count: number) =>
    Array.from({ length: count }, (_, turn) => `${network}:${turn.toString(16)}::${turn + 2}`)

  it('is one address, whichever of its 2^64 a try comes from; a /48 may do ten times as much', async () => {
    expect(await allowed(Array.from({ length: 20 }, (_, turn) => `2001:db8:1:1:${turn}::1`))).toBe(5)
    // 5 are used up in that /48; what was refused is not counted for it.
    expect(await allowed(addressesOf('2001:db8:1', 100).slice(2))).toBe(45)
    expect(await allowed(['2001:db8:2:1::1'])).toBe(1)
  })

  it('is one address for guesses at passwords, too', async () => {
    const from = (turn: number) => `2001:db8:3:4:${turn.toString(16)}:${turn}::1`
    await failedFrom(100, from)
    const device = { userAgent: null, address: from(101) }
    expect(await signInWithPassword('nobody6', 'Guess 1', device, now)).toMatchObject({ code: 'wait' })
  })
})

describe('a carrier’s address, which hundreds of customers have', () => {
  const address = '198.18.0.1'
  const wrongGuess = (turn: number, name = `victim${turn}`) =>
    signInWithPassword(name, 'Guess 1', { userAgent: null, address, key: `phone ${turn}` }, now)

  it('strangers who guess there keep out no known device, and a stranger’s right password clears nothing of theirs', async () => {
    const known = { userAgent: 'own', address, key: 'known phone' }
    const owner = await makeAccount(db, { passwordHash: await hashPassword(PASSWORD) })
    expect(await signInWithPassword(owner.username, PASSWORD, known, now)).toMatchObject({ ok: true })
    const stranger = await makeAccount(db, { passwordHash: owner.passwordHash })

    await failedFrom(90, () => address)
    const signsIn = { userAgent: null, address, key: 'a stranger’s phone' }
    for (const key of [undefined, signsIn.key, signsIn.key]) {
      expect(await signInWithPassword(stranger.username, PASSWORD, { ...signsIn, key }, now)).toMatchObject({
        ok: true,
      })
    }
    expect(counted(await guess(20, turn => wrongGuess(turn)))).toEqual({ wrong: 10, wait: 10, ok: 0 })

    expect(await signInWithPassword(owner.username, PASSWORD, known, now)).toMatchObject({ ok: true })
    expect(
      await signInWithPassword(stranger.username, PASSWORD, { ...signsIn, key: undefined }, now),
    ).toEqual({ ok: false, code: 'wait', seconds: expect.any(Number) })
    expect(await wrongGuess(200)).toMatchObject({ code: 'wait' })
    // Its waits do not grow.
    await pass(15 * 60)
    expect(await wrongGuess(201)).toEqual({ ok: false, code: 'wrong' })
  })

  it('guesses at one account there use up nothing of what the others may do', async () => {
    await pass(15 * 60)
    const answers = await guess(120, turn => wrongGuess(turn, 'hammered'))
    expect(counted(answers)).toEqual({ wrong: 10, wait: 110, ok: 0 })
    expect(await wrongGuess(1, 'another')).toEqual({ ok: false, code: 'wrong' })
  })
})

it('an account with a stranger’s unverified address clears no guesses at the stranger’s', async () => {
  const victim = await makeAccount(db, { passwordHash: await hashPassword(PASSWORD) })
  const thief = await makeAccount(db, {
    passwordHash: victim.passwordHash,
    email: victim.email,
    emailVerifiedAt: null,
  })
  const from = (turn: number) => ({ userAgent: null, address: `198.19.0.${turn}` })
  let heard = 0
  for (let turn = 0; turn < 15; turn += 1) {
    const guessed = await signInWithPassword(victim.email, 'Guess 1', from(turn), now)
    if (!guessed.ok && guessed.code === 'wrong') heard += 1
    expect(await signInWithPassword(thief.username, PASSWORD, from(turn), now)).toMatchObject({ ok: true })
  }
  expect(heard).toBe(10)
})

it('whoever has the password signs in twenty times an hour, and keeps no known browser out; wrong ones take none', async () => {
  const owner = await makeAccount(db, { passwordHash: account.passwordHash })
  const at = (turn: number) => ({ userAgent: null, address: `198.19.1.${turn}` })
  const own = { ...at(0), key: 'the owner’s' }
  expect(await signInWithPassword(owner.username, PASSWORD, own, now)).toMatchObject({ ok: true })
  for (let turn = 0; turn < 5; turn += 1) await signInWithPassword(owner.username, 'Guess 1', at(turn), now)
  let entered = 0
  for (let turn = 0; turn < 22; turn += 1) {
    const identifier = turn % 2 === 0 ? owner.username : owner.phone
    const result = await signInWithPassword(identifier, PASSWORD, at(turn), now)
    if (result.ok) entered += 1
    else expect(result).toMatchObject({ code: 'wait' })
  }
  // The first was the known browser's, from when it was new.
  expect(entered).toBe(19)
  expect(await signInWithPassword(owner.username, PASSWORD, own, now)).toMatchObject({ ok: true })
}, 20_000)

it('nine browsers that sign in to one account from one address at once do not block each other', async () => {
  const owner = await makeAccount(db, { passwordHash: account.passwordHash })
  const devices = Array.from({ length: 9 }, (_, turn) => ({
    userAgent: null,
    address: '2001:db8:7:1::1',
    key: turn % 2 === 0 ? undefined : `browser ${turn}`,
  }))
  for (let round = 0; round < 2; round += 1) {
    const answers = await Promise.all(
      devices.map((device, turn) =>
        signInWithPassword(turn % 3 === 0 ? owner.phone : owner.username, PASSWORD, device, now),
      ),
    )
    expect(counted(answers)).toEqual({ ok: 9, wait: 0, wrong: 0 })
  }
})

it('a browser that is known, as a former partner’s may be, asks for ten new passwords a day', async () => {
  const owner = await makeAccount(db, { passwordHash: await hashPassword(PASSWORD) })
  expect(await signInWithPassword(owner.username, PASSWORD, own, now)).toMatchObject({ ok: true })
  const answers: boolean[] = []
  for (let hour = 0; hour < 4; hour++) {
    for (let time = 0; time < 5; time++) answers.push((await requestPasswordReset(owner.username, own)).ok)
    await pass(3601)
  }
  expect(answers.filter(Boolean)).toHaveLength(10)
})

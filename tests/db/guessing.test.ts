// Guessing: a thousand tries at a password and at a code get nowhere, and lock nobody out for good.
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import type { accounts } from '../../db/schema/accounts.ts'
import { rateLimits } from '../../db/schema/limits.ts'
import { signInWithCode, signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import { addSecret } from '../../lib/auth/second-step.ts'
import { codeAt, newSecret } from '../../lib/auth/totp.ts'
import { countTry, forgetTries, returnTry } from '../../lib/platform/rate-limits.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount } from '../support/people.ts'

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

const counted = (answers: { ok: boolean; code?: string }[]) => ({
  wrong: answers.filter(answer => answer.code === 'wrong').length,
  wait: answers.filter(answer => answer.code === 'wait').length,
  ok: answers.filter(answer => answer.ok).length,
})

describe('a thousand guesses at a password, each from another address', () => {
  it('are heard ten times, the right one among the rest too; the owner comes in by the own browser', async () => {
    expect(await signInWithPassword(account.username, PASSWORD, own, now)).toMatchObject({ ok: true })
    const answers = await guess(GUESSES, turn =>
      signInWithPassword(account.username, turn < 500 ? `Guess ${turn}` : PASSWORD, stranger(turn), now),
    )
    expect(counted(answers)).toEqual({ wrong: 10, wait: GUESSES - 10, ok: 0 })
    expect(await signInWithPassword(account.username, PASSWORD, own, now)).toMatchObject({ ok: true })
    const elsewhere = { ...stranger(5000), address: '192.0.2.2' }
    expect(await signInWithPassword(account.username, PASSWORD, elsewhere, now)).toMatchObject({
      code: 'wait',
    })
    await pass(15 * 60)
    expect(await signInWithPassword(account.username, PASSWORD, elsewhere, now)).toMatchObject({ ok: true })
  }, 60_000)

  it('are answered the same where there is no account', async () => {
    const answers = await guess(40, turn => signInWithPassword('nobody', 'Guess 1', stranger(turn), now))
    expect(counted(answers)).toEqual({ wrong: 10, wait: 30, ok: 0 })
  })

  it('from one address are heard a hundred times, whoever they are at', async () => {
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

  it('do not begin by tries that are given back', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      expect(await countTry(limit, 'c')).toBe(0)
      await returnTry(limit, 'c')
    }
  })
})

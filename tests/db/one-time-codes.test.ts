// One-time codes and links: against a model of what they promise, and by many at once.
import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { accounts } from '../../db/schema/accounts.ts'
import { oneTimeCodes } from '../../db/schema/auth.ts'
import { undoContactChange } from '../../lib/accounts/contact.ts'
import { changePassword, getResetLink, resetPassword } from '../../lib/accounts/passwords.ts'
import {
  closeCodes,
  findCode,
  findLink,
  issueCode,
  issueUnlessSince,
  takeCode,
  takeLink,
} from '../../lib/auth/one-time-codes.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import { beginSession, findSession } from '../../lib/auth/sessions.ts'
import { fail, ok } from '../../lib/platform/result.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount } from '../support/people.ts'

const db = await testDatabase()
const now = new Date()
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const device = { userAgent: 'test', address: '127.0.0.1' }
const PASSWORD = 'Portokall 7'
const passwordHash = await hashPassword(PASSWORD)
let account: typeof accounts.$inferSelect

beforeEach(async () => {
  account = await makeAccount(db, { passwordHash })
})

const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

/** What a code is, by what was done to it. */
type Model = { code: string; tries: number; expiresAt: number; answer?: number } | undefined

const step = fc.oneof(
  { weight: 2, arbitrary: fc.constant('issue' as const) },
  { weight: 4, arbitrary: fc.constant('right' as const) },
  { weight: 4, arbitrary: fc.constant('wrong' as const) },
  { weight: 1, arbitrary: fc.constant('failing' as const) },
  { weight: 1, arbitrary: fc.constant('close' as const) },
  { weight: 3, arbitrary: fc.constantFrom(60, 300, 601) },
)

it('counts as promised, whatever is done in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async steps => {
      const { id } = await makeAccount(db)
      let model: Model
      let seconds = 0
      let done = 0
      const take = (code: string) =>
        takeCode('phone-code', id, code, later(seconds), async tx => {
          // Taken back where it fails.
          await tx
            .update(accounts)
            .set({ firstName: `Arta ${done + 1}` })
            .where(eq(accounts.id, id))
          done += 1
          return ok(done)
        })
      for (const one of steps) {
        if (typeof one === 'number') seconds += one
        else if (one === 'issue') {
          const { code, minutes } = await issueCode(
            db,
            'phone-code',
            { subject: id, accountId: id, about: 'x' },
            later(seconds),
          )
          model = { code, tries: 0, expiresAt: seconds + minutes * 60 }
        } else if (one === 'close') {
          await db.transaction(tx => closeCodes(tx, id, ['phone-code']))
          if (model && model.answer === undefined) model = undefined
        } else {
          const code = model?.code ?? '123456'
          const dead = !model
            ? 'gone'
            : seconds >= model.expiresAt
              ? 'codeExpired'
              : model.tries >= 5
                ? 'codeTries'
                : undefined
          if (one === 'failing') {
            const failed = await takeCode('phone-code', id, code, later(seconds), async tx => {
              await tx.update(accounts).set({ firstName: 'Nobody' }).where(eq(accounts.id, id))
              return fail('not now')
            })
            if (dead) expect(failed).toEqual({ ok: false, code: dead })
            else if (model?.answer !== undefined)
              expect(failed).toMatchObject({ ok: true, value: model.answer })
            else expect(failed).toEqual({ ok: false, code: 'not now' })
            continue
          }
          const result = await take(one === 'right' ? code : wrong(code))
          if (dead) expect(result).toEqual({ ok: false, code: dead })
          else if (one === 'wrong') {
            model!.tries += 1
            expect(result).toEqual({ ok: false, code: model!.tries >= 5 ? 'codeTries' : 'codeWrong' })
          } else if (model!.answer !== undefined) {
            expect(result).toEqual({ ok: true, value: model!.answer, again: true })
          } else {
            model = { ...model!, answer: done, expiresAt: Math.max(model!.expiresAt, seconds + 600) }
            expect(result).toEqual({ ok: true, value: done })
          }
        }
        const waiting = await findCode(db, 'phone-code', id, later(seconds))
        expect(waiting !== undefined).toBe(
          model !== undefined && model.answer === undefined && seconds < model.expiresAt,
        )
      }
      const [stored] = await db.select().from(accounts).where(eq(accounts.id, id))
      expect(stored!.firstName).toBe(done > 0 ? `Arta ${done}` : 'Arta')
    }),
    { numRuns: process.env.DEEP ? 500 : 25 },
  )
})

describe('by many at once', () => {
  const issue = () =>
    issueCode(db, 'email-code', { subject: account.id, accountId: account.id, about: 'new' }, now)

  it('a code is used once, and all are told what it brought', async () => {
    const { code } = await issue()
    let done = 0
    const results = await Promise.all(
      Array.from({ length: 8 }, () =>
        takeCode('email-code', account.id, code, now, async () => {
          done += 1
          return ok(`done ${done}`)
        }),
      ),
    )
    expect(done).toBe(1)
    expect(results.map(result => result.ok && result.value)).toEqual(Array(8).fill('done 1'))
  })

  it('guesses have five tries together, also at one that was used', async () => {
    const { code } = await issue()
    const guess = () => takeCode('email-code', account.id, wrong(code), now, async () => ok(1))
    await takeCode('email-code', account.id, code, now, async () => ok('a secret'))
    const guesses = await Promise.all(Array.from({ length: 12 }, guess))
    const said = guesses.map(result => (result.ok ? 'ok' : result.code)).sort()
    expect(said).toEqual([...Array(8).fill('codeTries'), ...Array(4).fill('codeWrong')])
    expect(await takeCode('email-code', account.id, code, now, async () => ok(1))).toMatchObject({
      code: 'codeTries',
    })
    expect(JSON.stringify(await db.select().from(oneTimeCodes))).not.toContain('a secret')
  })

  it('is made once where it is not to be made again', async () => {
    const subject = randomUUID()
    const made = await Promise.all(
      Array.from({ length: 6 }, () => issueUnlessSince(db, 'reset-code', { subject }, new Date(0), now)),
    )
    expect(made.filter(Boolean)).toHaveLength(1)
  })

  it('a password that is changed and one that is reset wait for each other, and end in one of the two', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const owner = await makeAccount(db, { passwordHash })
      const own = (await findSession(await beginSession(db, owner.id, device, now), now))!
      const links = await Promise.all(
        [1, 2].map(() => issueCode(db, 'reset-link', { accountId: owner.id }, now)),
      )
      const change = {
        currentPassword: PASSWORD,
        newPassword: 'Kumbulla 99',
        username: owner.username,
      }
      const [changed, ...reset] = await Promise.all([
        changePassword(own, change, now),
        ...links.map(({ code }, index) => resetPassword(code, `Qershi 4${index}`, device, now)),
      ])
      // Whichever came first closed the others' links, and the present password was another's already.
      expect([changed, ...reset].filter(({ ok }) => ok)).toHaveLength(1)
      for (const { code } of links) expect(await getResetLink(code, now)).not.toBe('open')
    }
  })
})

describe('a link', () => {
  it('is of its purpose alone, and none of an account is open once it is closed', async () => {
    const { code } = await issueCode(db, 'verify-email', { accountId: account.id, about: account.email }, now)
    expect(await findLink(['reset-link', 'email-undo'], code, now)).toBeUndefined()
    expect(await takeLink(['reset-link'], code, now, async () => ok(1))).toEqual({ ok: false, code: 'gone' })
    expect(await findLink(['verify-email'], code, later(7 * 86_400 - 1))).toMatchObject({ usedAt: null })
    expect(await findLink(['verify-email'], code, later(7 * 86_400))).toBeUndefined()
    await db.transaction(tx => closeCodes(tx, account.id, ['verify-email'], later(1)))
    expect(await findLink(['verify-email'], code, now)).toBeDefined()
    await db.transaction(tx => closeCodes(tx, account.id, ['verify-email'], now))
    expect(await findLink(['verify-email'], code, now)).toBeUndefined()
  })

  it('that somebody else’s unique value forbids is not used up', async () => {
    const other = await makeAccount(db)
    const { code } = await issueCode(db, 'email-undo', { accountId: account.id, about: other.email }, now)
    expect(await undoContactChange(code, now)).toEqual({ ok: false, code: 'conflict' })
    await db.update(accounts).set({ email: 'elsewhere@example.com' }).where(eq(accounts.id, other.id))
    expect(await undoContactChange(code, now)).toMatchObject({ ok: true })
  })
})

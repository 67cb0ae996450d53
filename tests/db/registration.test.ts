// Registering: the code, who wins a race, and what is stored meanwhile.
import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { accounts, registrations } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { sessions } from '../../db/schema/auth.ts'
import { messages } from '../../db/schema/notifications.ts'
import type { registerForm } from '../../lib/accounts/forms.ts'
import { getRegistration, register, resendCode, verifyRegistration } from '../../lib/accounts/registration.ts'
import { signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { findSession } from '../../lib/auth/sessions.ts'
import { readPhone } from '../../lib/billers/phones.ts'
import { countComparison } from '../../lib/contracts/guesses.ts'
import { listContracts } from '../../lib/contracts/queries.ts'
import type { Input } from '../../lib/forms/form.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { answering } from '../../lib/platform/answering.ts'
import { testDatabase } from '../support/database.ts'
import { makeAccount, makeContract } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2026-11-21T10:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const device = { userAgent: 'test', address: '127.0.0.1' }
type RegisterInput = Input<typeof registerForm>
let round = 0
let input: RegisterInput

beforeEach(async () => {
  round += 1
  const contract = await makeContract(db)
  input = {
    biller: 'kesco',
    contractCode: contract.code,
    firstName: 'Blerta',
    lastName: 'Krasniqi',
    personalNumber: `9${String(round).padStart(5, '0')}1111`,
    username: `blerta${round}`,
    email: `blerta${round}@example.com`,
    phone: `+38344123${String(400 + round)}`,
    password: 'Portokall 7',
    passwordConfirm: 'Portokall 7',
    confirmPersonalNumber: false,
    acceptTerms: true,
  }
})

async function begin(changes: Partial<RegisterInput> = {}, at = now): Promise<string> {
  const result = await register({ ...input, ...changes }, 'sq', at)
  if (!result.ok) throw new Error(result.code)
  return result.value
}

async function lastCode(): Promise<string> {
  const [message] = await listOutbox(1)
  return /\d{6}/.exec(message!.text)![0]
}

const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

describe('registering', () => {
  it('opens an account, signed in, with the contract, by the code from the SMS', async () => {
    const id = await begin()
    const code = await lastCode()
    const result = await verifyRegistration(id, code, device, later(30))
    expect(result).toMatchObject({ ok: true })
    const customer = (await findSession(result.ok ? result.value : '', later(31)))!
    expect(customer).toMatchObject({ username: input.username, language: 'sq' })
    expect((await listContracts(customer)).map(contract => contract.code)).toEqual([input.contractCode])
    const events = await db.select().from(auditEvents).where(eq(auditEvents.accountId, customer.id))
    expect(events.map(event => event.action).sort()).toEqual(['account.opened', 'contract.added'])
    expect(await verifyRegistration(id, wrong(code), device, later(32))).toEqual({
      ok: false,
      code: 'codeWrong',
    })
    expect(await resendCode(id, undefined, later(120))).toEqual({ ok: false, code: 'gone' })
  })

  it('is done once by a code that is sent twice, and both times the browser is signed in to it', async () => {
    const id = await begin()
    const code = await lastCode()
    const results = await Promise.all([1, 2, 3].map(() => verifyRegistration(id, code, device, later(30))))
    results.push(await verifyRegistration(id, code, device, later(120)))
    const sessions = results.map(result => result.ok && result.value)
    expect(new Set(sessions).size).toBe(1)
    expect(await findSession(String(sessions[0]), later(121))).toMatchObject({ username: input.username })
    expect(await verifyRegistration(id, code, { ...device, browser: 'another' }, later(122))).toEqual({
      ok: false,
      code: 'gone',
    })
    expect(await verifyRegistration(id, code, device, later(30 + 601))).toEqual({
      ok: false,
      code: 'codeExpired',
    })
  })

  it('of two people in one browser is each one’s own: a code is the registration’s that it was sent for', async () => {
    const first = await begin()
    const firstCode = await lastCode()
    const second = await begin({
      username: 'another.one',
      personalNumber: '1234567892',
      phone: '+38345333444',
      email: 'another@example.com',
      firstName: 'Çelik',
      lastName: 'Đurić',
    })
    const secondCode = await lastCode()
    if (firstCode !== secondCode) {
      expect(await verifyRegistration(first, secondCode, device, later(1))).toEqual({
        ok: false,
        code: 'codeWrong',
      })
    }
    const opened = await verifyRegistration(first, firstCode, device, later(2))
    expect(await findSession(opened.ok ? opened.value : '', later(3))).toMatchObject({
      username: input.username,
    })
    expect(await getRegistration(second, later(3))).toMatchObject({ phone: '+38345333444' })
  })

  it('stores neither password nor code nor message in clear', async () => {
    await begin()
    const code = await lastCode()
    const stored = JSON.stringify([await db.select().from(registrations), await db.select().from(messages)])
    expect(stored).not.toContain(code)
    expect(stored).not.toContain(input.password)
    expect(stored).toContain('$argon2id$')
  })

  it('refuses an unknown contract, odd numbers and a holder’s number with another name', async () => {
    const holder = await makeAccount(db, {
      firstName: 'Çelik',
      lastName: 'Đurić',
      personalNumber: '1234567892',
    })
    await makeContract(db, { holder })
    await db.delete(accounts).where(eq(accounts.id, holder.id))
    const failure = async (changes: Partial<RegisterInput>) => {
      const result = await register({ ...input, ...changes }, 'sq', now)
      return result.ok ? 'ok' : result.code
    }
    expect(await failure({ contractCode: 'DPR-99999' })).toBe('detailsMismatch')
    expect(await failure({ personalNumber: '1234567893', confirmPersonalNumber: true })).toBe('ok')
    expect(await failure({ personalNumber: '1234567892' })).toBe('detailsMismatch')
    expect(await failure({ personalNumber: '1234567892', firstName: 'celik', lastName: 'DURIC' })).toBe('ok')
  })

  it.each(['personalNumber', 'username', 'email', 'phone'] as const)(
    'tells a taken %s without naming it',
    async field => {
      const other = await makeAccount(db)
      expect(await register({ ...input, [field]: other[field] }, 'sq', now)).toEqual({
        ok: false,
        code: 'conflict',
      })
    },
  )

  it('takes an e-mail address that nobody has verified for nobody’s', async () => {
    await makeAccount(db, { email: input.email, emailVerifiedAt: null })
    expect(await register(input, 'sq', now)).toMatchObject({ ok: true })
  })

  it('reserves nothing before the code: of two with the same details the first code wins', async () => {
    const first = await begin()
    const firstCode = await lastCode()
    const second = await begin()
    const secondCode = await lastCode()
    const results = await Promise.all([
      verifyRegistration(first, firstCode, device, later(1)),
      verifyRegistration(second, secondCode, device, later(1)),
    ])
    expect(results.filter(result => result.ok)).toHaveLength(1)
    expect(results.filter(result => !result.ok)).toEqual([{ ok: false, code: 'conflict' }])
    expect(await db.select().from(accounts).where(eq(accounts.username, input.username))).toHaveLength(1)
  })
})

describe('the code', () => {
  it('is refused after five wrong ones, though it is right then', async () => {
    const id = await begin()
    const code = await lastCode()
    const answers: string[] = []
    for (let turn = 0; turn < 5; turn += 1) {
      const result = await verifyRegistration(id, wrong(code), device, later(1))
      answers.push(result.ok ? 'ok' : result.code)
    }
    expect(answers).toEqual(['codeWrong', 'codeWrong', 'codeWrong', 'codeWrong', 'codeTries'])
    expect(await verifyRegistration(id, code, device, later(2))).toEqual({ ok: false, code: 'codeTries' })
  })

  it('cannot be guessed faster by trying from many connections at once', async () => {
    const id = await begin()
    const code = await lastCode()
    const guesses = await Promise.all(
      Array.from({ length: 20 }, () => verifyRegistration(id, wrong(code), device, later(1))),
    )
    expect(guesses.filter(result => !result.ok && result.code === 'codeWrong')).toHaveLength(4)
  })

  it('expires after ten minutes', async () => {
    const id = await begin()
    expect(await verifyRegistration(id, await lastCode(), device, later(601))).toEqual({
      ok: false,
      code: 'codeExpired',
    })
  })

  it('is sent again after a minute, to a corrected number too, and the old one is worth nothing then', async () => {
    const id = await begin()
    const old = await lastCode()
    expect(await resendCode(id, undefined, later(30))).toEqual({ ok: false, code: 'tooSoon', seconds: 30 })
    expect(await resendCode(id, 'nonsense', later(61))).toEqual({ ok: false, code: 'phoneForm' })
    expect(await resendCode(id, '045 111 222', later(61))).toMatchObject({ ok: true })
    const [message] = await listOutbox(1)
    expect(message!.to).toBe('+38345111222')
    const fresh = await lastCode()
    if (old !== fresh)
      expect(await verifyRegistration(id, old, device, later(62))).toMatchObject({ ok: false })
    expect(await verifyRegistration(id, fresh, device, later(63))).toMatchObject({ ok: true })
  })
})

describe('signing in', () => {
  it('takes username, phone and a verified e-mail, and nothing else', async () => {
    const id = await begin()
    await verifyRegistration(id, await lastCode(), device, later(1))
    expect(await signInWithPassword(input.email, input.password, device, later(2))).toMatchObject({
      code: 'wrong',
    })
    await db
      .update(accounts)
      .set({ emailVerifiedAt: later(2) })
      .where(eq(accounts.email, input.email))
    for (const identifier of [
      input.username.toUpperCase(),
      input.email.toUpperCase(),
      input.phone,
      `0${input.phone.slice(4)}`,
    ]) {
      expect(await signInWithPassword(identifier, input.password, device, later(2))).toMatchObject({
        ok: true,
      })
    }
    expect(await signInWithPassword(input.username, 'Portokall 8', device, later(2))).toEqual({
      ok: false,
      code: 'wrong',
    })
    expect(await signInWithPassword('nobody', input.password, device, later(2))).toEqual({
      ok: false,
      code: 'wrong',
    })
    expect(await signInWithPassword(input.personalNumber, input.password, device, later(2))).toMatchObject({
      ok: false,
    })
  })

  it('before the code was entered leads back to it, by the right password alone', async () => {
    const id = await begin()
    for (const identifier of [input.username, input.phone]) {
      expect(await signInWithPassword(identifier, input.password, device, later(1))).toEqual({
        ok: true,
        value: { registration: id },
      })
    }
    expect(await signInWithPassword(input.username, 'Portokall 8', device, later(1))).toMatchObject({
      ok: false,
    })
    expect(await signInWithPassword(input.username, input.password, device, later(86_401))).toMatchObject({
      ok: false,
    })
  })

  it('before the code: somebody who registers later with the same details hides nobody', async () => {
    const stranger = 'Dardhe 2 deti'
    const first = await begin()
    let newest = ''
    for (let turn = 1; turn <= 3; turn += 1) {
      const phone = `+383447${turn}00${String(round).padStart(2, '0')}`
      const personalNumber = `9${turn}${input.personalNumber.slice(2)}`
      newest = await begin({ password: stranger, phone, personalNumber }, later(turn))
    }
    const signIn = (password: string) => signInWithPassword(input.username, password, device, later(4))
    expect(await signIn(input.password)).toEqual({ ok: true, value: { registration: first } })
    expect(await signIn(stranger)).toEqual({ ok: true, value: { registration: newest } })
    expect(await signIn('Portokall 8')).toEqual({ ok: false, code: 'wrong' })
  })

  it('makes guessers wait, whether or not the account exists', async () => {
    for (const identifier of [`guessed${round}`, `+3834955${round}111`]) {
      let last: Awaited<ReturnType<typeof signInWithPassword>> | undefined
      for (let turn = 0; turn < 11; turn += 1) last = await signInWithPassword(identifier, 'x', device, now)
      expect(last).toMatchObject({ ok: false, code: 'wait' })
    }
  })
})

describe('sessions', () => {
  it('open nothing once revoked, expired or idle too long', async () => {
    const id = await begin()
    const result = await verifyRegistration(id, await lastCode(), device, now)
    const sessionId = result.ok ? result.value : ''
    const days = (count: number) => later(count * 86_400)
    expect(await findSession(sessionId, days(6))).toBeDefined()
    expect(await findSession(sessionId, days(12))).toBeDefined()
    expect(await findSession(sessionId, days(20))).toBeUndefined()
    await db.update(sessions).set({ lastUsedAt: days(29) })
    expect(await findSession(sessionId, days(31))).toBeUndefined()
    await db.update(sessions).set({ revokedAt: now })
    expect(await findSession(sessionId, later(1))).toBeUndefined()
    expect(await findSession('not-a-session', now)).toBeUndefined()
  })
})

it('floods no phone with codes: so many an hour to a number, however it is written and whoever registers', async () => {
  const again = (phone: string, turn: number) =>
    register({ ...input, phone, username: `${input.username}x${turn}` }, 'sq', now)
  const written = ['+383 45 999 888', '045999888', '+383-45-999-888', '00383 45 999888']
  const sent = () => db.$count(messages, eq(messages.kind, 'registration-code'))
  const before = await sent()
  for (let turn = 0; turn < 4; turn += 1) {
    expect(await again(readPhone(written[turn]!, 'kesco')!, turn)).toMatchObject({ ok: true })
  }
  const id = await begin({ phone: '+38345999888' })
  expect(await again('+38345999888', 9)).toMatchObject({ ok: false, code: 'wait' })
  expect(await resendCode(id, undefined, later(61))).toMatchObject({ ok: false, code: 'wait' })
  expect(await resendCode(id, '+383 45 999 888', later(61))).toMatchObject({ ok: false, code: 'wait' })
  expect((await sent()) - before).toBe(5)
})

describe('names cannot be guessed for a personal number', () => {
  const names = ['Arta', 'Blerta', 'Drita', 'Elira', 'Fatime', 'Genta', 'Hana', 'Ilire', 'Jeta', 'Kaltrina']
  const attempt = (changes: Partial<RegisterInput>) => register({ ...input, ...changes }, 'sq', now)

  it('one answer for a wrong name, an unknown contract and both; ten tries an hour, wherever they come from', async () => {
    const number = '1012345670'
    const holder = await makeAccount(db, { firstName: 'Zana', lastName: 'Gashi', personalNumber: number })
    await makeContract(db, { holder })
    await db.delete(accounts).where(eq(accounts.id, holder.id))
    const contracts = await Promise.all(names.map(() => makeContract(db)))
    for (const [turn, firstName] of names.entries()) {
      // Each try at another contract, every third at none.
      const contractCode = turn % 3 === 2 ? `DPR-9000${turn}` : contracts[turn]!.code
      expect(await attempt({ personalNumber: number, firstName, contractCode })).toEqual({
        ok: false,
        code: 'detailsMismatch',
      })
    }
    // The right name is not heard any more, and a number that nobody has is answered the same.
    const right = { personalNumber: number, firstName: 'Zana', lastName: 'Gashi' }
    expect(await attempt(right)).toMatchObject({ ok: false, code: 'wait' })
    const unknown = { personalNumber: '9000007777', contractCode: 'DPR-90099' }
    for (let turn = 0; turn < 10; turn += 1) {
      expect(await attempt(unknown)).toEqual({ ok: false, code: 'detailsMismatch' })
    }
    expect(await attempt(unknown)).toMatchObject({ ok: false, code: 'wait' })
  })

  it('nor numbers for a contract, nor who is registered: ten an hour for one contract', async () => {
    const other = await makeAccount(db)
    for (let turn = 0; turn < 10; turn += 1) {
      const personalNumber = `9${String(turn).padStart(4, '0')}22222`
      expect(await attempt({ personalNumber, email: other.email })).toEqual({ ok: false, code: 'conflict' })
    }
    expect(await attempt({ personalNumber: '9999933333' })).toMatchObject({ ok: false, code: 'wait' })
  })

  it('nor does who guesses at an address keep the person out elsewhere; from everywhere, fifty an hour', async () => {
    const typed = { biller: 'kesco' as const, contractCode: 'DPR-90555', personalNumber: '9999944444' }
    const from = (address: string) =>
      answering.run({ unreadable: false, unavailable: false, address }, () => countComparison(typed))
    for (let network = 1; network <= 5; network += 1) {
      for (let turn = 0; turn < 10; turn += 1) expect(await from(`192.0.2.${network}`)).toBe(0)
      expect(await from(`192.0.2.${network}`)).toBeGreaterThan(0)
    }
    expect(await from('192.0.2.6')).toBeGreaterThan(0)
  })
})

// An e-mail address counts once it is verified: nothing personal goes there before, it neither signs in nor is taken.
import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { accounts } from '../../db/schema/accounts.ts'
import { ownDataExports } from '../../db/schema/own-data.ts'
import { deleteOwnAccount } from '../../lib/accounts/closing.ts'
import { applyContactChange, requestContactChange, undoContactChange } from '../../lib/accounts/contact.ts'
import { rememberDevice } from '../../lib/accounts/devices.ts'
import { getVerification, requestVerification, verifyEmail } from '../../lib/accounts/email-verification.ts'
import {
  changePassword,
  checkResetCode,
  getResetLink,
  startPasswordReset,
} from '../../lib/accounts/passwords.ts'
import { register, verifyRegistration } from '../../lib/accounts/registration.ts'
import { signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import { beginSession, type Customer, findSession } from '../../lib/auth/sessions.ts'
import { removeTwoFactor } from '../../lib/auth/two-factor.ts'
import { findEarlierRegistrations } from '../../lib/cases/kinds/dispute.ts'
import { addContractAccess } from '../../lib/contracts/commands.ts'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { makeExport, requestExport } from '../../lib/own-data/copy.ts'
import { seal } from '../../lib/platform/seal.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract } from '../support/people.ts'

const db = await testDatabase()
const PASSWORD = 'Portokall 7'
const device = { userAgent: 'test', address: '192.0.2.1', key: 'own' }
const now = new Date()
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
let account: typeof accounts.$inferSelect
let customer: Customer

beforeEach(async () => {
  account = await makeAccount(db, { passwordHash: await hashPassword(PASSWORD), emailVerifiedAt: null })
  customer = await customerOf(account)
})

const customerOf = async ({ id }: { id: string }) =>
  (await findSession(await beginSession(db, id, device, now), now))!
const mailsTo = async (email: string) => (await listOutbox(500)).filter(message => message.to === email)
const newest = async () => (await listOutbox(1))[0]!
const stored = async () => (await db.select().from(accounts).where(eq(accounts.id, account.id)))[0]!
const tokenIn = (text: string) => /\/account\/contact\/verify\/([\w-]+)/.exec(text)![1]!

async function verificationToken(of: Customer = customer): Promise<string> {
  await requestVerification(of, now)
  return tokenIn((await newest()).text)
}

const reset = async (identifier: string) => {
  const resetId = crypto.randomUUID()
  await startPasswordReset({ resetId, identifier: seal(identifier, 'password resets') }, { database: db })
  return resetId
}

describe('before', () => {
  it('a registration’s address gets a link that names nobody, and nothing else', async () => {
    const contract = await makeContract(db)
    const email = 'stranger@example.com'
    const result = await register(
      {
        biller: 'kesco',
        contractCode: contract.code,
        firstName: 'Blerta',
        lastName: 'Krasniqi',
        personalNumber: '9000001111',
        username: 'blerta',
        email,
        phone: '+38344123999',
        password: PASSWORD,
        passwordConfirm: PASSWORD,
        confirmPersonalNumber: false,
        acceptTerms: true,
      },
      'en',
      now,
    )
    expect(await mailsTo(email)).toEqual([])
    const code = /\d{6}/.exec((await newest()).text)![0]
    expect(await verifyRegistration(result.ok ? result.value : '', code, device, now)).toMatchObject({
      ok: true,
    })
    const [mail, ...more] = await mailsTo(email)
    expect(more).toEqual([])
    expect(`${mail!.subject} ${mail!.text}`).not.toMatch(/Blerta|Krasniqi|blerta|DPR|9000001111|123999/)
    expect(await getVerification(tokenIn(mail!.text), now)).toMatchObject({ email })
  })

  it('no notice of any kind goes there', async () => {
    const holding = await makeContract(db, { holder: account })
    await db.transaction(tx => rememberDevice(tx, account.id, device, now))
    await db.transaction(tx => rememberDevice(tx, account.id, { ...device, key: 'another' }, now))
    await db.transaction(tx => removeTwoFactor(tx, account, account.id, now))
    const tenant = await makeAccount(db)
    await db.transaction(tx => addContractAccess(tx, tenant.id, holding.id, null, now))
    await requestExport(customer, now)
    const [copy] = await db.select().from(ownDataExports)
    await makeExport({ exportId: copy!.id }, { database: db })
    const input = {
      currentPassword: PASSWORD,
      newPassword: 'Kumbulla 99',
      username: account.username,
    }
    expect(await changePassword(customer, input, now)).toMatchObject({ ok: true })
    await reset(account.username)
    await reset(account.email)
    await requestContactChange(customer, 'email', `new-${account.email}`, undefined, now)
    const code = /\d{6}/.exec((await newest()).text)![0]
    expect(await applyContactChange(customer, 'email', code, now)).toMatchObject({ ok: true })
    await db
      .update(accounts)
      .set({ email: account.email, emailVerifiedAt: null })
      .where(eq(accounts.id, account.id))
    expect(await deleteOwnAccount(customer, undefined, now)).toMatchObject({ ok: true })
    expect(await mailsTo(account.email)).toEqual([])
  })

  it('it neither signs in nor resets a password; the username gets a code on the verified phone', async () => {
    expect(await signInWithPassword(account.email, PASSWORD, device, now)).toEqual({
      ok: false,
      code: 'wrong',
    })
    expect(await signInWithPassword(account.username, PASSWORD, device, now)).toMatchObject({ ok: true })
    const before = (await listOutbox(500)).length
    await reset(account.email)
    expect(await listOutbox(500)).toHaveLength(before)
    const resetId = await reset(account.username)
    const message = await newest()
    expect(message).toMatchObject({ to: account.phone, channel: 'sms' })
    const traded = await checkResetCode(resetId, /\d{6}/.exec(message.text)![0], now)
    expect(await getResetLink(traded.ok ? traded.value : '', now)).toBe('open')
  })

  it('it is nobody’s: others may register with it, and a dispute finds nobody by it', async () => {
    const passwordHash = account.passwordHash.replace(/.(?=.$)/, one => (one === 'A' ? 'B' : 'A'))
    const other = await makeAccount(db, { email: account.email, emailVerifiedAt: null, passwordHash })
    const contract = await makeContract(db)
    await giveAccess(db, other, contract)
    const matter = { contractId: contract.id, personalNumber: 'none', email: account.email, phone: 'none' }
    const found = () => findEarlierRegistrations(db, matter, { billerIds: [contract.billerId] })
    expect(await found()).toEqual([])
    expect(await verifyEmail(await verificationToken(await customerOf(other)), now)).toMatchObject({
      ok: true,
    })
    expect(await found()).toMatchObject([{ id: other.id, shares: ['email'] }])
    // Of two, whoever verifies first has it.
    expect(await verifyEmail(await verificationToken(), now)).toEqual({ ok: false, code: 'conflict' })
    expect(await signInWithPassword(account.email, PASSWORD, device, now)).toMatchObject({ ok: false })
  })
})

describe('the link', () => {
  it('is told to its owner on every page until it is verified', async () => {
    expect(customer.unconfirmedEmail).toBe(account.email)
    await verifyEmail(await verificationToken(), now)
    expect((await customerOf(account)).unconfirmedEmail).toBeNull()
  })

  it('verifies, once followed or more often; then the address signs in and is welcomed', async () => {
    const token = await verificationToken()
    expect(await getVerification(token, now)).toMatchObject({ emailVerifiedAt: null })
    expect((await stored()).emailVerifiedAt).toBeNull()
    expect(await verifyEmail(token, now)).toMatchObject({ ok: true })
    expect(await verifyEmail(token, now)).toMatchObject({ ok: true })
    expect(
      (await mailsTo(account.email)).filter(
        mail => mail.subject === catalogue('en').messages.welcome.subject,
      ),
    ).toHaveLength(1)
    expect(await signInWithPassword(account.email, PASSWORD, device, now)).toMatchObject({ ok: true })
    expect(await requestVerification(customer, now)).toEqual({ ok: false, code: 'verified' })
  })

  it('of two accounts at once gives the address to one', async () => {
    const other = await makeAccount(db, { email: account.email, emailVerifiedAt: null })
    const tokens = [await verificationToken(), await verificationToken(await customerOf(other))]
    const results = await Promise.all(tokens.map(token => verifyEmail(token, now)))
    expect(results.filter(result => result.ok)).toHaveLength(1)
    expect(results.filter(result => !result.ok)).toEqual([{ ok: false, code: 'conflict' }])
  })

  it('is worth nothing after 7 days, for another address, of a closed account, or made up', async () => {
    const token = await verificationToken()
    expect(await verifyEmail(token, later(7 * 86_400 + 1))).toEqual({ ok: false, code: 'gone' })
    expect(await verifyEmail(`x${token}`, now)).toEqual({ ok: false, code: 'gone' })
    expect(await verifyEmail(seal(`${account.id} 9e15 x`, 'messages'), now)).toEqual({
      ok: false,
      code: 'gone',
    })
    await db
      .update(accounts)
      .set({ email: `other-${account.email}` })
      .where(eq(accounts.id, account.id))
    expect(await verifyEmail(token, now)).toEqual({ ok: false, code: 'gone' })
    await db.update(accounts).set({ email: account.email }).where(eq(accounts.id, account.id))
    await deleteOwnAccount(customer, undefined, now)
    expect(await verifyEmail(token, now)).toEqual({ ok: false, code: 'gone' })
  })

  it('is sent to one mailbox five times an hour, whoever asks', async () => {
    const other = await makeAccount(db, { email: account.email, emailVerifiedAt: null })
    const customers = [customer, await customerOf(other)]
    for (let turn = 0; turn < 5; turn += 1) {
      expect(await requestVerification(customers[turn % 2]!, now)).toMatchObject({ ok: true })
    }
    expect(await requestVerification(customer, now)).toMatchObject({ code: 'wait' })
    expect(await mailsTo(account.email)).toHaveLength(5)
  })
})

it('a new address is verified by its code; a verified old one is told, and taking it back verifies it', async () => {
  const change = async (email: string) => {
    await requestContactChange(customer, 'email', email, undefined, now)
    const code = /\d{6}/.exec((await newest()).text)![0]
    expect(await applyContactChange(customer, 'email', code, now)).toMatchObject({ ok: true })
    expect(await stored()).toMatchObject({ email, emailVerifiedAt: now })
  }
  await change(`first-${account.email}`)
  expect(await mailsTo(account.email)).toEqual([])
  await change(`second-${account.email}`)
  const told = await newest()
  expect(told.to).toBe(`first-${account.email}`)
  const undo = /\/undo\/([\w-]+)/.exec(told.text)![1]!
  expect(await undoContactChange(undo, later(60))).toMatchObject({ ok: true })
  expect(await stored()).toMatchObject({ email: `first-${account.email}`, emailVerifiedAt: later(60) })
})

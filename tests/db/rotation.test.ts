// A new AUTH_SECRET: what was sealed, signed and hashed under the one before lives on, and a secret that is not known
// is said in the log.
import { createCipheriv, createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { knownDevices, registrations } from '../../db/schema/accounts.ts'
import { oneTimeCodes, recoveryCodes, twoFactors } from '../../db/schema/auth.ts'
import { invoices } from '../../db/schema/billing.ts'
import { caseEvents, cases } from '../../db/schema/cases.ts'
import { documents } from '../../db/schema/files.ts'
import { messages } from '../../db/schema/notifications.ts'
import { payLinks } from '../../db/schema/pay-links.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import type { Customer } from '../../lib/auth/sessions.ts'
import { codeAt } from '../../lib/auth/totp.ts'
import { testDatabase } from '../support/database.ts'
import { pdf } from '../support/files.ts'
import { makePayable } from '../support/payments.ts'
import { giveAccess, makeAccount, makeContract } from '../support/people.ts'
import { uploadsFolder } from '../support/uploads-folder.ts'

uploadsFolder()
const db = await testDatabase()
const OLD = 'the-secret-of-last-year-0123456789-0123456789'
const NEW = 'the-secret-of-this-year-0123456789-0123456789'
const NEXT = 'the-secret-of-next-year-0123456789-0123456789'
const PASSWORD = 'Portokall 7'
const passwordHash = await hashPassword(PASSWORD)
const device = { userAgent: 'test', address: '192.0.2.7', key: 'the-cookie-of-a-browser' }

/** The portal as it runs under these secrets: its modules read settings once. */
async function under(secret: string, ...previous: string[]) {
  process.env.AUTH_SECRET = secret
  process.env.AUTH_SECRET_PREVIOUS = previous.join(',')
  vi.resetModules()
  const portal = {
    ...(await import('../../lib/accounts/contact.ts')),
    ...(await import('../../lib/own-data/copy.ts')),
    ...(await import('../../lib/accounts/passwords.ts')),
    ...(await import('../../lib/accounts/registration.ts')),
    ...(await import('../../lib/accounts/sign-in.ts')),
    ...(await import('../../lib/auth/two-factor.ts')),
    ...(await import('../../lib/auth/session-cookie.ts')),
    ...(await import('../../lib/auth/sessions.ts')),
    ...(await import('../../lib/contracts/refusals.ts')),
    ...(await import('../../lib/notifications/infobip.ts')),
    ...(await import('../../lib/notifications/jobs.ts')),
    ...(await import('../../lib/notifications/outbox.ts')),
    ...(await import('../../lib/sandbox-bank/protocol.ts')),
    ...(await import('../../lib/payments/pay-link-commands.ts')),
    ...(await import('../../lib/payments/pay-links.ts')),
    ...(await import('../../lib/payments/receipt-to.ts')),
    ...(await import('../../lib/platform/seal.ts')),
    ...(await import('../../lib/files/storage.ts')),
    ...(await import('../../lib/files/resealing.ts')),
  }
  const { log } = await import('../../lib/platform/log.ts')
  const errors = vi.spyOn(log, 'error').mockImplementation(() => {})
  return { ...portal, said: () => errors.mock.calls.map(([facts, text]) => ({ facts, text })) }
}
type Portal = Awaited<ReturnType<typeof under>>

let clock = Date.now()
/** Each code of the app is taken once, so every step happens in a half minute of its own. */
const nextHalfMinute = () => {
  clock += 30_000
  return new Date(clock)
}

async function withTwoFactor(portal: Portal) {
  const account = await makeAccount(db, { passwordHash })
  const now = nextHalfMinute()
  const session = await portal.beginSession(db, account.id, device, now)
  const customer: Customer = (await portal.findSession(session, now))!
  await portal.beginTwoFactor(customer, now)
  const begun = await portal.getTwoFactor(customer, now)
  if (begun.state !== 'begun') throw new Error(begun.state)
  const codes = await portal.confirmTwoFactor(customer, codeAt(begun.secret, now), now)
  if (!codes.ok) throw new Error(codes.code)
  return { account, customer, secret: begun.secret, codes: codes.value }
}

async function signIn(portal: Portal, username: string, code: (now: Date) => string) {
  const now = nextHalfMinute()
  const password = await portal.signInWithPassword(username, PASSWORD, device, now)
  if (!password.ok || !('waiting' in password.value)) throw new Error(JSON.stringify(password))
  return portal.signInWithCode(password.value.waiting, code(now), device, now)
}

const linkIn = (text: string) => /https?:\S+\/([\w-]+)/.exec(text)![1]!
const codeIn = (text: string) => /\d{6}/.exec(text)![0]
const newest = async (portal: Portal) => (await portal.listOutbox(1))[0]!

describe('under a new secret, with the one before among AUTH_SECRET_PREVIOUS', () => {
  it('codes of the app and recovery codes are right, and sessions, cookies and devices go on', async () => {
    const old = await under(OLD)
    const { account, secret, codes } = await withTwoFactor(old)
    await signIn(old, account.username, () => codes[0]!)
    const cookie = old.sessionToken.encode({ token: { sub: 'a-session' } })
    const sealed = old.seal('a-registration', 'cookie registration')
    const password = await old.signInWithPassword(account.username, PASSWORD, device, nextHalfMinute())
    const waiting = password.ok && 'waiting' in password.value ? password.value.waiting : ''
    const told = await db.$count(messages, eq(messages.kind, 'new-device'))
    const devices = await db.select().from(knownDevices).where(eq(knownDevices.accountId, account.id))

    const now = await under(NEW, OLD)
    expect(now.sessionToken.decode({ token: cookie })).toEqual({ sub: 'a-session' })
    expect(now.unseal(sealed, 'cookie registration')).toBe('a-registration')
    expect(await now.signInWithCode(waiting, codes[1]!, device, new Date(clock))).toMatchObject({ ok: true })
    expect(await signIn(now, account.username, at => codeAt(secret, at))).toMatchObject({ ok: true })
    expect(await signIn(now, account.username, () => codes[2]!)).toMatchObject({ ok: true })
    const later = await db.select().from(knownDevices).where(eq(knownDevices.accountId, account.id))
    expect(later).toHaveLength(1)
    expect(later[0]!.firstSeenAt).toEqual(devices[0]!.firstSeenAt)
    expect(later[0]!.deviceHash).not.toBe(devices[0]!.deviceHash)
    expect(await db.$count(messages, eq(messages.kind, 'new-device'))).toBe(told)
    expect(now.said()).toEqual([])
  })

  it('codes and links that were sent are taken', async () => {
    const old = await under(OLD)
    const account = await makeAccount(db, { passwordHash })
    const now = new Date(clock)
    const customer = (await old.findSession(await old.beginSession(db, account.id, device, now), now))!
    const contract = await makeContract(db)
    const [registration] = await db
      .insert(registrations)
      .values({
        ...account,
        id: randomUUID(),
        personalNumber: '1170250032',
        username: 'rotated',
        email: 'rotated@example.com',
        phone: '+38349700999',
        contractId: contract.id,
        createdAt: now,
      })
      .returning()
    await old.resendCode(registration!.id, undefined, now)
    const registrationCode = codeIn((await newest(old)).text)
    await old.requestContactChange(customer, 'phone', '+38349700998', undefined, now)
    const phoneCode = codeIn((await newest(old)).text)
    const resetId = randomUUID()
    const identifier = old.seal(account.email, 'password resets')
    await old.startPasswordReset({ resetId, identifier }, { database: db })
    const token = linkIn((await newest(old)).text)
    const smsId = randomUUID()
    await old.startPasswordReset(
      { resetId: smsId, identifier: old.seal(account.phone, 'password resets') },
      { database: db },
    )
    const smsCode = codeIn((await newest(old)).text)

    const portal = await under(NEW, OLD)
    expect(await portal.getResetLink(token, now)).toBe('open')
    expect(await portal.checkResetCode(smsId, smsCode, now)).toMatchObject({ ok: true })
    const queued = randomUUID()
    await portal.startPasswordReset({ resetId: queued, identifier }, { database: db })
    const sent = and(eq(oneTimeCodes.subject, queued), eq(oneTimeCodes.purpose, 'reset-link'))
    expect(await db.$count(oneTimeCodes, sent)).toBe(1)
    expect(await portal.verifyRegistration(registration!.id, registrationCode, device, now)).toMatchObject({
      ok: true,
    })
    expect(await portal.applyContactChange(customer, 'phone', phoneCode, now)).toMatchObject({ ok: true })
    const undo = linkIn((await newest(portal)).text)

    const next = await under(NEXT, NEW, OLD)
    expect(await next.getUndoableChange(undo, now)).toEqual({ kind: 'phone', undone: false })
    expect(await next.undoContactChange(undo, now)).toMatchObject({ ok: true })
    expect(await next.getUndoableChange(undo, now)).toEqual({ kind: 'phone', undone: true })
  })

  it('queued messages, copies of own data and documents open; banks and Infobip are still believed', async () => {
    const old = await under(OLD)
    const account = await makeAccount(db, { passwordHash })
    await old.notify(db, account.id, { kind: 'welcome' })
    const queued = await newest(old)
    await old.requestExport({ id: account.id }, new Date(clock))
    const copy = (await old.getOwnData({ id: account.id }, new Date(clock))).copy!
    await old.makeExport({ exportId: copy.id }, { database: db })
    const key = old.newStorageKey()
    await old.putFile(key, pdf)
    const report = old.keyedHash('infobip', 'delivery reports')
    const answer = old.signed({ orderNumber: '1' })

    const portal = await under(NEW, OLD)
    await portal.sendQueuedMessage({ messageId: queued.id }, { database: db })
    expect(await newest(portal)).toMatchObject({ text: expect.any(String) })
    const [sent] = await db.select().from(messages).where(eq(messages.id, queued.id))
    expect(sent!.state).toBe('sent')
    const stream = await portal.takeExport({ id: account.id }, copy.id, new Date(clock))
    expect(JSON.parse(await new Response(stream).text())).toMatchObject({ format: 'drita-own-data' })
    expect(Buffer.from((await portal.getFile(key))!)).toEqual(pdf)
    expect(portal.isReportKey(report)).toBe(true)
    expect(portal.isSigned(answer)).toBe(true)
    expect(portal.said()).toEqual([])
  })
})

/** As the portal sealed and hashed before its keys had ids. */
const keyOfBefore = (purpose: string) => Buffer.from(hkdfSync('sha256', OLD, '', `drita ${purpose}`, 32))
function sealedBefore(content: string, purpose: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOfBefore(purpose), nonce).setAAD(Buffer.from(''))
  const body = Buffer.concat([cipher.update(content), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
}
const hashedBefore = (text: string, purpose: string) =>
  createHmac('sha256', keyOfBefore(purpose)).update(text).digest('base64url')

describe('what was sealed and hashed before keys had ids', () => {
  it.each([
    ['the same secret', [OLD]],
    ['a new one', [NEW, OLD]],
  ] as const)('opens under %s', async (_, [secret, ...previous]) => {
    const old = await under(OLD)
    const { account, secret: appSecret } = await withTwoFactor(old)
    await db
      .update(twoFactors)
      .set({ sealedSecret: sealedBefore(appSecret, 'second steps') })
      .where(eq(twoFactors.accountId, account.id))
    const codeHash = hashedBefore(`${account.id} abcdefghij`, 'recovery codes')
    await db.insert(recoveryCodes).values({ accountId: account.id, codeHash })
    const portal = await under(secret, ...previous)
    expect(await signIn(portal, account.username, now => codeAt(appSecret, now))).toMatchObject({ ok: true })
    expect(await signIn(portal, account.username, () => 'ABCDE-fghij')).toMatchObject({ ok: true })
    expect(portal.unseal(sealedBefore('a cookie', 'session'), 'session')).toBe('a cookie')
    expect(portal.unseal(sealedBefore('a cookie', 'session'), 'cookie reset')).toBeUndefined()
  })
})

describe('npm run reseal', () => {
  it('seals second steps and documents anew, after which the secret before can go', async () => {
    const old = await under(OLD)
    const { account, secret, codes } = await withTwoFactor(old)
    const key = old.newStorageKey()
    await old.putFile(key, pdf)
    const createdAt = new Date()
    const caseId = randomUUID()
    const business = { kind: 'business', queue: 'registrations', billerId: 1, title: 'A', about: 'B' }
    await db.transaction(async tx => {
      await tx
        .insert(cases)
        .values({ ...business, id: caseId, accountId: account.id, answers: {}, createdAt })
      const filed = { number: 1, move: 'file', state: 'pending', side: 'owner' } as const
      await tx.insert(caseEvents).values({ ...filed, caseId, at: createdAt })
    })
    const [document] = await db
      .insert(documents)
      .values({
        storageKey: key,
        name: 'a.pdf',
        type: 'application/pdf',
        bytes: 1,
        createdAt,
        caseId,
      })
      .returning()

    const contract = await makeContract(db)
    await giveAccess(db, account, contract, { holderDecision: 'refused' })
    await db.transaction(tx => old.keepRefusals(tx, account, new Date()))

    const portal = await under(NEW, OLD)
    const steps = await db.$count(twoFactors)
    expect(await portal.resealRefusals()).toEqual({ sealed: 1, unreadable: 0 })
    expect(await portal.resealTwoFactors()).toEqual({ sealed: steps, unreadable: 0 })
    expect(await portal.resealTwoFactors()).toEqual({ sealed: 0, unreadable: 0 })
    expect(await portal.resealDocuments(new Date())).toEqual({ sealed: 1, unreadable: 0 })
    const rows = await db.select().from(documents)
    const [resealed] = rows.filter(row => row.id === document!.id)
    const [spare] = rows.filter(row => row.id !== document!.id)
    expect(resealed!.caseId).toBe(caseId)
    // The old file is left to the job that removes what nothing refers to.
    expect(spare).toMatchObject({ storageKey: key, caseId: null, accountId: null })
    const jobs = await db.execute(
      sql`select payload from graphile_worker._private_jobs where payload ->> 'documentIds' is not null`,
    )
    expect(jobs.rows).toEqual([{ payload: { documentIds: [spare!.id] } }])

    const next = await under(NEW)
    expect(await db.transaction(tx => next.takeRefusal(tx, account.id, contract.id))).toMatchObject({
      wasRefused: true,
    })
    expect(Buffer.from((await next.getFile(resealed!.storageKey))!)).toEqual(pdf)
    expect(await signIn(next, account.username, now => codeAt(secret, now))).toMatchObject({ ok: true })
    expect(await signIn(next, account.username, () => codes[0]!)).toMatchObject({ ok: true })
  })
})

it('links to pay lead on, and the addresses for their receipts are sealed anew', async () => {
  const old = await under(OLD)
  const now = new Date('2024-01-20T10:00:00Z')
  const contract = await makePayable(db, [45_600])
  const [bill] = await db
    .select({ number: invoices.number })
    .from(invoices)
    .where(eq(invoices.contractId, contract.id))
  const asked = { biller: 'oshee' as const, contractCode: contract.contractCode, invoiceNumber: bill!.number }
  const found = await old.findToPay({ ...asked, email: 'a@example.com' }, 'en', now)
  if (!found.ok) throw new Error(found.code)
  const { token } = found.value

  const portal = await under(NEW, OLD)
  expect(await portal.openPayLink(token, now)).toMatchObject({ end: null })
  expect(await portal.resealLinkEmails()).toEqual({ sealed: 1, unreadable: 0 })
  expect(await portal.resealLinkEmails()).toEqual({ sealed: 0, unreadable: 0 })
  const [link] = await db.select().from(payLinks).where(eq(payLinks.contractId, contract.id))
  const next = await under(NEXT, NEW)
  expect(next.readReceiptTo(link!.sealedEmail)).toEqual({ email: 'a@example.com', token })
})

describe('a secret that is not known any more', () => {
  it('is said in the log with its id; nobody is told that the code is wrong, and no try is counted', async () => {
    const old = await under(OLD)
    const { account, customer, secret, codes } = await withTwoFactor(old)
    await old.notify(db, account.id, { kind: 'welcome' })
    const queued = await newest(old)

    const portal = await under(NEW)
    const unreadable = { ok: false, code: 'twoFactorUnreadable' }
    for (let tries = 0; tries < 7; tries += 1) {
      expect(await signIn(portal, account.username, now => codeAt(secret, now))).toEqual(unreadable)
    }
    expect(await signIn(portal, account.username, () => codes[0]!)).toEqual(unreadable)
    expect(await portal.turnOffTwoFactor(customer, codes[0]!, new Date(clock))).toEqual(unreadable)
    expect(portal.said()[0]).toMatchObject({
      facts: {
        purpose: 'second steps',
        keyId: expect.stringMatching(/^[0-9a-f]{8}$/),
        keys: [expect.any(String)],
      },
      text: 'what was stored is sealed with a key that is not among AUTH_SECRET and AUTH_SECRET_PREVIOUS',
    })
    expect(JSON.stringify(portal.said())).not.toMatch(/-of-(last|this)-year-/)
    // The message waits: it goes out once the secret is among the previous ones.
    await expect(portal.sendQueuedMessage({ messageId: queued.id }, { database: db })).rejects.toThrow(
      'did not take a message',
    )
    const [waiting] = await db.select().from(messages).where(eq(messages.id, queued.id))
    expect(waiting).toMatchObject({ state: 'queued', failure: 'unreadable' })
    expect(await portal.resealTwoFactors()).toMatchObject({ unreadable: expect.any(Number) })

    const mended = await under(NEW, OLD)
    expect(await signIn(mended, account.username, () => codes[0]!)).toMatchObject({ ok: true })
    await mended.sendQueuedMessage({ messageId: queued.id }, { database: db })
  })
})

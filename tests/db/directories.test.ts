// Staff signed in by their company's directory: a real provider, and one that forges whatever an attacker could.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { and, eq, sql } from 'drizzle-orm'
import { UnsecuredJWT } from 'jose'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { staffMembers } from '../../db/schema/auth.ts'
import { directoryAnswers, directorySessions, staffIdentities } from '../../db/schema/directories.ts'
import { messages } from '../../db/schema/notifications.ts'
import { closeAccount } from '../../lib/accounts/closing.ts'
import { signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { findSession } from '../../lib/auth/sessions.ts'
import { findStaff } from '../../lib/auth/staff.ts'
import {
  inviteStaff,
  resetTwoFactor,
  setStaffRole,
  signOutEverywhere,
} from '../../lib/auth/staff-commands.ts'
import { signInByDirectory } from '../../lib/directories/commands.ts'
import { findDirectory } from '../../lib/directories/provider.ts'
import { forgetDirectories } from '../../lib/directories/retention.ts'
import { beginSignIn, begunAt, finishSignIn } from '../../lib/directories/sign-in.ts'
import { endOf, receiveOrder } from '../../lib/directories/sign-out.ts'
import { findTargets } from '../../lib/looks/find.ts'
import { notify } from '../../lib/notifications/outbox.ts'
import { env } from '../../lib/platform/env.ts'
import { log } from '../../lib/platform/log.ts'
import { deleteRows, testDatabase } from '../support/database.ts'
import { passDirectory, startDirectory } from '../support/directory.ts'
import { CLIENT, directorySetting } from '../support/directory-setting.ts'
import { startForgedDirectory, type Token } from '../support/forged-directory.ts'
import { makeAccount, makeStaff } from '../support/people.ts'

const portal = 'http://localhost:3000'
const ordered: string[] = []
const orders = http.createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  ordered.push(new URLSearchParams(Buffer.concat(chunks).toString()).get('logout_token')!)
  response.writeHead(200).end()
})
await new Promise<void>(resolve => orders.listen(0, 'localhost', resolve))
const ordersAt = `http://localhost:${(orders.address() as AddressInfo).port}`
const oshee = await startDirectory({ portal, orders: ordersAt })
const ukt = await startDirectory({ portal, directory: 'ukt', orders: ordersAt })
const forged = await startForgedDirectory()
const companies = { claim: 'companies', values: { K: 'kesco', O: 'oshee' } }
process.env.STAFF_DIRECTORIES = JSON.stringify({
  oshee: directorySetting(oshee.issuer),
  ukt: directorySetting(ukt.issuer, {
    name: 'UKT',
    billers: companies,
    role: { claim: 'roles', values: { boss: 'administrator', clerk: 'agent' } },
    secondStep: { claim: 'strength', values: ['mfa'] },
  }),
  forged: directorySetting(forged.issuer),
  // Nothing listens there.
  gone: directorySetting('http://localhost:1'),
})
const db = await testDatabase()
afterAll(async () => {
  await Promise.all([oshee.stop(), ukt.stop(), forged.stop()])
  orders.closeAllConnections()
  orders.close()
})

const device = { userAgent: 'test', address: '192.0.2.7' }
let now: Date
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

beforeEach(async () => {
  now = new Date()
  await deleteRows(db, 'staff_identities', 'directory_answers', 'rate_limits')
  ordered.length = 0
  oshee.people.clear()
  ukt.people.clear()
  oshee.people.set('dafina', { name: 'Dafina Gashi', roles: ['Drita.Agent', 'Other.App'] })
  ukt.people.set('dafina', {
    name: 'Dafina Rama',
    roles: 'clerk',
    companies: ['K'],
    strength: ['pwd', 'mfa'],
  })
})

/** What the browser keeps, and where it is sent. */
async function begin(code = 'oshee', at = now) {
  const begun = await beginSignIn(code, '/staff/audit', device.address, at)
  if (!begun?.ok) throw new Error(JSON.stringify(begun))
  const { kept } = begun.value
  return { kept, url: begunAt(kept)!.url, ...(JSON.parse(kept) as { state: string; nonce: string }) }
}

const finish = (kept: string | undefined, search: string, code = 'oshee', at = now) =>
  finishSignIn(code, { search, kept }, device, 'en', at)

/** There and back. */
async function signIn(who = 'dafina', code = 'oshee', jar?: Map<string, string>) {
  const { kept, url } = await begin(code)
  const back = new URL(await passDirectory(url, who, jar))
  const finished = await finish(kept, back.search, code)
  return { finished: finished!, kept, search: back.search }
}

async function signedIn(who?: string, code?: string, jar?: Map<string, string>) {
  const { finished } = await signIn(who, code, jar)
  if (!finished.ok) throw new Error(finished.code)
  return (await findSession(finished.value, now))!
}

const eventsOf = async (accountId: string, action: string) =>
  (
    await db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.subject, `account:${accountId}`), eq(auditEvents.action, action)))
      .orderBy(auditEvents.id)
  ).map(({ details }) => details)
const refusals = async () =>
  (await db.select().from(auditEvents).where(eq(auditEvents.action, 'sign-in.refused'))).length

describe('signing in', () => {
  it('makes staff of whom the directory names, with the role and billers of its setting, for a working day', async () => {
    const { finished } = await signIn()
    expect(finished).toMatchObject({ ok: true, to: '/staff/audit' })
    const session = (await findSession(finished.ok ? finished.value : '', now))!
    expect(session).toMatchObject({
      firstName: 'Dafina Gashi',
      role: 'agent',
      isStaff: true,
      twoFactor: true,
      ofDirectory: true,
      unconfirmedEmail: null,
    })
    expect(await findStaff(session)).toMatchObject({ role: 'agent', billerIds: [1] })
    expect(await findSession(session.sessionId, later(env().STAFF_SESSION_HOURS * 3600))).toBeUndefined()
    expect(await eventsOf(session.id, 'staff.role-set')).toEqual([
      { role: 'agent', billers: 'oshee', directory: 'oshee' },
    ])

    const again = await signedIn()
    expect(again.id).toBe(session.id)
    expect(await findSession(session.sessionId, now)).toBeDefined()
    expect(await eventsOf(session.id, 'staff.role-set')).toHaveLength(1)
  })

  it('makes one account of two first sign-ins at once', async () => {
    oshee.people.set('twice', { name: 'Twice At Once', roles: 'Drita.Agent' })
    const begun = [await begin(), await begin()]
    const answers = await Promise.all(
      begun.map(async ({ kept, url }) => ({
        kept,
        search: new URL(await passDirectory(url, 'twice')).search,
      })),
    )
    const finished = await Promise.all(answers.map(({ kept, search }) => finish(kept, search)))
    expect(finished.map(one => one!.ok)).toEqual([true, true])
    expect(await db.$count(accounts, eq(accounts.firstName, 'Twice At Once'))).toBe(1)
  })

  it('follows what the directory says anew, and ends what was begun under another role', async () => {
    const before = await signedIn()
    oshee.people.set('dafina', { name: 'Dafina Gashi-Rama', roles: 'Drita.Supervisor' })
    const after = await signedIn()
    expect(after).toMatchObject({ id: before.id, firstName: 'Dafina Gashi-Rama', role: 'supervisor' })
    expect(await findSession(before.sessionId, now)).toBeUndefined()

    oshee.people.set('dafina', { name: 'Dafina Gashi-Rama', roles: ['Other.App'] })
    expect((await signIn()).finished).toMatchObject({ ok: false, code: 'noRole' })
    expect(await findSession(after.sessionId, now)).toBeUndefined()
    expect(await findStaff(after)).toBeUndefined()
    expect((await eventsOf(after.id, 'staff.role-set')).at(-1)).toEqual({
      role: 'none',
      billers: '',
      directory: 'oshee',
    })
    // Nobody is made of whom it says nothing.
    oshee.people.set('ilir', { name: 'Ilir' })
    expect((await signIn('ilir')).finished).toMatchObject({ ok: false, code: 'noRole' })
    expect(await db.$count(staffIdentities, eq(staffIdentities.subject, 'ilir'))).toBe(0)
  })

  it('gives no role and no biller beyond the setting, at the first sign-in as at any other', async () => {
    const first = await signedIn('dafina', 'ukt')
    expect(await findStaff(first)).toMatchObject({ role: 'agent', billerIds: [2] })
    ukt.people.set('dafina', {
      ...ukt.people.get('dafina')!,
      roles: ['clerk', 'Drita.Supervisor', 'administrator'],
      companies: ['K', 'ukt', 'police-fines', '__proto__'],
    })
    expect(await findStaff(await signedIn('dafina', 'ukt'))).toMatchObject({ role: 'agent', billerIds: [2] })
    ukt.people.set('dafina', { ...ukt.people.get('dafina')!, companies: ['ukt'] })
    expect((await signIn('dafina', 'ukt')).finished).toMatchObject({ code: 'noRole' })
    ukt.people.set('dafina', { name: 'D', roles: 'boss', companies: ['O', 'K'], strength: ['pwd'] })
    expect((await signIn('dafina', 'ukt')).finished).toMatchObject({ code: 'noSecondStep' })
  })

  it('follows what the directory says of whoever has not passed the second step, and lets nobody in', async () => {
    const claims = { name: 'D', companies: ['K'], strength: ['mfa'] }
    ukt.people.set('dafina', { ...claims, roles: 'boss' })
    const before = await signedIn('dafina', 'ukt')
    ukt.people.set('dafina', { ...claims, roles: 'boss', strength: ['pwd'] })
    expect((await signIn('dafina', 'ukt')).finished).toMatchObject({ code: 'noSecondStep' })
    expect(await findSession(before.sessionId, now)).toBeDefined()
    ukt.people.set('dafina', { ...claims, roles: 'clerk', strength: ['pwd'] })
    expect((await signIn('dafina', 'ukt')).finished).toMatchObject({ code: 'noSecondStep' })
    expect(await findSession(before.sessionId, now)).toBeUndefined()
    expect(await findStaff(before)).toMatchObject({ role: 'agent' })
    // Nobody is made of a stranger.
    ukt.people.set('ilir', { ...claims, roles: 'clerk', strength: ['pwd'] })
    expect((await signIn('ilir', 'ukt')).finished).toMatchObject({ code: 'noSecondStep' })
    expect(await db.$count(staffIdentities, eq(staffIdentities.subject, 'ilir'))).toBe(0)
  })

  it('knows people by issuer and subject alone', async () => {
    const [one, other] = [await signedIn('dafina', 'oshee'), await signedIn('dafina', 'ukt')]
    expect(one.id).not.toBe(other.id)
    const customer = await makeAccount(db, { firstName: 'Dafina', lastName: 'Gashi', passwordHash: 'x' })
    oshee.people.set(customer.username, {
      name: 'Dafina Gashi',
      roles: 'Drita.Agent',
      email: customer.email,
      preferred_username: customer.username,
    })
    const staff = await signedIn(customer.username)
    expect(staff.id).not.toBe(customer.id)
    expect((await db.select().from(accounts).where(eq(accounts.id, customer.id)))[0]).toEqual(customer)
    expect(await db.$count(staffMembers, eq(staffMembers.accountId, customer.id))).toBe(0)
    const [row] = await db.select().from(accounts).where(eq(accounts.id, staff.id))
    expect(JSON.stringify(row)).not.toContain(customer.email)
  })
})

describe('whom a directory signs in', () => {
  it('has no password, no messages, no second step of the portal’s, and is nobody’s customer', async () => {
    const staff = await signedIn()
    const { username } = staff
    for (const typed of [username, `directory:${staff.id}`]) {
      expect(await signInWithPassword(typed, '', device, now)).toEqual({ ok: false, code: 'wrong' })
    }
    for (const change of [
      () => setStaffRole(username, 'administrator', ['oshee'], now),
      () => inviteStaff(username, now),
      () => resetTwoFactor(username, now),
    ]) {
      expect(await change()).toEqual({ ok: false, code: 'ofDirectory' })
    }
    const before = await db.$count(messages)
    await notify(db, staff.id, { kind: 'password-changed' })
    expect(await db.$count(messages)).toBe(before)
    const colleague = await makeStaff(db, 'supervisor', [1])
    expect(await findTargets(colleague, ['oshee'], username)).toEqual([])
    await db.transaction(async tx => {
      expect(await closeAccount(tx, staff.id, 'own-request', now)).toEqual({ ok: false, code: 'staff' })
    })
    expect(await signOutEverywhere(username, now)).toMatchObject({ ok: true })
    expect(await findSession(staff.sessionId, now)).toBeUndefined()
  })

  it('is forgotten once nobody has signed them in for as long as the log is kept', async () => {
    const staff = await signedIn()
    const days = (count: number) => later(count * 86_400)
    await forgetDirectories(db, days(3))
    expect(await db.$count(directorySessions)).toBe(0)
    expect(await db.$count(directoryAnswers)).toBe(0)
    expect(await findStaff(staff)).toBeDefined()
    await forgetDirectories(db, days(env().AUDIT_DAYS + 1))
    expect(await findStaff(staff)).toBeUndefined()
    expect(await db.$count(staffIdentities)).toBe(0)
    const [row] = await db.select().from(accounts).where(eq(accounts.id, staff.id))
    expect(row).toMatchObject({ firstName: '', username: `closed:${staff.id}` })
  })
})

describe('an answer', () => {
  it('counts once, in the browser that began, for ten minutes', async () => {
    const refusedBefore = await refusals()
    const { finished, kept, search } = await signIn()
    expect(finished.ok).toBe(true)
    // The directory has been given the code before.
    expect(await finish(kept, search)).toMatchObject({ ok: false, code: 'forged', to: '/staff/audit' })
    const { kept: others, url } = await begin()
    const back = new URL(await passDirectory(url, 'dafina')).search
    expect(await finish(undefined, back)).toMatchObject({ ok: false, code: 'otherBrowser' })
    expect(await finish(kept, back)).toMatchObject({ ok: false, code: 'otherBrowser' })
    expect(await finish(others, back.replace(/state=[^&]*/, 'state=made-up'))).toMatchObject({
      code: 'otherBrowser',
    })
    expect(await finish(others, back, 'ukt')).toMatchObject({ ok: false, code: 'otherBrowser' })
    expect(await finish(others, back, 'nobody')).toBeUndefined()
    expect(await finish(others, back, 'oshee', later(601))).toMatchObject({ ok: false, code: 'late' })
    // RFC 9207: another issuer's answer.
    expect(await finish(others, back.replace(/iss=[^&]*/, `iss=${ukt.issuer}`))).toMatchObject({
      code: 'forged',
    })
    expect(await refusals()).toBe(refusedBefore + 7)
    expect(await finish(others, back)).toMatchObject({ ok: true })
  })

  it('of no is told apart from none', async () => {
    const { kept, url } = await begin()
    const back = new URL(await passDirectory(url, 'nobody')).search
    expect(await finish(kept, back)).toMatchObject({ ok: false, code: 'denied' })
    expect(await beginSignIn('gone', '/', device.address, now)).toEqual({ ok: false, code: 'noAnswer' })
    expect(await beginSignIn('nobody', '/', device.address, now)).toBeUndefined()
  })
})

const inSeconds = (at: Date) => Math.floor(at.getTime() / 1000)
/** A token as the forged directory should give it; `changed`: what is wrong with it. */
const idToken = (nonce: string, changed: Record<string, unknown> = {}): Record<string, unknown> => ({
  iss: forged.issuer,
  aud: CLIENT.id,
  sub: 'dafina',
  sid: 's1',
  name: 'Dafina',
  roles: ['Drita.Agent'],
  nonce,
  iat: inSeconds(now),
  exp: inSeconds(now) + 300,
  ...changed,
})

async function signInForged(token: (nonce: string) => Token) {
  const { kept, state, nonce } = await begin('forged')
  forged.answers(token(nonce))
  return finish(kept, `?code=c&state=${state}`, 'forged')
}

describe('a forged token', () => {
  it.each<[string, (nonce: string) => Token]>([
    ['of another nonce', () => ({ claims: idToken('another') })],
    ['without a nonce', nonce => ({ claims: idToken(nonce, { nonce: undefined }) })],
    ['for another client', nonce => ({ claims: idToken(nonce, { aud: 'another' }) })],
    ['of another issuer', nonce => ({ claims: idToken(nonce, { iss: oshee.issuer }) })],
    ['that has expired', nonce => ({ claims: idToken(nonce, { exp: inSeconds(later(-60)) }) })],
    ['without a subject', nonce => ({ claims: idToken(nonce, { sub: undefined }) })],
    ['of another key', nonce => ({ claims: idToken(nonce), signedBy: 'other' })],
    ['of a key that is not known', nonce => ({ claims: idToken(nonce), header: { kid: 'k' } })],
    ['that is not signed', nonce => ({ claims: idToken(nonce), signedBy: 'none' })],
    ['signed by the client’s secret', nonce => ({ claims: idToken(nonce), signedBy: 'secret' })],
  ])('%s signs nobody in', async (_, token) => {
    expect(await signInForged(token)).toMatchObject({ ok: false, code: 'forged' })
    expect(await db.$count(staffIdentities)).toBe(0)
  })

  it('else would; and its answer is not taken twice, though this directory would give it', async () => {
    const { kept, state, nonce } = await begin('forged')
    forged.answers({ claims: idToken(nonce) })
    const search = `?code=c&state=${state}`
    expect(await finish(kept, search, 'forged')).toMatchObject({ ok: true })
    expect(await finish(kept, search, 'forged')).toMatchObject({ ok: false, code: 'otherBrowser' })
    const identity = { issuer: forged.issuer, subject: 'dafina', sid: null, claims: {}, idToken: '' }
    const answered = { device, state, language: 'en' as const, begunAt: now }
    expect(await signInByDirectory(findDirectory('forged')!, identity, answered, now)).toEqual({
      ok: false,
      code: 'used',
    })
  })
})

describe('an order to sign out', () => {
  const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const order = (changed: Record<string, unknown> = {}): Record<string, unknown> => ({
    iss: forged.issuer,
    aud: CLIENT.id,
    sid: 's1',
    jti: crypto.randomUUID(),
    iat: inSeconds(now),
    events: EVENTS,
    ...changed,
  })
  const header = { typ: 'logout+jwt' }
  const obey = async (token: Token) => receiveOrder(await forged.sign(token), device.address, now)
  /** Nobody can be asked whether it is that directory's. */
  const orderToGone = new UnsecuredJWT({ iss: 'http://localhost:1' }).encode()
  const isOpen = async (sessionId: string) => (await findSession(sessionId, now)) !== undefined
  const waitingForLocks = async () => {
    const { rows } = await db.execute<{ count: number }>(sql`
      select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
    return rows[0]!.count
  }

  it('comes from the directory where somebody signs out there, and ends that session alone', async () => {
    const jar = new Map<string, string>()
    const [one, other] = [await signedIn('dafina', 'oshee', jar), await signedIn()]
    const end = (await endOf(one.sessionId))!
    expect(end.name).toBe('OSHEE')
    const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const asked = await fetch(end.address!, { headers: { cookie: cookie() } })
    for (const set of asked.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
      jar.set(name!, value!)
    }
    const html = await asked.text()
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(html)!
    const [, action] = /action="([^"]+)"/.exec(html)!
    const ended = await fetch(action!, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: cookie(), 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `xsrf=${xsrf}&logout=yes`,
    })
    expect(ended.headers.get('location')).toBe(`${portal}/staff/sign-in?state=out`)
    await expect.poll(() => ordered.length).toBe(1)
    expect(await receiveOrder(ordered[0]!, device.address, now)).toBe('done')
    expect([await isOpen(one.sessionId), await isOpen(other.sessionId)]).toEqual([false, true])
    expect(await eventsOf(one.id, 'sessions.ended')).toEqual([{ directory: 'oshee' }])
    expect(await receiveOrder(ordered[0]!, device.address, now)).toBe('refused')
  })

  it('ends by subject all sessions that this directory began, and nobody else’s', async () => {
    const others = await signedIn('dafina', 'oshee')
    const [one, two] = [
      await signInForged(nonce => ({ claims: idToken(nonce) })),
      await signInForged(nonce => ({ claims: idToken(nonce, { sid: 's2' }) })),
    ]
    if (!one?.ok || !two?.ok) throw new Error('not signed in')
    expect(await obey({ claims: order({ sub: 'somebody', sid: undefined }), header })).toBe('done')
    expect(await isOpen(one.value)).toBe(true)
    expect(await obey({ claims: order({ sub: 'somebody', sid: 's1' }), header })).toBe('done')
    expect(await isOpen(one.value)).toBe(true)
    expect(await obey({ claims: order({ sub: 'dafina', sid: undefined }), header })).toBe('done')
    expect([await isOpen(one.value), await isOpen(two.value)]).toEqual([false, false])
    expect(await isOpen(others.sessionId)).toBe(true)
  })

  it.each<[string, Record<string, unknown>]>([
    ['the session', {}],
    ['the person', { sid: undefined, sub: 'dafina' }],
  ])('naming %s ends a sign-in under way, and none that is begun afterwards', async (_, named) => {
    const { kept, state, nonce } = await begin('forged')
    forged.answers({ claims: idToken(nonce) })
    expect(await obey({ claims: order({ sid: 's9', sub: 'dafina' }), header })).toBe('done')
    expect(await obey({ claims: order(named), header })).toBe('done')
    expect(await finish(kept, `?code=c&state=${state}`, 'forged')).toMatchObject({ code: 'ended' })
    now = later(1)
    expect(await signInForged(nonce => ({ claims: idToken(nonce) }))).toMatchObject({ ok: true })
  })

  it('ends a session that is being made as it comes', async () => {
    const { kept, state, nonce } = await begin('forged')
    forged.answers({ claims: idToken(nonce) })
    let making: Promise<unknown>
    let ending: Promise<unknown>
    await db.transaction(async tx => {
      // So that the session cannot be written yet.
      await tx.execute(sql`lock table directory_sessions in share mode`)
      making = finish(kept, `?code=c&state=${state}`, 'forged')
      await expect.poll(() => waitingForLocks()).toBe(1)
      ending = obey({ claims: order(), header })
      // It waits, or is done too early.
      await Promise.race([ending, expect.poll(() => waitingForLocks()).toBe(2)])
    })
    const made = (await making!) as { value: string }
    expect(await ending!).toBe('done')
    expect(await isOpen(made.value)).toBe(false)
  })

  it.each<[string, () => Token]>([
    ['of another key', () => ({ claims: order(), header, signedBy: 'other' })],
    ['that is not signed', () => ({ claims: order(), signedBy: 'none' })],
    ['signed by the client’s secret', () => ({ claims: order(), header, signedBy: 'secret' })],
    ['of another type', () => ({ claims: order(), header: { typ: 'JWT' } })],
    [
      'of a directory that is none here',
      () => ({ claims: order({ iss: 'https://elsewhere.example' }), header }),
    ],
    ['in another directory’s name', () => ({ claims: order({ iss: oshee.issuer }), header })],
    ['for another client', () => ({ claims: order({ aud: 'another' }), header })],
    ['with a nonce', () => ({ claims: order({ nonce: 'n' }), header })],
    ['without the event', () => ({ claims: order({ events: {} }), header })],
    ['that names nobody', () => ({ claims: order({ sid: undefined }), header })],
    ['without an id', () => ({ claims: order({ jti: undefined }), header })],
    ['without its time', () => ({ claims: order({ iat: undefined }), header })],
    ['from before', () => ({ claims: order({ iat: inSeconds(later(-600)) }), header })],
    ['that has expired', () => ({ claims: order({ exp: inSeconds(later(-60)) }), header })],
    ['that is the token of a sign-in', () => ({ claims: idToken('n') })],
  ])('%s ends nothing', async (_, token) => {
    const one = await signInForged(nonce => ({ claims: idToken(nonce) }))
    expect(await obey(token())).toBe('refused')
    expect(await isOpen(one!.ok ? one!.value : '')).toBe(true)
  })

  it('is refused where it is none, and after too many no longer told of in the log', async () => {
    const said = vi.spyOn(log, 'warn')
    expect(await obey({ claims: order(), header, signedBy: 'other' })).toBe('refused')
    expect(said).toHaveBeenCalledTimes(1)
    for (let tries = 1; tries < 60; tries++)
      expect(await receiveOrder('x', device.address, now)).toBe('refused')
    said.mockClear()
    expect(await receiveOrder('x', device.address, now)).toBe('limited')
    expect(await obey({ claims: order(), header, signedBy: 'other' })).toBe('limited')
    expect(await receiveOrder(orderToGone, device.address, now)).toBe('again')
    expect(said).not.toHaveBeenCalled()
    // The directory's own word counts, however many others have come from there.
    expect(await obey({ claims: order(), header })).toBe('done')
    const refused = eq(auditEvents.action, 'sign-out.refused')
    expect(await db.$count(auditEvents, refused)).toBeGreaterThan(0)
  })
})

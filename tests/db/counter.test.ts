// What staff do at the counter: recognise a holder, take it back by two people, help one who cannot sign in.
import { and, eq, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import type { accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { recoveryCodes, sessions, twoFactors } from '../../db/schema/auth.ts'
import { cases } from '../../db/schema/cases.ts'
import type { contracts } from '../../db/schema/contracts.ts'
import { rateLimits } from '../../db/schema/limits.ts'
import { messages } from '../../db/schema/notifications.ts'
import { signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import { beginSession } from '../../lib/auth/sessions.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { moveCase } from '../../lib/cases/moves.ts'
import { getCase } from '../../lib/cases/queries.ts'
import { getContract } from '../../lib/contracts/queries.ts'
import { askWithdrawal, recogniseAtCounter, unlockAccount } from '../../lib/counter/commands.ts'
import { openRecognised } from '../../lib/counter/recognised.ts'
import { openMessage } from '../../lib/notifications/outbox.ts'
import { listAccessLog } from '../../lib/own-data/access-log.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeStaff } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2026-11-25T10:00:00Z')
const SEEN = { identityDocument: 'identityCard', documentEnding: '4821' } as const

type Account = typeof accounts.$inferSelect
let agent: Staff
let supervisor: Staff
let account: Account
let contract: typeof contracts.$inferSelect
let serial = 0

/** A contract of OSHEE with the names of an account that has it, and another phone. */
beforeEach(async () => {
  serial += 1
  agent = await makeStaff(db, 'agent', [1])
  supervisor = await makeStaff(db, 'supervisor', [1])
  account = await makeAccount(db)
  contract = await makeContract(db, { billerId: 1, holder: account, phone: null })
  await giveAccess(db, account, contract)
})

const onList = (who = account) => ({
  identifier: who.username,
  biller: 'oshee' as const,
  contractCode: contract.code,
})
const recognise = (by = agent, who = account) => recogniseAtCounter(by, { ...onList(who), ...SEEN }, now)
const ask = (by = agent, key = crypto.randomUUID()) =>
  askWithdrawal(by, { ...onList(), note: 'Their brother was here.' }, key, now)
const level = async (who = account) => (await getContract(who, 'oshee', contract.code))?.level
const told = async (who: { id: string }) => {
  const rows = await db
    .select()
    .from(messages)
    .where(eq(messages.accountId, who.id))
    .orderBy(messages.createdAt)
  return rows.map(({ kind, channel }) => `${kind} ${channel}`).sort()
}
const eventsBy = (who: { id: string }, action: string) =>
  db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.accountId, who.id), eq(auditEvents.action, action)))

describe('recognising', () => {
  it('makes the holder, and tells the account and whoever else is one, once each', async () => {
    const owner = await makeAccount(db)
    await giveAccess(db, owner, contract)
    await db.execute(
      `insert into account_businesses (account_id, biller_id, number, confirmed_at) values ('${owner.id}', 1, 'L${String(serial).padStart(8, '0')}A', now())`,
    )
    await db.execute(
      `update contracts set business_number = 'L${String(serial).padStart(8, '0')}A' where id = ${contract.id}`,
    )
    const onlooker = await makeAccount(db)
    await giveAccess(db, onlooker, contract)
    // Two colleagues at once.
    const both = await Promise.all([recognise(), recognise(supervisor)])
    expect(both.map(one => (one.ok ? 'done' : one.code)).sort()).toEqual(['alreadyRecognised', 'done'])
    expect(await level()).toBe('holder')
    expect(await told(account)).toEqual(['holder-recognised email', 'holder-recognised sms'])
    expect(await told(owner)).toEqual(['holder-of-yours email', 'holder-of-yours sms'])
    expect(await told(onlooker)).toEqual([])
    const event = [
      ...(await eventsBy(agent, 'holder.recognised')),
      ...(await eventsBy(supervisor, 'holder.recognised')),
    ]
    expect(event).toHaveLength(1)
    expect(event[0]).toMatchObject({
      subject: `contract:${contract.id}`,
      details: { accountId: account.id, document: 'identityCard', ending: '4821' },
    })
    const { entries } = await listAccessLog(account, undefined)
    expect(entries.map(({ actor, sentence }) => `${actor} ${sentence}`)).toContain(
      'staff staff.holder_recognised',
    )
  })

  it('finds customers of one’s billers alone, by all they sign in with, and never oneself', async () => {
    const elsewhere = await makeStaff(db, 'agent', [2])
    expect(await recognise(elsewhere)).toEqual({ ok: false, code: 'noAccount' })
    const [missed] = await eventsBy(elsewhere, 'counter.account-missed')
    expect(missed).toMatchObject({ subject: null, details: { by: 'username', own: false } })
    expect(JSON.stringify(missed)).not.toContain(account.username)
    for (const identifier of [account.email, account.phone, account.username.toUpperCase()]) {
      await db.execute(
        `update contract_access set recognised_at = null, recognised_by = null where contract_id = ${contract.id}`,
      )
      expect(await recogniseAtCounter(agent, { ...onList(), ...SEEN, identifier }, now)).toMatchObject({
        ok: true,
      })
    }
    const own = { ...agent, id: account.id }
    expect(await recognise(own)).toEqual({ ok: false, code: 'ownAccount' })
    // Nor does one whose contract it is too.
    await giveAccess(db, supervisor, contract)
    expect(await recognise(supervisor)).toEqual({ ok: false, code: 'ownAccount' })
  })

  it('is told as such already of who is the holder without it, and tells nobody anything', async () => {
    await db.execute(`update contracts set phone = '${account.phone}' where id = ${contract.id}`)
    expect(await level()).toBe('holder')
    expect(await recognise()).toEqual({ ok: false, code: 'alreadyHolder' })
    expect(await told(account)).toEqual([])
    expect(await eventsBy(agent, 'holder.recognised')).toEqual([])
  })

  it('says of which contract, for the page that the form leads to, and to whoever did it alone', async () => {
    const done = await recognise()
    if (!done.ok) throw new Error(done.code)
    const mark = done.value
    expect(mark).not.toContain(account.username)
    const said = { identifier: onList().identifier, biller: 'OSHEE', contractCode: contract.code }
    expect(openRecognised(mark, agent.id, now)).toEqual(said)
    expect(openRecognised(mark, supervisor.id, now)).toBeUndefined()
    expect(openRecognised(mark, agent.id, new Date(now.getTime() + 11 * 60_000))).toBeUndefined()
    expect(openRecognised('recognised', agent.id, now)).toBeUndefined()
  })

  it('wants the contract on the list, and the biller’s names', async () => {
    const other = await makeAccount(db)
    await giveAccess(db, other, contract)
    expect(await recognise(agent, other)).toEqual({ ok: false, code: 'otherHolder' })
    const away = await makeContract(db, { billerId: 1 })
    const input = { ...onList(), ...SEEN, contractCode: away.code }
    expect(await recogniseAtCounter(agent, input, now)).toEqual({ ok: false, code: 'noContract' })
    // Of another biller than theirs, although the account is a customer of both.
    const kesco = await makeContract(db, { billerId: 2, holder: account })
    await giveAccess(db, account, kesco)
    const foreign = { ...onList(), ...SEEN, biller: 'kesco' as const, contractCode: kesco.code }
    expect(await recogniseAtCounter(agent, foreign, now)).toEqual({ ok: false, code: 'noContract' })
  })
})

describe('an account that was found', () => {
  const found = (who: { id: string }) => eventsBy(who, 'counter.account-found')
  const unlock = (by: Staff, lift: 'wait' | 'secondStep', who = account) =>
    unlockAccount(by, { identifier: who.username, lift, checkedBy: 'passport', documentEnding: '4821' }, now)

  /** Each answer that tells that the account is there. */
  const answers: [string, () => Promise<unknown>][] = [
    ['noContract', () => recogniseAtCounter(agent, { ...onList(), ...SEEN, contractCode: 'AL9' }, now)],
    [
      'otherHolder',
      async () => {
        await db.execute(`update contracts set holder_personal_number = 'other' where id = ${contract.id}`)
        return recognise()
      },
    ],
    [
      'ownAccount',
      async () => {
        await giveAccess(db, agent as never, contract)
        return recognise()
      },
    ],
    ['notRecognised', () => ask()],
    [
      'alreadyAsked',
      async () => {
        await db.execute(
          `update contract_access set recognised_at = now(), recognised_by = 'paper' where contract_id = ${contract.id}`,
        )
        await ask(supervisor)
        return ask()
      },
    ],
    ['noSecondStep', () => unlock(Object.assign(agent, { role: 'supervisor' }), 'secondStep')],
    [
      'wait',
      async () => {
        for (let n = 0; n < 3; n++) await unlock(supervisor, 'wait')
        return unlock(agent, 'wait')
      },
    ],
  ]
  it.each(answers)('is written down, whatever is refused then: %s', async (code, answer) => {
    expect(await answer()).toMatchObject({ ok: false, code })
    expect(await found(agent)).toMatchObject([
      { subject: `account:${account.id}`, details: { by: 'username' }, at: now },
    ])
    const { entries } = await listAccessLog(account, undefined)
    expect(entries.map(({ actor, sentence }) => `${actor} ${sentence}`)).toContain(
      'staff staff.counter_account-found',
    )
  })

  it('is written down where it is a colleague’s too, who is not helped', async () => {
    const colleague = await makeStaff(db, 'agent', [1])
    await giveAccess(db, colleague, contract)
    expect(await unlock(agent, 'wait', colleague as never)).toEqual({ ok: false, code: 'noAccount' })
    expect(await found(agent)).toMatchObject([{ subject: `account:${colleague.id}` }])
  })

  it('tells nothing where that cannot be written down', async () => {
    await db.execute(
      sql`alter table audit_events add constraint closed check (action not like 'counter.%') not valid`,
    )
    for (const answer of [recognise, () => ask(), () => unlock(agent, 'wait')])
      await expect(answer()).rejects.toThrow()
    await db.execute(sql`alter table audit_events drop constraint closed`)
    expect(await told(account)).toEqual([])
  })
})

describe('taking it back', () => {
  const decide = (by: Staff, id: string) => moveCase(by, id, 'accept', {}, now)

  it('is asked for by one and decided by another; the account is told then, and not before', async () => {
    await recognise()
    await db.delete(messages)
    const asked = await ask(supervisor)
    if (!asked.ok) throw new Error(asked.code)
    expect(await told(account)).toEqual([])
    expect(await level()).toBe('holder')
    const other = await makeStaff(db, 'supervisor', [1])
    // Whoever asked has no button for it, nor the move; an agent neither.
    expect((await getCase(supervisor, 'registrations', asked.value, now))?.open).toEqual(['take', 'reject'])
    expect((await getCase(other, 'registrations', asked.value, now))?.open).toContain('accept')
    expect(await decide(supervisor, asked.value)).toEqual({ ok: false, code: 'sameOne' })
    expect(await decide(agent, asked.value)).toEqual({ ok: false, code: 'notFound' })
    expect(await decide(other, asked.value)).toMatchObject({ ok: true })
    expect(await level()).toBe('amounts')
    expect(await told(account)).toEqual(['holder-withdrawn email', 'holder-withdrawn sms'])
    // What was said among staff goes to nobody.
    const sent = await db.select().from(messages).where(eq(messages.accountId, account.id))
    expect(sent.map(({ sealed }) => openMessage(sealed)?.text).join()).not.toContain('brother')
    const { entries } = await listAccessLog(account, undefined)
    expect(entries.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining(['staff.case_filed', 'staff.case_accepted', 'staff.holder_withdrawn']),
    )
  })

  it('is done once by two supervisors at the same time, and declined leaves all as it was', async () => {
    await recognise()
    const asked = await ask()
    if (!asked.ok) throw new Error(asked.code)
    const others = [supervisor, await makeStaff(db, 'supervisor', [1])]
    const made = await Promise.all(others.map(one => decide(one, asked.value)))
    expect(made.map(one => (one.ok ? 'done' : one.code)).sort()).toEqual(['done', 'moved'])
    expect((await told(account)).filter(kind => kind.startsWith('holder-withdrawn'))).toHaveLength(2)

    await recognise()
    const again = await ask()
    if (!again.ok) throw new Error(again.code)
    const rejected = await moveCase(supervisor, again.value, 'reject', { note: 'It is them.' }, now)
    expect(rejected).toMatchObject({ ok: true })
    expect(await level()).toBe('holder')
  })

  it('takes back nothing, and tells nobody that it did, where the account is the holder by its phone or business', async () => {
    const byPhone = `update contracts set phone = '${account.phone}' where id = ${contract.id}`
    await recognise()
    const asked = await ask()
    if (!asked.ok) throw new Error(asked.code)
    await db.execute(byPhone)
    const seen = await getCase(supervisor, 'registrations', asked.value, now)
    expect(seen?.facts.at(-1)?.value).toEqual({ text: 'effects.none' })
    await db.delete(messages)
    expect(await decide(supervisor, asked.value)).toEqual({ ok: false, code: 'holderAnyway' })
    expect(await told(account)).toEqual([])
    await moveCase(supervisor, asked.value, 'reject', { note: 'Their phone.' }, now)
    // Nor is it asked for any more.
    expect(await ask()).toEqual({ ok: false, code: 'holderAnyway' })
    await db.execute(
      `update contracts set phone = null, business_number = 'L${String(serial).padStart(8, '0')}B' where id = ${contract.id}`,
    )
    await db.execute(
      `insert into account_businesses (account_id, biller_id, number, confirmed_at) values ('${account.id}', 1, 'L${String(serial).padStart(8, '0')}B', now())`,
    )
    expect(await ask()).toEqual({ ok: false, code: 'holderAnyway' })
    // Once the company has corrected its record, it is.
    await db.execute(`update contracts set business_number = null where id = ${contract.id}`)
    expect(await ask()).toMatchObject({ ok: true })
  })

  it('says on its page who recognised, when and by which document, and what agreeing does', async () => {
    await recognise()
    const asked = await ask(supervisor)
    if (!asked.ok) throw new Error(asked.code)
    const name = `${agent.firstName} ${agent.lastName}`
    const page = () => getCase(supervisor, 'registrations', asked.value, now)
    expect((await page())?.compared).toEqual([])
    expect((await page())?.facts).toEqual([
      {
        label: 'recognised',
        value: { text: 'recognised', values: { by: 'counter', day: now, name, document: 'identityCard' } },
      },
      { label: 'effect', value: { text: 'effects.withdraws' } },
    ])
    await decide(await makeStaff(db, 'supervisor', [1]), asked.value)
    expect((await page())?.facts).toEqual([{ label: 'recognised', value: { text: 'notRecognised' } }])
  })

  it('is asked for once, of what was recognised, by a form that may come twice', async () => {
    expect(await ask()).toEqual({ ok: false, code: 'notRecognised' })
    await recognise()
    const key = crypto.randomUUID()
    const [first, second] = [await ask(agent, key), await ask(agent)]
    expect(first).toMatchObject({ ok: true })
    expect(second).toEqual({ ok: false, code: 'alreadyAsked' })
    expect(await db.$count(cases, eq(cases.accountId, account.id))).toBe(1)
    // Nobody of another biller sees it.
    const elsewhere = await makeStaff(db, 'supervisor', [2])
    expect(await decide(elsewhere, first.ok ? first.value : '')).toEqual({ ok: false, code: 'notFound' })
  })
})

describe('one who cannot sign in', () => {
  const PASSWORD = 'Portokall 7'
  const device = { userAgent: 'test', address: '192.0.2.1' }
  const unlock = (by = agent, lift: 'wait' | 'secondStep' = 'wait', identifier = account.username) =>
    unlockAccount(by, { identifier, lift, checkedBy: 'identityCard', documentEnding: '4821' }, now)

  beforeEach(async () => {
    await db.delete(rateLimits)
    const passwordHash = await hashPassword(PASSWORD)
    account = await makeAccount(db, { passwordHash })
    await giveAccess(db, account, contract)
  })

  it('may try again, by each identifier, and is told; nothing says whether there was a wait', async () => {
    const tries = async (identifier: string) => {
      for (let n = 0; n < 11; n++) await signInWithPassword(identifier, 'wrong', device, new Date())
    }
    await tries(account.username)
    await tries(account.phone)
    const signIn = (identifier: string) => signInWithPassword(identifier, PASSWORD, device, new Date())
    expect(await signIn(account.username)).toMatchObject({ code: 'wait' })
    const waiting = await unlock()
    for (const identifier of [account.username, account.phone]) {
      expect(await signIn(identifier)).toMatchObject({ ok: true })
    }
    expect(await told(account)).toEqual(expect.arrayContaining(['wait-lifted email', 'wait-lifted sms']))
    const [event] = await eventsBy(agent, 'account.unlocked')
    expect(event).toMatchObject({
      subject: `account:${account.id}`,
      details: { lift: 'wait', checkedBy: 'identityCard', ending: '4821' },
    })
    const calm = await makeAccount(db)
    await giveAccess(db, calm, contract)
    expect(await unlock(agent, 'wait', calm.username)).toEqual(waiting)
  })

  it('is helped a few times a day', async () => {
    for (let n = 0; n < 3; n++) expect(await unlock()).toMatchObject({ ok: true })
    expect(await unlock()).toMatchObject({ ok: false, code: 'wait' })
  })

  it('is helped as often, however many tries were refused', async () => {
    for (let n = 0; n < 4; n++)
      expect(await unlock(supervisor, 'secondStep')).toEqual({ ok: false, code: 'noSecondStep' })
    for (let n = 0; n < 3; n++) expect(await unlock()).toMatchObject({ ok: true })
  })

  it('loses the second step by a supervisor alone, and every session with it', async () => {
    expect(await unlock(supervisor, 'secondStep')).toEqual({ ok: false, code: 'noSecondStep' })
    await db
      .insert(twoFactors)
      .values({ accountId: account.id, sealedSecret: 'x', createdAt: now, confirmedAt: now })
    await db.insert(recoveryCodes).values({ accountId: account.id, codeHash: 'x' })
    await beginSession(db, account.id, device, now, true)
    expect(await unlock(agent, 'secondStep')).toEqual({ ok: false, code: 'notFound' })
    expect(await db.$count(twoFactors, eq(twoFactors.accountId, account.id))).toBe(1)
    expect(await unlock(supervisor, 'secondStep')).toMatchObject({ ok: true })
    expect(await db.$count(twoFactors, eq(twoFactors.accountId, account.id))).toBe(0)
    const [session] = await db.select().from(sessions).where(eq(sessions.accountId, account.id))
    expect(session!.revokedAt).not.toBeNull()
    expect(await told(account)).toEqual(['second-step-lifted email', 'second-step-lifted sms'])
    expect(await signInWithPassword(account.username, PASSWORD, device, new Date())).toMatchObject({
      ok: true,
    })
  })

  it('is nobody of the staff, of another biller or oneself', async () => {
    const colleague = await makeStaff(db, 'agent', [1])
    await giveAccess(db, colleague, contract)
    expect(await unlock(agent, 'wait', colleague.username)).toEqual({ ok: false, code: 'noAccount' })
    expect(await unlock(colleague, 'wait', colleague.username)).toEqual({ ok: false, code: 'ownAccount' })
    expect(await unlock(await makeStaff(db, 'agent', [2]))).toEqual({ ok: false, code: 'noAccount' })
    expect(await told(colleague)).toEqual([])
  })
})

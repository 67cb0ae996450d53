// When maintenance is on and told of, which times may be set, and which rows of health need somebody.
import { describe, expect, it } from 'vitest'
import { billerRows, inOrder, portalRows } from '../../lib/health/rules.ts'
import type { BillerFacts, HealthRow, PortalFacts } from '../../lib/health/schema.ts'
import { isTold, MOST_DAYS_AHEAD, MOST_HOURS, stateOf, timesFault } from '../../lib/maintenance/rules.ts'
import { readTime } from '../../lib/platform/typed.ts'

const now = new Date('2026-11-28T12:00:00Z')
const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
const from = (starts: number, ends: number) => ({ startsAt: at(starts), endsAt: at(ends) })

describe('maintenance', () => {
  it('is on from its start until its end, that moment excluded', () => {
    expect(stateOf(from(0, 1), now)).toBe('on')
    expect(stateOf(from(0.001, 1), now)).toBe('announced')
    expect(stateOf(from(-1, 0), now)).toBe('over')
  })

  it('is told of from a day before', () => {
    expect(isTold(from(24, 25), now)).toBe(true)
    expect(isTold(from(24.001, 25), now)).toBe(false)
    expect(isTold(from(-1, 1), now)).toBe(true)
    expect(isTold(from(-1, 0), now)).toBe(false)
  })

  it('takes no times that are over, turned round, or a slip', () => {
    expect(timesFault(from(1, 2), false, now)).toBeUndefined()
    expect(timesFault(from(0, 2), true, now)).toBeUndefined()
    expect(timesFault(from(0, 2), false, now)).toBe('startsPast')
    expect(timesFault(from(24 * MOST_DAYS_AHEAD + 1, 24 * MOST_DAYS_AHEAD + 2), false, now)).toBe(
      'startsTooFar',
    )
    expect(timesFault(from(2, 2), false, now)).toBe('endsBeforeStart')
    expect(timesFault(from(-2, -1), true, now)).toBe('endsBeforeStart')
    expect(timesFault(from(1, MOST_HOURS + 1), false, now)).toBeUndefined()
    expect(timesFault(from(1, MOST_HOURS + 1.1), false, now)).toBe('lastsTooLong')
    // What has gone on for long may be extended all the same.
    expect(timesFault(from(-MOST_HOURS, 2), true, now)).toBeUndefined()
  })

  it('has its times typed as people write them', () => {
    for (const typed of ['9:30', '09.30', '0930', '930', ' 09:30 ']) expect(readTime(typed)).toBe('09:30')
    expect(readTime('22')).toBe('22:00')
    for (const typed of ['24:00', '12:60', 'noon', '9:3', '']) expect(readTime(typed)).toBeUndefined()
  })
})

const none = { count: 0, oldest: null }
const waits = (count: number, hours: number) => ({ count, oldest: at(-hours) })
const channel = { messages: none, notices: none, isPaused: false, failed: 0 }

const wellPortal: PortalFacts = {
  ...{ startedAt: at(-5), answerMs: 3, jobs: {}, failedJobs: none, workers: 2 },
  channels: { email: channel, sms: channel },
  sms: { hour: { used: 1, most: 100 }, day: { used: 1, most: 1000 } },
  ...{ documents: none, scans: true, signingKeyEndsAt: at(24 * 365), maintenance: undefined },
  backup: { lastAt: at(-0.01), startedAt: at(-500), isFailing: false },
}

const wellBillers: BillerFacts = {
  feeds: [
    {
      ...{ code: 'oshee', name: 'OSHEE', lastLoaded: at(-5), openSince: null, refused: null },
      ...{ lost: null, isSilent: false },
    },
  ],
  accounts: [
    {
      ...{ code: 'oshee-bkt', isTest: false, isUsable: true, unreadSince: null, lastAnswer: at(-1), open: 3 },
      ...{ inDoubt: none, forged: none, silent: null },
    },
  ],
  ...{ silentAccounts: [], differences: none, requests: none, certificates: none },
}

const row = (rows: HealthRow[], kind: string) => rows.find(one => one.kind === kind)!
const portal = (changed: Partial<PortalFacts>, kind: string) =>
  row(portalRows({ ...wellPortal, ...changed }, now), kind)
const biller = (changed: Partial<BillerFacts>, kind: string) =>
  row(billerRows({ ...wellBillers, ...changed }, now), kind)

describe('health', () => {
  it('says that all works where it does', () => {
    const rows = [...portalRows(wellPortal, now), ...billerRows(wellBillers, now)]
    expect(rows.filter(({ state }) => state !== 'works')).toEqual([])
    expect(rows.filter(({ todo }) => todo)).toEqual([])
  })

  it('lets what waits wait for a while, and calls somebody after a quarter of an hour', () => {
    const jobs = (hours: number) => ({ jobs: { 'check-payment': waits(3, hours) } })
    expect(portal(jobs(0.01), 'bankJobs')).toMatchObject({ state: 'works', says: 'none' })
    expect(portal(jobs(0.2), 'bankJobs')).toMatchObject({
      state: 'waits',
      values: { count: 3 },
      since: at(-0.2),
    })
    expect(portal(jobs(0.3), 'bankJobs')).toMatchObject({ state: 'needsYou', says: 'late', todo: true })
    // Meant to wait.
    const maintenance = from(-1, 1)
    expect(portal({ ...jobs(0.3), maintenance }, 'bankJobs')).toMatchObject({ state: 'waits', says: 'rests' })
    expect(portal({ maintenance }, 'maintenance')).toMatchObject({ state: 'waits', says: 'on' })
    expect(portal({ maintenance: from(1, 2) }, 'maintenance')).toMatchObject({
      state: 'works',
      says: 'announced',
    })
  })

  it('finds a mail server that hangs, budgets spent, keys that end, and nobody at work', () => {
    const email = (changed: Partial<PortalFacts['channels']['email']>) =>
      portal({ channels: { email: { ...channel, ...changed }, sms: channel } }, 'email')
    const [few, late] = [waits(9, 0.1), waits(9, 0.2)]
    expect(email({ messages: few, isPaused: true })).toMatchObject({ state: 'waits', says: 'paused' })
    expect(email({ messages: late, isPaused: true, notices: waits(50, 11) })).toMatchObject({
      ...{ state: 'needsYou', says: 'late', values: { count: 9 }, since: at(-0.2) },
    })
    // They are sent at a pace.
    expect(email({ messages: few, notices: waits(50, 11) })).toMatchObject({
      ...{ state: 'waits', says: 'waiting', values: { count: 59 }, since: at(-11) },
    })
    expect(email({ messages: few, notices: waits(50, 13) })).toMatchObject({
      says: 'noticesLate',
      todo: true,
    })
    expect(portal({ jobs: { 'start-password-reset': late } }, 'sms')).toMatchObject({ says: 'late' })
    const sms = (used: number) => ({ sms: { ...wellPortal.sms, hour: { used, most: 100 } } })
    expect(portal(sms(79), 'smsBudget').state).toBe('works')
    expect(portal(sms(80), 'smsBudget').state).toBe('waits')
    expect(portal(sms(100), 'smsBudget')).toMatchObject({ state: 'needsYou', says: 'spent' })
    const key = (days: number) => portal({ signingKeyEndsAt: at(24 * days) }, 'signingKey').state
    expect([61, 59, 13, -1].map(key)).toEqual(['works', 'waits', 'needsYou', 'needsYou'])
    expect(portal({ signingKeyEndsAt: undefined }, 'signingKey')).toMatchObject({ says: 'missing' })
    expect(portal({ workers: 0 }, 'workers')).toMatchObject({ state: 'needsYou', todo: true })
    expect(portal({ failedJobs: waits(1, 50) }, 'failedJobs')).toMatchObject({
      state: 'needsYou',
      link: 'jobs',
    })
    expect(portal({ scans: false }, 'documents')).toMatchObject({ state: 'waits', says: 'noScanner' })
  })

  it('finds a database that nobody backs up, and an archive that stands still', () => {
    const backup = (changed: object | 'off' | 'elsewhere' | 'demo') =>
      portal(
        {
          backup: typeof changed === 'string' ? changed : { ...(wellPortal.backup as object), ...changed },
        } as Partial<PortalFacts>,
        'backup',
      )
    expect(backup('off')).toMatchObject({ state: 'needsYou', says: 'off', todo: true })
    expect([backup('elsewhere').state, backup('demo').state]).toEqual(['works', 'works'])
    expect(backup({ isFailing: true })).toMatchObject({
      ...{ state: 'needsYou', says: 'failing', since: at(-0.01) },
    })
    expect(backup({ lastAt: at(-0.6) })).toMatchObject({ state: 'needsYou', says: 'late', since: at(-0.6) })
    // It was switched on a moment ago, or long ago and never worked.
    expect(backup({ lastAt: null, startedAt: at(-0.1) })).toMatchObject({ state: 'waits', says: 'none' })
    expect(backup({ lastAt: null })).toMatchObject({ state: 'needsYou', says: 'late', since: at(-500) })
  })

  it('finds banks in doubt or signed wrongly, feeds refused or silent, and what is late', () => {
    const account = (changed: Partial<BillerFacts['accounts'][number]>) =>
      biller({ accounts: [{ ...wellBillers.accounts[0]!, ...changed }] }, 'account')
    expect(account({ isUsable: false, unreadSince: at(-3), inDoubt: waits(1, 1.5) })).toMatchObject({
      ...{ state: 'needsYou', says: 'noSecrets', since: at(-3), todo: true },
    })
    expect(account({ inDoubt: waits(1, 0.5) })).toMatchObject({
      state: 'waits',
      name: 'oshee-bkt',
      link: 'inDoubt',
    })
    expect(account({ inDoubt: waits(1, 1.5) })).toMatchObject({ state: 'needsYou', says: 'doubtLong' })
    const silent = (hours: number, refused = false) => ({ silent: { since: at(-hours), refused } })
    expect(account(silent(0.01, true))).toMatchObject({
      ...{ state: 'needsYou', says: 'refused', values: { count: 3 }, since: at(-0.01), todo: true },
    })
    expect(account(silent(0.01))).toMatchObject({ state: 'works' })
    expect(account(silent(0.4))).toMatchObject({ state: 'waits', says: 'silent' })
    expect(account(silent(0.6))).toMatchObject({ state: 'needsYou', says: 'silent', since: at(-0.6) })
    expect(account({ ...silent(0.6), open: 0 })).toMatchObject({ state: 'waits', says: 'silent' })
    expect(account({ isTest: true, inDoubt: waits(1, 1.5) })).toMatchObject({ state: 'waits', isTest: true })
    // None of its troubles hides another.
    const all = { inDoubt: waits(1, 1.5), forged: waits(4, 2), ...silent(3, true) }
    const accounts = [{ ...wellBillers.accounts[0]!, ...all }]
    const troubles = billerRows({ ...wellBillers, accounts }, now).filter(({ kind }) => kind === 'account')
    expect(troubles.map(({ says, todo }) => [says, todo])).toEqual([
      ['refused', true],
      ['doubtLong', undefined],
      ['forged', true],
    ])
    const feed = (changed: Partial<BillerFacts['feeds'][number]>) =>
      biller({ feeds: [{ ...wellBillers.feeds[0]!, ...changed }] }, 'feed')
    const files = [
      { file: 'contracts', rows: 0 },
      { file: 'invoices', rows: 24 },
    ]
    const refused = { count: 2, oldest: at(-9), files }
    expect(feed({ refused, isSilent: true })).toMatchObject({
      ...{ state: 'needsYou', says: 'refused', since: at(-9) },
      values: { loaded: 'once', last: at(-5), count: '2', files: 'contracts.csv, invoices.csv (24)' },
    })
    expect(feed({ lastLoaded: null, refused: { ...refused, count: 10, files: [] } })).toMatchObject({
      values: { loaded: 'never', count: '10+', files: 'none' },
    })
    expect(feed({ isSilent: true })).toMatchObject({ state: 'needsYou', says: 'silent', since: at(-5) })
    expect(feed({ openSince: at(-1) })).toMatchObject({ state: 'waits', says: 'loading' })
    expect(feed({ lastLoaded: null })).toMatchObject({ state: 'waits', says: 'never' })
    const silentAccounts = [{ code: 'oshee-bkt', lastAt: at(-72) }]
    expect(biller({ silentAccounts }, 'settlements')).toMatchObject({ state: 'needsYou', name: 'oshee-bkt' })
    expect(biller({ requests: waits(2, 30) }, 'requests')).toMatchObject({
      state: 'needsYou',
      since: at(-30),
    })
    expect(biller({ differences: waits(2, 30) }, 'differences')).toMatchObject({ link: 'payments' })
  })

  it('puts first what needs somebody', () => {
    const rows = portalRows({ ...wellPortal, workers: 0, answerMs: 5000 }, now)
    expect(
      inOrder(rows)
        .map(({ kind }) => kind)
        .slice(0, 2),
    ).toEqual(['workers', 'database'])
    const many = billerRows(
      {
        ...{ ...wellBillers, requests: waits(2, 30), differences: waits(1, 5) },
        accounts: [{ ...wellBillers.accounts[0]!, silent: { since: at(-1), refused: true } }],
      },
      now,
    )
    const first = inOrder([...portalRows({ ...wellPortal, workers: 0 }, now), ...many])
    expect(first.slice(0, 4).map(({ kind }) => kind)).toEqual([
      'account',
      'workers',
      'differences',
      'requests',
    ])
  })
})

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
const channel = { notices: none, isPaused: false, failed: 0 }

const wellPortal: PortalFacts = {
  ...{ startedAt: at(-5), answerMs: 3, jobs: {}, failedJobs: none, workers: 2 },
  channels: { email: channel, sms: channel },
  sms: { hour: { used: 1, most: 100 }, day: { used: 1, most: 1000 } },
  ...{ documents: none, scans: true, signingKeyEndsAt: at(24 * 365), maintenance: undefined },
}

const wellBillers: BillerFacts = {
  feeds: [
    {
      ...{ code: 'oshee', name: 'OSHEE', lastLoaded: at(-5), openSince: null, refusedAt: null },
      ...{ lost: null, isSilent: false },
    },
  ],
  accounts: [{ code: 'oshee-bkt', lastAnswer: at(-1), inDoubt: none, forged: none }],
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
    const email = { ...channel, isPaused: true }
    const jobs = { 'send-email': waits(9, 0.1) }
    expect(portal({ jobs, channels: { email, sms: channel } }, 'email')).toMatchObject({
      state: 'waits',
      says: 'paused',
    })
    const notices = waits(50, 1)
    expect(portal({ jobs, channels: { email: { ...email, notices }, sms: channel } }, 'email')).toMatchObject(
      {
        ...{ state: 'needsYou', values: { count: 59 }, since: at(-1) },
      },
    )
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

  it('finds banks in doubt or signed wrongly, feeds refused or silent, and what is late', () => {
    const account = (changed: Partial<BillerFacts['accounts'][number]>) =>
      biller({ accounts: [{ ...wellBillers.accounts[0]!, ...changed }] }, 'account')
    expect(account({ inDoubt: waits(1, 0.5) })).toMatchObject({
      state: 'waits',
      name: 'oshee-bkt',
      link: 'payments',
    })
    expect(account({ inDoubt: waits(1, 1.5) })).toMatchObject({ state: 'needsYou', says: 'doubtLong' })
    expect(account({ inDoubt: waits(1, 1.5), forged: waits(4, 2) })).toMatchObject({
      says: 'forged',
      since: at(-2),
    })
    const feed = (changed: Partial<BillerFacts['feeds'][number]>) =>
      biller({ feeds: [{ ...wellBillers.feeds[0]!, ...changed }] }, 'feed')
    expect(feed({ refusedAt: at(-9) })).toMatchObject({ state: 'needsYou', says: 'refused', since: at(-9) })
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
  })
})

// What facts mean: which row works, which waits, and which needs somebody. Pure.
import { stateOf } from '../maintenance/rules.ts'
import type { BillerFacts, HealthRow, HealthState, PortalFacts, Waiting } from './schema.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** What waits no longer has only just come. */
const SOON_MS = MINUTE_MS
/** What waits longer waits for somebody: within it a channel is tried again many times, and a process that died is replaced. */
const LATE_MS = 15 * MINUTE_MS
/** A bank is asked every few minutes: one that has not said by then what became of a payment has to be rung. */
const DOUBT_MS = 60 * MINUTE_MS
const SLOW_MS = 1000
/** Of the budget of SMS, above which it is worth a look. */
const NEAR = 0.8
/** So many messages that nobody could get in a day are no single wrong addresses. */
const MANY_FAILED = 50
/** A new certificate takes days to get. */
const KEY_ENDS_MS = 60 * DAY_MS
const KEY_ENDS_SOON_MS = 14 * DAY_MS

/** The lanes of jobs whose parties differ (lib/worker/handlers.ts); all other tasks are background. */
const TASKS = {
  codes: ['send-sms', 'start-password-reset'],
  email: ['send-email', 'send-message'],
  notices: ['send-notices-email', 'send-notices-sms'],
  bank: [
    'check-payment',
    'sweep-payments',
    'submit-refund',
    'check-refund',
    'sweep-refunds',
    'compare-settlement',
    'sandbox-bank-callback',
  ],
  feeds: ['load-feeds'],
}

/** The lane of a task. */
export const laneOf = (task: string): keyof typeof TASKS | 'background' =>
  (Object.keys(TASKS) as (keyof typeof TASKS)[]).find(lane => TASKS[lane].includes(task)) ?? 'background'

const NONE: Waiting = { count: 0, oldest: null }

const sum = (...all: Waiting[]): Waiting => ({
  count: all.reduce((count, one) => count + one.count, 0),
  oldest: all.reduce<Date | null>(
    (oldest, one) => (one.oldest && (!oldest || one.oldest < oldest) ? one.oldest : oldest),
    null,
  ),
})

const isOlder = ({ oldest }: Waiting, ms: number, now: Date): boolean =>
  oldest !== null && now.getTime() - oldest.getTime() > ms

/** Of what is done by jobs. `rests`: it is meant to wait. */
function queued(
  waiting: Waiting,
  now: Date,
  rests = false,
): Pick<HealthRow, 'state' | 'says' | 'values' | 'since' | 'todo'> {
  const { count, oldest } = waiting
  const of = { values: { count }, ...(oldest && { since: oldest }) }
  if (!rests && isOlder(waiting, LATE_MS, now)) return { state: 'needsYou', says: 'late', ...of, todo: true }
  if (!isOlder(waiting, SOON_MS, now)) return { state: 'works', says: 'none' }
  return { state: 'waits', says: rests ? 'rests' : 'waiting', ...of }
}

const waitingOf = (jobs: PortalFacts['jobs'], lane: ReturnType<typeof laneOf>): Waiting =>
  sum(NONE, ...Object.entries(jobs).flatMap(([task, waiting]) => (laneOf(task) === lane ? [waiting] : [])))

/** Rows about what is of the whole portal, for administrators. */
export function portalRows(facts: PortalFacts, now: Date): HealthRow[] {
  const { jobs, maintenance, workers } = facts
  const stopped = maintenance !== undefined && stateOf(maintenance, now) === 'on'
  return [
    { group: 'portal', kind: 'pages', state: 'works', says: 'works', since: facts.startedAt },
    {
      ...{ group: 'portal', kind: 'database', values: { ms: facts.answerMs } },
      ...(facts.answerMs > SLOW_MS
        ? { state: 'waits', says: 'slow', todo: true }
        : { state: 'works', says: 'works' }),
    },
    maintenanceRow(maintenance, now),
    workers > 0
      ? { group: 'portal', kind: 'workers', state: 'works', says: 'works', values: { count: workers } }
      : { group: 'portal', kind: 'workers', state: 'needsYou', says: 'none', todo: true },
    { group: 'portal', kind: 'background', ...queued(waitingOf(jobs, 'background'), now) },
    counted('portal', 'failedJobs', facts.failedJobs, 'needsYou', 'jobs'),
    documentsRow(facts, now),
    signingKeyRow(facts.signingKeyEndsAt, now),
    channelRow('email', sum(waitingOf(jobs, 'email'), facts.channels.email.notices), facts, now),
    channelRow('sms', sum(waitingOf(jobs, 'codes'), facts.channels.sms.notices), facts, now),
    undeliveredRow(facts),
    budgetRow(facts),
    { group: 'banks', kind: 'bankJobs', ...queued(waitingOf(jobs, 'bank'), now, stopped) },
    { group: 'companies', kind: 'feedJobs', ...queued(waitingOf(jobs, 'feeds'), now, stopped) },
  ]
}

function maintenanceRow(maintenance: PortalFacts['maintenance'], now: Date): HealthRow {
  const of = { group: 'portal', kind: 'maintenance', link: 'maintenance' } as const
  const state = maintenance && stateOf(maintenance, now)
  if (!maintenance || state === 'over') return { ...of, state: 'works', says: 'none' }
  const values = { from: maintenance.startsAt, until: maintenance.endsAt }
  return state === 'on'
    ? { ...of, state: 'waits', says: 'on', values, since: maintenance.startsAt }
    : { ...of, state: 'works', says: 'announced', values }
}

/** Of what should be none. */
function counted(
  group: HealthRow['group'],
  kind: string,
  { count, oldest }: Waiting,
  state: HealthState,
  link: HealthRow['link'],
): HealthRow {
  if (count === 0) return { group, kind, state: 'works', says: 'none' }
  return {
    group,
    kind,
    state,
    says: 'some',
    values: { count },
    ...(oldest && { since: oldest }),
    todo: true,
    link,
  }
}

function documentsRow({ documents, scans }: PortalFacts, now: Date): HealthRow {
  const of = { group: 'portal', kind: 'documents' } as const
  return scans
    ? { ...of, ...queued(documents, now) }
    : { ...of, state: 'waits', says: 'noScanner', todo: true }
}

function signingKeyRow(endsAt: Date | undefined, now: Date): HealthRow {
  const of = { group: 'portal', kind: 'signingKey' } as const
  if (!endsAt) return { ...of, state: 'needsYou', says: 'missing', todo: true }
  const left = endsAt.getTime() - now.getTime()
  const values = { until: endsAt }
  if (left <= 0) return { ...of, state: 'needsYou', says: 'ended', values, since: endsAt, todo: true }
  if (left > KEY_ENDS_MS) return { ...of, state: 'works', says: 'works', values }
  return { ...of, state: left > KEY_ENDS_SOON_MS ? 'waits' : 'needsYou', says: 'ends', values, todo: true }
}

function channelRow(
  kind: 'email' | 'sms',
  waiting: Waiting,
  { channels }: PortalFacts,
  now: Date,
): HealthRow {
  const of = { group: 'messages', kind } as const
  const row = { ...of, ...queued(waiting, now) }
  if (!channels[kind].isPaused || row.state === 'needsYou') return row
  const { count, oldest } = waiting
  return { ...of, state: 'waits', says: 'paused', values: { count }, ...(oldest && { since: oldest }) }
}

function undeliveredRow({ channels: { email, sms } }: PortalFacts): HealthRow {
  const values = { email: email.failed, sms: sms.failed }
  const of = { group: 'messages', kind: 'undelivered', values } as const
  return email.failed + sms.failed >= MANY_FAILED
    ? { ...of, state: 'needsYou', says: 'many', todo: true }
    : { ...of, state: 'works', says: 'few' }
}

function budgetRow({ sms: { hour, day } }: PortalFacts): HealthRow {
  const values = { hour: hour.used, hourMost: hour.most, day: day.used, dayMost: day.most }
  const of = { group: 'messages', kind: 'smsBudget', values } as const
  const share = Math.max(hour.used / hour.most, day.used / day.most)
  if (share >= 1) return { ...of, state: 'needsYou', says: 'spent', todo: true }
  return share >= NEAR
    ? { ...of, state: 'waits', says: 'near', todo: true }
    : { ...of, state: 'works', says: 'works' }
}

/** Rows about what is of billers, for their supervisors too. */
export function billerRows(facts: BillerFacts, now: Date): HealthRow[] {
  return [
    ...facts.accounts.map(account => accountRow(account, now)),
    counted('banks', 'differences', facts.differences, 'needsYou', 'payments'),
    ...(facts.silentAccounts.length === 0
      ? [{ group: 'banks', kind: 'settlements', state: 'works', says: 'works' } as const]
      : facts.silentAccounts.map(
          ({ code, lastAt }): HealthRow => ({
            ...{ group: 'banks', kind: 'settlements', name: code, state: 'needsYou', says: 'silent' },
            ...{ since: lastAt, todo: true, link: 'settlements' },
          }),
        )),
    ...facts.feeds.map(feedRow),
    counted('companies', 'requests', facts.requests, 'needsYou', 'requests'),
    counted('companies', 'certificates', facts.certificates, 'needsYou', 'certificates'),
  ]
}

function accountRow(
  { code, lastAnswer, inDoubt, forged }: BillerFacts['accounts'][number],
  now: Date,
): HealthRow {
  const of = { group: 'banks', kind: 'account', name: code } as const
  const told = (waiting: Waiting) => ({
    values: { count: waiting.count },
    ...(waiting.oldest && { since: waiting.oldest }),
  })
  if (forged.count > 0) return { ...of, state: 'needsYou', says: 'forged', ...told(forged), todo: true }
  if (inDoubt.count > 0) {
    const isLong = isOlder(inDoubt, DOUBT_MS, now)
    const link = { todo: true, link: 'payments' } as const
    return {
      ...of,
      state: isLong ? 'needsYou' : 'waits',
      says: isLong ? 'doubtLong' : 'doubt',
      ...told(inDoubt),
      ...link,
    }
  }
  return lastAnswer
    ? { ...of, state: 'works', says: 'works', values: { last: lastAnswer } }
    : { ...of, state: 'works', says: 'unused' }
}

function feedRow({
  name,
  lastLoaded,
  openSince,
  refusedAt,
  lost,
  isSilent,
}: BillerFacts['feeds'][number]): HealthRow {
  const of = { group: 'companies', kind: 'feed', name, link: 'feeds' } as const
  if (refusedAt) return { ...of, state: 'needsYou', says: 'refused', since: refusedAt, todo: true }
  if (isSilent) return { ...of, state: 'needsYou', says: 'silent', since: lastLoaded!, todo: true }
  if (lost) {
    const files = lost.files.map(file => `${file}.csv`).join(', ')
    return { ...of, state: 'needsYou', says: 'lost', values: { files }, since: lost.at, todo: true }
  }
  if (openSince) return { ...of, state: 'waits', says: 'loading', since: openSince }
  if (!lastLoaded) return { ...of, state: 'waits', says: 'never', todo: true }
  return { ...of, state: 'works', says: 'works', values: { last: lastLoaded } }
}

/** What needs somebody first, then what waits. */
export function inOrder(rows: readonly HealthRow[]): HealthRow[] {
  const places: HealthState[] = ['needsYou', 'waits', 'works']
  return rows.toSorted((one, other) => places.indexOf(one.state) - places.indexOf(other.state))
}

// What facts mean: which row works, which waits, and which needs somebody. Pure.
import { refusedCount } from '../feed/schema.ts'
import { stateOf } from '../maintenance/rules.ts'
import type { BillerFacts, HealthRow, HealthState, PortalFacts, Waiting } from './schema.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** What waits no longer has only just come. */
const SOON_MS = MINUTE_MS
/** What waits longer waits for somebody: within it a channel is tried again many times, and a process that died is replaced. */
const LATE_MS = 15 * MINUTE_MS
/** A code is of no use after it: as the alert DritaMessagesStuck. */
export const MESSAGE_LATE_MS = 10 * MINUTE_MS
/** After the bills of a month news wait for hours, at their pace: as DritaNoticesLate. */
export const NOTICE_LATE_MS = 12 * 60 * MINUTE_MS
/** As DritaBankSilent: banks are out of order for minutes now and then. */
export const SILENT_MS = 30 * MINUTE_MS
/** A bank is asked every few minutes: one that has not said by then what became of a payment has to be rung. */
const DOUBT_MS = 60 * MINUTE_MS
const SLOW_MS = 1000
/** Of the budget of SMS, above which it is worth a look. */
const NEAR = 0.8
/** So many messages that nobody could get in a day are no single wrong addresses. */
const MANY_FAILED = 50
/** PostgreSQL archives its log every few minutes (archive_timeout), also while nobody writes. */
const ARCHIVE_MS = 30 * MINUTE_MS
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
    backupRow(facts.backup, now),
    maintenanceRow(maintenance, now),
    workers > 0
      ? { group: 'portal', kind: 'workers', state: 'works', says: 'works', values: { count: workers } }
      : { group: 'portal', kind: 'workers', state: 'needsYou', says: 'none', todo: true },
    { group: 'portal', kind: 'background', ...queued(waitingOf(jobs, 'background'), now) },
    counted('portal', 'failedJobs', facts.failedJobs, 'needsYou', 'jobs'),
    documentsRow(facts, now),
    signingKeyRow(facts.signingKeyEndsAt, now),
    channelRow('email', facts.channels.email, now),
    // A forgotten password is a job before it is a message.
    channelRow(
      'sms',
      {
        ...facts.channels.sms,
        messages: sum(facts.channels.sms.messages, jobs['start-password-reset'] ?? NONE),
      },
      now,
    ),
    undeliveredRow(facts),
    budgetRow(facts),
    { group: 'banks', kind: 'bankJobs', ...queued(waitingOf(jobs, 'bank'), now, stopped) },
    { group: 'companies', kind: 'feedJobs', ...queued(waitingOf(jobs, 'feeds'), now, stopped) },
  ]
}

function backupRow(backup: PortalFacts['backup'], now: Date): HealthRow {
  const of = { group: 'portal', kind: 'backup' } as const
  if (backup === 'off') return { ...of, state: 'needsYou', says: 'off', todo: true }
  if (typeof backup === 'string') return { ...of, state: 'works', says: backup }
  const { lastAt, startedAt, isFailing } = backup
  const since = lastAt ?? startedAt
  if (isFailing) return { ...of, state: 'needsYou', says: 'failing', since, todo: true }
  if (now.getTime() - since.getTime() > ARCHIVE_MS) {
    return { ...of, state: 'needsYou', says: 'late', since, todo: true }
  }
  return lastAt
    ? { ...of, state: 'works', says: 'works', values: { last: lastAt } }
    : { ...of, state: 'waits', says: 'none', since }
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
  { messages, notices, isPaused }: PortalFacts['channels'][typeof kind],
  now: Date,
): HealthRow {
  const of = { group: 'messages', kind } as const
  const told = (says: string, { count, oldest }: Waiting) => ({
    ...{ ...of, says, values: { count } },
    ...(oldest && { since: oldest }),
  })
  if (isOlder(messages, MESSAGE_LATE_MS, now))
    return { ...told('late', messages), state: 'needsYou', todo: true }
  if (isOlder(notices, NOTICE_LATE_MS, now))
    return { ...told('noticesLate', notices), state: 'needsYou', todo: true }
  const all = sum(messages, notices)
  if (isPaused) return { ...told('paused', all), state: 'waits' }
  return isOlder(all, SOON_MS, now)
    ? { ...told('waiting', all), state: 'waits' }
    : { ...of, state: 'works', says: 'none' }
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
    ...facts.accounts.flatMap(account => accountRows(account, now)),
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

/** Each trouble by itself: one may be the cause of another, and neither hides it. */
function accountRows(
  {
    code,
    isTest,
    isUsable,
    unreadSince,
    lastAnswer,
    open,
    inDoubt,
    forged,
    silent,
  }: BillerFacts['accounts'][number],
  now: Date,
): HealthRow[] {
  const of = { group: 'banks', kind: 'account', name: code, ...(isTest && { isTest: true }) } as const
  // Nobody's money is in danger.
  const needsYou = isTest ? 'waits' : 'needsYou'
  const told = ({ count, oldest }: Waiting) => ({ values: { count }, ...(oldest && { since: oldest }) })
  const troubles: HealthRow[] = []
  if (!isUsable) {
    const since = unreadSince && { since: unreadSince }
    troubles.push({ ...of, state: needsYou, says: 'noSecrets', todo: true, ...since })
  }
  if (silent) {
    const questions = { count: open, oldest: silent.since }
    const row = { ...of, ...told(questions), todo: true, link: 'underWay' } as const
    // Where nothing is open one question may have been lost, hours ago.
    const isLong = open > 0 && isOlder(questions, SILENT_MS, now)
    if (silent.refused) troubles.push({ ...row, state: needsYou, says: 'refused' })
    else if (isOlder(questions, SOON_MS, now))
      troubles.push({ ...row, state: isLong ? needsYou : 'waits', says: 'silent' })
  }
  if (inDoubt.count > 0) {
    const isLong = isOlder(inDoubt, DOUBT_MS, now)
    const says = isLong ? 'doubtLong' : 'doubt'
    // What is to be done about the bank's silence is to be done about these.
    const todo = troubles.length === 0 && { todo: true as const }
    const state = isLong ? needsYou : 'waits'
    troubles.push({ ...of, state, says, ...told(inDoubt), ...todo, link: 'inDoubt' })
  }
  if (forged.count > 0) troubles.push({ ...of, state: needsYou, says: 'forged', ...told(forged), todo: true })
  if (troubles.length > 0) return troubles
  return [
    lastAnswer
      ? { ...of, state: 'works', says: 'works', values: { last: lastAnswer } }
      : { ...of, state: 'works', says: 'unused' },
  ]
}

function feedRow({
  name,
  lastLoaded,
  openSince,
  refused,
  lost,
  isSilent,
}: BillerFacts['feeds'][number]): HealthRow {
  const of = { group: 'companies', kind: 'feed', name, link: 'feeds' } as const
  if (refused) {
    const files = refused.files
      .map(({ file, rows }) => `${file}.csv${rows > 0 ? ` (${rows})` : ''}`)
      .join(', ')
    const values = {
      ...(lastLoaded && { last: lastLoaded }),
      ...{
        loaded: lastLoaded ? 'once' : 'never',
        count: refusedCount(refused.count),
        files: files || 'none',
      },
    }
    return { ...of, state: 'needsYou', says: 'refused', values, since: refused.oldest, todo: true }
  }
  if (isSilent) return { ...of, state: 'needsYou', says: 'silent', since: lastLoaded!, todo: true }
  if (lost) {
    const files = lost.files.map(file => `${file}.csv`).join(', ')
    return { ...of, state: 'needsYou', says: 'lost', values: { files }, since: lost.at, todo: true }
  }
  if (openSince) return { ...of, state: 'waits', says: 'loading', since: openSince }
  if (!lastLoaded) return { ...of, state: 'waits', says: 'never', todo: true }
  return { ...of, state: 'works', says: 'works', values: { last: lastLoaded } }
}

/** Money first, then what keeps customers out or in the dark; what staff work through comes last. */
const BY_DANGER = [
  ...[
    'account',
    'bankJobs',
    'maintenance',
    'database',
    'workers',
    'sms',
    'smsBudget',
    'email',
    'undelivered',
  ],
  ...[
    'feed',
    'feedJobs',
    'background',
    'failedJobs',
    'signingKey',
    'documents',
    'differences',
    'settlements',
  ],
  ...['requests', 'certificates'],
]

/** What needs somebody first, then what waits; the gravest first. What works stays as it was. */
export function inOrder(rows: readonly HealthRow[]): HealthRow[] {
  const states: HealthState[] = ['needsYou', 'waits', 'works']
  const place = ({ kind, state }: HealthRow) => (state === 'works' ? 0 : BY_DANGER.indexOf(kind))
  return rows.toSorted(
    (one, other) => states.indexOf(one.state) - states.indexOf(other.state) || place(one) - place(other),
  )
}

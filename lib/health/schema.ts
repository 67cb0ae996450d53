// How the portal is, in rows that people read: what works, what waits, and what needs somebody.

export type HealthState = 'works' | 'waits' | 'needsYou'

/** In the order of the page. */
export const healthGroups = ['portal', 'messages', 'banks', 'companies'] as const
export type HealthGroup = (typeof healthGroups)[number]

/** Where something is done about it. */
export type HealthLink =
  | 'jobs'
  | 'maintenance'
  | 'payments'
  | 'inDoubt'
  | 'underWay'
  | 'settlements'
  | 'feeds'
  | 'requests'
  | 'certificates'

/**
 * `kind` and `says`: its texts, `health.rows.<kind>.title`, `.says.<says>` and, where something is to be done, `.todo.<says>`. `name`: of
 * the company or account that it is of, in place of the title.
 */
export type HealthRow = {
  group: HealthGroup
  kind: string
  name?: string
  /** It is of an account for tests, which is no money. */
  isTest?: boolean
  state: HealthState
  says: string
  values?: Record<string, string | number | Date>
  since?: Date
  todo?: true
  link?: HealthLink
}

/** How many wait, and since when the first. */
export type Waiting = { count: number; oldest: Date | null }

/** More than so many of anything are not counted. */
export const HEALTH_COUNTED = 1000

/** What is of the whole portal. `answerMs`: how long the database took to say all this. */
export type PortalFacts = {
  startedAt: Date
  answerMs: number
  /** What is due by now and nobody has begun, by task. */
  jobs: Record<string, Waiting>
  failedJobs: Waiting
  /** Processes that run jobs and said lately that they are alive. */
  workers: number
  /** By channel: what is due of one's own and of news, whether it is left alone, what could not be delivered in a day. */
  channels: Record<
    'email' | 'sms',
    { messages: Waiting; notices: Waiting; isPaused: boolean; failed: number }
  >
  sms: Record<'hour' | 'day', { used: number; most: number }>
  documents: Waiting
  scans: boolean
  /** Who backs the database up; of PostgreSQL's own archive of its log what came there, if it does not archive at all nothing. */
  backup: 'demo' | 'elsewhere' | 'off' | { lastAt: Date | null; startedAt: Date; isFailing: boolean }
  signingKeyEndsAt: Date | undefined
  maintenance: { startsAt: Date; endsAt: Date } | undefined
}

/**
 * What is of billers. `forged`: answers in the bank's name of a day that are signed wrongly. `silent`: since when the bank has answered
 * none of our questions, and whether it said so itself.
 */
export type BillerFacts = {
  feeds: {
    code: string
    name: string
    lastLoaded: Date | null
    openSince: Date | null
    /** Where the newest was refused or given up: of all that were since the last one was loaded, and the newest rows of each file. */
    refused: { count: number; oldest: Date; files: { file: string; rows: number }[] } | null
    /** Files that were refused as a whole and have not come since; `at`: with the first of them. */
    lost: { at: Date; files: string[] } | null
    isSilent: boolean
  }[]
  /** `isUsable`: it has its secrets, without which answers of its bank cannot be read: since `unreadSince`. */
  accounts: {
    code: string
    isTest: boolean
    isUsable: boolean
    unreadSince: Date | null
    lastAnswer: Date | null
    /** How many payments are under way. */
    open: number
    inDoubt: Waiting
    forged: Waiting
    silent: { since: Date; refused: boolean } | null
  }[]
  silentAccounts: { code: string; lastAt: Date }[]
  differences: Waiting
  requests: Waiting
  certificates: Waiting
}

// Session rows: begun at sign-in, looked up at every request, ended at sign-out.
import { randomUUID } from 'node:crypto'
import { and, desc, eq, gt, inArray, isNull, ne, type SQLWrapper, sql } from 'drizzle-orm'
import { type Executor, together } from '../../db/client.ts'
import type { StaffRole } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { sessions, staffMembers } from '../../db/schema/auth.ts'
import { notices } from '../../db/schema/notifications.ts'
import type { Locale } from '../i18n/locale.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { cut } from '../platform/text.ts'

/** The signed-in customer, as guards hand it to pages and actions. */
export type Customer = {
  id: string
  username: string
  firstName: string
  lastName: string
  language: Locale
  /** The account's address, until somebody who reads its mail has said so. */
  unconfirmedEmail: string | null
  /** The account's address and number, where nothing arrives at them. */
  undeliverableEmail: string | null
  undeliverablePhone: string | null
  /** Notices that were not opened yet; from UNREAD_COUNTED on they are not counted. */
  unread: number
  sessionId: string
  /** When the password was last typed in this session. */
  passwordCheckedAt: Date | null
  /** Whether this session passed the second step. */
  twoFactor: boolean
  /** Whether the account belongs to a member of staff, and as what. */
  isStaff: boolean
  role: StaffRole | null
  /** Whether a company's directory signs them in: then they are staff and nothing else. */
  ofDirectory: boolean
}

/** `key`: the value of the browser's device cookie. */
export type Device = { userAgent: string | null; address: string | null; key?: string; browser?: string }

/** Two digits, and one more that says that there are more: it is counted at every request. */
export const UNREAD_COUNTED = 100

const HOUR_MS = 3_600_000
/** How stale `last_used_at` may be: a write at every request would cost more than it tells. */
const TOUCH_AFTER_MS = 5 * 60_000

/**
 * Begins a session; its id goes into the cookie. `twoFactor`: a code was asked for and right. One of staff lasts a working
 * day.
 */
export async function beginSession(
  db: Executor,
  accountId: string,
  device: Device,
  now: Date,
  twoFactor = false,
): Promise<string> {
  const id = randomUUID()
  await together(db, ...newSession(db, id, accountId, device, now, twoFactor))
  return id
}

/** What beginSession writes, to be written with more. */
export const newSession = (
  db: Executor,
  id: string,
  accountId: string,
  device: Device,
  now: Date,
  twoFactor: boolean,
): SQLWrapper[] => [
  oldestEnded(db, accountId, now),
  db.insert(sessions).values({
    id,
    accountId,
    createdAt: now,
    lastUsedAt: now,
    passwordCheckedAt: now,
    twoFactorAt: twoFactor ? now : null,
    expiresAt: sql`${now.toISOString()}::timestamptz + make_interval(hours => case
        when exists (select from ${staffMembers} where ${staffMembers.accountId} = ${accountId})
        then ${Math.min(env().STAFF_SESSION_HOURS, env().SESSION_MAX_HOURS)}::integer
        else ${env().SESSION_MAX_HOURS}::integer end)`,
    userAgent: device.userAgent && cut(device.userAgent, 300),
    address: device.address,
  }),
]

/** Ends the sessions of an account that were used longest ago, so that it may have one more. */
function oldestEnded(db: Executor, accountId: string, now: Date) {
  const open = and(eq(sessions.accountId, accountId), isNull(sessions.revokedAt), gt(sessions.expiresAt, now))
  const beyond = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(open)
    .orderBy(desc(sessions.lastUsedAt), desc(sessions.createdAt))
    .offset(env().SESSIONS_PER_ACCOUNT - 1)
  return db.update(sessions).set({ revokedAt: now }).where(inArray(sessions.id, beyond))
}

/** Asked at every request, so prepared once a process. */
const liveSession = () =>
  database()
    .select({
      id: accounts.id,
      username: accounts.username,
      firstName: accounts.firstName,
      lastName: accounts.lastName,
      language: accounts.language,
      ofDirectory: accounts.ofDirectory,
      unconfirmedEmail: sql<
        string | null
      >`case when ${accounts.emailVerifiedAt} is null and not ${accounts.ofDirectory} then ${accounts.email} end`,
      undeliverableEmail: sql<
        string | null
      >`case when ${accounts.emailUndeliverableAt} is not null then ${accounts.email} end`,
      undeliverablePhone: sql<
        string | null
      >`case when ${accounts.phoneUndeliverableAt} is not null then ${accounts.phone} end`,
      unread: sql<number>`(select count(*)::int from (select from ${notices} where ${notices.accountId} = ${accounts.id}
        and ${notices.readAt} is null and ${notices.archivedAt} is null limit ${sql.raw(String(UNREAD_COUNTED))}) as unread)`,
      sessionId: sessions.id,
      passwordCheckedAt: sessions.passwordCheckedAt,
      twoFactor: sql<boolean>`${sessions.twoFactorAt} is not null`,
      role: sql<StaffRole | null>`(select ${staffMembers.role} from ${staffMembers} where ${staffMembers.accountId} = ${accounts.id})`,
      lastUsedAt: sessions.lastUsedAt,
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(
      and(
        eq(sessions.id, sql.placeholder('session')),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, sql.placeholder('now')),
        gt(sessions.lastUsedAt, sql.placeholder('usedAfter')),
      ),
    )
    .prepare('live_session')

let preparedLiveSession: ReturnType<typeof liveSession> | undefined

/** Who the session belongs to; undefined where it is unknown, revoked, expired or idle for too long. */
export async function findSession(sessionId: string, now: Date): Promise<Customer | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(sessionId)) return undefined
  preparedLiveSession ??= liveSession()
  const [row] = await preparedLiveSession.execute({
    session: sessionId,
    now,
    usedAfter: new Date(now.getTime() - env().SESSION_IDLE_HOURS * HOUR_MS),
  })
  if (!row) return undefined
  const { lastUsedAt, ...customer } = row
  if (now.getTime() - lastUsedAt.getTime() > TOUCH_AFTER_MS) {
    await database().update(sessions).set({ lastUsedAt: now }).where(eq(sessions.id, sessionId))
  }
  return { ...customer, isStaff: customer.role !== null }
}

/** Whether it is, or was, the account's. */
export const isOwnSession = async (accountId: string, session: string): Promise<boolean> =>
  (await database().$count(sessions, and(eq(sessions.id, session), eq(sessions.accountId, accountId)))) > 0

/** By a session's id: it alone, or all others. */
type WhichSessions = { only: string } | { but: string }

/** Ends the open sessions of an account, by default all. Returns how many ended: none where `only` is not the account's. */
export async function endSessions(
  db: Executor,
  accountId: string,
  now: Date,
  which?: WhichSessions,
): Promise<number> {
  const ended = await db
    .update(sessions)
    .set({ revokedAt: now })
    .where(
      and(
        eq(sessions.accountId, accountId),
        isNull(sessions.revokedAt),
        which && ('only' in which ? eq(sessions.id, which.only) : ne(sessions.id, which.but)),
      ),
    )
  return ended.rowCount ?? 0
}

/** Ends all open sessions of everybody: after a restore, some of those that are open were ended since. Returns how many. */
export async function endEverySession(db: Executor, now: Date): Promise<number> {
  const ended = await db.update(sessions).set({ revokedAt: now }).where(isNull(sessions.revokedAt))
  return ended.rowCount ?? 0
}

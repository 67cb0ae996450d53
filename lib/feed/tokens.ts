// Tokens with which billers' systems send feeds and ask for payments: each of one biller, shown once, kept as a keyed hash.
import { randomBytes } from 'node:crypto'
import { and, asc, eq, inArray, isNull, lt, or } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { feedTokens } from '../../db/schema/feed.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { limits } from '../platform/limits.ts'
import { countTry, recordRefused } from '../platform/rate-limits.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { keyedHash, keyedHashes } from '../platform/seal.ts'

const PURPOSE = 'feed tokens'
/** So that who finds one in a log or a repository knows what it is. */
const PREFIX = 'drita-feed-'
const BYTES = 32
/** When it was last used is known to the minute: not every question is a write. */
const USED_EVERY_MS = 60_000

export type FeedToken = { id: number; billerId: number; biller: BillerCode; timeZone: string }

const ofBiller = (biller: BillerCode) =>
  database().select({ id: billers.id }).from(billers).where(eq(billers.code, biller))

/** Makes a token; it is told now and never again. Those that the biller has go on counting. */
export async function makeToken(biller: BillerCode, now: Date): Promise<{ id: number; token: string }> {
  const token = `${PREFIX}${randomBytes(BYTES).toString('base64url')}`
  return database().transaction(async tx => {
    const [of] = await ofBiller(biller)
    const [made] = await tx
      .insert(feedTokens)
      .values({ billerId: of!.id, hash: keyedHash(token, PURPOSE), createdAt: now })
      .returning({ id: feedTokens.id })
    const { id } = made!
    await recordEvent(tx, { action: 'feedToken.made', details: { biller, token: id }, at: now })
    return { id, token }
  })
}

/** Ends a token of the biller's for good. */
export async function revokeToken(
  biller: BillerCode,
  id: number,
  now: Date,
): Promise<Result<undefined, 'noToken'>> {
  return database().transaction(async tx => {
    const own = and(
      eq(feedTokens.id, id),
      inArray(feedTokens.billerId, ofBiller(biller)),
      isNull(feedTokens.revokedAt),
    )
    const revoked = await tx
      .update(feedTokens)
      .set({ revokedAt: now })
      .where(own)
      .returning({ id: feedTokens.id })
    if (revoked.length === 0) return fail('noToken')
    await recordEvent(tx, { action: 'feedToken.revoked', details: { biller, token: id }, at: now })
    return ok(undefined)
  })
}

/** The biller's tokens, the oldest first; without what they are. */
export const listTokens = (biller: BillerCode) =>
  database()
    .select({
      id: feedTokens.id,
      createdAt: feedTokens.createdAt,
      lastUsedAt: feedTokens.lastUsedAt,
      revokedAt: feedTokens.revokedAt,
    })
    .from(feedTokens)
    .where(inArray(feedTokens.billerId, ofBiller(biller)))
    .orderBy(asc(feedTokens.id))

export type Admitted =
  | { status: 'admitted'; token: FeedToken }
  | { status: 'refused' }
  | { status: 'limited'; seconds: number }

/** Whose feed it is, by the header `Authorization`. Only what is wrong is counted, for the network it comes from. */
export async function admitToken(
  authorization: string | null,
  address: string | null,
  now: Date,
): Promise<Admitted> {
  const given = /^Bearer +([\w-]{20,200})$/i.exec(authorization ?? '')?.[1]
  const token = given === undefined ? undefined : await findToken(given, now)
  if (token) return { status: 'admitted', token }
  const seconds = await countTry(limits.forgedTokens(), { address })
  if (seconds > 0) return { status: 'limited', seconds }
  if (given !== undefined) await recordRefused({ action: 'feedToken.refused', address, at: now })
  return { status: 'refused' }
}

async function findToken(given: string, now: Date): Promise<FeedToken | undefined> {
  const db = database()
  const [found] = await db
    .select({
      id: feedTokens.id,
      billerId: feedTokens.billerId,
      biller: billers.code,
      timeZone: billers.timeZone,
      lastUsedAt: feedTokens.lastUsedAt,
    })
    .from(feedTokens)
    .innerJoin(billers, eq(billers.id, feedTokens.billerId))
    .where(and(inArray(feedTokens.hash, keyedHashes(given, PURPOSE)), isNull(feedTokens.revokedAt)))
  if (!found) return undefined
  const { lastUsedAt, ...token } = found
  const before = new Date(now.getTime() - USED_EVERY_MS)
  if (!lastUsedAt || lastUsedAt < before)
    await db
      .update(feedTokens)
      .set({ lastUsedAt: now })
      .where(
        and(
          eq(feedTokens.id, token.id),
          or(isNull(feedTokens.lastUsedAt), lt(feedTokens.lastUsedAt, before)),
        ),
      )
  return { ...token, biller: token.biller as BillerCode }
}

// Tells an account's owner when it is signed in to from a browser never seen before.
import Bowser from 'bowser'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { knownDevices } from '../../db/schema/accounts.ts'
import type { Device } from '../auth/sessions.ts'
import { notify } from '../notifications/outbox.ts'
import { keyedHashes } from '../platform/seal.ts'

/** `Chrome, Android`: what a browser says it is. Empty where it says nothing that is known. */
export function deviceName(userAgent: string | null): string {
  if (!userAgent) return ''
  const parser = Bowser.getParser(userAgent)
  return [parser.getBrowserName(), parser.getOSName()].filter(Boolean).join(', ')
}

const deviceHashes = (accountId: string, key: string) => keyedHashes(`${accountId} ${key}`, 'devices')

/**
 * The hash of a device that the account has signed in from before; undefined for any other. Without an account it takes as
 * long and finds nothing.
 */
export async function knownDevice(
  db: Executor,
  accountId: string | undefined,
  device: Device,
): Promise<string | undefined> {
  const owner = accountId ?? crypto.randomUUID()
  const hashes = deviceHashes(owner, device.key ?? '')
  const { accountId: of, deviceHash } = knownDevices
  const [found] = await db
    .select({ deviceHash })
    .from(knownDevices)
    .where(and(eq(of, owner), inArray(deviceHash, hashes)))
    .prepare(`known_device_${hashes.length}`)
    .execute()
  return found?.deviceHash
}

/** Remembers the device of a sign-in; a new one is told of, except the account's first. */
export async function rememberDevice(
  tx: Transaction,
  accountId: string,
  device: Device,
  now: Date,
): Promise<void> {
  if (!device.key) return
  const [hash, ...previous] = deviceHashes(accountId, device.key)
  // Known under a secret of before: from now on under the present one.
  const [renewed] =
    previous.length === 0
      ? []
      : await tx
          .delete(knownDevices)
          .where(and(eq(knownDevices.accountId, accountId), inArray(knownDevices.deviceHash, previous)))
          .returning({ firstSeenAt: knownDevices.firstSeenAt })
  const [seen] = await tx
    .insert(knownDevices)
    .values({ accountId, deviceHash: hash!, firstSeenAt: renewed?.firstSeenAt ?? now, lastSeenAt: now })
    .onConflictDoUpdate({
      target: [knownDevices.accountId, knownDevices.deviceHash],
      set: { lastSeenAt: now },
    })
    .returning({
      // A row that was there has been locked by this transaction, a new one by none.
      isNew: sql<boolean>`${knownDevices}.xmax = 0`,
      hasOthers: sql<boolean>`exists (select from ${knownDevices} as other
        where other.account_id = ${accountId} and other.device_hash <> ${hash})`,
    })
    .prepare('seen_device')
    .execute()
  if (!seen!.isNew || !seen!.hasOthers || renewed) return
  await notify(tx, accountId, { kind: 'new-device', device: deviceName(device.userAgent) || '?' })
}

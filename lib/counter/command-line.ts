// The same for whoever runs the portal (bin/staff.ts), who names by their usernames the members of staff that did it.
import { randomUUID } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import type { IdentityDocument } from '../../db/enums.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { findStaff, type Staff } from '../auth/staff.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { moveCase } from '../cases/moves.ts'
import { database } from '../platform/database.ts'
import { fail, type Result } from '../platform/result.ts'
import { askWithdrawal, recogniseAtCounter } from './commands.ts'

type OnList = { identifier: string; biller: BillerCode; contractCode: string }

/** `notStaff`: there is no such member of staff, or not one who may confirm, or both are one. Else what the forms say. */
export async function recogniseFor(
  username: string,
  of: OnList & { identityDocument: IdentityDocument; documentEnding: string },
  now: Date,
): Promise<Result<unknown, string>> {
  const by = await staffOf(username)
  return by ? recogniseAtCounter(by, of, now) : fail('notStaff')
}

/** Withdraws by two people: `asks` says why (`note`), `confirms` decides. */
export async function withdrawFor(
  { asks, confirms }: { asks: string; confirms: string },
  of: OnList & { note: string },
  now: Date,
): Promise<Result<unknown, string>> {
  const [by, other] = [await staffOf(asks), await staffOf(confirms)]
  if (!by || !other || by.id === other.id) return fail('notStaff')
  const asked = await askWithdrawal(by, of, randomUUID(), now)
  return asked.ok ? moveCase(other, asked.value, 'accept', {}, now) : asked
}

async function staffOf(username: string): Promise<Pick<Staff, 'id' | 'role' | 'billerIds'> | undefined> {
  const [account] = await database()
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.username, username), isNull(accounts.closedAt)))
  return account && findStaff(account)
}

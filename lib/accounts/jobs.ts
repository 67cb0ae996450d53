// The job of accounts that the queue's calendar starts.
import type { Database } from '../../db/client.ts'
import { clock } from '../platform/clock.ts'
import { forgetAccountData } from './retention.ts'

/** Every day. */
export const forgetAccounts = (_: unknown, { database }: { database: Database }): Promise<void> =>
  forgetAccountData(database, clock.now())

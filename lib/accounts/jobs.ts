// The jobs of accounts that the queue's calendar starts, or puts off.
import type { Database } from '../../db/client.ts'
import { eraseOldExports } from '../own-data/copy.ts'
import { clock } from '../platform/clock.ts'
import { forgetAccountData } from './retention.ts'

type Context = { database: Database }

/** Every day. */
export const forgetAccounts = (_: unknown, { database }: Context): Promise<void> =>
  forgetAccountData(database, clock.now())

/** A day after a copy was asked for. */
export const eraseExports = (_: unknown, { database }: Context): Promise<void> =>
  eraseOldExports(database, clock.now())

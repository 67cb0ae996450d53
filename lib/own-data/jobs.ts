// The job of copies of one's data that the queue puts off.
import type { Database } from '../../db/client.ts'
import { clock } from '../platform/clock.ts'
import { eraseOldExports } from './copy.ts'

/** A day after a copy was asked for. */
export const eraseExports = (_: unknown, { database }: { database: Database }): Promise<void> =>
  eraseOldExports(database, clock.now())

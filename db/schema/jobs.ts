// The processes that run jobs. The queue itself is graphile-worker's, in a schema of its own.
import { pgTable } from 'drizzle-orm/pg-core'

/** A row a process. One that has not written for a while is taken for dead, and what it was doing is done by others. */
export const jobWorkers = pgTable('job_workers', c => ({
  id: c.uuid().primaryKey(),
  /** As whom it takes jobs (the queue's `locked_by`), one a lane. */
  pools: c.text().array().notNull(),
  beatAt: c.timestamp({ withTimezone: true }).notNull(),
}))

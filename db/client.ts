// Connections: one pool a process, drizzle on top of it.
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'

// Dates stay ISO strings (a DATE has no time zone), bigint counts fit a number (checked by the money type).
pg.types.setTypeParser(pg.types.builtins.DATE, value => value)
pg.types.setTypeParser(pg.types.builtins.INT8, value => Number(value))

export type Database = NodePgDatabase & { $client: pg.Pool }
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]
/** Either: for queries that serve inside and outside a transaction. */
export type Executor = Database | Transaction

/** A pool on `url`. `size`: most connections at once. Close it with `db.$client.end()`. */
export function openDatabase(url: string, size: number): Database {
  const pool = new pg.Pool({ connectionString: url, max: size, application_name: 'drita' })
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => {})
  return drizzle({ client: pool, casing: 'snake_case' })
}

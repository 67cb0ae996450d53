// Checks of the schema.
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/** That a column has one of these values, or null. */
export const isOneOf = (column: SQLWrapper, values: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(values.map(value => `'${value}'`).join(', '))})`

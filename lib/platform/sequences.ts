// Numbers that are handed out once and for all: what is to be done about them after a backup was restored.
import { sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.ts'

/**
 * Moves every sequence ahead by `by`, or by a hundredth of what it has where that is less, so that no number is handed out again that
 * somebody outside may have. Only who owns the database may. Returns where each stood.
 */
export async function moveSequencesAhead(db: Executor, by: number): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ name: string; stood: number }>(sql`
    select name, stood from (
      select sequencename as name, coalesce(last_value, start_value)::float8 as stood, setval(
        format('%I.%I', schemaname, sequencename)::regclass,
        least(coalesce(last_value, start_value) + least(${by}::bigint, max_value / 100), max_value))
      from pg_sequences where schemaname = 'public') moved
    order by name`)
  return new Map(rows.map(({ name, stood }) => [name, stood]))
}

// What the owner of a case reads of it: what staff wrote for staff is left out, wherever it is shown, sent or handed out.
import { type SQL, sql } from 'drizzle-orm'
import { insideMoves } from '../../db/enums.ts'
import { caseEvents } from '../../db/schema/cases.ts'

/** For queries over case_events as e. */
export const isOutside: SQL = sql`e.move not in (${sql.raw(insideMoves.map(move => `'${move}'`).join(', '))})`

/** The step that it came with is one that the owner reads, as its note is. For queries over documents as d. */
export const cameOutside: SQL = sql`exists (select from ${caseEvents} e
  where e.case_id = d.case_id and e.number = coalesce(d.case_event, 1) and ${isOutside})`

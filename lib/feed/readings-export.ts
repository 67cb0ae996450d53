// What customers read on their meters on a day, for the biller's books.

import { sql } from 'drizzle-orm'
import { isOfBiller } from '../contracts/sent-readings.ts'
import { database } from '../platform/database.ts'
import { addDays, type IsoDate, instantIn } from '../platform/dates.ts'
import { env } from '../platform/env.ts'
import { handOverReadings } from '../readings/commands.ts'
import { type Asked, type Cursor, type DayExport, dayLines, readAsked } from './day-export.ts'
import type { FeedToken } from './tokens.ts'

const COLUMNS = [
  'contract_code',
  'meter_number',
  'read_on',
  'sent_at',
  'sent_by',
  'register',
  'value',
  'unusual',
  'photos',
] as const

/** A reading that is sent in the last second of its day is there so long after it. */
const SENDING_MS = 10 * 60_000

/**
 * The readings that customers sent on a day at the biller, in an order that stays. With the first time that a day is asked for that is
 * over, the biller has them: they stay as they are. `after`: the cursor of the last row that arrived before; then there is no
 * header. `looksOnly`: nothing is handed over. Undefined where day or cursor are none, the day has not come, or is long before the portal.
 */
export async function listReadingsOfDay(
  token: FeedToken,
  given: Asked & { looksOnly?: boolean },
  now: Date,
): Promise<DayExport | undefined> {
  const asked = readAsked(token, given, now)
  if (!asked) return undefined
  const { day, after } = asked
  const end = instantIn(token.timeZone, `${addDays(day, 1)}T00:00:00`)!
  const isOver = now.getTime() >= end.getTime() + SENDING_MS
  if (isOver && !given.looksOnly) await handOverReadings(token.billerId, day, after?.id ?? 0, now)
  return { day, isOver, lines: dayLines(COLUMNS, after, (...of) => readRows(token, day, ...of), cellsOf) }
}

/** A row is a register of a reading: the high rate or the only one (1), and the low rate (2). */
type Row = Cursor & {
  contract: string
  meter: string | null
  read_on: string
  sent_at: string
  by_holder: boolean
  value: string
  unusual: boolean
  photos: string[]
}

const cellsOf = (row: Row): string[] => [
  row.contract,
  row.meter ?? '',
  row.read_on,
  new Date(row.sent_at).toISOString(),
  row.by_holder ? 'holder' : 'other',
  `A${row.part}`,
  row.value,
  row.unusual ? 'true' : 'false',
  // They open to the biller's staff.
  row.photos.map(id => `${env().APP_URL}/documents/${id}`).join(';'),
]

/** Of a meter's number, what the customer typed, else the one on record. */
async function readRows({ billerId }: FeedToken, day: IsoDate, last: Cursor, most: number): Promise<Row[]> {
  const { rows } = await database().execute<Row>(sql`
    select r.id::float as id, of.part, c.code as contract, coalesce(r.meter_number, c.meter_number) as meter, r.read_on, r.sent_at, r.by_holder,
      trim_scale(of.value)::text as value, r.is_unusual as unusual,
      (select coalesce(json_agg(d.id order by d.name, d.id), '[]') from documents d
        where d.reading_id = r.id and d.removed_at is null) as photos
    from customer_readings r join contracts c on c.id = r.contract_id
    cross join lateral (values (1, r.high), (2, r.low)) of (part, value)
    where r.biller_id = ${billerId} and r.read_on = ${day} and of.value is not null and ${isOfBiller('r')}
      and (r.id, of.part) > (${last.id}::bigint, ${last.id === 0 ? 0 : last.part}::int)
    order by r.id, of.part limit ${most}`)
  return rows
}

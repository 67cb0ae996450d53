// What is known of a contract's meter, as a column of a query over contract_access ⨝ accounts ⨝ contracts ⨝ billers.
import { type SQL, sql } from 'drizzle-orm'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contracts, readings } from '../../db/schema/contracts.ts'
import { accessLevel, hasMovedOut, inOwnTime, invoiceBegins, todayAt } from '../contracts/access.ts'
import { tariffsJson } from './queries.ts'
import type { MeterState } from './threshold-rules.ts'

/** Null where the meter is not read remotely, or its reader sees amounts alone or moved out. */
export const meterState = (now: Date): SQL<MeterState | null> => sql<MeterState | null>`case
  when ${contracts.meterRemote} and ${contracts.closedOn} is null and ${accessLevel} <> 'amounts' and not ${hasMovedOut}
  then (select json_build_object('timeZone', ${billers.timeZone}, 'meterNumber', ${contracts.meterNumber},
      'readings', (select coalesce(json_agg(newest), '[]') from (
        select r.register, r.value::text, r.read_at as "readAt", r.meter_number as "meterNumber"
        from (values ('A1'), ('A2')) known (name) cross join lateral (
          select * from ${readings} r where r.contract_id = ${contracts.id} and r.register = known.name
          order by r.read_at desc limit 1) r) newest),
      'meters', (select count(distinct r.meter_number)::int from ${readings} r where r.contract_id = ${contracts.id}
        and r.register in ('A1', 'A2') and r.read_at >= (last.period + interval '1 month') at time zone ${billers.timeZone}),
      'invoice', case when last.period is not null then json_build_object('period', last.period,
        'currentReading', last.current_reading::text, 'isEstimated', last.reading_kind is not distinct from 'estimated') end,
      'tariffs', ${tariffsJson(sql`${contracts.billerId}`, sql`${contracts.tariffGroup}`)})
    from (values (1)) present left join lateral (
      select last.period, last.current_reading, last.reading_kind from ${invoices} last
      where last.contract_id = ${contracts.id} and last.cancelled_on is null and last.period <= ${todayAt(now)} and ${inOwnTime(invoiceBegins('last'))}
      order by last.period desc, last.number desc limit 1) last on true) end`

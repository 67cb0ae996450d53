// Tariffs as staff see them: of their billers, and whom a change of one concerns.
import { sql } from 'drizzle-orm'
import { billerOf } from '../../db/billers.ts'
import { billers } from '../../db/schema/billers.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { tariffs } from '../../db/schema/tariffs.ts'
import type { Staff } from '../auth/staff.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { database } from '../platform/database.ts'
import type { IsoDate } from '../platform/dates.ts'
import type { Currency } from '../platform/money.ts'
import { compareTariffGroups } from './group-order.ts'
import { tariffsJson } from './queries.ts'
import type { Tariff } from './schema.ts'

/** `newest`: the row that was added last, for a form to say what its page saw; 0: none. */
export type TariffGroup = {
  biller: BillerCode
  billerName: string
  currency: Currency
  group: string
  newest: number
  tariffs: Tariff[]
}

/** The groups of a member of staff's billers, each with its rows, oldest first. */
export async function listTariffGroups({ billerIds }: Pick<Staff, 'billerIds'>): Promise<TariffGroup[]> {
  const { rows } = await database().execute<TariffGroup>(sql`
    select b.code as biller, b.name as "billerName", b.currency, g.tariff_group as "group", g.newest::int as newest, ${tariffsJson(sql`b.id`, sql`g.tariff_group`)} as tariffs
    from ${billers} b
    join lateral (
      select tariff_group, max(id) as newest from ${tariffs} where biller_id = b.id group by tariff_group) g on true
    where b.id = any (${sql.param(billerIds)}::smallint[])`)
  return rows.toSorted(compareTariffGroups)
}

/** So many contracts show how far their biller has billed: it bills all of a group in the same days. */
const SAMPLE = 1000

/** The group's contracts that are not closed, and the last month of which bills were issued; null: of none. */
export async function findConcerned(
  biller: BillerCode,
  group: string,
): Promise<{ contracts: number; billedUpTo: IsoDate | null }> {
  const ofGroup = sql`biller_id = ${billerOf(biller).id} and tariff_group = ${group} and closed_on is null`
  const { rows } = await database().execute<{ contracts: number; billedUpTo: IsoDate | null }>(sql`
    select (select count(*)::int from ${contracts} where ${ofGroup}) as contracts,
      (select max(newest.period)::text
        from (select id from ${contracts} where ${ofGroup} limit ${SAMPLE}) sampled
        cross join lateral (
          select period from ${invoices} i where i.contract_id = sampled.id and i.cancelled_on is null order by period desc limit 1) newest
      ) as "billedUpTo"`)
  return rows[0]!
}

// Reads of tariffs.
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { billerOf } from '../../db/billers.ts'
import { billers } from '../../db/schema/billers.ts'
import { tariffs } from '../../db/schema/tariffs.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { database } from '../platform/database.ts'
import type { Tariff } from './schema.ts'

/** A tariff group's rows, oldest first; none of a group that is not known. */
export async function listTariffs(biller: BillerCode, group: string | null): Promise<Tariff[]> {
  const { rows } = await database().execute<{ tariffs: Tariff[] }>(
    sql`select ${tariffsJson(sql`${billerOf(biller).id}::smallint`, sql`${group}::text`)} as tariffs`,
  )
  return rows[0]!.tariffs
}

/** The same as a column of another statement: of the biller and group that these columns of it name. */
export const tariffsJson = (billerId: SQLWrapper, group: SQLWrapper): SQL<Tariff[]> => sql`(
  select coalesce(json_agg(${AS_TARIFF} order by tariff.valid_from), '[]') from (
    select *, lead(valid_from) over (order by valid_from) - 1 as valid_to from ${tariffs}
    where biller_id = ${billerId} and tariff_group = ${group} and replaced_at is null) tariff
  join ${billers} tariff_biller on tariff_biller.id = tariff.biller_id)`

/** As tariffsJson, of many rows: those of all groups are read once a statement, for they are few. Null: of a group that is not known. */
export const knownTariffsJson = (billerId: SQLWrapper, group: SQLWrapper): SQL<Tariff[] | null> => sql`(
  with known as materialized (
    select tariff.biller_id, tariff.tariff_group, json_agg(${AS_TARIFF} order by tariff.valid_from) as tariffs from (
      select *, lead(valid_from) over (partition by biller_id, tariff_group order by valid_from) - 1 as valid_to from ${tariffs}
      where replaced_at is null) tariff
    join ${billers} tariff_biller on tariff_biller.id = tariff.biller_id group by tariff.biller_id, tariff.tariff_group)
  select known.tariffs from known where known.biller_id = ${billerId} and known.tariff_group = ${group})`

/** Numbers with decimals as text, as they are in the table. */
const AS_TARIFF = sql`json_build_object(
  'id', tariff.id, 'biller', tariff_biller.code, 'group', tariff.tariff_group,
  'validFrom', tariff.valid_from, 'validTo', tariff.valid_to,
  'high', tariff.price_high::text, 'low', tariff.price_low::text,
  'block', case when tariff.block_limit is not null then json_build_object(
    'limit', tariff.block_limit, 'kind', tariff.block_kind,
    'high', tariff.block_price_high::text, 'low', tariff.block_price_low::text) end,
  'fixedFee', tariff.fixed_fee, 'tvTax', tariff.tv_tax, 'vatPercent', tariff.vat_percent::text,
  'source', tariff.source, 'note', tariff.note)`

// What billers charge, as a new database knows it; staff add to it at /staff/tariffs.
import type pg from 'pg'
import { type BillerCode, billerOf } from './billers.ts'
import type { BlockKind } from './enums.ts'

/** Prices in major units per kWh before VAT; the fixed fee (before VAT) and the TV tax in minor units a month. */
export type TariffRow = {
  group: string
  from: string
  high: string
  low?: string
  block?: { limit: number; kind: BlockKind; high: string; low?: string }
  fixedFee: number
  tvTax: number
  vatPercent: number
  source: string
  /** What is assumed or unverified. */
  note?: string
}

const inAlbania = { tvTax: 10_000, vatPercent: 20 }

const household = { ...inAlbania, group: 'household', fixedFee: 9_500 }

/** 8.50 as long as the month stays within 700 kWh; above, 9.50 for all of it. */
const WITH_CLIFF = { high: '8.5', block: { limit: 700, kind: 'whole', high: '9.5' } } as const

const business = (voltage: string, high: string): TariffRow => ({
  ...inAlbania,
  group: `business-${voltage}kv`,
  from: '2015-01-01',
  high,
  fixedFee: 0,
  source: 'Published prices for businesses from 2015 on',
  note: 'Unverified today.',
})

const oshee: TariffRow[] = [
  {
    ...household,
    from: '2015-01-01',
    high: '9.5',
    source: 'Published price for households from 2015 on',
    note: 'The fixed fee before 2023 is unverified: a bill of 2020 without any use was 340.00.',
  },
  {
    ...household,
    from: '2023-01-01',
    high: '9.5',
    source: 'Paid bills of 2023: 0 kWh 214.00, 30 kWh 556.00, 47 kWh 749.80',
  },
  {
    ...household,
    ...WITH_CLIFF,
    from: '2025-02-01',
    source: 'Prices announced for 1 February to 31 December 2025',
    note: 'The fixed fee is assumed unchanged.',
  },
  {
    ...household,
    ...WITH_CLIFF,
    from: '2026-01-01',
    source: 'Prices announced until 31 December 2025, taken to go on',
    note: 'Unverified: no later decision was found in either direction (November 2026). The fixed fee is assumed unchanged.',
  },
  business('0.4', '14'),
  ...['6', '10', '20'].map(voltage => business(voltage, '11')),
  business('35', '9.5'),
]

type KescoPrices = Pick<TariffRow, 'from' | 'high' | 'fixedFee' | 'source' | 'note'> & {
  low: string
  above: { high: string; low: string }
}

const kescoPrices: KescoPrices[] = [
  {
    ...{ from: '2022-02-09', high: '0.0675', low: '0.0289', above: { high: '0.1252', low: '0.059' } },
    fixedFee: 174,
    source: 'Published tariffs from 9 February 2022',
  },
  {
    ...{ from: '2023-04-01', high: '0.0779', low: '0.0334', above: { high: '0.1445', low: '0.0681' } },
    fixedFee: 200,
    source: 'Published tariffs from 1 April 2023',
    note: 'The standing charge is derived from published sample bills.',
  },
  {
    ...{ from: '2024-04-01', high: '0.0779', low: '0.0334', above: { high: '0.1329', low: '0.0626' } },
    fixedFee: 200,
    source: 'Published tariffs from 1 April 2024',
    note: 'The standing charge is assumed unchanged.',
  },
  {
    ...{ from: '2025-05-01', high: '0.0905', low: '0.0388', above: { high: '0.1543', low: '0.0728' } },
    fixedFee: 232,
    source: 'Tariffs decided in April 2025',
    note:
      'The start is unverified: decided in mid-April 2025, so 1 May is the likelier one; one source has 1 June. The standing charge is ' +
      'estimated. Still in force at the end of January 2026; KESCO asked for 21.3 % more from 1 April 2026, and no decision was found.',
  },
]

const kesco: TariffRow[] = kescoPrices.flatMap(({ low, above, note, ...prices }) => {
  const row = { ...prices, tvTax: 0, vatPercent: 8 }
  const block = { limit: 800, kind: 'above' } as const
  const oneRate =
    'Assumed: the tables have no price for meters with one register, so it is the high one. Which of 4/01 and 4/02 is which is unverified.'
  return [
    {
      ...row,
      group: '4/01',
      block: { ...block, high: above.high },
      note: [note, oneRate].filter(Boolean).join(' '),
    },
    { ...row, group: '4/02', low, block: { ...block, ...above }, ...(note && { note }) },
  ]
})

/** Of those whose prices are known. */
export const knownTariffs: Partial<Record<BillerCode, TariffRow[]>> = { oshee, kesco }

/** Adds the rows of groups of which the database knows none: what staff added to the others stays. */
export async function addTariffs(client: pg.ClientBase): Promise<void> {
  const rows = Object.entries(knownTariffs).flatMap(([code, rows]) =>
    rows.map((row, place) => ({ ...row, place, billerId: billerOf(code as BillerCode).id })),
  )
  await client.query(
    `insert into tariffs (biller_id, tariff_group, valid_from, price_high, price_low, block_limit, block_kind, block_price_high,
       block_price_low, fixed_fee, tv_tax, vat_percent, source, note)
     select "billerId", "group", "from", high, low, (block->>'limit')::int, block->>'kind', (block->>'high')::numeric,
       (block->>'low')::numeric, "fixedFee", "tvTax", "vatPercent", source, note
     from json_to_recordset($1) as known (place int, "billerId" smallint, "group" text, "from" date, high numeric, low numeric, block json,
       "fixedFee" int, "tvTax" int, "vatPercent" numeric, source text, note text)
     where not exists (select from tariffs t where t.biller_id = "billerId" and t.tariff_group = "group")
     order by "billerId", place`,
    [JSON.stringify(rows)],
  )
}

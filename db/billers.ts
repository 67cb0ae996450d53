// The list of billers, each in a file of its own (db/billers), and their rows: the next start adds those that are missing.
import type pg from 'pg'
import { albtelecom } from './billers/albtelecom.ts'
import type { Biller } from './billers/biller.ts'
import { digitalb } from './billers/digitalb.ts'
import { kesco } from './billers/kesco.ts'
import { oshee } from './billers/oshee.ts'
import { policeFines } from './billers/police-fines.ts'
import { ukt } from './billers/ukt.ts'

/** By their codes: in addresses and in feeds, for good. */
export const billers = {
  oshee,
  kesco,
  ukt,
  albtelecom,
  digitalb,
  'police-fines': policeFines,
} as const satisfies Record<string, Biller>

export type BillerCode = keyof typeof billers
export const billerCodes = Object.keys(billers) as [BillerCode, ...BillerCode[]]

/** What the portal knows of a biller. */
export const billerOf = (code: BillerCode): Biller => billers[code]

/** Adds the rows of billers that the database does not have, and to others what they say nothing of; what a deployment corrected stays. */
export async function addBillers(
  client: pg.ClientBase,
  known: Record<string, Biller> = billers,
): Promise<void> {
  const { rows } = await client.query<{ code: string }>('select code from billers')
  for (const [code, { legalName, businessNumber, address }] of Object.entries(known)) {
    // Columns that are newer than the rows of some databases.
    await client.query(
      `update billers set legal_name = $2, business_number = $3, address = $4
       where code = $1 and legal_name is null and business_number is null and address is null and $2::text is not null`,
      [code, legalName, businessNumber, address],
    )
  }
  const missing = Object.entries(known).filter(([code]) => !rows.some(row => row.code === code))
  for (const [code, { interest, ...biller }] of missing) {
    await client.query(
      `with added as (
        insert into billers (id, code, name, country, currency, time_zone, unit, remind_from, paper_proof, contact_phone, contact_email,
          legal_name, business_number, address)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $15, $16, $17) returning id)
      insert into interest_terms (biller_id, from_on, per_day_ppm, cap_percent, source, recorded_at)
        select id, '1900-01-01', $12, $13, $14, '1900-01-01T00:00:00Z' from added`,
      [
        ...[biller.id, code, biller.name, biller.country, biller.currency, biller.timeZone, biller.unit],
        ...[biller.remindFrom, biller.paperProof, biller.contactPhone, biller.contactEmail],
        ...[interest.perDayPpm, interest.capPercent, interest.source],
        ...[biller.legalName, biller.businessNumber, biller.address],
      ],
    )
  }
}

/** Gives each biller that has none an account at the sandbox bank, which only a demonstration uses. */
export async function addSandboxAccounts(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ code: string }>(
    `select code from billers where not exists (select from gateway_accounts g where g.code = billers.code || '-sandbox')`,
  )
  for (const { code } of rows) {
    await client.query(
      `insert into gateway_accounts (code, gateway, biller_id, currency, merchant_id, is_test)
       select code || '-sandbox', 'sandbox', id, currency, 'drita', true from billers where code = $1`,
      [code],
    )
  }
}

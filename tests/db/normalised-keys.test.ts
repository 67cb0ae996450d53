// The migration that normalises keys stored before feeds were read so: alone it is renamed, a twin is left for a person.
import fs from 'node:fs'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { loadFeed } from '../../lib/feed/commands.ts'
import { testDatabase } from '../support/database.ts'
import { feedFolder } from '../support/feeds.ts'

const db = await testDatabase()

const MIGRATION = path.join(import.meta.dirname, '../../db/migrations/0020_normalised-keys.sql')

test('keys with blanks or in parts become what a feed now makes of them, where nothing else is that', async () => {
  const invoice = (number: string) => ({
    number,
    contract_code: 'AL0000001',
    period: '2024-01',
    issued_on: '2024-01-31',
    due_on: '2024-02-29',
    principal: '456.00',
    tv_tax: '0',
    total: '456.00',
  })
  const payment = (reference: string, invoice_number = '') => ({
    reference,
    contract_code: 'AL0000001',
    paid_on: '2024-02-01',
    amount: '456.00',
    method: 'CASH',
    source: 'BANKA',
    invoice_number,
  })
  const rows = {
    contracts: [{ code: 'AL0000001', category: 'household', meter_number: 'M1' }],
    invoices: ['I1', 'I2', 'I3', 'I4', 'I5'].map(invoice),
    payments: [payment('P1', 'I1'), payment('P2', 'I3'), payment('P3'), payment('P4')],
  }
  await loadFeed({ biller: 'oshee', folder: feedFolder(rows) })
  for (const [from, to] of [
    ['I1', ' KF\u00a0\u00a01\t'],
    ['I2', 'Ke\u0308-2'],
    ['I3', 'KF-3 '],
    ['I4', 'KF-3'],
    ['I5', 'K 5'],
  ]) {
    await db.execute(sql`update invoices set number = ${to} where number = ${from}`)
    await db.execute(sql`update payments set invoice_number = ${to} where invoice_number = ${from}`)
  }
  await db.execute(sql`update payments set reference = 'P1 ' where reference = 'P1'`)
  await db.execute(sql`update payments set reference = 'P3 ' where reference = 'P4'`)
  await db.execute(sql`update contracts set meter_number = 'M1 '`)

  await db.transaction(async tx => {
    for (const statement of fs.readFileSync(MIGRATION, 'utf8').split('--> statement-breakpoint')) {
      await tx.execute(sql.raw(statement))
    }
  })

  const numbers = await db.execute<{ number: string }>(sql`select number from invoices order by id`)
  expect(numbers.rows.map(row => row.number)).toEqual(['KF 1', 'Kë-2', 'KF-3 ', 'KF-3', 'K 5'])
  const payments = await db.execute(sql`select reference, invoice_number from payments order by reference`)
  expect(payments.rows.map(row => [row.reference, row.invoice_number])).toEqual([
    ['P1', 'KF 1'],
    ['P2', 'KF-3 '],
    ['P3', null],
    ['P3 ', null],
  ])
  expect((await db.execute(sql`select meter_number from contracts`)).rows).toEqual([{ meter_number: 'M1' }])
})

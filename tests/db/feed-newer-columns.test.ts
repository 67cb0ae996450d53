// Columns that older feeds do not have: kept as they are given, and left alone by a file without them.
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { loadFeed } from '../../lib/feed/commands.ts'
import { testDatabase } from '../support/database.ts'
import { feedFolder, fullDump } from '../support/feeds.ts'

const db = await testDatabase()

const QR =
  'https://efiskalizimi-app.tatime.gov.al/invoice-check/#/verify?iic=0A1B&tin=K00000000A&crtd=2026-10-03T08:00:00%2B02:00&prc=556.00'
const CODES = {
  nivf: '11111111-2222-4333-8444-555555555555',
  nslf: '0A1B2C3D4E5F60718293A4B5C6D7E8F9',
  fiscal_qr: QR,
  payment_reference: '00123-45',
}
const CATEGORY = { customer_category: 'Klient familjar' }

const load = (codes: object, category: object, now = '2026-10-04T08:00:00Z') =>
  loadFeed({
    biller: 'oshee',
    now: new Date(now),
    folder: feedFolder({
      contracts: [{ code: 'AL0000001', category: 'household', ...category }],
      invoices: [
        {
          number: 'I1',
          contract_code: 'AL0000001',
          period: '2026-09',
          issued_on: '2026-10-03',
          due_on: '2026-10-31',
          principal: '456.00',
          tv_tax: '100.00',
          total: '556.00',
          ...codes,
        },
      ],
    }),
  })

async function stored() {
  const { rows } = await db.execute(sql`select nivf, nslf, fiscal_qr, payment_reference, customer_category,
    corrected_at is not null as corrected from invoices i join contracts c on c.id = i.contract_id`)
  return rows[0]
}

test('they are stored, left alone by a file without them, and cleared by an empty cell', async () => {
  await load({}, {})
  const nothing = {
    nivf: null,
    nslf: null,
    fiscal_qr: null,
    payment_reference: null,
    customer_category: null,
  }
  expect(await stored()).toEqual({ ...nothing, corrected: false })

  // Codes that come later complete an invoice and correct nothing.
  await load(CODES, CATEGORY)
  expect(await stored()).toEqual({ ...CODES, ...CATEGORY, corrected: false })

  const before = await fullDump(db)
  const without = await load({}, {})
  expect(without.files.map(file => [file.file, file.unchanged])).toEqual([
    ['contracts', 1],
    ['invoices', 1],
  ])
  expect(await fullDump(db)).toEqual(before)

  await load({ nivf: '' }, { customer_category: '' })
  expect(await stored()).toEqual({ ...CODES, nivf: null, customer_category: null, corrected: true })
})

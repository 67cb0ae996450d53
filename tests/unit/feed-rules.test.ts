// Cells and rows of a feed: what is taken, how it is written for COPY, and why the rest is refused.
import { describe, expect, it, test } from 'vitest'
import type { BillerCode } from '../../lib/billers/contract-codes.ts'
import { feedContext } from '../../lib/feed/context.ts'
import { figuresOf } from '../../lib/feed/examples.ts'
import { readHeader, rowWriter, stagingColumns } from '../../lib/feed/rules.ts'
import { FEED_FILES, type FeedFile, type FileDefinition } from '../../lib/feed/schema.ts'

// Already the 27th in Tirana.
const context = feedContext('oshee', 'Europe/Tirane', new Date('2026-11-26T23:30:00Z'))

const GOOD: Record<FeedFile, Record<string, string>> = {
  contracts: {
    code: 'al0000001',
    category: 'household',
    holder_first_name: 'Ëngjëll',
    holder_last_name: 'Çela',
  },
  invoices: {
    number: '1',
    contract_code: 'AL0000001',
    period: '2024-01',
    issued_on: '2024-01-31',
    due_on: '2024-02-29',
    principal: '456.00',
    tv_tax: '100',
    total: '556.0',
  },
  invoice_lines: {
    invoice_number: '1',
    position: '1',
    code: 'ENERGY',
    quantity: '30',
    unit_price: '9.5012',
    amount: '285.00',
    vat_rate: '20',
  },
  payments: {
    reference: 'R1',
    contract_code: 'AL0000001',
    paid_on: '2024-02-01',
    amount: '556.00',
    method: 'CASH',
    source: 'BANKA',
  },
  readings: {
    contract_code: 'AL0000001',
    meter_number: 'M1',
    read_at: '2026-11-18T06:00:00+01:00',
    register: 'A1',
    value_kwh: '49277.6',
  },
  disconnections: {
    reference: 'D1',
    contract_code: 'AL0000001',
    announced_on: '2026-11-20',
    not_before: '2026-11-30',
    reason: 'debt',
  },
  outages: { reference: 'O1', kind: 'planned', starts_at: '2026-12-04T09:00:00+01:00' },
}

/** The staged cells by column, of a good row with these changes. */
function stage(file: FeedFile, changes: Record<string, string> = {}) {
  const { columns }: FileDefinition = FEED_FILES[file]
  const row = { ...GOOD[file], ...changes }
  const places = columns.map((_, i) => i)
  const written = rowWriter(
    file,
    { places, width: places.length },
    context,
  )(
    columns.map(column => row[column.name] ?? ''),
    7,
  )
  const cells = written.row.slice(0, -1).split('\t')
  const names = stagingColumns(file).map(column => column.name)
  expect(cells).toHaveLength(names.length)
  expect(cells[0]).toBe('7')
  const staged = Object.fromEntries(names.map((name, i) => [name, cells[i]!]))
  expect(written.refused).toBe(staged.refused_reason !== '\\N')
  return staged
}

test('a good row of each file is taken', () => {
  for (const file of Object.keys(GOOD) as FeedFile[]) expect(stage(file).refused_reason).toBe('\\N')
})

test('values are written in their stored form', () => {
  expect(stage('contracts')).toMatchObject({
    code: 'AL0000001',
    holder_name_folded: 'engjell cela',
    phases: '\\N',
  })
  expect(stage('contracts', { holder_first_name: '', holder_last_name: '' }).holder_name_folded).toBe('\\N')
  expect(stage('contracts', { holder_personal_number: 'j00101999w' }).holder_personal_number).toBe(
    'J00101999W',
  )
  expect(stage('contracts', { address: ' a\tb\\c\r\nd  e ' }).address).toBe('a b\\\\c d e')
  expect(stage('invoices')).toMatchObject({
    period: '2024-01-01',
    principal: '45600',
    tv_tax: '10000',
    total: '55600',
  })
})

const bad: [FeedFile, string, string, string][] = [
  ['contracts', 'code', '', 'empty'],
  ['contracts', 'code', 'DPR-6687', 'not_a_contract_code'],
  ['contracts', 'code', 'AL00000011', 'not_a_contract_code'],
  ['contracts', 'category', 'Household', 'unknown_value'],
  ['contracts', 'region', 'x'.repeat(201), 'too_long'],
  ['contracts', 'address', 'x'.repeat(301), 'too_long'],
  ['contracts', 'customer_category', 'x'.repeat(201), 'too_long'],
  ['invoices', 'nivf', 'x'.repeat(201), 'too_long'],
  ['invoices', 'fiscal_qr', 'x'.repeat(501), 'too_long'],
  ['contracts', 'zone', 'a\0b', 'forbidden_character'],
  ['contracts', 'phases', '32768', 'does_not_fit'],
  ['contracts', 'phases', '1.5', 'not_a_number'],
  ['contracts', 'connected_power_kw', '123456789', 'does_not_fit'],
  ['contracts', 'connected_power_kw', '5.005', 'too_many_decimals'],
  ['contracts', 'meter_remote', 'yes', 'unknown_value'],
  ['contracts', 'connected_on', '0000-01-01', 'not_a_date'],
  ['invoices', 'period', '2024-13', 'not_a_month'],
  ['invoices', 'period', '2024-01-01', 'not_a_month'],
  ['invoices', 'issued_on', '2023-02-29', 'not_a_date'],
  ['invoices', 'issued_on', '31.12.2023', 'not_a_date'],
  ['invoices', 'due_on', '1899-12-31', 'does_not_fit'],
  ['invoices', 'principal', '-1.00', 'negative'],
  ['invoices', 'principal', '1,00', 'not_a_number'],
  ['invoices', 'principal', '1e3', 'not_a_number'],
  ['invoices', 'principal', '1 000', 'not_a_number'],
  ['invoices', 'principal', '456.001', 'too_many_decimals'],
  ['invoices', 'principal', '1000000000.01', 'does_not_fit'],
  ['invoices', 'principal', '99999999999999', 'does_not_fit'],
  ['invoices', 'total', '556.01', 'wrong_total'],
  ['invoices', 'units_kwh', '-3', 'negative'],
  ['invoices', 'units_kwh', '123456789012', 'does_not_fit'],
  ['invoices', 'reading_kind', 'guessed', 'unknown_value'],
  ['invoice_lines', 'unit_price', '9.50123', 'too_many_decimals'],
  ['invoice_lines', 'vat_rate', '100.01', 'does_not_fit'],
  ['invoice_lines', 'amount', '-0.01', 'negative'],
  ['payments', 'amount', '0.00', 'zero'],
  ['payments', 'method', 'cash', 'unknown_value'],
  ['payments', 'paid_on', '', 'empty'],
  ['readings', 'read_at', '2026-11-18T06:00:00', 'not_a_time'],
  ['readings', 'read_at', '2026-11-18T24:00:00Z', 'not_a_time'],
  ['readings', 'read_at', '2026-02-30T06:00:00Z', 'not_a_time'],
  ['readings', 'register', 'A3', 'unknown_value'],
  ['disconnections', 'reason', 'Debt', 'unknown_value'],
  ['disconnections', 'not_before', '2026-11-19', 'out_of_order'],
  ['disconnections', 'amount', '-1.00', 'negative'],
  ['disconnections', 'done_at', '2026-11-28T08:00:00+01:00', 'in_the_future'],
  ['disconnections', 'cancelled_on', '2026-11-28', 'in_the_future'],
  ['outages', 'kind', 'work', 'unknown_value'],
  ['outages', 'starts_at', '2026-12-04', 'not_a_time'],
  ['outages', 'starts_at', '', 'empty'],
  // Half an hour before, though it reads as later.
  ['outages', 'ends_at', '2026-12-04T09:30:00+02:00', 'out_of_order'],
  ['outages', 'place', 'x'.repeat(201), 'too_long'],
  ['outages', 'text_sq', 'x'.repeat(301), 'too_long'],
  ['payments', 'paid_on', '2026-11-28', 'in_the_future'],
  ['payments', 'reversed_on', '2026-11-28', 'in_the_future'],
  ['invoices', 'cancelled_on', '2026-11-28', 'in_the_future'],
  ['readings', 'read_at', '2026-11-28T00:00:00+01:00', 'in_the_future'],
  ['readings', 'read_at', '2026-11-27T23:00:00Z', 'in_the_future'],
  ['contracts', 'code', ' \u00a0', 'empty'],
  ['contracts', 'code', 'AL\u200b0000001', 'forbidden_character'],
  ['contracts', 'meter_number', 'M\u200b1', 'forbidden_character'],
  ['invoices', 'number', 'KF\u200e-1', 'forbidden_character'],
  ['invoices', 'number', 'KF-1\ufeff', 'forbidden_character'],
  ['invoices', 'number', 'KF\u00ad-1', 'forbidden_character'],
  ['invoices', 'number', 'KF\u001b-1', 'forbidden_character'],
  ['invoices', 'number', 'KF-\ufffd', 'forbidden_character'],
  ['invoice_lines', 'invoice_number', '\u202e1', 'forbidden_character'],
  ['payments', 'reference', '\u20661', 'forbidden_character'],
  ['payments', 'invoice_number', '1\u2060', 'forbidden_character'],
  ['readings', 'meter_number', 'M1\u200d', 'forbidden_character'],
]

test.each(bad)('%s: %s "%s" is refused: %s', (file, column, value, reason) => {
  expect(stage(file, { [column]: value })).toMatchObject({ refused_column: column, refused_reason: reason })
})

test('the limits themselves are taken', () => {
  expect(stage('contracts', { region: '😀'.repeat(200), address: 'x'.repeat(300) }).refused_reason).toBe(
    '\\N',
  )
  expect(stage('invoices', { fiscal_qr: 'x'.repeat(500) }).fiscal_qr).toHaveLength(500)
  const largest = { principal: '1000000000.00', tv_tax: '0', total: '1000000000.00' }
  expect(stage('invoices', largest).refused_reason).toBe('\\N')
  expect(stage('invoices', { units_kwh: '99999999999.999' }).refused_reason).toBe('\\N')
})

test('every cell is normalised, a text shows what it holds', () => {
  for (const written of ['KF-1 ', ' KF-1', 'KF-1\u00a0', '\u2003KF-1\t', 'KF-1\r\n']) {
    expect(stage('invoices', { number: written }).number).toBe('KF-1')
    expect(stage('payments', { invoice_number: written }).invoice_number).toBe('KF-1')
  }
  expect(stage('invoices', { number: 'KE\u0308 \u00a0 1' }).number).toBe('K\u00cb 1')
  expect(
    stage('invoices', { contract_code: ' al0000001\u00a0', principal: ' 456.00', period: '2024-01 ' }),
  ).toMatchObject({
    contract_code: 'AL0000001',
    principal: '45600',
    period: '2024-01-01',
  })
  const contract = { holder_first_name: 'Ge\u0308\u200bzim', address: 'Rruga\ufe0f  1', phone: ' ' }
  expect(stage('contracts', contract)).toMatchObject({
    holder_first_name: 'Gëzim',
    address: 'Rruga 1',
    phone: '\\N',
    holder_name_folded: 'gezim cela',
  })
})

test('numbers that accounts have too are kept in their form', () => {
  expect(
    stage('contracts', {
      holder_personal_number: 'j 05115999-k',
      business_number: 'k 22218003 v',
      phone: '068/200 0001',
    }),
  ).toMatchObject({
    holder_personal_number: 'J05115999K',
    business_number: 'K22218003V',
    phone: '+355682000001',
    doubts: '\\N',
  })
  // A telephone at home is a number too, though no account has one.
  expect(stage('contracts', { phone: '(04) 222 1234' })).toMatchObject({
    phone: '+35542221234',
    doubts: '\\N',
  })
})

const doubted: [FeedFile, Record<string, string>, string][] = [
  ['contracts', { holder_personal_number: '1.01E+09' }, 'holder_personal_number:not_a_personal_number'],
  ['contracts', { holder_personal_number: '12345678' }, 'holder_personal_number:not_a_personal_number'],
  ['contracts', { holder_personal_number: '-' }, 'holder_personal_number:not_a_personal_number'],
  ['contracts', { business_number: '123' }, 'business_number:not_a_business_number'],
  ['contracts', { phone: '12' }, 'phone:not_a_phone'],
  ['contracts', { address: 'Rruga e Dibr\ufffds' }, 'address:lost_letter'],
  ['contracts', { address: 'Rruga 你好 5, ☎ 044' }, 'address:not_printable'],
  ['contracts', { holder_last_name: 'Đặng' }, 'holder_last_name:not_printable'],
  ['invoices', { number: 'N☎1' }, 'number:not_printable'],
  ['contracts', { address: 'Улица Краља Петра 12, Οδός Ερμού 5, Kılıç № 3' }, '\\N'],
  ['contracts', { connected_on: '2027-01-01' }, 'connected_on:in_the_future'],
  ['contracts', { connected_on: '2020-01-01', closed_on: '2019-12-31' }, 'closed_on:dates_out_of_order'],
  ['invoices', { due_on: '2024-01-30' }, 'due_on:dates_out_of_order'],
  ['invoices', { cancelled_on: '2024-01-30' }, 'cancelled_on:dates_out_of_order'],
  ['invoices', { period_from: '2024-02-01', period_to: '2024-01-31' }, 'period_to:dates_out_of_order'],
  ['invoices', { issued_on: '2026-12-01', due_on: '2026-12-31' }, 'issued_on:in_the_future'],
  ['invoices', { period: '2026-12', due_on: '2062-12-31' }, 'period:in_the_future due_on:far_ahead'],
  ['payments', { reversed_on: '2024-01-31' }, 'reversed_on:dates_out_of_order'],
]

test('a Cyrillic letter that looks like the Latin one is read as it', () => {
  const changes = { holder_personal_number: '\u041a00101001D', business_number: '\u041a22218003V' }
  expect(stage('contracts', changes)).toMatchObject({
    holder_personal_number: 'K00101001D',
    business_number: 'K22218003V',
    doubts: '\\N',
  })
})

test.each(doubted)('%s: %j is taken and doubted: %s', (file, changes, doubts) => {
  const staged = stage(file, changes)
  expect(staged).toMatchObject({ doubts, refused_reason: '\\N' })
  for (const [column, value] of Object.entries(changes)) {
    if (column !== 'period') expect(staged[column]).toBe(value)
  }
})

test('today has come, at the biller', () => {
  const today = { paid_on: '2026-11-27', reversed_on: '2026-11-27' }
  expect(stage('payments', today)).toMatchObject({ refused_reason: '\\N', doubts: '\\N' })
  for (const now of ['2026-11-27T22:59:59Z', '2026-11-28T05:00:00+12:00', '2026-11-27T01:00:00+01:00']) {
    expect(stage('readings', { read_at: now }).refused_reason).toBe('\\N')
  }
})

test('a refused row keeps its key, and nothing else', () => {
  const staged = stage('readings', { value_kwh: 'x' })
  expect(staged).toMatchObject({ meter_number: 'M1', register: 'A1', contract_code: '\\N', value_kwh: '\\N' })
  expect(stage('readings', { register: 'x' })).toMatchObject({ register: '\\N', refused_column: 'register' })
})

test('another number of columns is refused without a column', () => {
  const write = rowWriter('payments', { places: [0, 1, 2, 3, 4, 5, 6, 7], width: 8 }, context)
  expect(write(['a'], 3)).toEqual({ row: `3${'\t\\N'.repeat(10)}\twrong_column_count\n`, refused: true })
})

test('a header in any order, with newer columns or without, and what breaks it', () => {
  const invoices: FileDefinition = FEED_FILES.invoices
  const older = invoices.columns.filter(column => !column.newer).map(column => column.name)
  expect(readHeader('invoices', ['nslf', ...older])).toEqual({
    places: [...older.map((_, i) => i + 1), -1, 0, -1, -1],
    width: older.length + 1,
  })
  const names = FEED_FILES.payments.columns.map(column => column.name as string)
  expect(readHeader('payments', [...names].reverse())).toEqual({ places: [7, 6, 5, 4, 3, 2, 1, 0], width: 8 })
  // The notes of a file of refused rows.
  const notes = ['refused_line', 'refused_column', 'refused_reason']
  expect(readHeader('payments', [...notes, ...names])).toEqual({
    places: [3, 4, 5, 6, 7, 8, 9, 10],
    width: 11,
  })
  const broken = (fields: string[]) => readHeader('payments', fields)
  expect(broken([...names, 'extra'])).toEqual({
    broken: { reason: 'unknown_column', line: 1, column: 'extra' },
  })
  expect(broken(names.slice(2))).toEqual({
    broken: { reason: 'missing_column', line: 1, column: 'reference, contract_code' },
  })
  expect(broken([...names, 'source'])).toEqual({
    broken: { reason: 'repeated_column', line: 1, column: 'source' },
  })
  expect(broken([names.join(';')])).toEqual({ broken: { reason: 'other_separator', line: 1, column: ';' } })
  expect(broken(['sep=', ''])).toEqual({ broken: { reason: 'separator_line', line: 1, column: null } })
  expect(broken([...names, ''])).toEqual({ broken: { reason: 'unnamed_column', line: 1, column: null } })
  expect(broken(['P1', 'AL0000001'])).toEqual({ broken: { reason: 'no_header', line: 1, column: null } })
  for (const column of ['Reference', 'REFERENCE', 'reference ', '\ufeffreference']) {
    expect(broken([column, ...names.slice(1)])).toMatchObject({
      broken: { reason: 'misspelt_column', line: 1 },
    })
  }
  expect(broken([names[0]!, 'Contract Code', ...names.slice(2)])).toEqual({
    broken: { reason: 'misspelt_column', line: 1, column: 'Contract Code' },
  })
})

describe('the example of a reason', () => {
  const amount = { file: 'payments', column: 'amount', reason: 'not_a_number' } as const
  const day = { file: 'payments', column: 'paid_on', reason: 'not_a_date' } as const
  const month = { file: 'invoices', column: 'period', reason: 'not_a_month' } as const
  const instant = { file: 'readings', column: 'read_at', reason: 'not_a_time' } as const

  it.each([
    ...['0', '0.5', '-456.00', '556,00', '123456.78', '12,345.67', '12.345,67', '1.23456', '327680'].map(
      cell => ({
        ...amount,
        cell,
      }),
    ),
    ...['2024-02-30', '30.2.2024', '31/04/1999', '2024-02-30 06:00'].map(cell => ({ ...day, cell })),
    ...['2024-13', '13.2024'].map(cell => ({ ...month, cell })),
    ...['2026-11-18T06:00:00', '2026-11-18T24:00:00.5+01:00', '2006-11-18T06:00Z'].map(cell => ({
      ...instant,
      cell,
    })),
  ])('shows the figure $cell of $column', ({ cell, ...refused }) => {
    expect(figuresOf('oshee', refused, () => cell)).toBe(cell)
  })

  it.each([
    ...[
      '1,234,567,890',
      '069.123.4567',
      '069.123',
      '69.123.4567',
      '355.69.123.4567',
      '+38344123',
      '+44',
      '44.123.456',
    ],
    ...[
      '44123456',
      '4412345',
      '6912345.6',
      '0691234',
      '123456.789',
      '1.234567',
      '690 123',
      '-0691234',
      'J1234567L',
    ],
  ])('shows nothing of %s in a column of figures: it may be a phone or a personal number', cell => {
    expect(figuresOf('oshee', amount, () => cell)).toBeNull()
  })

  it.each([
    ...[
      '691234',
      '69123456',
      '20260101',
      '042-26-7890',
      '69-12-3456',
      '6912-34-56',
      '2024-02-30 06.912345',
      '1.2.24',
    ],
  ])('shows nothing of %s in a column of days', cell => {
    for (const refused of [day, month, instant]) expect(figuresOf('oshee', refused, () => cell)).toBeNull()
  })

  it('is a contract code only where the biller’s have a form, and the cell has it', () => {
    const unknown = { file: 'payments', column: 'contract_code', reason: 'unknown_contract' } as const
    const shown = (biller: BillerCode, cell: string) => figuresOf(biller, unknown, () => cell)
    expect(shown('oshee', 'al0000009')).toBe('AL0000009')
    expect(shown('kesco', 'DPR 6687')).toBe('DPR-6687')
    expect(shown('kesco', '044123456')).toBeNull()
    for (const biller of ['ukt', 'albtelecom', 'digitalb', 'police-fines'] as const)
      for (const cell of ['Arben-Hoxha', '0691234567', 'J12345678L']) expect(shown(biller, cell)).toBeNull()
  })

  it('is a payment number of ours, and nothing that stands behind it', () => {
    const open = { file: 'payments', column: 'reference', reason: 'our_payment_not_captured' } as const
    const shown = (cell: string) => figuresOf('oshee', open, () => cell)
    for (const cell of ['26112800012345', '26112800012345-2', '26112800012345.1-2'])
      expect(shown(cell)).toBe(cell)
    for (const cell of ['26112800012345-Arben', '26112800012345-0691234567', '26112800012345. 2'])
      expect(shown(cell)).toBeNull()
  })

  it('is no sum where one of its amounts may be a phone', () => {
    const wrong = { file: 'invoices', column: 'total', reason: 'wrong_total' } as const
    const shown = (total: string) =>
      figuresOf('oshee', wrong, column => ({ principal: '456.00', tv_tax: '100.00' })[column] ?? total)
    expect(shown('556.01')).toBe('456.00 + 100.00 ≠\u00a0556.01')
    expect(shown('0691234567')).toBeNull()
  })
})

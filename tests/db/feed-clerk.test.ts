// Folders as clerks make them (tests/support/feed-cases): what a clerk expects of each, and is told.
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { EXIT_CODES, reportLines } from '../../bin/feed/report.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import { testDatabase } from '../support/database.ts'
import { csvOf, emptyTables, folderOf } from '../support/feeds.ts'

const db = await testDatabase()
beforeEach(() => emptyTables(db))

const caseFolder = (name: string) => path.join(import.meta.dirname, '../support/feed-cases', name)

/** What `npm run feed` prints, and how it ends. */
async function feed(folder: string): Promise<{ code: number; output: string }> {
  const report = await loadFeed({ biller: 'oshee', folder })
  return { code: EXIT_CODES[report.status], output: reportLines(report).join('\n') }
}

async function column(query: string): Promise<unknown[]> {
  const { rows } = await db.execute(sql.raw(query))
  return rows.map(row => Object.values(row)[0])
}

test('keys with blanks around them are the same key: each row of a repeated one is refused', async () => {
  const { code, output } = await feed(caseFolder('padded-keys'))
  expect(code).toBe(3)
  const repeated = 'the file holds this key more than once'
  for (const line of [
    `invoices.csv line 2 (KF-1), number "KF-1": ${repeated}`,
    `invoices.csv line 3 (KF-1 ), number "KF-1 ": ${repeated}`,
    `invoices.csv line 4 (KF-1<U+00A0>), number "KF-1<U+00A0>": ${repeated}`,
    `invoices.csv line 5 ( KF-1), number " KF-1": ${repeated}`,
    `payments.csv line 2 (PF-1), reference "PF-1": ${repeated}`,
    `payments.csv line 3 (PF-1 ), reference "PF-1 ": ${repeated}`,
  ]) {
    expect(output).toContain(line)
  }
  expect(await column('select number from invoices')).toEqual([])
  // It waits for KF-1, however its number was written.
  expect(await column(`select reference || ' for ' || invoice_number from payments`)).toEqual([
    'PF-2 for KF-1',
  ])
})

test('Windows-1250 is read and said', async () => {
  const { code, output } = await feed(caseFolder('all-refused-exit-0'))
  expect(code).toBe(0)
  expect(output).toContain('contracts.csv is not UTF-8 and was read as Windows-1250')
  expect(
    await column(`select holder_first_name || ' ' || holder_last_name from contracts order by code`),
  ).toEqual(['Gëzim Çela', 'Đorđe Šarić'])
  expect(await column('select number from invoices order by number')).toEqual(['R61', 'R62'])
})

test('names of files count without regard to case, and what is not read is named', async () => {
  const { code, output } = await feed(caseFolder('file-name-case'))
  expect(code).toBe(0)
  expect(output).not.toContain('not read')
  expect(await column('select number from invoices')).toEqual(['R7'])
  expect(await column('select reference from payments')).toEqual(['P-77'])

  const contracts = csvOf('contracts', [{ code: 'AL0000001', category: 'household' }])
  const files = {
    'contracts.csv': contracts,
    'Contracts.CSV': contracts,
    'readings.csv': csvOf('readings', []),
  }
  const twice = await feed(folderOf({ ...files, 'invoices (1).csv': 'x', 'lexo.txt': 'x' }))
  expect(twice.output).toContain(
    'contracts.csv refused whole: these names differ by case alone (Contracts.CSV, contracts.csv), and only one of them can be meant; leave one',
  )
  expect(twice.output).toContain('invoices (1).csv: no file of a feed, not read')
  expect(twice.output).toContain('lexo.txt: no file of a feed, not read')
})

const good = csvOf('contracts', [{ code: 'AL0000001', category: 'household' }])
test.each<[string, string, string]>([
  [
    'semicolons',
    caseFolder('excel-semicolon'),
    'line 1: the columns are separated by semicolons; separate them by commas',
  ],
  ['a line sep=', caseFolder('sep-line'), 'line 1: take out the line “sep=”'],
  [
    'a comma at the end',
    caseFolder('trailing-comma'),
    'line 1: a column has no name, as with a comma too many; take it out',
  ],
  ['UTF-16', caseFolder('utf16'), 'it is UTF-16; save it as CSV in UTF-8'],
  [
    'one byte of Latin-1',
    caseFolder('one-latin1-byte'),
    'line 2: a letter here is not UTF-8, though others of the file are',
  ],
  [
    'a capital in the header',
    good.replace('meter_number', 'Meter_Number'),
    'line 1: the column “Meter_Number” must be written meter_number',
  ],
  ['no header', good.split('\n')[1]!, 'line 1: the first line must name the columns: code,holder_first_name'],
  [
    'lines that end with CR',
    good.replaceAll('\n', '\r'),
    'line 1: the line ends with CR alone; save the file with line ends LF or CRLF',
  ],
  ['tabs', good.replaceAll(',', '\t'), 'line 1: the columns are separated by tabs'],
  [
    'quotes and semicolons',
    '"code";"category"\r\n"AL0000001";"household"\r\n',
    'line 1: the columns are separated by semicolons',
  ],
])('a file with %s is refused with what to do', async (_, given, said) => {
  const folder = path.isAbsolute(given) ? given : folderOf({ 'contracts.csv': given })
  const { code, output } = await feed(folder)
  expect(output).toContain(`contracts.csv refused whole: ${said}`)
  expect(output).toContain('Nothing was loaded: 1 file refused.')
  expect(code).toBe(1)
  expect(await column('select code from contracts')).toEqual([])
})

test('identifiers are kept as accounts keep theirs; what has no form of one is loaded and warned of', async () => {
  const { code, output } = await feed(caseFolder('personal-numbers'))
  expect(code).toBe(0)
  expect(await column('select holder_personal_number from contracts order by code')).toEqual([
    'J05115999K',
    '1.01E+09',
    '12345678',
    '1234567892',
    'K00101001D',
    '-',
  ])
  expect(output).toContain(
    'Warning: contracts.csv, holder_personal_number, 3 rows: no personal number has this form',
  )
  expect(output).toContain('contracts.csv line 3 (AL9000011), holder_personal_number')
  expect(output).toContain('Loaded, with warnings.')
  expect(output).not.toContain('1.01E+09')
})

test('a broken contracts.csv is one message, not one an invoice', async () => {
  const invoices = Array.from({ length: 30 }, (_, i) => ({
    number: `I${i}`,
    contract_code: 'AL0000001',
    period: '2024-01',
    issued_on: '2024-01-31',
    due_on: '2024-02-29',
    principal: '456.00',
    tv_tax: '0',
    total: '456.00',
  }))
  const lines = invoices.map(({ number }) => ({
    invoice_number: number,
    position: 1,
    code: 'ENERGY',
    quantity: 40,
    unit_price: '9.50',
    amount: '380.00',
    vat_rate: 20,
  }))
  const files = {
    'invoices.csv': csvOf('invoices', invoices),
    'invoice_lines.csv': csvOf('invoice_lines', lines),
  }
  const { code, output } = await feed(folderOf({ ...files, 'contracts.csv': good.replaceAll(',', ';') }))
  expect(code).toBe(1)
  expect(output).toContain(
    'invoices.csv: 30 rows are refused only because contracts.csv was; mend that and send both again',
  )
  expect(output).toContain(
    'invoice_lines.csv: 30 rows are refused only because invoices.csv was; mend that and send both again',
  )
  expect(output).not.toMatch(/invoices\.csv line/)
  expect((await feed(folderOf({ ...files, 'contracts.csv': good }))).code).toBe(0)
})

test('lines that do not come to the principal are warned of, roundings are not', async () => {
  const invoice = (number: string, principal: string) => ({
    number,
    contract_code: 'AL0000001',
    period: '2024-01',
    issued_on: '2024-01-31',
    due_on: '2024-02-29',
    principal,
    tv_tax: '100.00',
    total: (Number(principal) + 100).toFixed(2),
  })
  const line = (invoice_number: string, position: number, code: string, amount: string, vat_rate = 20) => ({
    invoice_number,
    position,
    code,
    quantity: 1,
    unit_price: amount,
    amount,
    vat_rate,
  })
  const { code, output } = await feed(
    folderOf({
      'contracts.csv': good,
      // Two amounts rounded up to 0.01 each and their VAT: 0.02 is no difference.
      'invoices.csv': csvOf('invoices', [
        invoice('I1', '456.02'),
        invoice('I2', '456.03'),
        invoice('I3', '456.00'),
      ]),
      'invoice_lines.csv': csvOf('invoice_lines', [
        ...['I1', 'I2'].flatMap(number => [
          line(number, 1, 'ENERGY', '285.00'),
          line(number, 2, 'FIXED', '95.00'),
        ]),
        line('I1', 3, 'TV', '100.00', 0),
        // One of its lines is refused: nothing can be said.
        line('I3', 1, 'ENERGY', '285.00'),
        line('I3', 2, 'FIXED', 'x'),
      ]),
    }),
  )
  expect(code).toBe(3)
  expect(output).toContain('Warning: invoice_lines.csv, amount, 1 row: the lines of the invoice')
  expect(output).toContain('invoice_lines.csv line 4 (I2 1), amount')
})

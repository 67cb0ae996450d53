// Reads a settlement file: rows that can be compared, and those that are refused, by line. Its form: docs/settlement-file.md.
import { type SettlementKind, settlementKinds } from '../../db/enums.ts'
import { csvReader, Unreadable } from '../feed/csv.ts'
import { instantGiven } from '../payments/rules.ts'
import { parseMinor } from '../platform/money.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import {
  type RefusedRow,
  SETTLEMENT_COLUMNS,
  type SettlementColumn,
  type SettlementRefusal,
} from './schema.ts'

/** A year of a large biller's payments has fewer. */
const MOST_ROWS = 200_000
export const MOST_BYTES = 30_000_000

export type SettlementRow = {
  line: number
  kind: SettlementKind
  orderNumber: string
  transactionId: string
  /** Minor units, above zero. */
  amount: number
  currency: string
  at: Date
}

/** `timeZone`: of times that name none. */
export function readSettlement(
  bytes: Uint8Array,
  timeZone: string,
  now: Date,
): Result<{ rows: SettlementRow[]; refused: RefusedRow[] }, SettlementRefusal> {
  if (bytes.byteLength > MOST_BYTES) return fail('tooLarge')
  const text = decoded(bytes)
  if (text === undefined) return fail('notUtf8')
  let columns: Map<SettlementColumn, number> | undefined
  let width = 0
  const rows: SettlementRow[] = []
  const refused: RefusedRow[] = []
  const seen = new Set<string>()
  const reader = csvReader((fields, line) => {
    if (!columns) {
      const names = fields.map(name => name.trim().toLowerCase())
      columns = new Map(SETTLEMENT_COLUMNS.map(name => [name, names.indexOf(name)]))
      width = fields.length
      return
    }
    // Both end the reading, below.
    if ([...columns.values()].includes(-1) || rows.length + refused.length > MOST_ROWS) return
    const read = readRow(fields, width, columns, timeZone, now)
    const key = 'amount' in read ? `${read.kind} ${read.transactionId}` : ''
    if ('reason' in read) refused.push({ line, ...read })
    else if (seen.has(key)) refused.push({ line, reason: 'repeated', column: 'transaction_id' })
    else {
      seen.add(key)
      rows.push({ line, ...read })
    }
  })
  try {
    reader.write(text)
    reader.end()
  } catch (error) {
    if (error instanceof Unreadable) return fail('notCsv')
    throw error
  }
  if (!columns || [...columns.values()].includes(-1)) return fail('columnMissing')
  if (rows.length + refused.length > MOST_ROWS) return fail('tooManyRows')
  return ok({ rows, refused })
}

/** Without the mark that spreadsheets put before it. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const ORDER_NUMBER = /^[A-Za-z0-9_-]{1,150}$/
const TRANSACTION = /^[!-~]{1,150}$/
const CURRENCY = /^[A-Z]{3}$/
const DAY_MS = 86_400_000

function readRow(
  fields: string[],
  width: number,
  columns: Map<SettlementColumn, number>,
  timeZone: string,
  now: Date,
): Omit<SettlementRow, 'line'> | Omit<RefusedRow, 'line'> {
  if (fields.length !== width) return { reason: 'columns', column: null }
  const cell = (name: SettlementColumn) => fields[columns.get(name)!]!.trim()
  const wrong = (column: SettlementColumn) => ({ reason: 'form', column }) as const
  const kind = settlementKinds.find(one => one === cell('kind').toLowerCase())
  if (!kind) return wrong('kind')
  const orderNumber = cell('order_number')
  if (!ORDER_NUMBER.test(orderNumber)) return wrong('order_number')
  const transactionId = cell('transaction_id')
  if (!TRANSACTION.test(transactionId)) return wrong('transaction_id')
  // Some banks write what they take back below zero: the kind says which it is.
  const signed = parseMinor(cell('amount'))
  const amount = kind === 'sale' ? signed : signed && Math.abs(signed)
  if (amount === undefined || amount <= 0) return wrong('amount')
  const currency = cell('currency').toUpperCase()
  if (!CURRENCY.test(currency)) return wrong('currency')
  const at = instantGiven(cell('at'), timeZone)
  if (!at || at.getTime() > now.getTime() + DAY_MS || at.getUTCFullYear() < 2000) return wrong('at')
  return { kind, orderNumber, transactionId, amount, currency, at }
}

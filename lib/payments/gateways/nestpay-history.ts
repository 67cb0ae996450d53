// What NestPay tells of an order when it is asked: its transactions, and what they come to. Pure.
import { createHash } from 'node:crypto'
import type { Outcome } from '../../../db/enums.ts'
import type { BankAnswer, BankTransaction } from './gateway.ts'
import type { ApiAnswer } from './nestpay-api.ts'

/** A transaction as the bank's history has it. Amounts are digits of minor units, or empty; times are without a zone. */
type Row = {
  type: string
  state: string
  ordered: string
  captured: string
  authorisedAt: string
  capturedAt: string
  voidedAt: string
  hostRef: string
  authCode: string
  code: string
  id: string
}

const COLUMNS: (keyof Row)[] = [
  'type',
  'state',
  'ordered',
  'captured',
  'authorisedAt',
  'capturedAt',
  'voidedAt',
  'hostRef',
  'authCode',
  'code',
  'id',
]

/** The same of an order's newest transaction, as the bank's status names it. */
const STATUS_FIELDS: Record<keyof Row, string> = {
  type: 'CHARGE_TYPE_CD',
  state: 'TRANS_STAT',
  ordered: 'ORIG_TRANS_AMT',
  captured: 'CAPTURE_AMT',
  authorisedAt: 'AUTH_DTTM',
  capturedAt: 'CAPTURE_DTTM',
  voidedAt: 'VOID_DTTM',
  hostRef: 'HOST_REF_NUM',
  authCode: 'AUTH_CODE',
  code: 'PROC_RET_CD',
  id: 'TRANS_ID',
}

const rowOf = (get: (column: keyof Row, index: number) => string | undefined): Row =>
  Object.fromEntries(COLUMNS.map((column, index) => [column, get(column, index)?.trim() ?? ''])) as Row

/** An order's transactions in its history, newest first; undefined where one of them cannot be read. */
export function historyRows({ extra }: ApiAnswer): Row[] | undefined {
  const rows: Row[] = []
  for (let line = extra.TRX1; line !== undefined; line = extra[`TRX${rows.length + 1}`]) {
    const texts = line.split('\t')
    if (texts.length < COLUMNS.length) return undefined
    rows.push(rowOf((_, index) => texts[index]))
  }
  return extra.TRXCOUNT === undefined || Number(extra.TRXCOUNT) === rows.length ? rows : undefined
}

export const statusRow = ({ extra }: ApiAnswer): Row => rowOf(column => extra[STATUS_FIELDS[column]])

/** How one sale stands. R, must be reversed, and whatever else there may be: nobody knows yet. */
function outcomeOf({ state }: Row): Outcome {
  if (state === 'C' || state === 'S') return 'captured'
  if (state === 'A') return 'authorised'
  if (state === 'D' || state === 'ERR') return 'declined'
  if (state === 'V' || state === 'CNCL') return 'voided'
  return 'processing'
}

/** Of several sales, what the order comes to: the first of these that one of them is. A decline may be followed by any. */
const FIRST: Outcome[] = ['captured', 'processing', 'authorised', 'voided', 'declined']

const minorOf = (digits: string): number | undefined =>
  /^\d{1,15}$/.test(digits) ? Number(digits) : undefined

const isoOf = (time: string): string | undefined => time.replace(' ', 'T') || undefined

/** What the transactions of an order, newest first, come to; undefined where no sale is among them. */
export function answerOf(orderNumber: string, rows: Row[]): BankAnswer | undefined {
  const sales = rows.filter(({ type }) => type === 'S')
  const decisive = FIRST.flatMap(outcome => sales.filter(sale => outcomeOf(sale) === outcome))[0]
  if (!decisive) return undefined
  const outcome = outcomeOf(decisive)
  const oldestFirst = rows.toReversed()
  const payload = Object.fromEntries(
    rows.map((row, index) => [`TRX${index + 1}`, COLUMNS.map(column => row[column]).join('\t')]),
  )
  return {
    orderNumber,
    bankOrderId: undefined,
    trust: 'genuine',
    // The bank tells of an order to the merchant alone who asks.
    forUs: true,
    outcome,
    amount: minorOf(decisive.ordered),
    currency: undefined,
    declineCode: outcome === 'declined' ? decisive.code || undefined : undefined,
    captures: oldestFirst
      .filter(row => row.type === 'S' && outcomeOf(row) === 'captured')
      .map(row => transactionOf(row, row.capturedAt || row.authorisedAt)),
    refunds: oldestFirst.filter(isGivenBack).map(row => transactionOf(row, row.voidedAt || row.capturedAt)),
    dedupKey: createHash('sha256')
      .update(JSON.stringify([orderNumber, payload]))
      .digest('base64url'),
    payload: { oid: orderNumber, ...payload },
  }
}

/** A refund that went through, or a sale that was captured and then voided: in the history that has no row of its own. */
const isGivenBack = (row: Row): boolean =>
  row.type === 'C'
    ? outcomeOf(row) === 'captured'
    : outcomeOf(row) === 'voided' && Number(row.captured) > 0 && row.voidedAt !== ''

const transactionOf = ({ id, captured, hostRef, authCode }: Row, at: string): BankTransaction => ({
  id: id || undefined,
  amount: minorOf(captured),
  currency: undefined,
  at: isoOf(at),
  references: { ...(hostRef && { hostRef }), ...(authCode && { authCode }) },
})

/** An answer to a question, from its stored payload; undefined where it is none. */
export function rereadHistory(payload: BankAnswer['payload']): BankAnswer | undefined {
  const rows = historyRows({ fields: {}, extra: payload })
  return payload.oid && rows?.length ? answerOf(payload.oid, rows) : undefined
}

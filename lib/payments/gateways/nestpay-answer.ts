// What NestPay sends of itself, with the browser or from its server: a form whose values are signed, but not their names. Whoever has
// a genuine one can rename its fields, so it never moves money: the bank is asked.
import { createHash } from 'node:crypto'
import { log } from '../../platform/log.ts'
import { mayLog } from '../../platform/log-limit.ts'
import { parseMinor } from '../../platform/money.ts'
import { cut } from '../../platform/text.ts'
import type { BankAnswer, GatewayAccount, Incoming, Named, Trust } from './gateway.ts'
import { currencyNumbers, currencyOf } from './nestpay-currency.ts'
import { isSigned, signedFields } from './nestpay-hash.ts'

type Fields = Record<string, string>

/** What is kept of a form: the bank sends much more, of the card, of the customer, and of the secrets that it was paid with. */
const KEPT = [
  'oid',
  'ReturnOid',
  'clientid',
  'amount',
  'currency',
  'mdStatus',
  'mdErrorMsg',
  'Response',
  'ProcReturnCode',
  'AuthCode',
  'TransId',
  'HostRefNum',
  'ErrMsg',
  'ErrorCode',
  'EXTRA.TRXDATE',
  'EXTRA.HOSTMSG',
  'EXTRA.CARDBRAND',
  'TranType',
  'storetype',
  'hashAlgorithm',
  'rnd',
  'callbackCall',
]
const MOST_CHARACTERS = 500

/** What every order's form says alike. */
export const FIXED_FIELDS: Fields = {
  storetype: '3D_PAY_HOSTING',
  hashAlgorithm: 'ver3',
  TranType: 'Auth',
  Instalment: '',
  refreshtime: '5',
}
/** The other signed fields of our form. An answer that brings back all of ours and a result has more than our form: it is not our form. */
const ORDER_FIELDS = 'clientid oid amount currency lang okUrl failUrl shopurl callbackUrl rnd'.split(' ')
/** What an answer has beside those that are kept. */
const MORE_FIELDS = 'clientIp maskedCreditCard MaskedPan md xid eci cavv'.split(' ')
const KNOWN_FIELDS = new Set([...Object.keys(FIXED_FIELDS), ...ORDER_FIELDS, ...KEPT, ...MORE_FIELDS])

/** The code by which the bank says that it does not believe our form. */
const OUR_HASH_IS_WRONG = '3D-1004'
/** 1: full 3-D Secure; 2, 3 and 4: half, where the card or its bank does not take part. */
const AUTHENTICATED = ['1', '2', '3', '4']

/** Every field, decoded once and otherwise as it came; undefined where it is no answer of this bank's form: our own says no result. */
function parse(body: string): { pairs: [string, string][]; fields: Fields } | undefined {
  const pairs = [...new URLSearchParams(body)]
  const fields = Object.fromEntries(pairs)
  const { Response, ProcReturnCode, mdStatus, oid, ReturnOid, clientid } = fields
  const saysResult = Response || ProcReturnCode || mdStatus
  return saysResult && (oid || ReturnOid || clientid) ? { pairs, fields } : undefined
}

export function named({ body }: Incoming): Named | undefined {
  const fields = parse(body)?.fields
  return fields && { orderNumber: orderNumberOf(fields), merchantId: fields.clientid?.trim() }
}

export function read(account: GatewayAccount, { body }: Incoming): BankAnswer | undefined {
  const parsed = parse(body)
  if (!parsed) return undefined
  const { pairs, fields } = parsed
  // Of a field that came twice, nobody knows which one is signed.
  const isSignedOnce =
    new Set(pairs.map(([name]) => name)).size === pairs.length &&
    isSigned(fields, account.secrets.storeKey ?? '')
  const trust: Trust = !isSignedOnce ? 'forged' : isWholeDecline(account, fields) ? 'genuine' : 'hint'
  const payload = { ...kept(fields), trust }
  if (isRefusedForm(payload)) alarm(account, payload)
  // Of a forgery over the signature too, of others over what is signed: whoever adds to one sends the same.
  const told = trust === 'forged' ? pairs : Object.entries(signedFields(fields))
  return { ...interpret(account, payload), dedupKey: keyOf([['trust', trust], ...told.sort()]) }
}

/**
 * Whether a signed form says, with all its fields under their own names, that this account's order was declined. Only that is believed
 * without asking: it moves no money.
 */
function isWholeDecline(account: GatewayAccount, fields: Fields): boolean {
  const names = Object.keys(signedFields(fields))
  return (
    names.every(name => KNOWN_FIELDS.has(name) || name.startsWith('EXTRA.')) &&
    ORDER_FIELDS.every(name => names.includes(name) || (name === 'callbackUrl' && !account.callsBack)) &&
    Object.entries(FIXED_FIELDS).every(([name, value]) => fields[name] === value) &&
    fields.clientid === account.merchantId &&
    fields.currency === currencyNumbers[account.currency] &&
    parseMinor(fields.amount ?? '') !== undefined &&
    (!fields.ReturnOid || fields.ReturnOid === fields.oid) &&
    isDecline(fields)
  )
}

/** `trust` is ours: no field of the bank's is kept under that name. */
export function reread(account: GatewayAccount, payload: BankAnswer['payload']): BankAnswer {
  return { ...interpret(account, payload), dedupKey: keyOf(Object.entries(payload).sort()) }
}

function interpret(account: GatewayAccount, payload: Fields): Omit<BankAnswer, 'dedupKey'> {
  const { clientid, amount, currency, trust } = payload
  const isDeclined = trust === 'genuine'
  return {
    orderNumber: orderNumberOf(payload),
    bankOrderId: undefined,
    trust: trust === 'genuine' || trust === 'hint' ? trust : 'forged',
    forUs: clientid === undefined ? undefined : clientid === account.merchantId,
    outcome: isDeclined ? 'declined' : 'processing',
    amount: parseMinor(amount ?? ''),
    currency: currencyOf(currency),
    declineCode: isDeclined ? declineCodeOf(payload) : undefined,
    captures: [],
    refunds: [],
    payload,
  }
}

const isRefusedForm = ({ ErrorCode, ProcReturnCode, ErrMsg = '' }: Fields): boolean =>
  [ErrorCode, ProcReturnCode].includes(OUR_HASH_IS_WRONG) || ErrMsg.includes(OUR_HASH_IS_WRONG)

/** Whether the result is no for certain. That our form is signed wrongly is a fault of ours, which tells nothing of the card. */
function isDecline(fields: Fields): boolean {
  const { Response, ProcReturnCode, mdStatus } = fields
  if (Response === 'Approved' || ProcReturnCode === '00' || isRefusedForm(fields)) return false
  return Boolean(Response || (mdStatus && !AUTHENTICATED.includes(mdStatus)))
}

/** A payment that was not authenticated has no code of the card's bank. */
const declineCodeOf = ({ ProcReturnCode, ErrorCode, mdStatus }: Fields): string | undefined =>
  ProcReturnCode || ErrorCode || (mdStatus && `mdStatus ${mdStatus}`) || undefined

/** Exactly what the bank names. */
const orderNumberOf = ({ oid, ReturnOid }: Fields): string | undefined =>
  (oid || ReturnOid)?.trim() || undefined

/** Only what says something is kept. An address in a message has a token in it. */
function kept(fields: Fields): Fields {
  const texts = KEPT.flatMap(name => {
    const text = fields[name]?.trim().replace(/\bhttps?:\S*/gi, '…')
    return text ? [[name, cut(text, MOST_CHARACTERS)]] : []
  })
  return Object.fromEntries(texts)
}

const keyOf = (pairs: [string, string][]): string =>
  createHash('sha256').update(JSON.stringify(pairs)).digest('base64url')

/** A wrong key or a wrong field of ours: no customer can pay. */
function alarm({ code: account }: GatewayAccount, { trust }: Fields): void {
  const few = mayLog('form refused by NestPay')
  if (few) log.error({ ...few, account, trust }, 'ALARM: a bank says that our form is signed wrongly')
}

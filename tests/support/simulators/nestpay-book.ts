// The simulated bank's own book: every movement of every order, and what its XML interface answers about them.
import { randomInt } from 'node:crypto'

/** Amounts are minor units. `state`: C captured, S settled at the day's end, A authorised, D declined, V void, PN pending, R to be reversed. */
export type Movement = {
  type: 'S' | 'C'
  state: 'C' | 'S' | 'A' | 'D' | 'V' | 'PN' | 'R'
  amount: number
  currency: string
  at: Date
  voidedAt?: Date
  hostRef: string
  authCode: string
  code: string
  transId: string
  mdStatus: string
  /** Voided before it was captured. */
  neverTaken?: boolean
}

type Xml = { [name: string]: string | Xml }

export class Book {
  /** By the order's number, oldest first. */
  readonly orders = new Map<string, Movement[]>()
  private readonly timeZone: string

  constructor(timeZone: string) {
    this.timeZone = timeZone
  }

  add(oid: string, movement: Pick<Movement, 'type' | 'state' | 'amount' | 'currency'> & Partial<Movement>) {
    const added: Movement = {
      at: new Date(),
      hostRef: digits(12),
      authCode: `P${digits(5)}`,
      code: movement.state === 'D' ? '99' : '00',
      transId: `26${digits(3)}Sim${digits(6)}`,
      mdStatus: '1',
      ...movement,
    }
    this.orders.set(oid, [...(this.orders.get(oid) ?? []), added])
    return added
  }

  sales = (oid: string) => this.movements(oid, 'S', ['C', 'S'])
  refunds = (oid: string) => this.movements(oid, 'C', ['C', 'S'])
  isPaid = (oid: string) => this.sales(oid).length > 0

  private movements = (oid: string, type: string, states: string[]) =>
    (this.orders.get(oid) ?? []).filter(one => one.type === type && states.includes(one.state))

  /** What the bank keeps of an order: what it took, without what it gave back. */
  balance = (oid: string) => sum(this.sales(oid)) - sum(this.refunds(oid))

  /** The bank's end of the day: what was captured is settled. */
  endDay() {
    for (const one of [...this.orders.values()].flat()) if (one.state === 'C') one.state = 'S'
  }

  /** Given back in part or whole, after the end of the day alone. */
  credit(oid: string, amount: number | undefined): Xml {
    const sales = this.sales(oid)
    const wanted = amount ?? this.balance(oid)
    const refused = (errorCode: string, message: string) => {
      this.add(oid, { type: 'C', state: 'D', amount: wanted, currency: sales[0]?.currency ?? '978' })
      return error(oid, errorCode, message)
    }
    if (sales.length === 0) return error(oid, 'CORE-2503', 'No sale found')
    if (wanted === 0) return refused('CORE-2504', 'The amount is zero')
    if (!sales.some(sale => sale.state === 'S'))
      return refused('CORE-2508', 'Not refundable: before the end of the day')
    if (wanted > this.balance(oid)) return refused('215021', 'Nothing left to give back')
    const { currency } = sales[0]!
    return approved(oid, this.add(oid, { type: 'C', state: 'C', amount: wanted, currency }))
  }

  /** Taken back as a whole, before the end of the day alone: the newest sale of the order. */
  void(oid: string): Xml {
    const sale = (this.orders.get(oid) ?? []).findLast(
      one => one.type === 'S' && (one.state === 'C' || one.state === 'A'),
    )
    if (!sale) return error(oid, 'CORE-2008', 'No sale found that can be voided')
    Object.assign(sale, { neverTaken: sale.state === 'A', state: 'V', voidedAt: new Date() })
    return approved(oid, sale)
  }

  postAuth(oid: string, amount: number | undefined): Xml {
    const sale = (this.orders.get(oid) ?? []).findLast(one => one.state === 'A')
    if (!sale) return error(oid, 'CORE-2101', 'No authorisation found')
    Object.assign(sale, { state: 'C', amount: amount ?? sale.amount })
    return approved(oid, sale)
  }

  /** Of the newest movement alone. */
  status(oid: string): Xml {
    const newest = this.orders.get(oid)?.at(-1)
    if (!newest) return this.notFound(oid)
    const captured = this.isTaken(newest)
    return {
      ErrMsg: `Record(s) found for ${oid}`,
      ProcReturnCode: '00',
      Response: 'Approved',
      OrderId: oid,
      TransId: newest.transId,
      Extra: {
        AUTH_CODE: newest.authCode,
        AUTH_DTTM: this.time(newest.at),
        CAPTURE_AMT: captured ? String(newest.amount) : '',
        CAPTURE_DTTM: captured ? this.time(newest.at) : '',
        CHARGE_TYPE_CD: newest.type,
        HOST_REF_NUM: newest.hostRef,
        MDSTATUS: newest.mdStatus,
        NUMCODE: '0',
        ORD_ID: oid,
        ORIG_TRANS_AMT: String(newest.amount),
        PAN: '4000 00** **** 0010',
        PROC_RET_CD: newest.code,
        TRANS_ID: newest.transId,
        TRANS_STAT: newest.state,
        ...(newest.voidedAt && { VOID_DTTM: this.time(newest.voidedAt) }),
      },
    }
  }

  /** TRX1 is the newest. */
  history(oid: string): Xml {
    const movements = this.orders.get(oid)?.toReversed()
    if (!movements) return this.notFound(oid)
    const lines = movements.map(one => {
      const captured = this.isTaken(one)
      return [
        one.type,
        one.state,
        one.amount,
        captured ? one.amount : '',
        this.time(one.at),
        captured ? this.time(one.at) : '',
        one.voidedAt ? this.time(one.voidedAt) : '',
        one.state === 'D' ? '' : one.hostRef,
        one.state === 'D' ? '' : one.authCode,
        one.code,
        one.transId,
      ].join('\t')
    })
    const rows = Object.fromEntries(lines.map((line, index) => [`TRX${index + 1}`, line]))
    return {
      ErrMsg: '',
      ProcReturnCode: '00',
      Response: 'Approved',
      OrderId: oid,
      Extra: { TERMINALID: '00655020', NUMCODE: '0', ...rows, TRXCOUNT: String(lines.length) },
    }
  }

  private isTaken = ({ state, neverTaken }: Movement) => state !== 'A' && state !== 'PN' && !neverTaken

  private notFound = (oid: string): Xml => ({
    ErrMsg: `No record found for ${oid}`,
    ProcReturnCode: '99',
    Response: 'Declined',
    OrderId: '',
    TransId: '',
    Extra: { NUMCODE: '0' },
  })

  /** `2026-04-10 10:11:12.000`, where the bank is. */
  private time = (at: Date) =>
    `${localTime(at, this.timeZone)}.${String(at.getMilliseconds()).padStart(3, '0')}`
}

/** `2026-04-10 10:11:12`. */
export const localTime = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at)

const sum = (movements: Movement[]) => movements.reduce((total, { amount }) => total + amount, 0)

const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('')

const approved = (oid: string, { authCode, hostRef, transId }: Movement): Xml => ({
  OrderId: oid,
  GroupId: oid,
  Response: 'Approved',
  AuthCode: authCode,
  HostRefNum: hostRef,
  ProcReturnCode: '00',
  TransId: transId,
  ErrMsg: '',
  Extra: { NUMCODE: '00', ERRORCODE: '' },
})

export const error = (oid: string, errorCode: string, message: string): Xml => ({
  OrderId: oid,
  GroupId: oid,
  Response: 'Error',
  AuthCode: '',
  HostRefNum: '',
  ProcReturnCode: '99',
  TransId: '',
  ErrMsg: message,
  Extra: { ERRORCODE: errorCode, NUMCODE: `99${errorCode.slice(-4)}` },
})

const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** As this kind of bank writes it. */
export function writeXml(answer: Xml): string {
  const write = (element: Xml): string =>
    Object.entries(element)
      .map(
        ([name, value]) =>
          `<${name}>${typeof value === 'string' ? escapeXml(value) : write(value)}</${name}>`,
      )
      .join('\n')
  return `<?xml version="1.0" encoding="ISO-8859-9"?>\n<CC5Response>\n${write(answer)}\n</CC5Response>\n`
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** What one element of a request holds; undefined where the request is no XML. */
export function readXml(xml: string): ((name: string) => string | undefined) | undefined {
  const isXml = /^(<\?xml[^>]*\?>)?\s*<CC5Request>[\s\S]*<\/CC5Request>\s*$/.test(xml)
  if (!isXml || /&(?!(?:amp|lt|gt|quot|apos);)/.test(xml)) return undefined
  return name =>
    new RegExp(`<${name}>([^<]*)</${name}>`)
      .exec(xml)?.[1]
      ?.replace(/&(\w+);/g, (_, entity) => ENTITIES[entity]!)
}

// A bank that speaks NestPay, on a socket of its own: checkout page, answers, status interface, and the faults that banks have.
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Book, error, localTime, readXml, writeXml } from './nestpay-book.ts'
import { type CallFaults, Calls } from './nestpay-calls.ts'
import { type Behaviour, behaviourOf, cardPage, messagePage, returnPage } from './nestpay-cards.ts'
import { type Fields, sealed, signature } from './nestpay-hash.ts'

export { cards } from './nestpay-cards.ts'

type Merchant = { clientId: string; storeKey: string; apiUser: string; apiPassword: string }

type Faults = CallFaults & {
  /** How late a late call is. */
  lateMs: number
  /** The interface is so slow, or answers with this status; `applied`: only after it has done what it was told. */
  apiDelayMs: number
  apiStatus: number | undefined
  apiStatusWhen: 'refused' | 'applied'
  /** Answers to refunds lack ProcReturnCode. */
  refundsWithoutCode: boolean
  /** The interface keeps no histories. */
  noHistory: boolean
}

const NO_FAULTS: Faults = {
  callbacks: 'sent',
  copies: 1,
  callbackDelayMs: 0,
  lateMs: 2000,
  repeats: 5,
  repeatMs: 200,
  apiDelayMs: 0,
  apiStatus: undefined,
  apiStatusWhen: 'refused',
  refundsWithoutCode: false,
  noHistory: false,
}

/** `port`: any that is free, where none is given. */
export async function startNestpay(options: Merchant & { port?: number; timeZone?: string }) {
  const bank = new Bank(options, options.timeZone ?? 'Europe/Tirane')
  const server = http.createServer((request, response) => {
    bank.answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    checkoutUrl: `${url}/fim/est3Dgate`,
    apiUrl: `${url}/fim/api`,
    book: bank.book,
    faults: bank.faults,
    /** Calls to the shop's server, with what it answered. */
    callbacks: bank.calls.made,
    /** The bank takes a second amount for an order that was placed before, and calls; returns its answer's fields. */
    takeAgain: (oid: string, amount?: number) => bank.takeAgain(oid, amount),
    releaseCallbacks: (order?: 'reversed') => bank.calls.release(order),
    settle: () => bank.calls.settle(),
    stop: async () => {
      await bank.calls.stop()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

class Bank {
  readonly book: Book
  readonly faults: Faults = { ...NO_FAULTS }
  readonly calls = new Calls(this.faults)
  private readonly placed = new Map<string, Fields>()
  private readonly latest = new Map<string, Fields>()

  private readonly merchant: Merchant
  private readonly timeZone: string

  constructor(merchant: Merchant, timeZone: string) {
    this.merchant = merchant
    this.timeZone = timeZone
    this.book = new Book(timeZone)
  }

  async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    const { pathname } = new URL(request.url!, 'http://bank')
    const end = (status: number, type: string, text: string) => {
      response.writeHead(status, { 'Content-Type': type })
      response.end(text)
    }
    const html = (text: string) => end(200, 'text/html; charset=utf-8', text)
    const route = `${request.method} ${pathname}`
    if (route === 'POST /fim/est3Dgate')
      return html(this.place(Object.fromEntries(new URLSearchParams(body))))
    if (route === 'POST /fim/pay') return html(await this.pay(new URLSearchParams(body)))
    if (route === 'POST /fim/api') return this.api(new URLSearchParams(body).get('DATA') ?? '', end)
    if (route === 'POST /control') await this.control(JSON.parse(body))
    if (pathname === '/control')
      return end(
        200,
        'application/json',
        JSON.stringify({ book: Object.fromEntries(this.book.orders), callbacks: this.calls.made }),
      )
    end(404, 'text/html', messagePage('Not found'))
  }

  /** The shop's form, as the browser brings it. */
  private place(fields: Fields): string {
    const { clientId, storeKey } = this.merchant
    if (fields.clientid !== clientId) return messagePage('Unknown merchant')
    if (fields.storetype !== '3D_PAY_HOSTING' || fields.hashAlgorithm !== 'ver3')
      return messagePage('Unknown kind of shop')
    if (fields.hash !== signature(fields, storeKey))
      return this.backToShop(fields, {
        Response: 'Error',
        ProcReturnCode: '99',
        ErrorCode: '3D-1004',
        ErrMsg: '3D-1004: the hash of the request is wrong',
      })
    if (!/^\d+\.\d\d$/.test(fields.amount ?? '') || !/^(978|008)$/.test(fields.currency ?? ''))
      return this.backToShop(fields, { Response: 'Error', ErrorCode: 'HPP-1003', ErrMsg: 'Amount' })
    const session = randomUUID()
    this.placed.set(session, fields)
    this.latest.set(fields.oid!, fields)
    return cardPage(session, fields)
  }

  /** The same order may be declined again and again, and then approved; what was paid is not taken twice. */
  private async pay(typed: URLSearchParams): Promise<string> {
    const order = this.placed.get(typed.get('session') ?? '')
    if (!order) return messagePage('The session has ended')
    if (this.book.isPaid(order.oid!))
      return this.backToShop(order, {
        Response: 'Error',
        ProcReturnCode: '99',
        ErrMsg: 'The order is paid already',
      })
    const behaviour = behaviourOf(typed.get('cardNumber') ?? '')
    const result = this.try(order, behaviour)
    const fields = this.answerFields(order, { ...result, ...behaviour.says })
    const signed = behaviour.wrongHash ? { ...fields, HASH: `x${fields.HASH!.slice(1)}` } : fields
    await this.callAsTheCardSays(order, signed, behaviour.callback)
    if (behaviour.stays) return messagePage('Paid, and nothing leads back')
    return returnPage((behaviour.code === '00' ? order.okUrl : order.failUrl)!, signed)
  }

  /** Tries the card and writes it into the book: nothing where its bank was not asked. */
  private try(order: Fields, { code, mdStatus, errorCode }: Behaviour): Fields {
    const { oid = '', currency = '', TranType } = order
    if (errorCode) return { Response: 'Error', ErrorCode: errorCode, ErrMsg: 'The card number is wrong' }
    const secure = {
      mdStatus: mdStatus ?? '',
      mdErrorMsg: 'Y-status/Challenge authentication via ACS: https://acs.bank.example/creq?token=2147.abc',
      maskedCreditCard: '4000 00** **** 0010',
      MaskedPan: '400000***0010',
      'EXTRA.CARDBRAND': 'VISA',
    }
    if (!code) return { ...secure, Response: 'Declined', ErrMsg: 'Not authenticated' }
    const approved = code === '00'
    const state = approved ? (TranType === 'PreAuth' ? 'A' : 'C') : 'D'
    const amount = Number(order.amount!.replace('.', ''))
    const sale = this.book.add(oid, { type: 'S', state, amount, currency, code, mdStatus: mdStatus ?? '' })
    return {
      ...secure,
      Response: approved ? 'Approved' : 'Declined',
      ProcReturnCode: code,
      AuthCode: approved ? sale.authCode : '',
      TransId: sale.transId,
      HostRefNum: approved ? sale.hostRef : '',
      ErrMsg: approved ? '' : 'Declined by the bank of the card',
      'EXTRA.TRXDATE': localTime(sale.at, this.timeZone).replaceAll('-', ''),
    }
  }

  /** All that was sent comes back, and the result with it, signed as a whole. */
  private answerFields({ hash: _, ...order }: Fields, result: Fields): Fields {
    const fields = { ...order, ReturnOid: order.oid!, clientIp: '192.0.2.7', ...result, rnd: randomUUID() }
    return sealed(fields, this.merchant.storeKey)
  }

  private backToShop = (order: Fields, result: Fields): string =>
    order.failUrl
      ? returnPage(order.failUrl, this.answerFields(order, result))
      : messagePage(result.ErrMsg ?? '')

  private async callAsTheCardSays(order: Fields, answer: Fields, when: Behaviour['callback']) {
    if (!when || !order.callbackUrl) return
    const delays = { before: [0], twice: [0, 100], after: [300], late: [this.faults.lateMs] }[when]
    const calls = delays.map(delay => this.call(order.callbackUrl!, answer, delay))
    // The first is through before the browser is back.
    if (delays[0] === 0) await calls[0]
  }

  takeAgain(oid: string, amount?: number): Fields {
    const order = this.latest.get(oid)
    if (!order) throw new Error(`no order ${oid} was placed`)
    const again = amount === undefined ? order : { ...order, amount: (amount / 100).toFixed(2) }
    const answer = this.answerFields(again, this.try(again, { code: '00', mdStatus: '1' }))
    if (order.callbackUrl) void this.call(order.callbackUrl, answer)
    return answer
  }

  /** To the shop's server it says that it is a call, and is signed as such. */
  private call(url: string, { HASH: _, ...fields }: Fields, delayMs?: number): Promise<void> {
    const call = sealed({ ...fields, callbackCall: 'true' }, this.merchant.storeKey)
    return this.calls.send(url, call, delayMs)
  }

  private async api(xml: string, end: (status: number, type: string, text: string) => void): Promise<void> {
    const { apiStatus, apiStatusWhen, apiDelayMs } = this.faults
    if (apiStatus && apiStatusWhen === 'refused') return end(apiStatus, 'text/html', 'unavailable')
    const answer = this.carryOut(xml)
    await sleep(apiDelayMs)
    if (apiStatus) return end(apiStatus, 'text/html', 'unavailable')
    end(200, 'text/xml', writeXml(answer))
  }

  private carryOut(xml: string) {
    const field = readXml(xml)
    if (!field) return error('', 'CORE-2014', 'Invalid query request detected.')
    const { clientId, apiUser, apiPassword } = this.merchant
    if (field('Name') !== apiUser || field('Password') !== apiPassword || field('ClientId') !== clientId)
      return error('', 'CORE-2201', 'The user is not authenticated.')
    const oid = field('OrderId') ?? ''
    const total = field('Total')
    const amount = total === undefined ? undefined : Math.round(Number(total) * 100)
    if (field('ORDERSTATUS') === 'QUERY') return this.book.status(oid)
    if (field('ORDERHISTORY') === 'QUERY')
      return this.faults.noHistory
        ? error(oid, 'CORE-2202', 'User has not permission to do this operation')
        : this.book.history(oid)
    const type = field('Type')
    if (type === 'Void') return this.book.void(oid)
    if (type === 'PostAuth') return this.book.postAuth(oid, amount)
    if (type !== 'Credit') return error(oid, 'CORE-2001', 'Invalid transaction type')
    const { ProcReturnCode, ...answer } = this.book.credit(oid, amount)
    return this.faults.refundsWithoutCode ? answer : { ProcReturnCode: ProcReturnCode!, ...answer }
  }

  /** For tests in another process. */
  private async control(told: {
    faults?: Partial<Faults>
    endDay?: true
    takeAgain?: { oid: string; amount?: number }
    releaseCallbacks?: 'in order' | 'reversed'
    settle?: true
  }): Promise<void> {
    Object.assign(this.faults, told.faults)
    if (told.endDay) this.book.endDay()
    if (told.takeAgain) this.takeAgain(told.takeAgain.oid, told.takeAgain.amount)
    if (told.releaseCallbacks)
      await this.calls.release(told.releaseCallbacks === 'reversed' ? 'reversed' : undefined)
    if (told.settle) await this.calls.settle()
  }
}

/** By hand: `NESTPAY_STORE_KEY=… node tests/support/simulators/nestpay.ts`. */
if (process.argv[1] === import.meta.filename) {
  const { NESTPAY_CLIENT_ID, NESTPAY_STORE_KEY, NESTPAY_API_USER, NESTPAY_API_PASSWORD, PORT } = process.env
  const bank = await startNestpay({
    clientId: NESTPAY_CLIENT_ID ?? '190100000',
    storeKey: NESTPAY_STORE_KEY ?? '123456',
    apiUser: NESTPAY_API_USER ?? 'api',
    apiPassword: NESTPAY_API_PASSWORD ?? 'api',
    port: Number(PORT ?? 0),
  })
  console.log(bank.checkoutUrl, bank.apiUrl)
}

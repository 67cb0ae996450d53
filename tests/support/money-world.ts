// Customers, a bank, a biller and its staff who do to each other whatever can happen to money, at a clock of their own.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { payments } from '../../db/schema/ledger.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { refunds } from '../../db/schema/refunds.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import { checkoutRedirect } from '../../lib/payments/checkout.ts'
import { beginAttempt, cancelAttempt } from '../../lib/payments/commands.ts'
import { receiveIncoming, recordReturn } from '../../lib/payments/incoming.ts'
import { beginByLink } from '../../lib/payments/link-attempts.ts'
import { makePayLink } from '../../lib/payments/pay-link-commands.ts'
import { openPayLink } from '../../lib/payments/pay-links.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { plainAmount } from '../../lib/platform/money.ts'
import { decideRefund, requestRefund } from '../../lib/refunds/commands.ts'
import { loadNamedSettlement } from '../../lib/settlements/commands.ts'
import { findUnsettled } from '../../lib/settlements/jobs.ts'
import { BankDouble, type BankOrder, forged } from './bank-double.ts'
import { breakAfter } from './broken-connections.ts'
import { deleteRows } from './database.ts'
import { writeFeed } from './feeds.ts'
import { formOf, makePayable, type TestContract } from './payments.ts'
import { giveAccess, makeAccount } from './people.ts'
import { doDueJobs, emptyQueue, sweep } from './queue.ts'

/** `which`: any number; of what there is, that one. */
export type Action =
  | { do: 'begin'; who: number; chosen: number; part: boolean; clicks: number }
  | { do: 'beginByLink'; clicks: number }
  | { do: 'goToBank'; which: number; fault?: 'refused' | 'unreachable' }
  | {
      do: 'pay'
      which: number
      how: 'asOrdered' | 'otherAmount' | 'otherCurrency' | 'declined' | 'cancelled'
    }
  | {
      do: 'deliver'
      which: number
      times: number
      channel: 'return' | 'callback'
      as: 'written' | 'forged' | 'otherAmount' | 'otherMerchant' | 'unnumbered' | 'neverMade'
    }
  | { do: 'cancel'; which: number }
  | { do: 'jobs'; times: number; sweep: boolean }
  | { do: 'kiosk'; contract: number; amount: number }
  | { do: 'bringBack'; which: number; reversed: boolean }
  | { do: 'askRefund'; which: number; share: number; way: 'card' | 'credit' }
  | { do: 'decideRefund'; which: number; agree: boolean; fault?: 'refused' | 'lostBefore' | 'lostAfter' }
  | { do: 'bankRefunds'; which: number }
  | { do: 'chargeBack'; which: number }
  | { do: 'file' }
  | { do: 'silence'; silent: boolean }
  | { do: 'wait'; minutes: number }

const MINUTE_MS = 60_000
const BEGINNING = new Date('2024-01-20T10:00:00Z')
/** What a bank gives back unasked: no refund of ours is of so much. */
const UNASKED = 7

type Payer = { id: string; language: 'en' } | { payLinkId: string; language: 'en' }

let addresses = 0

export class MoneyWorld {
  now = BEGINNING
  bank = new BankDouble()
  contracts: TestContract[] = []
  accountIds: string[] = []
  /** What the bank has written and may deliver. */
  letters: { body: string; order: BankOrder }[] = []
  #link = { id: '', token: '' }
  #feedRows = new Map<string, Record<string, string | number>>()
  #db: Database
  #staff: { asks: Staff; decides: Staff }

  constructor(db: Database, staff: { asks: Staff; decides: Staff }) {
    this.#db = db
    this.#staff = staff
  }

  get contractIds(): number[] {
    return this.contracts.map(({ id }) => id)
  }

  get orders(): BankOrder[] {
    return [...this.bank.orders.values()]
  }

  /** Two customers: one has all three contracts, another two of them; somebody has a link to the second. */
  async open(): Promise<void> {
    const db = this.#db
    await emptyQueue(db)
    // What earlier worlds left would be gone through again in this one, more of it each time.
    await deleteRows(
      db,
      'contracts',
      'payment_attempts',
      'settlement_files',
      'payment_exceptions',
      'feed_runs',
    )
    const [all, some] = [await makeAccount(db), await makeAccount(db)]
    this.accountIds = [all.id, some.id]
    for (const principals of [[45_600, 21_400], [9_900, 74_980], [30_000]]) {
      this.contracts.push(await makePayable(db, principals))
    }
    for (const contract of this.contracts) await giveAccess(db, all, contract)
    for (const contract of this.contracts.slice(1)) await giveAccess(db, some, contract)
    const linked = this.contracts[1]!
    const codes = { biller: 'oshee', code: linked.contractCode }
    const link = await makePayLink({ id: all.id, language: 'en' }, codes, linked.invoiceIds, this.now)
    if (!link.ok) throw new Error(link.code)
    this.#link = link.value
  }

  /** Does it; with `breaksAfter`, as a process does whose connections break after so many statements. Whether they did. */
  async take(action: Action, breaksAfter?: number): Promise<boolean> {
    if (breaksAfter === undefined) {
      await this.#act(action)
      return false
    }
    // A job breaks off by itself: the queue lives on.
    if (action.do === 'jobs') {
      await this.#jobs(action, breaksAfter)
      return true
    }
    return (await breakAfter(breaksAfter, () => this.#act(action))).broke
  }

  #act(action: Action): Promise<unknown> | unknown {
    switch (action.do) {
      case 'begin':
        return this.#begin(action)
      case 'beginByLink':
        return this.#beginByLink(action.clicks)
      case 'goToBank':
        return this.#goToBank(action)
      case 'pay':
        return this.#pay(action)
      case 'deliver':
        return this.#deliver(action)
      case 'cancel':
        return this.#cancel(action.which)
      case 'jobs':
        return this.#jobs(action)
      case 'kiosk':
        return this.#kiosk(action)
      case 'bringBack':
        return this.#bringBack(action)
      case 'askRefund':
        return this.#askRefund(action)
      case 'decideRefund':
        return this.#decideRefund(action)
      case 'bankRefunds': {
        const order = pick(this.#captured(), action.which)
        return order && this.bank.giveBack(order, this.now, UNASKED)
      }
      case 'chargeBack': {
        const order = pick(this.#captured(), action.which)
        const capture = order?.captures.find(
          one => one.currency === order.currency && !order.chargedBack.includes(one.id),
        )
        return capture && order!.chargedBack.push(capture.id)
      }
      case 'file':
        return this.loadFile()
      case 'silence':
        this.bank.silent = action.silent
        return undefined
      case 'wait':
        this.now = new Date(this.now.getTime() + action.minutes * MINUTE_MS)
        return undefined
    }
  }

  #captured = () => this.orders.filter(({ captures }) => captures.length > 0)

  async attempts() {
    const its = this.#db
      .select({ id: paymentAttemptInvoices.attemptId })
      .from(paymentAttemptInvoices)
      .where(inArray(paymentAttemptInvoices.contractId, this.contractIds))
    return this.#db
      .select()
      .from(paymentAttempts)
      .where(inArray(paymentAttempts.id, its))
      .orderBy(paymentAttempts.number)
  }

  async #begin({ who, chosen, part, clicks }: Extract<Action, { do: 'begin' }>) {
    const customer = { id: this.accountIds[who % 2]! }
    const totals: Record<number, number> = {}
    let place = 0
    for (const contract of this.contracts.slice(who % 2)) {
      const payable = await getPayableContract(customer, 'oshee', contract.contractCode, this.now)
      for (const { id, total } of payable?.invoices ?? []) {
        if (chosen & (1 << place)) totals[id] = total
        place += 1
      }
    }
    if (Object.keys(totals).length === 0) return
    const sum = Object.values(totals).reduce((one, other) => one + other, 0)
    const form = { ...formOf(totals), toldBeingPaid: true, ...(part && { amount: Math.ceil(sum / 2) }) }
    const click = () => beginAttempt(customer, { billerCode: 'oshee' }, form, this.now)
    await Promise.all(Array.from({ length: clicks }, click))
  }

  async #beginByLink(clicks: number) {
    const link = await openPayLink(this.#link.token, this.now)
    if (!link) return
    const form = {
      ...{ shown: new Map(link.invoices.map(({ id, total }) => [id, total])), toldBeingPaid: true },
      ...{ email: undefined, language: 'en' as const, idempotencyKey: randomUUID() },
    }
    await Promise.all(Array.from({ length: clicks }, () => beginByLink(this.#link.token, form, this.now)))
  }

  #payerOf = ({ accountId, payLinkId }: { accountId: string | null; payLinkId: string | null }): Payer =>
    accountId === null ? { payLinkId: payLinkId!, language: 'en' } : { id: accountId, language: 'en' }

  async #goToBank({ which, fault }: Extract<Action, { do: 'goToBank' }>) {
    const attempt = pick(await this.attempts(), which)
    if (!attempt) return
    this.bank.faults.placing = fault
    await checkoutRedirect(this.#payerOf(attempt), attempt.id, this.now)
    this.bank.faults.placing = undefined
  }

  /** Customers pay where they were led to, also long after, and more than once. */
  async #pay({ which, how }: Extract<Action, { do: 'pay' }>) {
    const led = (await this.attempts()).filter(({ redirect }) => redirect)
    const attempt = pick(led, which)
    const order = attempt && this.bank.orders.get(attempt.redirect!.fields.number!)
    if (!order) return
    if (how === 'declined' || how === 'cancelled') {
      if (order.captures.length > 0) return
      order.tried = how
      this.letters.push({ order, body: this.bank.letter(order) })
    } else {
      const changed =
        how === 'otherAmount'
          ? { amount: order.amount + 500 }
          : how === 'otherCurrency'
            ? { currency: 'EUR' }
            : {}
      this.letters.push({ order, body: this.bank.capture(order, this.now, changed) })
    }
  }

  async #deliver({ which, times, channel, as }: Extract<Action, { do: 'deliver' }>) {
    const letter = pick(this.letters, which)
    if (!letter) return
    const attempt = (await this.attempts()).find(({ number }) => letter.order.number.startsWith(number))
    // The first of an order is believed where the bank has signed it.
    const isLater = attempt?.state === 'captured'
    const body = this.#rewritten(letter, as === 'neverMade' && !isLater ? 'written' : as)
    const deliver = async () => {
      addresses += 1
      const from = `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}`
      await receiveIncoming('sandbox', { channel, body }, from, this.now)
    }
    await Promise.all(Array.from({ length: times }, deliver))
    if (channel === 'return' && attempt) await recordReturn('sandbox', attempt.id, this.now)
  }

  #rewritten(
    { body, order }: { body: string; order: BankOrder },
    as: Extract<Action, { do: 'deliver' }>['as'],
  ) {
    if (as === 'written') return body
    if (as === 'forged') return forged(body)
    const [capture] = order.captures
    if (!capture) return body
    const transaction = { ...capture, references: {} }
    if (as === 'otherMerchant') return this.bank.letter(order, { merchant: 'somebody' }, capture)
    if (as === 'neverMade')
      return this.bank.letter(order, { captures: [{ ...transaction, id: `N${order.number}` }] }, capture)
    const wrong =
      as === 'unnumbered'
        ? { ...transaction, id: undefined }
        : { ...transaction, amount: capture.amount + 100 }
    return this.bank.letter(order, { captures: [wrong] }, capture)
  }

  async #cancel(which: number) {
    const attempt = pick(await this.attempts(), which)
    if (attempt) await cancelAttempt(this.#payerOf(attempt), attempt.id, this.now)
  }

  async #jobs({ times, sweep: sweeps }: Extract<Action, { do: 'jobs' }>, breaksAfter?: number) {
    if (sweeps) await sweep(this.#db)
    const around = async (work: () => Promise<void>) => {
      if (breaksAfter === undefined) return work()
      if ((await breakAfter(breaksAfter, work)).broke) throw new Error('The process died.')
    }
    await doDueJobs(this.#db, this.now, { times, around })
  }

  #kiosk({ contract, amount }: Extract<Action, { do: 'kiosk' }>) {
    const { contractCode } = pick(this.contracts, contract)!
    const reference = `K${randomUUID()}`
    return this.#feed(reference, {
      contract_code: contractCode,
      amount: plainAmount(amount),
      method: 'CASH',
      source: 'Kiosk',
    })
  }

  /** The biller's feed brings one of our payments back. */
  async #bringBack({ which, reversed }: Extract<Action, { do: 'bringBack' }>) {
    const rows = await this.#db
      .select()
      .from(payments)
      .where(and(inArray(payments.contractId, this.contractIds), sql`${payments.attemptId} is not null`))
      .orderBy(payments.id)
    const payment = pick(rows, which)
    if (!payment) return
    const { contractCode } = this.contracts.find(({ id }) => id === payment.contractId)!
    const { reference, paidOn, amount } = payment
    await this.#feed(reference, {
      ...{
        contract_code: contractCode,
        paid_on: paidOn,
        amount: plainAmount(amount),
        method: 'CARD',
        source: 'Drita',
      },
      ...(reversed && { reversed_on: this.#today() }),
    })
  }

  #today = () => this.now.toISOString().slice(0, 10)

  async #feed(reference: string, row: Record<string, string | number>) {
    this.#feedRows.set(reference, { reference, paid_on: this.#today(), ...row })
    await this.loadFeed([reference])
  }

  async loadFeed(references: Iterable<string> = this.#feedRows.keys()) {
    const rows = [...references].map(reference => this.#feedRows.get(reference)!)
    if (rows.length === 0) return
    const folder = writeFeed({ payments: rows })
    try {
      await loadFeed({ biller: 'oshee', folder, now: this.now })
    } finally {
      fs.rmSync(folder, { recursive: true })
    }
  }

  async #askRefund({ which, share, way }: Extract<Action, { do: 'askRefund' }>) {
    const over = sql<number>`${payments.amount} - ${payments.allocated} - ${payments.refunded}`.mapWith(
      Number,
    )
    const rows = await this.#db
      .select({ id: payments.id, over })
      .from(payments)
      .where(
        and(
          inArray(payments.contractId, this.contractIds),
          sql`${payments.attemptId} is not null`,
          isNull(payments.reversedOn),
          sql`${over} > 0`,
        ),
      )
      .orderBy(payments.id)
    const payment = pick(rows, which)
    if (!payment) return
    const wanted = {
      amount: Math.max(UNASKED + 1, Math.ceil(payment.over * share)),
      way,
      reason: 'Over',
      idempotencyKey: randomUUID(),
    }
    await requestRefund(this.#staff.asks, payment.id, wanted, this.now)
  }

  async #decideRefund({ which, agree, fault }: Extract<Action, { do: 'decideRefund' }>) {
    const rows = await this.#db
      .select({ id: refunds.id })
      .from(refunds)
      .innerJoin(payments, eq(payments.id, refunds.paymentId))
      .where(and(inArray(payments.contractId, this.contractIds), eq(refunds.state, 'requested')))
      .orderBy(refunds.number)
    const refund = pick(rows, which)
    if (!refund) return
    this.bank.faults.refunding = fault
    await decideRefund(this.#staff.decides, refund.id, agree, this.now)
  }

  /** The bank's settlement file of all that its book has. */
  async loadFile(): Promise<void> {
    const lines = this.orders.flatMap(({ number, captures, refunds: given, chargedBack }) => [
      ...captures.map(one => ['sale', number, one] as const),
      ...given.map(one => ['refund', number, one] as const),
      ...captures
        .filter(({ id }) => chargedBack.includes(id))
        .map(one => ['chargeback', number, one] as const),
    ])
    if (lines.length === 0) return
    const rows = lines.map(([kind, number, { id, amount, currency, at }]) =>
      [kind, number, id, plainAmount(amount), currency, at].join(','),
    )
    const text = ['kind,order_number,transaction_id,amount,currency,at', ...rows, ''].join('\n')
    await loadNamedSettlement(
      'oshee-sandbox',
      { name: 'file.csv', bytes: new TextEncoder().encode(text) },
      this.now,
    )
  }

  /** Nothing is cut any more, the bank answers what it is asked, and time goes on for a fortnight. */
  async settle(): Promise<void> {
    this.bank.silent = false
    this.bank.faults = {}
    await this.#goOn()
    await this.loadFeed()
    await this.loadFile()
    await findUnsettled(this.#db, this.now)
    await this.#goOn()
    await findUnsettled(this.#db, this.now)
  }

  async #goOn(): Promise<void> {
    for (const minutes of [1, 15, 120, 1500, 1500, 1500, 1500]) {
      this.now = new Date(this.now.getTime() + minutes * MINUTE_MS)
      await sweep(this.#db)
      // A job may make another one for at once.
      for (let left = 5; left > 0 && (await doDueJobs(this.#db, this.now)) > 0; left -= 1) {
        this.now = new Date(this.now.getTime() + 11_000)
      }
    }
  }
}

const pick = <One>(of: readonly One[], which: number): One | undefined => of[which % Math.max(1, of.length)]

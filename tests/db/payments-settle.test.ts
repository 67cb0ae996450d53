// Settling: what banks' answers do to a payment, its invoices and its receipts.
import { eq, sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { accounts } from '../../db/schema/accounts.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { payments } from '../../db/schema/ledger.ts'
import { messages } from '../../db/schema/notifications.ts'
import { paymentEvents } from '../../db/schema/payments.ts'
import { getHistory } from '../../lib/billing/history-queries.ts'
import { formatMoney } from '../../lib/i18n/formats.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { transition } from '../../lib/payments/attempts.ts'
import { sandbox } from '../../lib/payments/gateways/sandbox.ts'
import { listOwnAttempts } from '../../lib/payments/own-attempts.ts'
import { getAttempt, getReceipt } from '../../lib/payments/paid-queries.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { receive, testAccount } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import {
  attemptOf,
  bankAnswer,
  bankFields,
  begin,
  checkBooks,
  makePayable,
  nextCheckOf,
} from '../support/payments.ts'
import { giveAccess, makeAccount, makePayment } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2024-01-20T10:00:00Z')
const later = new Date('2024-03-01T10:00:00Z')

/** Until a connection waits for another one. */
const oneWaits = () =>
  expect
    .poll(async () => {
      const waiting = await db.execute(sql`select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`)
      return waiting.rowCount
    })
    .toBe(1)

async function scene(principals = [45_600, 21_400]) {
  const customer = await makeAccount(db, { firstName: 'Ana', lastName: 'Kola' })
  const contract = await makePayable(db, principals)
  await giveAccess(db, customer, contract)
  const attempt = await begin(db, customer, contract, now)
  const answer = (
    status: string,
    changed = {},
    channel: 'return' | 'callback' | 'query' = 'callback',
    at = now,
  ) => receive(db, channel, bankAnswer(attempt, status, changed), at)
  const state = async () => (await attemptOf(db, attempt.id)).state
  const received = () =>
    db.select().from(payments).where(eq(payments.attemptId, attempt.id)).orderBy(payments.id)
  const unpaid = async () => {
    const rows = await db.select().from(invoices).where(eq(invoices.contractId, contract.id))
    return rows.reduce((sum, row) => sum + row.unpaid, 0)
  }
  const nextCheck = () => nextCheckOf(db, attempt.id)
  return { customer, contract, attempt, answer, state, received, unpaid, nextCheck }
}

/** Lets whoever has the contract see its invoices too. */
const seeHistory = (contractId: number) =>
  db.update(contractAccess).set({ level: 'masked' }).where(eq(contractAccess.contractId, contractId))

afterEach(() => checkBooks(db))

describe('an approval', () => {
  it('settles the invoices and gives a receipt', async () => {
    const { customer, contract, attempt, answer, state, received, unpaid } = await scene()
    expect(await answer('captured')).toBe('applied')
    expect(await state()).toBe('captured')
    expect(await unpaid()).toBe(0)
    expect(await received()).toMatchObject([
      {
        reference: attempt.number,
        amount: 87_000,
        allocated: 87_000,
        method: 'CARD',
        source: 'sandbox',
        paidOn: '2024-01-20',
      },
    ])
    const [capture] = (await getAttempt(customer, attempt.id))!.captures
    expect(new Date(capture!.paidAt)).toEqual((await getReceipt(customer, attempt.id))!.paidAt)
    expect(await getReceipt(customer, attempt.id)).toMatchObject({
      number: attempt.number,
      amount: 87_000,
      surplus: 0,
      contracts: [
        {
          code: contract.contractCode,
          holderName: '**',
          lines: [
            { interest: 0, principal: 45_600, tvTax: 10_000, total: 55_600, period: '2023-12-01' },
            { interest: 0, principal: 21_400, tvTax: 10_000, total: 31_400 },
          ],
        },
      ],
      reversedOn: null,
    })
  })

  it('mails the receipt once, however often the bank tells of it, in the words of the payer’s language', async () => {
    const { customer, attempt, answer } = await scene()
    await db.update(accounts).set({ language: 'en' }).where(eq(accounts.id, customer.id))
    await db.delete(messages)
    for (let call = 0; call < 10; call++) await answer('captured')
    await answer('captured', {}, 'return')
    await answer('captured', {}, 'query', later)
    const sent = await listOutbox(10)
    expect(sent).toMatchObject([
      {
        channel: 'email',
        to: customer.email,
        subject: `Receipt ${attempt.number} for your payment to OSHEE`,
      },
    ])
    const { text, html } = sent[0]!
    expect(text).toContain(`/payments/${attempt.id}/receipt.pdf?number=${attempt.number}\n`)
    expect(text).toContain('Ana')
    expect(html).toContain(`/payments/${attempt.id}/receipt.pdf?number=${attempt.number}"`)
    const [contract] = (await getReceipt(customer, attempt.id))!.contracts
    const money = (minor: number) => formatMoney(minor, 'ALL', 'en')
    for (const part of [contract!.code, money(87_000), ...contract!.lines.map(line => money(line.total))])
      expect(text).toContain(part)
  })

  it('mails a receipt for each of two captures, and each leads to its own', async () => {
    const { answer, received } = await scene()
    await db.delete(messages)
    await answer('captured')
    await answer('captured', { transactionId: 'T-SECOND' }, 'query')
    const numbers = (await received()).map(({ reference }) => reference)
    expect(numbers).toHaveLength(2)
    // Beside them its payer is told, once, that the second pays nothing.
    const links = (await listOutbox(10)).flatMap(
      ({ text }) => /receipt\.pdf\?number=(\S+)/.exec(text)?.[1] ?? [],
    )
    expect(links.sort()).toEqual(numbers.sort())
  })

  it.each([
    ['an address that is not verified', { emailVerifiedAt: null }],
    ['whoever chose no notices by e-mail', { notifyByEmail: false }],
  ])('mails nothing to %s', async (_, account) => {
    const { customer, answer, received } = await scene()
    await db.update(accounts).set(account).where(eq(accounts.id, customer.id))
    await db.delete(messages)
    await answer('captured')
    expect(await received()).toHaveLength(1)
    expect(await listOutbox(10)).toEqual([])
  })

  it('is found again by its payer alone, also when the contract is gone', async () => {
    const { customer, contract, attempt, answer } = await scene()
    const other = await makeAccount(db)
    await giveAccess(db, other, contract)
    await answer('captured')
    const paid = { id: attempt.id, number: attempt.number, amount: 87_000, ending: 'captured' }
    const shown = (who: { id: string }) => getPayableContract(who, 'oshee', contract.contractCode, now)
    expect(await shown(customer)).toMatchObject({ level: 'amounts' })
    await db
      .update(contractAccess)
      .set({ holderDecision: 'refused' })
      .where(eq(contractAccess.contractId, contract.id))
    expect(await shown(customer)).toBeNull()
    expect(await listOwnAttempts(customer, 1)).toMatchObject({
      payments: [
        {
          ...paid,
          currency: 'ALL',
          contracts: [{ id: contract.id, code: contract.contractCode }],
          periods: ['2023-12-01'],
        },
      ],
      older: false,
    })
    expect(await listOwnAttempts(other, 1)).toEqual({ payments: [], older: false })
  })

  it('settles once, however often and by whatever way it comes, ten at a time', async () => {
    const { answer, received, attempt } = await scene()
    const channels = ['return', 'callback', 'query'] as const
    await Promise.all(Array.from({ length: 10 }, () => answer('captured')))
    await Promise.all(Array.from({ length: 10 }, (_, index) => answer('captured', {}, channels[index % 3])))
    // The same told in other words: another event, no other payment.
    await answer('captured', { nonce: 'x' }, 'query')
    expect(await received()).toHaveLength(1)
    const events = await db.select().from(paymentEvents).where(eq(paymentEvents.attemptId, attempt.id))
    // The callback and the return are one event, what the bank answers to a question is one a question.
    expect(events).toHaveLength(3)
    expect(events.every(event => event.appliedAt)).toBe(true)
  })

  it.each(['declined', 'cancelled', 'expired'] as const)('is accepted after %s', async closed => {
    const { answer, state, received, attempt } = await scene()
    await db.transaction(tx => transition(tx, attempt!, closed, now))
    await answer('captured', {}, 'callback', later)
    expect(await state()).toBe('captured')
    // Interest is counted to the day the customer paid, not to the day the bank answered.
    expect(await received()).toMatchObject([{ paidOn: '2024-01-20', allocated: 87_000 }])
  })

  it('of what was paid at a kiosk meanwhile is a surplus that the receipt shows', async () => {
    const { customer, contract, attempt, answer, received, unpaid } = await scene()
    await makePayment(db, contract, { amount: 60_000, paidOn: '2024-01-19' })
    await db.transaction(tx => replayContract(tx, contract.id))
    await answer('captured')
    expect(await unpaid()).toBe(0)
    expect(await received()).toMatchObject([{ amount: 87_000, allocated: 27_000 }])
    expect(await getReceipt(customer, attempt.id)).toMatchObject({
      surplus: 60_000,
      contracts: [{ lines: [{ total: 27_000 }] }],
    })
    const [, second] = await db
      .select()
      .from(invoices)
      .where(eq(invoices.contractId, contract.id))
      .orderBy(invoices.id)
    expect(await getAttempt(customer, attempt.id)).toMatchObject({
      captures: [
        {
          amount: 87_000,
          surplus: 60_000,
          pays: [{ invoiceId: second!.id, invoiceNumber: '**', total: 27_000 }],
        },
      ],
      stillDue: 0,
    })
    await seeHistory(contract.id)
    const history = await getHistory(customer, 'oshee', contract.contractCode, later)
    expect(history!.payments).toMatchObject([
      { amount: 87_000, surplus: 60_000, pays: [{ number: second!.number, period: second!.period }] },
      { amount: 60_000, pays: [{ period: '2023-12-01' }, { number: second!.number }] },
    ])
  })

  it('under a second transaction is a second receipt', async () => {
    const { customer, answer, received, attempt } = await scene()
    await answer('captured')
    await answer('captured', { transactionId: 'T-2' })
    expect(await received()).toHaveLength(1)
    await answer('captured', { transactionId: 'T-2' }, 'query')
    await answer('captured', { transactionId: 'T-2', nonce: 'z' }, 'query')
    expect(await received()).toMatchObject([
      { reference: attempt.number, allocated: 87_000 },
      { reference: `${attempt.number}-2`, allocated: 0, transactionId: 'T-2' },
    ])
    expect((await getAttempt(customer, attempt.id))!.captures.map(({ number }) => number)).toEqual([
      attempt.number,
      `${attempt.number}-2`,
    ])
    expect(await getReceipt(customer, attempt.id, `${attempt.number}-2`)).toMatchObject({
      surplus: 87_000,
      contracts: [{ lines: [] }],
    })
    expect(await getReceipt(customer, attempt.id, 'D1')).toBeNull()
  })

  it('taken back leaves the receipt, which says so, and the debt', async () => {
    const { customer, contract, attempt, answer, unpaid } = await scene()
    await answer('captured')
    await db.transaction(async tx => {
      await tx.execute(
        sql`delete from payment_allocations a using payments p where p.id = a.payment_id and p.attempt_id = ${attempt.id}`,
      )
      await tx.update(payments).set({ reversedOn: '2024-01-25' }).where(eq(payments.attemptId, attempt.id))
      await replayContract(tx, contract.id)
    })
    expect(await unpaid()).toBe(87_000)
    expect(await getReceipt(customer, attempt.id)).toMatchObject({
      reversedOn: '2024-01-25',
      contracts: [{ lines: [] }],
      surplus: 0,
    })
    expect(await getAttempt(customer, attempt.id)).toMatchObject({
      captures: [{ reversedOn: '2024-01-25', surplus: 0, pays: [] }],
      stillDue: 87_000,
    })
    await seeHistory(contract.id)
    const history = await getHistory(customer, 'oshee', contract.contractCode, later)
    expect(history!.payments).toMatchObject([{ reversedOn: '2024-01-25', surplus: 0, pays: [] }])
    // Told again by the bank, it does not come back.
    await answer('captured', { nonce: 'y' }, 'query')
    expect(await unpaid()).toBe(87_000)
  })

  it('names the holder to the holder alone', async () => {
    const { customer, contract, attempt, answer } = await scene()
    await answer('captured')
    const [account] = await db.select().from(accounts).where(eq(accounts.id, customer.id))
    const holder = {
      holderFirstName: 'Ana',
      holderLastName: 'Kola',
      holderPersonalNumber: account!.personalNumber,
    }
    await db
      .update(contracts)
      .set({ ...holder, holderNameFolded: 'somebody else' })
      .where(eq(contracts.id, contract.id))
    expect((await getReceipt(customer, attempt.id))!.contracts[0]!.holderName).toBe('**')
    const { phone } = account!
    await db
      .update(contracts)
      .set({ holderNameFolded: 'ana kola', phone })
      .where(eq(contracts.id, contract.id))
    expect((await getReceipt(customer, attempt.id))!.contracts[0]!.holderName).toBe('Ana Kola')
  })

  it('is nothing to another customer', async () => {
    const { contract, attempt, answer } = await scene()
    await answer('captured')
    const other = await makeAccount(db)
    await giveAccess(db, other, contract)
    expect(await getAttempt(other, attempt.id)).toBeNull()
    expect(await getReceipt(other, attempt.id)).toBeNull()
  })
})

describe('another answer', () => {
  it('declines, and leaves the invoices free for another payment', async () => {
    const { customer, contract, answer, state, attempt, nextCheck } = await scene()
    await answer('declined', { declineCode: '51' })
    expect(await state()).toBe('declined')
    expect(await getAttempt(customer, attempt.id)).toMatchObject({ declineCode: '51', captures: [] })
    expect(await nextCheck()).toEqual(new Date('2024-01-20T11:00:00Z'))
    expect((await begin(db, customer, contract, now)).state).toBe('pending')
  })

  it('declining once more says why it was declined the last time', async () => {
    const { customer, answer, attempt } = await scene()
    await answer('declined', { declineCode: '05' })
    await answer('declined', { declineCode: '51' }, 'callback', new Date('2024-01-20T10:10:00Z'))
    expect(await getAttempt(customer, attempt.id)).toMatchObject({ state: 'declined', declineCode: '51' })
    // Asked about as before: however often a bank repeats it, the questions come to an end.
    expect((await attemptOf(db, attempt.id)).stateChangedAt).toEqual(now)
  })

  it('declining after the approval changes nothing', async () => {
    const { answer, state, received } = await scene()
    await answer('captured')
    await answer('declined')
    expect(await state()).toBe('captured')
    expect(await received()).toHaveLength(1)
  })

  it('with a bad signature is stored, changes nothing, and has the bank asked', async () => {
    const { attempt, state, nextCheck } = await scene()
    const forged = { ...bankFields(attempt, 'captured'), amount: '0.01' }
    const body = new URLSearchParams(forged).toString()
    const answer = sandbox.read(testAccount(), { channel: 'callback', body })!
    expect(await receive(db, 'callback', answer, now)).toBe('forged')
    expect(await state()).toBe('pending')
    expect(await nextCheck()).toEqual(now)
    const events = await db.select().from(paymentEvents).where(eq(paymentEvents.attemptId, attempt.id))
    expect(events).toMatchObject([{ authentic: false, appliedAt: null, payload: forged }])
  })

  it.each([
    ['amount', { amount: '1.00' }],
    ['currency', { currency: 'EUR' }],
    ['merchant', { merchant: 'somebody' }],
  ])('with another %s puts the payment in doubt and has the bank asked', async (_, changed) => {
    const { answer, state, received, nextCheck } = await scene()
    await answer('captured', changed)
    expect(await state()).toBe('in_doubt')
    expect(await received()).toEqual([])
    expect(await nextCheck()).toEqual(now)
    await answer('captured', {}, 'query')
    expect(await state()).toBe('captured')
  })

  it('that it is not decided yet changes nothing', async () => {
    const { answer, state } = await scene()
    await answer('processing')
    expect(await state()).toBe('pending')
  })
})

describe('a reference that a payment of the biller has already', () => {
  it.each([
    [
      ['', '-2'],
      ['-3', '-4'],
    ],
    [[''], ['-2', '-3']],
    [['-2'], ['', '-3']],
  ])('is left to it, and the next is taken: %j', async (taken, ours) => {
    const { attempt, contract, answer, received } = await scene()
    for (const suffix of taken) {
      await makePayment(db, contract, {
        amount: 100,
        paidOn: '2024-01-19',
        reference: attempt.number + suffix,
      })
    }
    await answer('captured')
    await answer('captured', { transactionId: 'T-2' }, 'query')
    const references = (await received()).map(payment => payment.reference)
    expect(references.sort()).toEqual(ours.map(suffix => attempt.number + suffix))
  })

  it('by a feed at that moment is left to it too', async () => {
    const { attempt, contract, answer, received } = await scene()
    let answered: Promise<unknown> | undefined
    await db.transaction(async tx => {
      await makePayment(tx, contract, { amount: 100, paidOn: '2024-01-19', reference: attempt.number })
      answered = answer('captured')
      await oneWaits()
    })
    expect(await answered).toBe('applied')
    expect(await received()).toMatchObject([{ reference: `${attempt.number}-2` }])
  })
})

describe('doubt', () => {
  it.each(['declined', 'cancelled'])(
    'is not ended by a late call that it is %s, but by an answer',
    async status => {
      const { answer, state, nextCheck } = await scene()
      await answer('captured', { amount: '1.00' })
      await answer(status, {}, 'callback', later)
      await answer(status, {}, 'return', later)
      expect(await state()).toBe('in_doubt')
      expect(await nextCheck()).toEqual(later)
      // To a question that was asked before there was any doubt.
      await answer(status, {}, 'query', new Date('2024-01-20T09:59:00Z'))
      expect(await state()).toBe('in_doubt')
      await answer(status, {}, 'query', later)
      expect(await state()).toBe(status)
    },
  )
})

describe('a doubtful answer after the end', () => {
  it('holds the invoices again while no other payment has them', async () => {
    const { answer, attempt } = await scene()
    await answer('declined')
    await answer('captured', { amount: '1.00' })
    expect(await attemptOf(db, attempt.id)).toMatchObject({ state: 'in_doubt', live: true })
  })

  it('does not take them from the payment that has them now, and both can still be captured', async () => {
    const { customer, contract, attempt, answer, unpaid } = await scene()
    await answer('declined')
    const second = await begin(db, customer, contract, now)
    await answer('captured', { amount: '1.00' })
    expect(await attemptOf(db, attempt.id)).toMatchObject({ state: 'in_doubt', live: false })
    await receive(db, 'callback', bankAnswer(second, 'captured'), now)
    await answer('captured', {}, 'query')
    expect(await attemptOf(db, attempt.id)).toMatchObject({ state: 'captured' })
    expect(await unpaid()).toBe(0)
    const [first] = await db.select().from(payments).where(eq(payments.attemptId, attempt.id))
    const [other] = await db.select().from(payments).where(eq(payments.attemptId, second.id))
    expect(first!.allocated + other!.allocated).toBe(87_000)
  })

  it('holds the invoices once the payment that had them ends, the oldest first', async () => {
    const { customer, contract, attempt, answer } = await scene()
    const doubt = (of: typeof attempt) =>
      receive(db, 'callback', bankAnswer(of, 'captured', { amount: '1.00' }), now)
    const decline = (of: typeof attempt) => receive(db, 'query', bankAnswer(of, 'declined'), later)
    const live = async (of: typeof attempt) => (await attemptOf(db, of.id)).live
    await answer('declined')
    const second = await begin(db, customer, contract, new Date('2024-01-20T10:01:00Z'))
    await decline(second)
    const third = await begin(db, customer, contract, new Date('2024-01-20T10:02:00Z'))
    await doubt(second)
    await doubt(attempt)
    expect([await live(attempt), await live(second), await live(third)]).toEqual([false, false, true])
    await decline(third)
    expect([await live(attempt), await live(second), await live(third)]).toEqual([true, false, false])
    await expect(begin(db, customer, contract, now)).rejects.toThrow('underWay')
    await answer('declined', {}, 'query', later)
    expect([await live(attempt), await live(second)]).toEqual([false, true])
  })

  describe('of an invoice that a feed moved to another contract', () => {
    /** The payment ended, and its invoice stands in another contract of the same customer. */
    async function movedScene() {
      const { customer, attempt, answer, contract } = await scene([45_600])
      const target = await makePayable(db, [100])
      await giveAccess(db, customer, target)
      await answer('declined')
      await db.update(invoices).set({ contractId: target.id }).where(eq(invoices.contractId, contract.id))
      const beginThere = () => begin(db, customer, { ...target, invoiceIds: contract.invoiceIds }, now)
      const doubt = () => answer('captured', { amount: '1.00' })
      return { attempt, beginThere, doubt }
    }

    it('holds it once the payment that had it there ends', async () => {
      const { attempt, beginThere, doubt } = await movedScene()
      const other = await beginThere()
      await doubt()
      expect(await attemptOf(db, attempt.id)).toMatchObject({ state: 'in_doubt', live: false })
      await receive(db, 'query', bankAnswer(other, 'declined'), later)
      expect(await attemptOf(db, attempt.id)).toMatchObject({ live: true })
      await expect(beginThere()).rejects.toThrow('underWay')
    })

    it('leaves it to one that begins at that moment', async () => {
      const { attempt, beginThere, doubt } = await movedScene()
      const other = await beginThere()
      const state = (value: string) =>
        sql`update payment_attempts set state = ${value}, live = ${value === 'pending'} where id = ${other.id}`
      await db.execute(state('cancelled'))
      let doubted: Promise<unknown> | undefined
      await db.transaction(async tx => {
        await tx.execute(state('pending'))
        doubted = doubt()
        await oneWaits()
      })
      expect(await doubted).toBe('applied')
      expect(await attemptOf(db, attempt.id)).toMatchObject({ state: 'in_doubt', live: false })
      expect(await attemptOf(db, other.id)).toMatchObject({ live: true })
    })
  })
})

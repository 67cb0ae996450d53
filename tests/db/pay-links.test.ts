// Paying by a link: a customer's that was sent, and a guest's own at /pay.
import { randomUUID } from 'node:crypto'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { auditEvents } from '../../db/schema/audit.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { payments } from '../../db/schema/ledger.ts'
import { messages, noticeItems } from '../../db/schema/notifications.ts'
import { payLinks } from '../../db/schema/pay-links.ts'
import { paymentExceptions } from '../../db/schema/payment-exceptions.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { replayContract } from '../../lib/ledger/replay.ts'
import { listNotices } from '../../lib/notices/queries.ts'
import { noticeText } from '../../lib/notices/words.ts'
import { openMessage } from '../../lib/notifications/outbox.ts'
import { checkoutRedirect } from '../../lib/payments/checkout.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import { beginByLink } from '../../lib/payments/link-attempts.ts'
import { getAttempt } from '../../lib/payments/paid-queries.ts'
import { holdPaidTwice } from '../../lib/payments/paid-twice.ts'
import {
  findToPay,
  makePayLink,
  withdrawLinksOf,
  withdrawPayLink,
} from '../../lib/payments/pay-link-commands.ts'
import {
  findLinkOf,
  findToken,
  getLinkReceipt,
  listSentLinks,
  openPayLink,
} from '../../lib/payments/pay-links.ts'
import { getPayableContract } from '../../lib/payments/queries.ts'
import { receiptContent } from '../../lib/payments/receipt-content.ts'
import { forgetPayLinks } from '../../lib/payments/retention.ts'
import { answering } from '../../lib/platform/answering.ts'
import { env } from '../../lib/platform/env.ts'
import { receive } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import {
  attemptOf,
  bankAnswer,
  begin,
  checkBooks,
  formOf,
  makePayable,
  paysFor,
  type TestContract,
} from '../support/payments.ts'
import { giveAccess, makeAccount } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2024-01-20T10:00:00Z')
const later = (days: number) => new Date(now.getTime() + days * 86_400_000)
const seconds = (count: number) => new Date(now.getTime() + count * 1000)

async function scene(principals = [45_600, 21_400]) {
  const customer = { ...(await makeAccount(db)), language: 'en' as const }
  const contract = await makePayable(db, principals)
  await giveAccess(db, customer, contract)
  return { customer, contract }
}

const codesOf = ({ billerCode: biller, contractCode: code }: TestContract) => ({ biller, code })

async function sentLink(customer: { id: string; language: 'en' }, contract: TestContract, at = now) {
  const made = await makePayLink(customer, codesOf(contract), contract.invoiceIds, at)
  if (!made.ok) throw new Error(made.code)
  return made.value
}

/** What the page of a link would send at that moment. */
async function linkForm(token: string, at = now, key: string = randomUUID()) {
  const link = (await openPayLink(token, at))!
  return {
    shown: new Map(link.invoices.map(({ id, total }) => [id, total])),
    toldBeingPaid: link.beingPaid,
    email: undefined as string | undefined,
    language: 'en' as const,
    idempotencyKey: key,
  }
}

async function beginOf(token: string, at = now, email?: string) {
  const begun = await beginByLink(token, { ...(await linkForm(token, at)), email }, at)
  if (!begun.ok) throw new Error(begun.code)
  return attemptOf(db, begun.value.id)
}

const capture = (attempt: Awaited<ReturnType<typeof attemptOf>>, at = seconds(60)) =>
  receive(db, 'callback', bankAnswer(attempt, 'captured'), at)

const numberOf = async (invoiceId: number) => {
  const [row] = await db.select({ number: invoices.number }).from(invoices).where(eq(invoices.id, invoiceId))
  return row!.number
}

const mailsOf = async (where: ReturnType<typeof eq>) => {
  const rows = await db.select().from(messages).where(where)
  return rows.map(({ sealed, kind }) => ({ kind, ...openMessage(sealed)! }))
}

/** As a request from that address. */
const from = <T>(address: string, work: () => Promise<T>): Promise<T> =>
  answering.run({ unreadable: false, unavailable: false, address }, work)

describe('a link that was sent', () => {
  it('says what a day of waiting costs as the page to pay says it, on every day', async () => {
    const { customer, contract } = await scene([45_650, 21_430])
    const { token } = await sentLink(customer, contract)
    for (const day of [0, 1, 2, 3]) {
      const page = await getPayableContract(customer, contract.billerCode, contract.contractCode, later(day))
      expect((await openPayLink(token, later(day)))!.perDay).toBe(page!.perDay)
    }
  })

  it('has 128 random bits, of which only a keyed hash is stored, and is in the audit log', async () => {
    const { customer, contract } = await scene()
    const { id, token } = await sentLink(customer, contract)
    expect(Buffer.from(token, 'base64url')).toHaveLength(16)
    const [row] = await db.select().from(payLinks).where(eq(payLinks.id, id))
    expect(JSON.stringify(row)).not.toContain(token)
    const events = await db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.action, 'pay-link.made'), eq(auditEvents.accountId, customer.id)))
    expect(events).toMatchObject([{ subject: `contract:${contract.id}`, details: { link: id, invoices: 2 } }])
  })

  it('is found among the links by which a browser pays', async () => {
    const { customer, contract } = await scene()
    const first = await sentLink(customer, contract)
    const second = await sentLink(customer, contract)
    const tokens = [second.token, first.token]
    expect(await findToken(first.id, tokens)).toBe(first.token)
    expect(await findToken(second.id, tokens)).toBe(second.token)
    expect(await findToken(second.id, [first.token, 'A'.repeat(22)])).toBeUndefined()
    expect(await findToken(randomUUID(), tokens)).toBeUndefined()
  })

  it('shows amounts, months and days, and nothing of the contract or its holder', async () => {
    const { customer, contract } = await scene()
    const { token } = await sentLink(customer, contract)
    const link = (await openPayLink(token, now))!
    expect(link).toMatchObject({ isSent: true, end: null, beingPaid: false, attemptId: null, gone: [] })
    expect(link.invoices.map(({ total }) => total)).toEqual([55_600, 31_400])
    expect(JSON.stringify(link)).not.toContain(contract.contractCode)
    expect(JSON.stringify(link)).not.toContain(await numberOf(contract.invoiceIds[0]!))
  })

  it('is made by whoever has the contract, at level amounts too, of its unpaid invoices alone', async () => {
    const { customer, contract } = await scene()
    const stranger = { ...(await makeAccount(db)), language: 'en' as const }
    const other = await makePayable(db, [100])
    const make = (who: typeof customer, ids: number[]) => makePayLink(who, codesOf(contract), ids, now)
    expect(await make(stranger, contract.invoiceIds)).toEqual({ ok: false, code: 'notFound' })
    expect(await make(customer, other.invoiceIds)).toEqual({ ok: false, code: 'notFound' })
    await giveAccess(db, stranger, contract)
    expect(await make(stranger, contract.invoiceIds)).toMatchObject({ ok: true })
    await capture(await begin(db, customer, contract, now, [contract.invoiceIds[0]!]))
    expect(await make(customer, contract.invoiceIds)).toEqual({ ok: false, code: 'alreadyPaid' })
  })

  it('is changed by no look at it', async () => {
    const { customer, contract } = await scene()
    const { id, token } = await sentLink(customer, contract)
    const row = () => db.select().from(payLinks).where(eq(payLinks.id, id))
    const before = await row()
    for (let look = 0; look < 5; look += 1) await openPayLink(token, now)
    expect(await row()).toEqual(before)
    expect(await db.$count(paymentAttempts, paysFor(contract))).toBe(0)
  })

  it('ends by its day, by being withdrawn, and with its sender’s access', async () => {
    const { customer, contract } = await scene()
    const endOf = async (token: string, at = now) => (await openPayLink(token, at))!.end
    const ended = async (token: string, at = now) => beginByLink(token, await linkForm(token, at), at)
    const one = await sentLink(customer, contract)
    expect(await endOf(one.token, later(13))).toBeNull()
    expect(await endOf(one.token, later(14))).toBe('expired')
    expect(await ended(one.token, later(14))).toEqual({ ok: false, code: 'linkEnded' })

    const stranger = await makeAccount(db)
    expect(await withdrawPayLink(stranger, one.id, now)).toEqual({ ok: false, code: 'notFound' })
    expect(await endOf(one.token)).toBeNull()
    expect(await withdrawPayLink(customer, one.id, now)).toMatchObject({ ok: true })
    expect(await endOf(one.token)).toBe('withdrawn')
    expect(await ended(one.token)).toEqual({ ok: false, code: 'linkEnded' })

    const two = await sentLink(customer, contract)
    const access = and(eq(contractAccess.accountId, customer.id), eq(contractAccess.contractId, contract.id))
    await db.update(contractAccess).set({ holderDecision: 'refused' }).where(access)
    expect(await endOf(two.token)).toBe('withdrawn')
    await db.update(contractAccess).set({ holderDecision: null, removedAt: now }).where(access)
    expect(await ended(two.token)).toEqual({ ok: false, code: 'linkEnded' })
    expect(await openPayLink('A'.repeat(22), now)).toBeNull()

    await db.update(contractAccess).set({ removedAt: null }).where(access)
    expect(await endOf(two.token)).toBeNull()
    await db.transaction(tx => withdrawLinksOf(tx, customer.id, now))
    expect(await endOf(two.token)).toBe('withdrawn')
  })

  it('drops what was cancelled or paid meanwhile, and charges nothing that was not shown', async () => {
    const { customer, contract } = await scene([45_600, 21_400, 10_000])
    const [first, second, third] = contract.invoiceIds as [number, number, number]
    const { token } = await sentLink(customer, contract)
    const stale = await linkForm(token)
    await db.update(invoices).set({ cancelledOn: '2024-01-20' }).where(eq(invoices.id, first))
    await capture(await begin(db, customer, contract, now, [second]))
    const link = (await openPayLink(token, now))!
    expect(link.invoices.map(({ id }) => id)).toEqual([third])
    expect(link.gone.map(({ isCancelled }) => isCancelled)).toEqual([true, false])
    expect(await beginByLink(token, stale, now)).toEqual({ ok: false, code: 'amountChanged' })
    // From the due date on interest is due.
    expect(await beginByLink(token, await linkForm(token), later(13))).toEqual({
      ok: false,
      code: 'amountChanged',
    })
    expect((await beginOf(token)).amount).toBe(20_000)
  })

  it('tells its sender, and whoever paid where they gave an address, once however often the bank tells', async () => {
    const { customer, contract } = await scene()
    const { token } = await sentLink(customer, contract)
    const to = `${randomUUID()}@example.com`
    const attempt = await beginOf(token, now, to)
    await capture(attempt)
    await capture(attempt, seconds(90))
    const told = await mailsOf(eq(messages.accountId, customer.id))
    expect(told.map(({ kind }) => kind)).toEqual(['pay-link-paid'])
    const receipts = await mailsOf(
      and(eq(messages.kind, 'link-receipt'), eq(messages.contractId, contract.id))!,
    )
    expect(receipts).toMatchObject([{ to }])
    expect(receipts[0]!.text).not.toContain(contract.contractCode)
    expect(receipts[0]!.text).toContain(`/pay/${token}/receipt?number=${attempt.number}`)
    expect(await listSentLinks(customer, now)).toMatchObject([{ state: 'paid', paid: 87_000, surplus: 0 }])
    await checkBooks(db, contract.id)
  })

  it('and a guest’s own are told to the others who see the contract’s payments', async () => {
    const { customer, contract } = await scene()
    const [reader, gone, amounts, refused] = [
      await makeAccount(db, { language: 'en' }),
      await makeAccount(db),
      await makeAccount(db),
      await makeAccount(db),
    ]
    await giveAccess(db, reader, contract, { level: 'masked' })
    await giveAccess(db, amounts, contract)
    await giveAccess(db, refused, contract, { level: 'masked', holderDecision: 'refused' })
    const untilOn = '2023-11-30'
    await giveAccess(db, gone, contract, { handoverAt: new Date('2023-11-30T23:00Z'), untilOn })
    await db.update(contractAccess).set({ level: 'masked' }).where(eq(contractAccess.accountId, customer.id))
    const told = async () => {
      const items = await db.select().from(noticeItems).where(eq(noticeItems.contractId, contract.id))
      return items.map(({ accountId }) => accountId).sort()
    }
    const readers = async (...accounts: { id: string }[]) =>
      expect(await told()).toEqual(accounts.map(({ id }) => id).sort())

    const [first, second] = contract.invoiceIds
    const made = await makePayLink(customer, codesOf(contract), [first!], now)
    if (!made.ok) throw new Error(made.code)
    const sent = await beginOf(made.value.token)
    await capture(sent)
    await capture(sent, seconds(90))
    await readers(reader)
    const { notices } = await listNotices(reader, { archived: false, page: 1 }, now)
    expect(noticeText('en', notices[0]!)).toMatchObject({
      title: expect.stringMatching(/^OSHEE has received a payment: 556/),
      href: `/contracts/oshee/${contract.contractCode}/history`,
    })

    const invoiceNumber = await numberOf(second!)
    const found = await findToPay(
      { biller: 'oshee', contractCode: contract.contractCode, invoiceNumber },
      'en',
      now,
    )
    if (!found.ok) throw new Error(found.code)
    await capture(await beginOf(found.value.token))
    await readers(reader, reader, customer)
  })

  it('leads to a receipt without the holder and the contract’s code; a guest’s own has the code', async () => {
    const { customer, contract } = await scene()
    const { token } = await sentLink(customer, contract)
    await capture(await beginOf(token))
    const receipt = (await getLinkReceipt(token))!
    expect(receipt).toMatchObject({ amount: 87_000, contracts: [{ code: null, holderName: null }] })
    expect(receipt.contracts[0]!.lines.map(({ invoiceNumber }) => invoiceNumber)).toEqual(['**', '**'])
    expect(receiptContent(receipt, 'en').contracts).toMatchObject([{ title: null, facts: [] }])
    expect(await getLinkReceipt(token, 'D1')).toBeNull()

    const own = await scene([500])
    const invoiceNumber = await numberOf(own.contract.invoiceIds[0]!)
    const { contractCode } = own.contract
    const found = await findToPay({ biller: 'oshee', contractCode, invoiceNumber }, 'en', now)
    if (!found.ok) throw new Error(found.code)
    await capture(await beginOf(found.value.token))
    expect((await getLinkReceipt(found.value.token))!.contracts[0]).toMatchObject({
      code: contractCode,
      holderName: null,
    })
  })

  it('leads whoever comes back from the bank to its own page, without a session', async () => {
    const { customer, contract } = await scene()
    const { id: payLinkId, token } = await sentLink(customer, contract)
    const attempt = await beginOf(token)
    const bank = await checkoutRedirect({ payLinkId, language: 'sq' }, attempt.id, now)
    expect(bank).toMatchObject({
      value: { fields: { returnUrl: expect.stringMatching(`\\?payment=${attempt.id}$`) } },
    })
    expect(JSON.stringify(bank)).not.toContain(token)
    expect(await findLinkOf(attempt.id)).toBe(payLinkId)
    expect(await checkoutRedirect(customer, attempt.id, now)).toEqual({ ok: true, value: null })
    expect(await getAttempt(customer, attempt.id)).toBeNull()
    expect(await getAttempt({ payLinkId: randomUUID() }, attempt.id)).toBeNull()
  })

  it('is forgotten a while after its end where nobody began to pay; an e-mail address after the last payment', async () => {
    const { customer, contract } = await scene()
    const idle = await sentLink(customer, contract)
    const paid = await sentLink(customer, contract)
    await capture(await beginOf(paid.token, now, 'a@example.com'))
    const { PAY_LINK_DAYS, PAY_LINK_KEPT_DAYS } = env()
    const emailOf = async () =>
      (await db.select().from(payLinks).where(eq(payLinks.id, paid.id)))[0]!.sealedEmail
    await forgetPayLinks(db, later(PAY_LINK_KEPT_DAYS - 1))
    expect(await openPayLink(idle.token, now)).not.toBeNull()
    expect(await emailOf()).not.toBeNull()
    await forgetPayLinks(db, later(PAY_LINK_DAYS + PAY_LINK_KEPT_DAYS + 1))
    expect(await openPayLink(idle.token, now)).toBeNull()
    expect(await emailOf()).toBeNull()
    expect(await getLinkReceipt(paid.token)).not.toBeNull()
  })
})

describe('an attempt by a link', () => {
  it('holds no invoice, whatever becomes of it and of others', async () => {
    const { customer, contract } = await scene()
    const { token } = await sentLink(customer, contract)
    const attempt = await beginOf(token)
    expect(attempt).toMatchObject({ state: 'pending', live: false, accountId: null })
    // The account's own comes and goes, and the link's reopens in doubt.
    const own = await begin(db, customer, contract, now, [contract.invoiceIds[0]!]).catch(() => undefined)
    expect(own).toBeUndefined()
    const form = formOf({ [contract.invoiceIds[0]!]: 55_600 })
    expect(await beginAttempt(customer, contract, form, now)).toEqual({ ok: false, code: 'beingPaid' })
    const told = await beginAttempt(customer, contract, { ...form, toldBeingPaid: true }, now)
    if (!told.ok) throw new Error(told.code)
    const cancelled = await attemptOf(db, told.value.id)
    await receive(db, 'callback', bankAnswer(attempt, 'declined'), seconds(10))
    await receive(db, 'callback', bankAnswer(attempt, 'captured', { amount: '1.00' }), seconds(20))
    expect(await attemptOf(db, attempt.id)).toMatchObject({ state: 'in_doubt', live: false })
    await receive(db, 'callback', bankAnswer(cancelled, 'cancelled'), seconds(30))
    expect(await attemptOf(db, attempt.id)).toMatchObject({ live: false })
    await expect(
      db.update(paymentAttempts).set({ live: true }).where(eq(paymentAttempts.id, attempt.id)),
    ).rejects.toThrow()
    await checkBooks(db, contract.id)
  })

  it('belongs to an account or to a link, and never to both or none', async () => {
    const { customer, contract } = await scene()
    const attempt = await beginOf((await sentLink(customer, contract)).token)
    const set = (values: Partial<typeof paymentAttempts.$inferInsert>) =>
      db.update(paymentAttempts).set(values).where(eq(paymentAttempts.id, attempt.id))
    await expect(set({ accountId: customer.id })).rejects.toThrow()
    await expect(set({ payLinkId: null })).rejects.toThrow()
  })

  it('is told to the account that comes second, and the account’s to the link; paid twice, the second is a surplus', async () => {
    const { customer, contract } = await scene([45_600])
    const [invoiceId] = contract.invoiceIds as [number]
    const { token } = await sentLink(customer, contract)
    const byAccount = await begin(db, customer, contract, now)
    const blind = { ...(await linkForm(token)), toldBeingPaid: false }
    expect(await beginByLink(token, blind, now)).toEqual({ ok: false, code: 'beingPaid' })
    expect((await openPayLink(token, now))!.beingPaid).toBe(true)
    const byLink = await beginOf(token)
    const payable = (await getPayableContract(customer, 'oshee', contract.contractCode, now))!
    expect(payable.invoices).toMatchObject([{ id: invoiceId, beingPaid: true }])
    await capture(byAccount)
    await capture(byLink, seconds(90))
    const paid = await db
      .select({ attemptId: payments.attemptId, allocated: payments.allocated })
      .from(payments)
      .where(eq(payments.contractId, contract.id))
      .orderBy(payments.id)
    expect(paid).toEqual([
      { attemptId: byAccount.id, allocated: 55_600 },
      { attemptId: byLink.id, allocated: 0 },
    ])
    expect((await getLinkReceipt(token))!.surplus).toBe(55_600)
    expect(await listSentLinks(customer, now)).toMatchObject([{ state: 'paid', surplus: 55_600 }])
    // Its receipt says so: nobody is told apart from that, and staff see it.
    expect(await db.$count(messages, inArray(messages.kind, ['payment-surplus', 'link-surplus']))).toBe(0)
    expect(await db.$count(paymentExceptions, eq(paymentExceptions.attemptId, byLink.id))).toBe(1)
    await checkBooks(db, contract.id)
  })

  it('that comes before another one tells whose payment is over now, and holds it for staff until it is taken back', async () => {
    const { customer, contract } = await scene([45_600])
    const { token } = await sentLink(customer, contract)
    const byLink = await beginOf(token)
    const form = { ...formOf({ [contract.invoiceIds[0]!]: 55_600 }), toldBeingPaid: true }
    const begun = await beginAttempt(customer, contract, form, now)
    if (!begun.ok) throw new Error(begun.code)
    const byAccount = await attemptOf(db, begun.value.id)
    await capture(byAccount)
    const held = async () => {
      const rows = await db
        .select({ kind: paymentExceptions.kind, resolvedAt: paymentExceptions.resolvedAt })
        .from(paymentExceptions)
        .where(inArray(paymentExceptions.attemptId, [byAccount.id, byLink.id]))
      return rows.map(({ kind, resolvedAt }) => `${kind} ${resolvedAt ? 'explained' : 'open'}`)
    }
    expect(await held()).toEqual([])
    // By its number it comes first on that day.
    await capture(byLink, seconds(90))
    await capture(byLink, seconds(120))
    expect(await held()).toEqual(['paid_twice open'])
    const told = await mailsOf(
      and(eq(messages.accountId, customer.id), eq(messages.kind, 'payment-surplus'))!,
    )
    expect(told).toMatchObject([{ text: expect.stringContaining(byAccount.number) }])
    const { notices } = await listNotices(customer, { archived: false, page: 1 }, now)
    const over = notices.find(({ kind }) => kind === 'payment-surplus')!
    expect(noticeText('en', over)).toMatchObject({
      title: expect.stringMatching(/^Paid twice: 556/),
      href: `/payments/${byAccount.id}`,
    })
    await db.transaction(async tx => {
      await tx.execute(sql`delete from payment_allocations where contract_id = ${contract.id}`)
      await tx.execute(sql`update payments set reversed_on = '2024-01-21' where attempt_id = ${byLink.id}`)
      await replayContract(tx, contract.id)
      await holdPaidTwice(tx, sql`select ${contract.id}::bigint`, seconds(200))
    })
    expect(await held()).toEqual(['paid_twice explained'])
    await checkBooks(db, contract.id)
  })

  it('is one at a time of a link; the same form twice is the same one, however many come at once', async () => {
    const { customer, contract } = await scene()
    const { token } = await sentLink(customer, contract)
    const form = await linkForm(token)
    const same = await Promise.all(Array.from({ length: 5 }, () => beginByLink(token, form, now)))
    const ids = same.map(begun => (begun.ok ? begun.value.id : begun.code))
    expect(new Set(ids).size).toBe(1)
    expect(await beginByLink(token, await linkForm(token), now)).toEqual({ ok: false, code: 'underWay' })
    const attempt = await attemptOf(db, ids[0]!)
    await capture(attempt)
    expect(await beginByLink(token, form, seconds(90))).toMatchObject({ ok: true, value: { id: attempt.id } })
    expect(await beginByLink(token, await linkForm(token), seconds(90))).toEqual({
      ok: false,
      code: 'alreadyPaid',
    })
  })

  it('of two links at once leaves the second to choose', async () => {
    const { customer, contract } = await scene([45_600])
    const links = [await sentLink(customer, contract), await sentLink(customer, contract)]
    const forms = await Promise.all(links.map(({ token }) => linkForm(token)))
    const begun = await Promise.all(links.map(({ token }, index) => beginByLink(token, forms[index]!, now)))
    expect(begun.map(one => (one.ok ? 'ok' : one.code)).sort()).toEqual(['beingPaid', 'ok'])
  })

  it('goes on where the link is withdrawn or the invoice cancelled while its payer is at the bank', async () => {
    const { customer, contract } = await scene([45_600])
    const { id, token } = await sentLink(customer, contract)
    const attempt = await beginOf(token)
    expect(await listSentLinks(customer, now)).toMatchObject([{ state: 'beingPaid', canBeWithdrawn: true }])
    await withdrawPayLink(customer, id, seconds(10))
    expect(await listSentLinks(customer, now)).toMatchObject([{ state: 'beingPaid', canBeWithdrawn: false }])
    await db.update(invoices).set({ cancelledOn: '2024-01-20' }).where(eq(invoices.contractId, contract.id))
    await capture(attempt)
    expect(await attemptOf(db, attempt.id)).toMatchObject({ state: 'captured' })
    expect(await openPayLink(token, seconds(90))).toMatchObject({
      end: 'withdrawn',
      attemptId: attempt.id,
      receipts: [attempt.number],
    })
    expect((await getLinkReceipt(token))!.surplus).toBe(55_600)
    await checkBooks(db, contract.id)
  })

  it('counts when the bank takes the money long after it was given up', async () => {
    const { customer, contract } = await scene([45_600])
    const { token } = await sentLink(customer, contract)
    const attempt = await beginOf(token)
    await receive(db, 'callback', bankAnswer(attempt, 'cancelled'), seconds(10))
    const second = await beginOf(token, seconds(20))
    await capture(attempt, seconds(3600))
    expect(await openPayLink(token, seconds(3600))).toMatchObject({ attemptId: attempt.id })
    await capture(second, seconds(3700))
    expect((await openPayLink(token, seconds(3700)))!.receipts).toEqual([attempt.number, second.number])
    await checkBooks(db, contract.id)
  })
})

describe('a bill looked for without an account', () => {
  const nothing = { ok: false, code: 'nothingToPay' }

  it('is found by its number or its reference in any spelling of capitals, and makes a link of the guest’s own', async () => {
    const { contract } = await scene([45_600])
    const [invoiceId] = contract.invoiceIds as [number]
    await db.update(invoices).set({ paymentReference: 'RF18-ABC' }).where(eq(invoices.id, invoiceId))
    const { contractCode } = contract
    for (const invoiceNumber of [await numberOf(invoiceId), 'rf18-abc']) {
      const found = await findToPay({ biller: 'oshee', contractCode, invoiceNumber }, 'sr', now)
      if (!found.ok) throw new Error(found.code)
      expect(await openPayLink(found.value.token, now)).toMatchObject({
        isSent: false,
        end: null,
        invoices: [{ id: invoiceId }],
      })
    }
  })

  it('has one answer for what is unknown, wrong, another’s, paid or cancelled', async () => {
    const { customer, contract } = await scene()
    const other = await scene()
    const [first, second] = contract.invoiceIds as [number, number]
    const look = (contractCode: string, invoiceNumber: string) =>
      findToPay({ biller: 'oshee', contractCode, invoiceNumber }, 'en', now)
    await capture(await begin(db, customer, contract, now, [first]))
    await db.update(invoices).set({ cancelledOn: '2024-01-20' }).where(eq(invoices.id, second))
    expect(await look(contract.contractCode, await numberOf(first))).toEqual(nothing)
    expect(await look(contract.contractCode, await numberOf(second))).toEqual(nothing)
    expect(await look(contract.contractCode, 'NONE')).toEqual(nothing)
    expect(await look('ZZ9999999', await numberOf(first))).toEqual(nothing)
    const foreign = await numberOf(other.contract.invoiceIds[0]!)
    expect(await look(contract.contractCode, foreign)).toEqual(nothing)
    expect(await db.$count(payLinks, eq(payLinks.contractId, contract.id))).toBe(0)
  })

  it('is limited for an address and a contract, for an address, and for a contract whoever asks', async () => {
    const { contract } = await scene()
    const look = (address: string, contractCode: string, invoiceNumber = 'NONE') =>
      from(address, () => findToPay({ biller: 'oshee', contractCode, invoiceNumber }, 'en', now))
    const { LIMIT_BILLS_PER_ADDRESS_AND_CONTRACT: few, LIMIT_BILLS_PER_ADDRESS: many } = env()
    const code = contract.contractCode
    for (let n = 0; n < few; n += 1) expect(await look('192.0.2.1', code)).toEqual(nothing)
    const right = await numberOf(contract.invoiceIds[0]!)
    expect(await look('192.0.2.1', code, right)).toMatchObject({ code: 'wait' })
    expect(await look('192.0.2.2', code, right)).toMatchObject({ ok: true })
    for (let n = 0; n < many - few; n += 1) await look('192.0.2.1', `ZZ${n}`)
    expect(await look('192.0.2.1', 'ZZ-other')).toMatchObject({ code: 'wait' })
    const { LIMIT_BILLS_PER_CONTRACT: all } = env()
    for (let n = few + 1; n < all; n += 1) await look(`198.51.100.${n}`, code)
    expect(await look('203.0.113.9', code, right)).toMatchObject({ code: 'wait' })
  })

  it('says so where the database is out, and never that there is nothing', async () => {
    const { contract } = await scene()
    await db.execute(sql`alter table pay_links rename to pay_links_away`)
    const invoiceNumber = await numberOf(contract.invoiceIds[0]!)
    const { contractCode } = contract
    await expect(findToPay({ biller: 'oshee', contractCode, invoiceNumber }, 'en', now)).rejects.toThrow()
    await db.execute(sql`alter table pay_links_away rename to pay_links`)
  })

  it('is begun to be paid so many times a day without being paid, whatever links come of it', async () => {
    const { customer, contract } = await scene([45_600])
    const { contractCode } = contract
    const invoiceNumber = await numberOf(contract.invoiceIds[0]!)
    const beginAnew = async (at: Date) => {
      const found = await from(`192.0.2.${100 + at.getUTCMinutes()}`, () =>
        findToPay({ biller: 'oshee', contractCode, invoiceNumber }, 'en', at),
      )
      if (!found.ok) throw new Error(found.code)
      return beginByLink(found.value.token, await linkForm(found.value.token, at), at)
    }
    const most = env().LIMIT_GUEST_PAYMENTS_PER_CONTRACT
    for (let n = 0; n < most; n += 1) expect(await beginAnew(seconds(60 * n))).toMatchObject({ ok: true })
    const refused = await beginAnew(seconds(60 * most))
    expect(refused).toEqual({ ok: false, code: 'wait', seconds: 86_400 - 60 * most })
    // Its customers, and whom they send a link, are kept from nothing.
    const sent = await sentLink(customer, contract)
    expect(await beginByLink(sent.token, await linkForm(sent.token), seconds(60 * most))).toMatchObject({
      ok: true,
    })
    expect(await beginAnew(seconds(86_401))).toMatchObject({ ok: true })
  })

  it('is paid as often as there are bills: what was paid does not count', async () => {
    const most = env().LIMIT_GUEST_PAYMENTS_PER_CONTRACT
    const { contract } = await scene(Array.from({ length: most + 1 }, () => 500))
    for (const [index, id] of contract.invoiceIds.entries()) {
      const found = await findToPay(
        { biller: 'oshee', contractCode: contract.contractCode, invoiceNumber: await numberOf(id) },
        'en',
        now,
      )
      if (!found.ok) throw new Error(found.code)
      await capture(await beginOf(found.value.token), seconds(60 + index))
    }
  })

  it('proves nothing, and opens nothing of the contract to anybody', async () => {
    const { contract } = await scene([45_600])
    const stranger = await makeAccount(db)
    const { contractCode } = contract
    const invoiceNumber = await numberOf(contract.invoiceIds[0]!)
    const found = await findToPay({ biller: 'oshee', contractCode, invoiceNumber }, 'en', now)
    if (!found.ok) throw new Error(found.code)
    await capture(await beginOf(found.value.token))
    expect(await db.$count(contractAccess, eq(contractAccess.accountId, stranger.id))).toBe(0)
    expect(await getPayableContract(stranger, 'oshee', contractCode, now)).toBeNull()
  })
})

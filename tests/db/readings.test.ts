// Readings that customers send: who may, once a day, beside which bill, and how the biller gets them.
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { eq, inArray, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { GET } from '../../app/api/feed/readings/route.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { invoices } from '../../db/schema/billing.ts'
import { caseDrafts } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts, readings } from '../../db/schema/contracts.ts'
import { customerReadings } from '../../db/schema/customer-readings.ts'
import { documents } from '../../db/schema/files.ts'
import { closeAccount } from '../../lib/accounts/closing.ts'
import { getComparison } from '../../lib/billing/compare-queries.ts'
import { getInvoice } from '../../lib/billing/queries.ts'
import { listReadingsOfDay } from '../../lib/feed/readings-export.ts'
import { makeToken } from '../../lib/feed/tokens.ts'
import {
  keepWithDraft,
  listClaimable,
  releaseDraftDocuments,
  removeUnused,
  storeUploads,
} from '../../lib/files/commands.ts'
import { clock } from '../../lib/platform/clock.ts'
import { dayIn } from '../../lib/platform/dates.ts'
import { env } from '../../lib/platform/env.ts'
import { detachReadings, sendReading, withdrawReading } from '../../lib/readings/commands.ts'
import { getOwnPhoto, getPhotoForStaff } from '../../lib/readings/photos.ts'
import { getReadable, listSentReadings } from '../../lib/readings/queries.ts'
import { forgetReadings } from '../../lib/readings/retention.ts'
import { testDatabase } from '../support/database.ts'
import { tokenOf } from '../support/feed-uploads.ts'
import { giveAccess, makeAccount, makeContract, makeStaff } from '../support/people.ts'

const db = await testDatabase()
const now = new Date('2026-11-27T10:00:00Z')
const TODAY = '2026-11-27'
const day = (days: number) => new Date(now.getTime() + days * 86_400_000)

/** A bill of OSHEE's of a month, that ends at the reading. */
async function bill(contractId: number, period: string, periodTo: string, reading: number, more = {}) {
  const [made] = await db
    .insert(invoices)
    .values({
      ...{ billerId: 1, contractId, number: `${contractId}-${period}`, period, periodFrom: period, periodTo },
      ...{ issuedOn: periodTo, dueOn: '2027-01-31', previousReading: String(reading - 300) },
      ...{ currentReading: String(reading), readingKind: 'read', units: '300' },
      ...{ principal: 30_000, tvTax: 10_000, total: 40_000, ...more },
    })
    .returning({ id: invoices.id })
  return made!.id
}

async function scene(contract: Partial<typeof contracts.$inferInsert> = {}) {
  const holder = await makeAccount(db)
  const made = await makeContract(db, {
    holder,
    billerId: 1,
    meterNumber: 'M-77',
    meterRemote: false,
    ...contract,
  })
  await giveAccess(db, holder, made)
  const invoice = await bill(made.id, '2026-10-01', '2026-10-31', 18_553)
  return { holder, contract: made, of: { biller: 'oshee', code: made.code }, invoice }
}

const photo = { name: 'matesi.jpg', type: 'image/jpeg' as const, bytes: new Uint8Array([1]), scan: null }

const typed = (currentReading: string, more = {}) => ({
  ...{ currentReading, lowReading: undefined, confirmReading: false, meterNumber: undefined, ...more },
})

describe('sending', () => {
  it('keeps what was read, of which day, by whom, and tells it beside the next bill', async () => {
    const { holder, contract, of, invoice } = await scene()
    expect(await sendReading(holder, of, typed('18700'), [], now)).toMatchObject({ ok: true })
    expect(await listSentReadings(holder, contract.id)).toMatchObject([
      { readOn: TODAY, high: '18700.000', state: 'sent', isOwn: true, beside: null },
    ])
    const november = await bill(contract.id, '2026-11-01', '2026-11-30', 18_720)
    await bill(contract.id, '2026-12-01', '2026-12-31', 19_000)
    expect(await listSentReadings(holder, contract.id)).toMatchObject([
      { beside: { id: november, period: '2026-11-01', currentReading: '18720.000' } },
    ])
    expect(await getInvoice(holder, november, now)).toMatchObject({
      sentReading: { readOn: TODAY, high: '18700.000', low: null },
    })
    expect(await getInvoice(holder, invoice, now)).toMatchObject({ sentReading: null })
    expect(await db.$count(auditEvents, eq(auditEvents.subject, `contract:${contract.id}`))).toBe(1)
  })

  it('one a day and contract of each account, also at once', async () => {
    const { holder, contract, of } = await scene()
    const both = await Promise.all([
      sendReading(holder, of, typed('18700'), [], now),
      sendReading(holder, of, typed('18701'), [], now),
    ])
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(both.find(({ ok }) => !ok)).toEqual({ ok: false, code: 'readingSentToday' })
    expect(await sendReading(holder, of, typed('99999'), [], now)).toEqual({
      ok: false,
      code: 'readingSentToday',
    })
    expect(await listSentReadings(holder, contract.id)).toHaveLength(1)
    expect(await sendReading(holder, of, typed('18710'), [], day(1))).toMatchObject({ ok: true })
  })

  it('is not kept from the holder by what others sent, who are named as such, and the holder’s stands beside the bill', async () => {
    const { holder, contract, of } = await scene()
    const other = await makeAccount(db)
    await giveAccess(db, other, contract, { level: 'masked' })
    const wrong = typed('99999', { confirmReading: true })
    for (const at of [now, day(1)])
      expect(await sendReading(other, of, wrong, [], at)).toMatchObject({ ok: true })
    expect(await sendReading(holder, of, typed('18700'), [], now)).toMatchObject({ ok: true })
    const november = await bill(contract.id, '2026-11-01', '2026-11-30', 18_720)
    for (const who of [holder, other])
      expect(await getInvoice(who, november, now)).toMatchObject({ sentReading: { high: '18700.000' } })
    const token = await tokenOf('oshee', now)
    const found = await listReadingsOfDay(token, { day: TODAY, after: null }, now)
    const lines = (await text(Readable.from(found!.lines))).split('\r\n')
    expect(lines[0]).toContain(',sent_at,sent_by,')
    expect(lines.filter(line => line.includes(contract.code))).toEqual([
      expect.stringContaining(',other,A1,99999,'),
      expect.stringContaining(',holder,A1,18700,'),
    ])
  })

  it('is compared with what the biller read, never with what was sent or estimated', async () => {
    const { holder, contract, of } = await scene()
    await bill(contract.id, '2026-11-01', '2026-11-20', 18_900, { readingKind: 'estimated' })
    expect(await sendReading(holder, of, typed('18500'), [], now)).toEqual({
      ok: false,
      code: 'readingBelow',
    })
    expect(await sendReading(holder, of, typed('90000'), [], now)).toEqual({
      ...{ ok: false, code: 'readingUnusual' },
    })
    const confirmed = { confirmReading: true }
    expect(await sendReading(holder, of, typed('90000', confirmed), [], now)).toMatchObject({ ok: true })
    expect(
      await db.select().from(customerReadings).where(eq(customerReadings.contractId, contract.id)),
    ).toMatchObject([{ isUnusual: true }])
    // The wrong one is the base of nothing.
    expect(await sendReading(holder, of, typed('18800'), [], day(1))).toMatchObject({ ok: true })
  })

  it('a new meter’s by its number, but from the holder alone: others could find out the one on record', async () => {
    const { holder, contract, of } = await scene()
    const other = await makeAccount(db)
    await giveAccess(db, other, contract, { level: 'masked' })
    for (const meterNumber of ['M-77', 'N-1'])
      expect(await sendReading(other, of, typed('12', { meterNumber }), [], now)).toEqual({
        // They are not told to add a number, which would count for nothing.
        ...{ ok: false, code: 'readingBelowOther' },
      })
    expect((await getReadable(other, 'oshee', contract.code, now))!.shownMeter).toBe('**')
    expect(await sendReading(holder, of, typed('12', { meterNumber: 'N-1' }), [], now)).toMatchObject({
      ok: true,
    })
  })

  it('is only for whoever sees the invoices, in their own time, of a meter that is read on site', async () => {
    const { holder, contract, of } = await scene()
    const guest = await makeAccount(db)
    await giveAccess(db, guest, contract)
    const stranger = await makeAccount(db)
    for (const who of [guest, stranger]) {
      expect(await sendReading(who, of, typed('18700'), [], now)).toEqual({ ok: false, code: 'notFound' })
      expect(await getReadable(who, 'oshee', contract.code, now)).toBeUndefined()
      expect(await listSentReadings(who, contract.id)).toEqual([])
    }
    // Of two registers there must be two.
    expect(await sendReading(holder, of, typed('18700', { lowReading: '1' }), [], now)).toMatchObject({
      ok: false,
    })
    await db.update(contracts).set({ meterRemote: true }).where(eq(contracts.id, contract.id))
    expect(await sendReading(holder, of, typed('18700'), [], now)).toEqual({ ok: false, code: 'notFound' })
    await db.update(contracts).set({ meterRemote: false }).where(eq(contracts.id, contract.id))
    await db
      .update(contractAccess)
      .set({ untilOn: '2026-11-20', handoverAt: new Date('2026-11-20T23:00:00Z') })
      .where(eq(contractAccess.accountId, holder.id))
    expect(await sendReading(holder, of, typed('18700'), [], now)).toEqual({ ok: false, code: 'notFound' })
  })

  it('of two registers each by its name', async () => {
    const holder = await makeAccount(db)
    const contract = await makeContract(db, { holder, billerId: 2, meterNumber: 'K1', tariffGroup: '4/02' })
    await giveAccess(db, holder, contract)
    const at = (register: 'A1' | 'A2', value: string) => ({
      ...{ billerId: 2, contractId: contract.id, meterNumber: 'K1', register, value, readAt: day(-20) },
    })
    await db.insert(readings).values([at('A1', '9120.4'), at('A2', '6012.9')])
    const of = { biller: 'kesco', code: contract.code }
    expect(await sendReading(holder, of, typed('9200'), [], now)).toEqual({ ok: false, code: 'notFound' })
    expect(await sendReading(holder, of, typed('9200', { lowReading: '6012' }), [], now)).toEqual({
      ...{ ok: false, code: 'readingBelow' },
    })
    expect(await sendReading(holder, of, typed('9200', { lowReading: '6050.5' }), [], now)).toMatchObject({
      ok: true,
    })
    const token = await tokenOf('kesco', now)
    const found = await listReadingsOfDay(token, { day: TODAY, after: null }, now)
    const lines = (await text(Readable.from(found!.lines))).split('\r\n')
    expect(lines[1]).toMatch(/^\d+\.1,DPR-\d+,K1,2026-11-27,2026-11-27T10:00:00.000Z,holder,A1,9200,false,$/)
    expect(lines[2]).toMatch(/^\d+\.2,DPR-\d+,K1,2026-11-27,.*,holder,A2,6050\.5,false,$/)
  })
})

describe('handing over', () => {
  it('until the biller fetches its day it can be withdrawn, and the day stays as it is from then on', async () => {
    const { holder, of, contract } = await scene()
    const one = await sendReading(holder, of, typed('18700'), [], day(-10))
    const token = await tokenOf('oshee', now)
    const fetch = async (at: Date, after: string | null = null) => {
      const found = await listReadingsOfDay(token, { day: '2026-11-17', after }, at)
      return { isOver: found?.isOver, lines: found && (await text(Readable.from(found.lines))) }
    }
    if (!one.ok) throw new Error(one.code)
    // A day that is not over is looked at, and nothing is handed over.
    expect(await fetch(day(-10))).toMatchObject({
      isOver: false,
      lines: expect.stringContaining(',A1,18700,'),
    })
    // Who sent in its last second has time to.
    expect(await fetch(new Date('2026-11-17T23:05:00Z'))).toMatchObject({ isOver: false })
    const stranger = await makeAccount(db)
    expect(await withdrawReading(stranger, one.value, now)).toEqual({ ok: false, code: 'notFound' })
    expect(await withdrawReading(holder, one.value, now)).toMatchObject({ ok: true })
    expect(await withdrawReading(holder, one.value, now)).toEqual({ ok: false, code: 'notFound' })
    const again = await sendReading(holder, of, typed('18710'), [], day(-10))
    if (!again.ok) throw new Error(again.code)
    const first = await fetch(now)
    expect(first).toMatchObject({ isOver: true })
    expect(first.lines).not.toContain('18700')
    expect(await withdrawReading(holder, again.value, now)).toEqual({ ok: true, value: 'tooLate' })
    expect(await fetch(day(3))).toEqual(first)
    const cursor = first.lines!.split('\r\n')[1]!.split(',')[0]!
    expect(await fetch(now, cursor)).toMatchObject({ lines: '' })
    expect(await listSentReadings(holder, contract.id)).toMatchObject([
      { state: 'handedOver' },
      { state: 'withdrawn' },
    ])
    for (const wrong of ['2026-11-28', '17.11.2026', null])
      expect(await listReadingsOfDay(token, { day: wrong, after: null }, now)).toBeUndefined()
  })

  it('leaves out what came from whom the holder shut out since, also after their account is closed', async () => {
    const { holder, contract, of } = await scene()
    const token = await tokenOf('oshee', now)
    const senders = await Promise.all(
      (['refused', 'limited', 'closed', 'approved'] as const).map(async (decision, index) => {
        const who = await makeAccount(db)
        await giveAccess(db, who, contract, { level: 'masked' })
        const stored = await storeUploads([photo], who.id, now)
        const ids = stored.ok ? stored.value : []
        const sent = await sendReading(who, of, typed(`1870${index}`), ids, day(-8))
        expect(sent).toMatchObject({ ok: true })
        const holderDecision = decision === 'closed' ? 'refused' : decision
        await db.update(contractAccess).set({ holderDecision }).where(eq(contractAccess.accountId, who.id))
        if (decision === 'closed') await db.transaction(tx => detachReadings(tx, who.id))
        return ids
      }),
    )
    // Before the biller asks for that day they are their senders' alone.
    expect(await listSentReadings(holder, contract.id)).toMatchObject([{ high: '18703.000' }])
    const staff = await makeStaff(db, 'agent', [1])
    expect(await getPhotoForStaff(staff, senders[0]![0]!, now)).toBeUndefined()
    expect(await getPhotoForStaff(staff, senders[3]![0]!, now)).toBeDefined()
    const fetch = async (at: Date) => {
      const found = await listReadingsOfDay(token, { day: '2026-11-19', after: null }, at)
      const lines = (await text(Readable.from(found!.lines))).split('\r\n')
      return lines.filter(line => line.includes(of.code))
    }
    const approved = [expect.stringContaining(',other,A1,18703,')]
    expect(await fetch(day(-8))).toEqual(approved)
    expect(await fetch(now)).toEqual(approved)
    // Allowed again, they do not come to a day that was handed over.
    await db
      .update(contractAccess)
      .set({ holderDecision: null })
      .where(eq(contractAccess.contractId, contract.id))
    expect(await fetch(now)).toEqual(approved)
    expect(await listSentReadings(holder, contract.id)).toHaveLength(1)
    await removeUnused(senders.flat())
    expect(await db.$count(documents, inArray(documents.id, senders[0]!.concat(senders[1]!)))).toBe(0)
  })

  it('is by reading the day: not by HEAD, nor from beyond its end', async () => {
    const { holder, of } = await scene()
    const at = new Date(clock.now().getTime() - 5 * 86_400_000)
    const sent = await sendReading(holder, of, typed('18700', { confirmReading: true }), [], at)
    const id = sent.ok ? sent.value : 0
    const { token } = await makeToken('oshee', now)
    const ask = async (method: string, after = '') => {
      const url = `http://portal.test/api/feed/readings?day=${dayIn('Europe/Tirane', at)}${after}`
      const headers = { authorization: `Bearer ${token}` }
      const answer = await GET(new Request(url, { method, headers }))
      await answer.body?.cancel()
      expect([answer.status, answer.headers.get('Day-Complete')]).toEqual([200, 'yes'])
      const [row] = await db.select().from(customerReadings).where(eq(customerReadings.id, id))
      return row!.handedOverAt !== null
    }
    expect(await ask('HEAD')).toBe(false)
    expect(await ask('GET', '&after=999999999999.1')).toBe(false)
    expect(await ask('GET', `&after=${id}.1`)).toBe(true)
  })

  it('withdrawing and fetching at once: either is true, never both', async () => {
    const { holder, of } = await scene()
    const sent = await sendReading(holder, of, typed('18700'), [], day(-12))
    const token = await tokenOf('oshee', now)
    const fetch = async () =>
      text(Readable.from((await listReadingsOfDay(token, { day: '2026-11-15', after: null }, now))!.lines))
    const [withdrawn, lines] = await Promise.all([
      withdrawReading(holder, sent.ok ? sent.value : 0, now),
      fetch(),
    ])
    expect(await fetch()).toBe(lines)
    expect(lines.includes(of.code)).toBe(withdrawn.ok && withdrawn.value === 'tooLate')
  })
})

describe('photos', () => {
  it('of a draft are the reading’s alone from then on', async () => {
    const { holder, contract, of } = await scene()
    const stored = await storeUploads([photo], holder.id, now)
    const ids = stored.ok ? stored.value : []
    const draft = { accountId: holder.id, contractId: contract.id, kind: 'F4', typed: {}, savedAt: now }
    const [kept] = await db.insert(caseDrafts).values(draft).returning({ id: caseDrafts.id })
    await db.transaction(tx => keepWithDraft(tx, ids, kept!.id))
    expect(await sendReading(holder, of, typed('18700'), ids, now)).toMatchObject({ ok: true })
    await db.transaction(tx => releaseDraftDocuments(tx, [kept!.id]))
    await removeUnused(ids)
    expect(await getOwnPhoto(holder, ids[0]!)).toMatchObject({ name: 'matesi.jpg' })
  })

  it('are the sender’s and staff’s of the biller, go with a withdrawn reading, and are used once', async () => {
    const { holder, of, contract } = await scene()
    const stored = await storeUploads([photo], holder.id, now)
    const ids = stored.ok ? stored.value : []
    const sent = await sendReading(holder, of, typed('18700'), ids, now)
    expect(sent).toMatchObject({ ok: true })
    await removeUnused(ids)
    expect(await listClaimable(ids, holder.id, now)).toEqual([])
    expect(await getOwnPhoto(holder, ids[0]!)).toMatchObject({ name: 'matesi.jpg' })
    expect(await getOwnPhoto(await makeAccount(db), ids[0]!)).toBeUndefined()
    const [staff, others] = [await makeStaff(db, 'agent', [1]), await makeStaff(db, 'agent', [2])]
    expect(await getPhotoForStaff(staff, ids[0]!, now)).toMatchObject({ name: 'matesi.jpg' })
    expect(await getPhotoForStaff(others, ids[0]!, now)).toBeUndefined()
    const token = await tokenOf('oshee', now)
    const found = await listReadingsOfDay(token, { day: TODAY, after: null }, now)
    expect(await text(Readable.from(found!.lines))).toContain(`${env().APP_URL}/documents/${ids[0]}`)
    // It is not taken off a reading by another one.
    const again = await sendReading(holder, of, typed('18710'), ids, day(1))
    expect(again).toEqual({ ok: false, code: 'documentsGone' })
    expect(await listSentReadings(holder, contract.id)).toMatchObject([{ photos: [{ name: 'matesi.jpg' }] }])
    await withdrawReading(holder, sent.ok ? sent.value : 0, now)
    await removeUnused(ids)
    expect(await db.select().from(documents).where(eq(documents.id, ids[0]!))).toEqual([])
  })
})

it('is forgotten after a while, and names nobody once the account is closed', async () => {
  const { holder, of } = await scene()
  const stored = await storeUploads([photo], holder.id, now)
  const photos = stored.ok ? stored.value : []
  const kept = await sendReading(holder, of, typed('18700'), photos, now)
  const gone = await sendReading(holder, of, typed('18710'), [], day(1))
  await withdrawReading(holder, gone.ok ? gone.value : 0, day(1))
  await db.transaction(tx => detachReadings(tx, holder.id))
  const rows = () =>
    db
      .select()
      .from(customerReadings)
      .where(sql`${customerReadings.id} in (${kept.ok ? kept.value : 0}, ${gone.ok ? gone.value : 0})`)
  expect(await rows()).toMatchObject([{ accountId: null }])
  await forgetReadings(db, day(env().READING_DAYS - 1))
  expect(await rows()).toHaveLength(1)
  await forgetReadings(db, day(env().READING_DAYS + 1))
  expect(await rows()).toEqual([])
  await removeUnused(photos)
  expect(await db.$count(documents, inArray(documents.id, photos))).toBe(0)
})

it('is not sent while the account is closed at the same moment', async () => {
  const { holder, of } = await scene()
  let sent: ReturnType<typeof sendReading> | undefined
  await db.transaction(async tx => {
    await tx.select().from(accounts).where(eq(accounts.id, holder.id)).for('update')
    sent = sendReading(holder, of, typed('18700'), [], now)
    await expect
      .poll(async () => {
        const waiting = await db.execute(sql`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`)
        return waiting.rowCount
      })
      .toBe(1)
    await closeAccount(tx, holder.id, 'own-request', now)
  })
  expect(await sent).toEqual({ ok: false, code: 'notFound' })
})

describe('comparing two bills', () => {
  it('is of one contract, in the reader’s own time, and for whoever sees invoices', async () => {
    const { holder, contract, invoice } = await scene()
    const september = await bill(contract.id, '2026-09-01', '2026-09-30', 18_253, {
      total: 30_000,
      principal: 20_000,
    })
    const august = await bill(contract.id, '2026-08-01', '2026-08-31', 18_100)
    const other = await scene()
    const find = (who: { id: string }, id: number, to?: number) => getComparison(who, id, to, now)
    expect(await find(holder, invoice, september)).toMatchObject({
      bill: { id: invoice, total: 40_000, lines: [] },
      before: { id: september, total: 30_000 },
      all: [{ id: invoice }, { id: september }, { id: august }],
    })
    // Without another one named, the one before it.
    expect(await find(holder, invoice)).toMatchObject({ before: undefined, suggested: september })
    expect(await find(holder, september)).toMatchObject({ suggested: august })
    // Of the oldest, the one after it.
    expect(await find(holder, august)).toMatchObject({ suggested: september })
    expect(await find(holder, invoice, other.invoice)).toBeNull()
    expect(await find(holder, other.invoice, invoice)).toBeNull()
    expect(await find(other.holder, invoice, september)).toBeNull()
    const guest = await makeAccount(db)
    await giveAccess(db, guest, contract)
    expect(await find(guest, invoice, september)).toBeNull()
    await db
      .update(contractAccess)
      .set({ level: 'masked', fromOn: '2026-09-30' })
      .where(eq(contractAccess.accountId, guest.id))
    expect(await find(guest, invoice, september)).toBeNull()
    expect(await find(guest, invoice)).toMatchObject({
      contract: { level: 'masked' },
      all: [{ id: invoice }],
    })
  })
})

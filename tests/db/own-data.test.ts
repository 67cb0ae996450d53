// A copy of one's own data: complete, its owner's alone, once; and the access log.
import { eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { knownDevices } from '../../db/schema/accounts.ts'
import { staffMembers } from '../../db/schema/auth.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { messages } from '../../db/schema/notifications.ts'
import { ownDataExportParts, ownDataExports } from '../../db/schema/own-data.ts'
import { refunds } from '../../db/schema/refunds.ts'
import { callNotes, staffLooks } from '../../db/schema/staff-looks.ts'
import { closeAccount } from '../../lib/accounts/closing.ts'
import { issueCode } from '../../lib/auth/one-time-codes.ts'
import { beginSession } from '../../lib/auth/sessions.ts'
import { addContractAccess } from '../../lib/contracts/commands.ts'
import { decideAccess } from '../../lib/contracts/decisions.ts'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { openMessage } from '../../lib/notifications/outbox.ts'
import {
  LOG_PAGE,
  type LogPlace,
  listAccessLog,
  logPlaceText,
  parseLogPlace,
  sentenceKey,
} from '../../lib/own-data/access-log.ts'
import {
  eraseOldExports,
  getOwnData,
  makeExport,
  requestExport,
  takeExport,
} from '../../lib/own-data/copy.ts'
import { sections } from '../../lib/own-data/sections.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import { recordEvent } from '../../lib/platform/audit.ts'
import { applyForHousehold } from '../support/applications.ts'
import { receive } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import { attemptOf, bankAnswer, begin, formOf, makePayable } from '../support/payments.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices, makeStaff } from '../support/people.ts'
import { makeCaptured } from '../support/refunds.ts'
import { signingFile } from '../support/signing.ts'
import { makeDisconnection } from '../support/supply.ts'

process.env.CERTIFICATE_KEY_FILE = signingFile('current')
process.env.CERTIFICATE_CHAIN_FILE = signingFile('current')
const db = await testDatabase()
const now = new Date()
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000)

async function ask(account: { id: string }): Promise<string> {
  await requestExport(account, now)
  const [row] = await db.select().from(ownDataExports).where(eq(ownDataExports.accountId, account.id))
  return row!.id
}

async function make(account: { id: string }): Promise<string> {
  const exportId = await ask(account)
  await makeExport({ exportId }, { database: db })
  return exportId
}

async function fetchCopy(account: { id: string }) {
  const stream = await takeExport(account, await make(account), now)
  return JSON.parse(await new Response(stream).text())
}

describe('a copy', () => {
  it('takes up every table with a column account_id', async () => {
    const { rows } = await db.execute<{ table_name: string }>(
      sql`select table_name from information_schema.columns where column_name = 'account_id' and table_schema = 'public'`,
    )
    expect(rows.map(row => row.table_name).sort()).toEqual(sections.flatMap(({ covers }) => covers).sort())
  })

  it('holds what the person has, with its format and version', async () => {
    const account = await makeAccount(db)
    const contract = await makeContract(db, { holder: account })
    await giveAccess(db, account, contract, { alias: 'Shtëpia' })
    await beginSession(db, account.id, { userAgent: 'Firefox', address: '192.0.2.7' }, now)
    await db.insert(knownDevices).values({ accountId: account.id, deviceHash: 'hash-of-device' })
    await issueCode(db, 'email-code', { accountId: account.id, about: 'new@example.com' }, now)
    await makeInvoices(db, contract, [{ number: `K-${contract.code}`, principal: 1234 }])
    const copy = await fetchCopy(account)
    expect(copy).toMatchObject({
      format: 'drita-own-data',
      version: 2,
      account: { personalNumber: account.personalNumber, email: account.email, phone: account.phone },
      consents: [{ document: 'terms', version: '2026-11-01' }, {}, {}],
      contracts: [
        { biller: 'kesco', alias: 'Shtëpia', level: 'holder', record: { address: contract.address } },
      ],
      invoices: [{ number: `K-${contract.code}`, principal: 1234, currency: 'EUR', lines: [] }],
      sessions: [{ userAgent: 'Firefox', address: '192.0.2.7' }],
      devices: [{}],
      codes: [{ purpose: 'email-code', about: 'new@example.com', usedAt: null }],
    })
    expect(copy.events.map((event: { action: string }) => event.action)).toContain('own-data.requested')
    expect(Object.keys(copy)).toEqual(['format', 'version', 'createdAt', ...sections.map(({ name }) => name)])
    expect(JSON.stringify(copy)).not.toMatch(/hash-of|none/)
  })

  it('holds the disconnections of what the person holds alone', async () => {
    const account = await makeAccount(db)
    const [held, others] = [await makeContract(db, { holder: account }), await makeContract(db)]
    for (const contract of [held, others]) {
      await giveAccess(db, account, contract, { level: 'masked' })
      await makeDisconnection(db, contract, { amount: 4412 })
    }
    const { disconnections } = await fetchCopy(account)
    expect(disconnections).toMatchObject([
      { contract: held.code, reason: 'debt', amount: 4412, doneAt: null },
    ])
  })

  it('holds when and why staff looked, and what they noted, of what the person holds alone', async () => {
    const account = await makeAccount(db)
    const staff = await makeStaff(db, 'agent', [2], { firstName: 'Agim' })
    const [held, others] = [await makeContract(db, { holder: account }), await makeContract(db)]
    for (const { id: contractId } of [held, others]) {
      const of = { contractId, staffId: staff.id, at: now }
      await giveAccess(db, account, { id: contractId }, { level: 'masked' })
      await db.insert(callNotes).values({ ...of, channel: 'phone', note: `Of ${contractId}` })
      await db.insert(staffLooks).values({ ...of, billerId: 2, reason: 'phone' })
    }
    const look = { accountId: account.id, staffId: staff.id, billerId: 2, at: new Date(now.getTime() + 1) }
    await db.insert(staffLooks).values({ ...look, reason: 'other', words: 'Lost letter' })
    const copy = await fetchCopy(account)
    expect(copy.callNotes).toMatchObject([{ contract: held.code, channel: 'phone', note: `Of ${held.id}` }])
    expect(copy.staffLooks).toMatchObject([
      { contract: held.code, reason: 'phone', words: null },
      { contract: null, reason: 'other', words: 'Lost letter' },
    ])
    expect(JSON.stringify(copy)).not.toContain('Agim')
  })

  it('holds what certificates say, without their files', async () => {
    const account = await makeAccount(db)
    const contract = await makeContract(db, { holder: account, holderFatherName: 'Agim' })
    await giveAccess(db, account, contract)
    await applyForHousehold(account, contract)
    const copy = await fetchCopy(account)
    expect(copy.certificates).toMatchObject([
      {
        number: expect.stringMatching(/^VD-/),
        kind: 'household',
        biller: 'kesco',
        language: 'sq',
        person: { fatherName: 'Agim', personalNumber: account.personalNumber },
        business: null,
        contracts: [{ code: contract.code, total: 0 }],
        total: { total: 0 },
        revokedAt: null,
      },
    ])
    expect(copy.cases).toMatchObject([{ kind: 'household', state: 'accepted', contract: contract.code }])
    expect(JSON.stringify(copy.certificates)).not.toMatch(/pdf|hash/i)
  })

  it('holds own payments of a contract, and nothing of who holds it', async () => {
    const customer = await makeAccount(db)
    const contract = await makePayable(db, [100_00])
    await db.execute(sql`update contracts set holder_first_name = 'Zotëruesi' where id = ${contract.id}`)
    await giveAccess(db, customer, contract)
    const attempt = await begin(db, customer, contract, new Date('2024-01-20T12:00:00Z'))
    const copy = await fetchCopy(customer)
    expect(copy).toMatchObject({
      contracts: [{ code: contract.contractCode, level: 'amounts', record: null }],
      invoices: [],
      payments: [],
      paymentAttempts: [
        { number: attempt.number, amount: 200_00, invoices: [{ principal: 100_00, tvTax: 100_00 }] },
      ],
    })
    expect(JSON.stringify(copy)).not.toContain('Zotëruesi')
  })

  it('holds the receipt of several contracts, and what was given back of it, in words of the payer’s alone', async () => {
    const [customer, other] = [await makeAccount(db), await makeAccount(db)]
    const [asks, decides] = [await makeStaff(db, 'agent', [2]), await makeStaff(db, 'supervisor', [2])]
    const parts = []
    for (const amount of [6000, 7000]) {
      const contract = await makeContract(db, { billerId: 2 })
      for (const account of [customer, other]) await giveAccess(db, account, contract)
      const [invoice] = await makeInvoices(db, contract, [{ principal: amount - 100, dueOn: '2026-12-20' }])
      parts.push({ contract, amount, invoiceId: invoice!.id })
    }
    const paid = await makeCaptured(db, customer, parts, new Date('2026-11-20T10:00:00Z'))
    const refund = { way: 'card', currency: 'EUR', requestedBy: asks.id, stateChangedAt: now } as const
    const agreed = { decidedBy: decides.id, decidedAt: now }
    const rows = [
      { number: 'R2600000001', paymentId: paid.paymentIds[0]!, amount: 60, state: 'succeeded', ...agreed },
      { number: 'R2600000002', paymentId: paid.paymentIds[1]!, amount: 30, state: 'unknown', ...agreed },
      { number: 'R2600000003', paymentId: paid.paymentIds[0]!, amount: 10, state: 'requested' },
      { number: 'R2600000004', paymentId: paid.paymentIds[0]!, amount: 20, state: 'failed', ...agreed },
    ] as const
    for (const [index, row] of rows.entries())
      await db.insert(refunds).values({
        ...refund,
        ...row,
        requestedAt: new Date(now.getTime() + index),
        idempotencyKey: crypto.randomUUID(),
        reason: 'Note of staff',
        transactionId: row.state === 'succeeded' ? 'R-1' : null,
      })
    const copy = await fetchCopy(customer)
    const [one, two] = parts.map(({ contract }) => contract.code)
    expect(copy.paymentAttempts).toMatchObject([
      {
        contracts: [one, two],
        receipts: [
          { reference: `${paid.number}.1`, receipt: paid.number, contract: one, amount: 6000 },
          { reference: `${paid.number}.2`, receipt: paid.number, contract: two, amount: 7000 },
        ],
      },
    ])
    const common = { biller: 'kesco', receipt: paid.number, way: 'card', currency: 'EUR' }
    expect(copy.refunds).toEqual([
      {
        ...{ ...common, number: 'R2600000001', contract: one, amount: 60, state: 'givenBack' },
        ...{ agreedAt: expect.any(String), givenBackAt: expect.any(String), transactionId: 'R-1' },
      },
      {
        ...{ ...common, number: 'R2600000002', contract: two, amount: 30, state: 'onItsWay' },
        ...{ agreedAt: expect.any(String), givenBackAt: null, transactionId: null },
      },
    ])
    expect(JSON.stringify(copy)).not.toContain('Note of staff')
    expect((await fetchCopy(other)).refunds).toEqual([])
  })

  it('is written in sealed pieces where it is long, and reads as one', async () => {
    const account = await makeAccount(db)
    await db.execute(sql`insert into audit_events (account_id, action, subject)
      select ${account.id}, 'session.begun', 'some:' || n from generate_series(1, 2000) n`)
    const exportId = await make(account)
    const parts = await db.select().from(ownDataExportParts).where(eq(ownDataExportParts.exportId, exportId))
    expect(parts.length).toBeGreaterThan(2)
    for (const part of parts) expect(part.sealed).not.toMatch(/session|some:/)
    const copy = JSON.parse(await new Response(await takeExport(account, exportId, now)).text())
    expect(copy.events).toHaveLength(2001)
  })

  it('is fetched once, however many ask at once, and then erased', async () => {
    const account = await makeAccount(db)
    const exportId = await make(account)
    const taken = await Promise.all([1, 2, 3].map(() => takeExport(account, exportId, now)))
    const [stream, ...more] = taken.filter(Boolean)
    expect(more).toEqual([])
    await new Response(stream).text()
    expect(await takeExport(account, exportId, now)).toBeUndefined()
    expect(await db.select().from(ownDataExports).where(eq(ownDataExports.id, exportId))).toEqual([])
    expect(
      await db.select().from(ownDataExportParts).where(eq(ownDataExportParts.exportId, exportId)),
    ).toEqual([])
  })

  it('is erased where the browser gives up', async () => {
    const account = await makeAccount(db)
    const stream = await takeExport(account, await make(account), now)
    await stream!.cancel()
    expect(await db.select().from(ownDataExports).where(eq(ownDataExports.accountId, account.id))).toEqual([])
  })

  it('is its owner’s alone, and only when it is made and within a day', async () => {
    const account = await makeAccount(db)
    const other = await makeAccount(db)
    const exportId = await ask(account)
    expect(await takeExport(account, exportId, now)).toBeUndefined()
    expect((await getOwnData(account, now)).copy).toMatchObject({ state: 'making' })
    await makeExport({ exportId }, { database: db })
    expect((await getOwnData(account, now)).copy).toMatchObject({ id: exportId, state: 'ready' })
    expect((await getOwnData(other, now)).copy).toBeUndefined()
    expect(await takeExport(other, exportId, now)).toBeUndefined()
    expect(await takeExport(account, exportId, hours(25))).toBeUndefined()
    expect((await getOwnData(account, hours(25))).copy).toBeUndefined()
    await eraseOldExports(db, hours(25))
    expect(await db.select().from(ownDataExports).where(eq(ownDataExports.accountId, account.id))).toEqual([])
  })

  it('replaces the one before, also where two are asked for at once', async () => {
    const account = await makeAccount(db)
    const first = await make(account)
    await Promise.all([requestExport(account, now), requestExport(account, now)])
    expect(await takeExport(account, first, now)).toBeUndefined()
    expect(
      await db.select().from(ownDataExports).where(eq(ownDataExports.accountId, account.id)),
    ).toHaveLength(1)
  })

  it('is told of by e-mail, and a second run of its job changes nothing', async () => {
    const account = await makeAccount(db)
    const exportId = await make(account)
    await makeExport({ exportId }, { database: db })
    const sent = await db.select().from(messages).where(eq(messages.accountId, account.id))
    expect(sent.map(row => row.kind)).toEqual(['own-data-ready'])
    expect(openMessage(sent[0]!.sealed)).toMatchObject({ to: account.email })
  })

  it('is gone with the account', async () => {
    const account = await makeAccount(db)
    const exportId = await make(account)
    await db.transaction(tx => closeAccount(tx, account.id, 'own-request', now))
    expect(await takeExport(account, exportId, now)).toBeUndefined()
    await makeExport({ exportId }, { database: db })
    await requestExport(account, now)
    expect(await db.select().from(ownDataExports).where(eq(ownDataExports.accountId, account.id))).toEqual([])
  })
})

describe('the access log', () => {
  const sentences = async (account: { id: string }) =>
    (await listAccessLog(account, undefined)).entries.map(
      ({ sentence, contract }) => `${sentence}${contract ? ` ${contract.code}` : ''}`,
    )

  it('shows what others do with a contract to its holder, and the holder’s answer to them', async () => {
    const holder = await makeAccount(db)
    const other = await makeAccount(db)
    const stranger = await makeAccount(db)
    const contract = await makeContract(db, { holder })
    await db.transaction(tx => addContractAccess(tx, holder.id, contract.id, null, now))
    await db.transaction(tx => addContractAccess(tx, other.id, contract.id, null, now))
    await db.transaction(tx => addContractAccess(tx, stranger.id, contract.id, null, now))
    await decideAccess(holder, 'kesco', contract.code, other.id, { level: 'approved' }, now)
    const { code } = contract
    expect(await sentences(holder)).toEqual([
      `self.access_approved ${code}`,
      `other.contract_added ${code}`,
      `other.contract_added ${code}`,
      `self.contract_added ${code}`,
    ])
    // Neither sees that the other is there.
    expect(await sentences(other)).toEqual([`other.access_approved ${code}`, `self.contract_added ${code}`])
    expect(await sentences(stranger)).toEqual([`self.contract_added ${code}`])
    const shown = JSON.stringify(await listAccessLog(holder, undefined))
    expect(shown).not.toMatch(new RegExp(`${other.id}|${other.username}|Arta`))
  })

  it('tells of staff, of the bank, and of what it has no sentence for', async () => {
    const account = await makeAccount(db)
    const agent = await makeAccount(db)
    await db.insert(staffMembers).values({ accountId: agent.id, role: 'agent' })
    const subject = `account:${account.id}`
    await recordEvent(db, {
      accountId: agent.id,
      action: 'account.viewed',
      subject,
      address: '192.0.2.1',
      at: now,
    })
    await recordEvent(db, { accountId: agent.id, action: 'something.new', subject, at: now })
    await recordEvent(db, { action: 'something.new', subject, at: now })
    await recordEvent(db, { accountId: account.id, action: 'session.begun', address: '192.0.2.9', at: now })
    const { entries } = await listAccessLog(account, undefined)
    expect(entries.map(entry => entry.sentence)).toEqual([
      'self.session_begun',
      'portal.unknown',
      'staff.unknown',
      'staff.account_viewed',
    ])
    expect(entries.map(entry => entry.address)).toEqual(['192.0.2.9', null, null, null])
  })

  it('shows the course of own payments', async () => {
    const customer = await makeAccount(db)
    const contract = await makePayable(db, [100_00])
    await giveAccess(db, customer, contract)
    await begin(db, customer, contract, new Date('2024-01-20T12:00:00Z'))
    expect(await sentences(customer)).toEqual([`self.payment_pending ${contract.contractCode}`])
  })

  it('tells the holder what another paid, and nothing more of that payment', async () => {
    const [holder, tenant] = [await makeAccount(db), await makeAccount(db)]
    const paid = await makePayable(db, [100_00])
    await db
      .update(contracts)
      .set({
        holderPersonalNumber: holder.personalNumber,
        holderNameFolded: holder.nameFolded,
        phone: holder.phone,
      })
      .where(eq(contracts.id, paid.id))
    await giveAccess(db, holder, paid)
    await giveAccess(db, tenant, paid)
    const then = new Date('2024-01-20T12:00:00Z')
    const attempt = await begin(db, tenant, paid, then)
    await receive(db, 'callback', bankAnswer(attempt, 'captured'), then)
    expect(await sentences(holder)).toEqual([`other.payment_captured ${paid.contractCode}`])
    expect(await sentences(tenant)).toEqual([
      `portal.payment_captured ${paid.contractCode}`,
      `self.payment_pending ${paid.contractCode}`,
    ])
  })

  it('names to the holder their own contract alone of a payment of several', async () => {
    const [holder, tenant] = [await makeAccount(db), await makeAccount(db)]
    const [others, own] = [await makePayable(db, [100_00]), await makePayable(db, [200_00])]
    const { personalNumber: holderPersonalNumber, nameFolded: holderNameFolded, phone } = holder
    await db
      .update(contracts)
      .set({ holderPersonalNumber, holderNameFolded, phone })
      .where(eq(contracts.id, own.id))
    await giveAccess(db, holder, own)
    for (const contract of [others, own]) await giveAccess(db, tenant, contract)
    const then = new Date('2024-01-20T12:00:00Z')
    const form = formOf({ [others.invoiceIds[0]!]: 200_00, [own.invoiceIds[0]!]: 300_00 })
    const begun = await beginAttempt(tenant, { billerCode: 'oshee' }, form, then)
    if (!begun.ok) throw new Error(begun.code)
    await receive(db, 'callback', bankAnswer(await attemptOf(db, begun.value.id), 'captured'), then)
    expect(await sentences(holder)).toEqual([`other.payment_captured ${own.contractCode}`])
    expect(await sentences(tenant)).toEqual([
      `portal.payment_captured ${others.contractCode}`,
      `self.payment_pending ${others.contractCode}`,
    ])
  })

  it('is read in pages that neither repeat nor leave out', async () => {
    const account = await makeAccount(db)
    await db.execute(sql`insert into audit_events (account_id, action)
      select ${account.id}, 'session.begun' from generate_series(1, ${LOG_PAGE * 2})`)
    const first = await listAccessLog(account, undefined)
    const second = await listAccessLog(account, first.older)
    expect([first.entries.length, second.entries.length, second.older]).toEqual([
      LOG_PAGE,
      LOG_PAGE,
      undefined,
    ])
    expect(new Set([...first.entries, ...second.entries].map(entry => entry.id)).size).toBe(LOG_PAGE * 2)
  })

  it('is read through years from month to month, what is older or yet to come too, each event once', async () => {
    const account = await makeAccount(db)
    // The first and the last instant of each month, many of one month, and what no month takes.
    await db.execute(sql`with months as (
        select date_trunc('month', now(), 'UTC') - make_interval(months => n) as at from generate_series(-1, 45) n)
      insert into audit_events (account_id, action, at) select ${account.id}, 'session.begun', at from (
        select at from months union all select at - interval '1 microsecond' from months
        union all select at + n * interval '1 hour' from months, generate_series(1, ${LOG_PAGE}) n where at = date_trunc('month', now(), 'UTC') - interval '5 months'
        union all select unnest(array['2019-05-05', now() + interval '2 years']::timestamptz[])) events order by at`)
    const { rows } = await db.execute<{ id: number }>(
      sql`select id::int from audit_events where account_id = ${account.id} order by id desc`,
    )
    const read: number[] = []
    let place: LogPlace | undefined
    do {
      const { entries, older } = await listAccessLog(account, place)
      read.push(...entries.map(({ id }) => id))
      place = parseLogPlace(older && logPlaceText(older))
    } while (place)
    expect(read).toEqual(rows.map(({ id }) => id))
    for (const typed of [undefined, '17', '2026-13-1', '2026-11-0', '2026-11-1x', ['2026-11-1', '2026-11-2']])
      expect(parseLogPlace(typed)).toBeUndefined()
  })

  it('has a text for every sentence, and a general one for the rest', () => {
    for (const actor of ['self', 'staff', 'other', 'portal'] as const) {
      for (const action of SENTENCES[actor]) {
        expect(sentenceKey(actor, action)).toBe(`${actor}.${action.replace('.', '_')}`)
      }
      expect(sentenceKey(actor, 'unheard.of')).toBe(`${actor}.unknown`)
      expect(catalogue('en').ownData.log[actor].unknown).toBeTruthy()
    }
    expect(sentenceKey('other', 'session.begun')).toBe('other.unknown')
  })
})

/** The actions that have a sentence of their own, those too that only events of before cases have (`business.…`), by who did them. */
const SENTENCES = {
  self: [
    'account.opened',
    'session.begun',
    'password.refused',
    'code.refused',
    'password.changed',
    'password.reset',
    'password.reset-requested',
    'email.changed',
    'email.verified',
    'phone.changed',
    'email.change-undone',
    'phone.change-undone',
    'second-step.on',
    'second-step.off',
    'second-step.codes-renewed',
    'second-step.recovery-code-used',
    'contract.added',
    'contract.removed',
    'contract.restored',
    'contract.proved',
    'holder.proved',
    'contract.refused',
    'proof.refused',
    'access.approved',
    'access.limited',
    'access.refused',
    'payment.pending',
    'payment.cancelled',
    'business.added',
    'business.removed',
    'case.filed',
    'case.withdrawn',
    'own-data.requested',
    'own-data.fetched',
  ],
  staff: [
    'account.viewed',
    'business.viewed',
    'case.viewed',
    'case.accepted',
    'case.rejected',
    'document.viewed',
    'business.granted',
    'business.refused',
    'holder.recognised',
    'holder.withdrawn',
    'account.unlocked',
    'second-step.off',
    'case.filed',
    'case.taken',
    'case.released',
    'case.handedOver',
    'case.asked',
    'case.replied',
    'case.noted',
    'case.reopened',
    'case.revoked',
    'case.unmasked',
    'audit.viewed',
    'audit.exported',
  ],
  other: [
    'contract.added',
    'contract.removed',
    'contract.restored',
    'contract.proved',
    'holder.proved',
    'contract.refused',
    'proof.refused',
    'payment.captured',
    'access.approved',
    'access.limited',
    'access.refused',
  ],
  portal: [
    'sign-in.refused',
    'registration.refused',
    'second-step.off',
    'sessions.ended',
    'payment.captured',
    'payment.declined',
    'payment.expired',
    'payment.in_doubt',
    'payment.cancelled',
    'case.accepted',
  ],
}

// Closing an account: nothing opens any more, its identifiers are free, and no payment slips through.
import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { accountBusinesses, accounts, knownDevices } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { oneTimeCodes, recoveryCodes, sessions, staffMembers, twoFactors } from '../../db/schema/auth.ts'
import { caseDrafts } from '../../db/schema/cases.ts'
import { certificateFiles, certificates } from '../../db/schema/certificates.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { customerReadings } from '../../db/schema/customer-readings.ts'
import { documents } from '../../db/schema/files.ts'
import { dismissedFindings } from '../../db/schema/findings.ts'
import { messages, noticeChoices } from '../../db/schema/notifications.ts'
import { ownDataExports } from '../../db/schema/own-data.ts'
import { passkeys } from '../../db/schema/passkeys.ts'
import { paymentAttempts } from '../../db/schema/payments.ts'
import { unpaidLists } from '../../db/schema/unpaid.ts'
import { type ClosingReason, closeAccount } from '../../lib/accounts/closing.ts'
import { requestPasswordReset, startPasswordReset } from '../../lib/accounts/passwords.ts'
import { signInWithPassword } from '../../lib/accounts/sign-in.ts'
import { issueCode } from '../../lib/auth/one-time-codes.ts'
import { hashPassword } from '../../lib/auth/passwords.ts'
import { beginSession, findSession } from '../../lib/auth/sessions.ts'
import { forgetCases } from '../../lib/cases/jobs.ts'
import { checkFile, findCertificate } from '../../lib/certificates/checking.ts'
import { listPeopleWithAccess } from '../../lib/contracts/people.ts'
import { openMessage } from '../../lib/notifications/outbox.ts'
import { beginAttempt } from '../../lib/payments/commands.ts'
import { applyForHousehold } from '../support/applications.ts'
import { receive } from '../support/bank.ts'
import { testDatabase } from '../support/database.ts'
import { makeNotice } from '../support/notices.ts'
import { bankAnswer, begin, formOf, makePayable } from '../support/payments.ts'
import { giveAccess, makeAccount, makeContract, makeInvoices } from '../support/people.ts'
import { signingFile } from '../support/signing.ts'

process.env.CERTIFICATE_KEY_FILE = signingFile('current')
process.env.CERTIFICATE_CHAIN_FILE = signingFile('current')
const db = await testDatabase()
const now = new Date('2024-01-20T12:00:00Z')
const device = { userAgent: 'test', address: '127.0.0.1', key: 'key' }

const close = (id: string, reason: ClosingReason = 'own-request') =>
  db.transaction(tx => closeAccount(tx, id, reason, now))

describe('a closed account', () => {
  it('names nobody, opens nothing, and has nothing left', async () => {
    const account = await makeAccount(db, { passwordHash: await hashPassword('Korrik-1912') })
    const contract = await makeContract(db, { holder: account })
    await giveAccess(db, account, contract)
    const sessionId = await beginSession(db, account.id, device, now)
    await db.insert(knownDevices).values({ accountId: account.id, deviceHash: 'x' })
    await issueCode(db, 'reset-link', { accountId: account.id }, now)
    await db.insert(ownDataExports).values({ accountId: account.id, requestedAt: now })
    const list = { format: 'pdf', language: 'sq', invoices: 1000 } as const
    await db.insert(unpaidLists).values({ ...list, accountId: account.id, requestedAt: now, beatAt: now })
    const choice = { accountId: account.id, kind: 'overdue', email: false, sms: true, chosenAt: now }
    await db.insert(noticeChoices).values(choice)
    expect(await findSession(sessionId, now)).toBeDefined()

    expect(await close(account.id)).toEqual({ ok: true, value: undefined })

    expect(await findSession(sessionId, now)).toBeUndefined()
    for (const identifier of [account.username, account.email, account.phone, `closed:${account.id}`]) {
      const result = await signInWithPassword(identifier, 'Korrik-1912', device, now)
      expect(result).toEqual({ ok: false, code: 'wrong' })
    }
    const [shell] = await db.select().from(accounts).where(eq(accounts.id, account.id))
    expect(shell).toMatchObject({ closedAt: now, firstName: '', passwordHash: '' })
    const [kept] = await db.select().from(sessions).where(eq(sessions.accountId, account.id))
    expect(kept).toMatchObject({ revokedAt: now, userAgent: null, address: null })
    for (const table of [
      contractAccess,
      knownDevices,
      oneTimeCodes,
      ownDataExports,
      messages,
      noticeChoices,
    ]) {
      expect(await db.select().from(table).where(eq(table.accountId, account.id))).toEqual([])
    }
    const everything = JSON.stringify(shell)
    for (const value of [account.personalNumber, account.username, account.email, account.phone]) {
      expect(everything).not.toContain(value)
    }
    const events = await db.select().from(auditEvents).where(eq(auditEvents.accountId, account.id))
    expect(events.map(event => [event.action, event.details])).toContainEqual([
      'account.closed',
      { reason: 'own-request' },
    ])
  })

  it('is told of at its old address', async () => {
    const account = await makeAccount(db)
    const { id: staffId } = await makeAccount(db)
    await close(account.id, { staffId, disputeId: randomUUID() })
    const rows = await db.select().from(messages)
    const sent = rows.map(row => ({ kind: row.kind, ...openMessage(row.sealed) }))
    expect(sent).toContainEqual(
      expect.objectContaining({ kind: 'account-closed-by-dispute', to: account.email }),
    )
  })

  it('leaves its identifiers to others, who are recognised as the holder', async () => {
    const account = await makeAccount(db)
    const { id: _, createdAt: __, ...identity } = account
    await close(account.id)
    const again = await makeAccount(db, identity)
    const contract = await makeContract(db, { holder: again })
    await giveAccess(db, again, contract)
    const other = await makeAccount(db)
    await giveAccess(db, other, contract)
    expect(await listPeopleWithAccess(again, contract.id)).toMatchObject([{ accountId: other.id }])
  })

  it('cannot be given a name again, nor closed twice', async () => {
    const account = await makeAccount(db)
    await close(account.id)
    expect(await close(account.id)).toEqual({ ok: false, code: 'notFound' })
    const rename = db.update(accounts).set({ firstName: 'Arta' }).where(eq(accounts.id, account.id))
    await expect(rename).rejects.toMatchObject({ cause: { constraint: 'accounts_closed_names_nobody' } })
    const imitate = makeAccount(db, { username: `closed:${account.id}` })
    await expect(imitate).rejects.toMatchObject({ cause: { constraint: 'accounts_username_form' } })
  })

  it('gets no password back', async () => {
    const account = await makeAccount(db)
    await close(account.id)
    await requestPasswordReset(`closed:${account.id}`, { userAgent: null, address: null })
    const [job] = (
      await db.execute<{ payload: { resetId: string; identifier: string } }>(
        sql`select payload from graphile_worker._private_jobs order by id desc limit 1`,
      )
    ).rows
    await startPasswordReset(job!.payload, { database: db })
    expect(await db.select().from(oneTimeCodes).where(eq(oneTimeCodes.accountId, account.id))).toEqual([])
  })

  it('is none of staff', async () => {
    const account = await makeAccount(db)
    await db.insert(staffMembers).values({ accountId: account.id, role: 'agent' })
    expect(await close(account.id)).toEqual({ ok: false, code: 'staff' })
  })
})

/** What the queue's jobs of this name are told, the newest first. */
const listJobs = async (name: string) =>
  (
    await db.execute<{ payload: object }>(
      sql`select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
        where t.identifier = ${name} order by j.id desc`,
    )
  ).rows.map(({ payload }) => payload)

/** What stays, and why. Every other table with a column `account_id` is emptied of the account. */
const KEPT = {
  audit_events: 'append-only, names nobody',
  payment_attempts: 'records of payments',
  sessions: 'ended, without device and address; forgotten after 90 days',
  staff_looks: 'why staff looked; forgotten as what is in the audit log',
  staff_members: 'an account of staff is not closed',
  pay_links: 'payments refer to them; they are withdrawn, and forgotten where nobody paid',
  staff_billers: 'an account of staff is not closed',
  staff_identities: 'an account of staff is not closed',
}

it('closing decides about every table with a column account_id', async () => {
  const { rows } = await db.execute<{ table: string }>(
    sql`select table_name as table from information_schema.columns
      where column_name = 'account_id' and table_schema = 'public'`,
  )
  const account = await makeAccount(db)
  const contract = await makeContract(db, { holder: account })
  await giveAccess(db, account, contract)
  const application = await applyForHousehold(account, contract)
  await beginSession(db, account.id, device, now)
  await db.insert(knownDevices).values({ accountId: account.id, deviceHash: 'x' })
  const passkey = { id: 'x', publicKey: 'x', counter: 0, transports: [], name: 'x', createdAt: new Date() }
  await db.insert(passkeys).values({ ...passkey, accountId: account.id })
  await issueCode(db, 'reset-link', { accountId: account.id }, now)
  await db.insert(ownDataExports).values({ accountId: account.id, requestedAt: now })
  const list = { format: 'pdf', language: 'sq', invoices: 1000 } as const
  await db.insert(unpaidLists).values({ ...list, accountId: account.id, requestedAt: now, beatAt: now })
  await db.insert(twoFactors).values({ accountId: account.id, sealedSecret: 'x', createdAt: now })
  await db.insert(recoveryCodes).values({ accountId: account.id, codeHash: 'x' })
  await db.insert(customerReadings).values({
    ...{ accountId: account.id, billerId: contract.billerId, contractId: contract.id, readOn: '2026-11-01' },
    ...{ high: '1', isUnusual: false, sentAt: now },
  })
  await db
    .insert(messages)
    .values({ accountId: account.id, channel: 'sms', kind: 'x', language: 'en', state: 'sent' })
  await makeNotice(db, account, 'overdue', await makeInvoices(db, contract, [{ principal: 1 }]), now)
  await db
    .insert(noticeChoices)
    .values({ accountId: account.id, kind: 'overdue', email: true, sms: true, chosenAt: now })
  await db
    .insert(dismissedFindings)
    .values({ accountId: account.id, contractId: contract.id, kind: 'skipped', cause: '1', dismissedAt: now })
  await db
    .insert(accountBusinesses)
    .values({ accountId: account.id, billerId: 1, number: 'L12345678A', confirmedAt: now })
  await db
    .insert(caseDrafts)
    .values({ accountId: account.id, contractId: contract.id, kind: 'F1', typed: {}, savedAt: now })
  await db.insert(documents).values({
    storageKey: 'x',
    name: 'ekstrakt.pdf',
    type: 'application/pdf',
    bytes: 1,
    accountId: account.id,
    caseId: application,
    createdAt: now,
  })
  const count = async (table: string) => {
    const found = await db.execute<{ count: number }>(
      sql`select count(*) from ${sql.identifier(table)} where account_id = ${account.id}`,
    )
    return found.rows[0]!.count
  }
  const emptied = rows.map(row => row.table).filter(table => !(table in KEPT))
  // A new table fails here until the account has a row in it above.
  for (const table of emptied) expect(await count(table), table).toBeGreaterThan(0)
  await close(account.id)
  const [job] = await listJobs('forget-cases')
  expect(job).toEqual({ accountId: account.id })
  await forgetCases(job as { accountId: string }, { database: db })
  for (const table of emptied) expect(await count(table), table).toBe(0)
})

it('a certificate of a closed account is checked as before, and names nobody', async () => {
  const account = await makeAccount(db, { firstName: 'Shpresa' })
  const contract = await makeContract(db, { holder: account, holderFatherName: 'Agim' })
  await giveAccess(db, account, contract)
  await applyForHousehold(account, contract)
  const { id, code } = (
    await db.select().from(certificates).where(eq(certificates.accountId, account.id))
  )[0]!
  const [file] = await db.select().from(certificateFiles).where(eq(certificateFiles.certificateId, id))
  const before = await findCertificate(code)
  await close(account.id)
  await forgetCases({ accountId: account.id }, { database: db })
  expect(before).toMatchObject({ validity: 'valid', initials: 'S. A. B.' })
  expect(await findCertificate(code)).toEqual(before)
  expect(await checkFile(file!.pdf)).toMatchObject({ code })
  const [kept] = await db.select().from(certificates).where(eq(certificates.id, id))
  expect(kept).toMatchObject({ accountId: null, caseId: null })
  expect(JSON.stringify(kept)).not.toMatch(
    new RegExp(`Shpresa|Agim|${account.personalNumber}|${contract.address}`),
  )
  expect(await db.select().from(certificateFiles).where(eq(certificateFiles.certificateId, id))).toEqual([])
})

describe('closing and paying', () => {
  it('is refused while a payment is not settled, and keeps it afterwards', async () => {
    const customer = await makeAccount(db)
    const contract = await makePayable(db, [100_00])
    await giveAccess(db, customer, contract)
    const attempt = await begin(db, customer, contract, now)
    expect(await close(customer.id)).toEqual({ ok: false, code: 'underWay' })
    await db
      .update(paymentAttempts)
      .set({ state: 'cancelled', live: false })
      .where(eq(paymentAttempts.id, attempt.id))
    expect(await close(customer.id)).toMatchObject({ ok: true })
    const [kept] = await db.select().from(paymentAttempts).where(eq(paymentAttempts.id, attempt.id))
    expect(kept!.accountId).toBe(customer.id)
  })

  it('is refused while one is in doubt whose invoices another payment has', async () => {
    const [customer, other] = [await makeAccount(db), await makeAccount(db)]
    const contract = await makePayable(db, [100_00])
    await giveAccess(db, customer, contract)
    await giveAccess(db, other, contract)
    const attempt = await begin(db, customer, contract, now)
    await receive(db, 'callback', bankAnswer(attempt, 'declined'), now)
    await begin(db, other, contract, now)
    const doubtful = bankAnswer(attempt, 'captured', { amount: '1.00' })
    await receive(db, 'callback', doubtful, now)
    expect(await close(customer.id)).toEqual({ ok: false, code: 'underWay' })
  })

  it('that began first makes closing wait and then refuse', async () => {
    const customer = await makeAccount(db)
    const contract = await makePayable(db, [100_00])
    await giveAccess(db, customer, contract)
    const results = await Promise.all([
      begin(db, customer, contract, now).then(
        () => 'begun',
        (error: Error) => error.message,
      ),
      close(customer.id).then(result => (result.ok ? 'closed' : result.code)),
    ])
    expect([
      ['begun', 'underWay'],
      ['notFound', 'closed'],
    ]).toContainEqual(results)
  })

  it('that begins while the account is being closed waits, and finds no contract', async () => {
    const customer = await makeAccount(db)
    const contract = await makePayable(db, [100_00])
    await giveAccess(db, customer, contract)
    let paying: ReturnType<typeof beginAttempt> | undefined
    await db.transaction(async tx => {
      expect(await closeAccount(tx, customer.id, 'own-request', now)).toMatchObject({ ok: true })
      paying = beginAttempt(customer, contract, formOf({ [contract.invoiceIds[0]!]: 200_00 }), now)
      const waits = Promise.race([paying, new Promise(done => setTimeout(done, 300, 'waiting'))])
      expect(await waits).toBe('waiting')
    })
    expect(await paying).toEqual({ ok: false, code: 'notFound' })
    const attempts = db.select().from(paymentAttempts).where(eq(paymentAttempts.accountId, customer.id))
    expect(await attempts).toEqual([])
  })
})

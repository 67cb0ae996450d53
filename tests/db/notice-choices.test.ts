// How customers choose to be told, what stops by a link, and what they do with their inbox: their own alone.
import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { POST } from '../../app/(public)/unsubscribe/[token]/answer/route.ts'
import { accounts } from '../../db/schema/accounts.ts'
import type { contracts } from '../../db/schema/contracts.ts'
import { noticeChoices, notices } from '../../db/schema/notifications.ts'
import { saveContractChoices, saveNoticeChoices } from '../../lib/accounts/notice-choices.ts'
import { beginSession, findSession, UNREAD_COUNTED } from '../../lib/auth/sessions.ts'
import { channelsOf, listChoices } from '../../lib/notifications/choices.ts'
import { changeNotices, readAllNotices } from '../../lib/notifications/inbox.ts'
import type { NoticeKind } from '../../lib/notifications/notice-kinds.ts'
import { asPressed, channelsUsed, chosenKinds, getOwnChoices } from '../../lib/notifications/own-choices.ts'
import { readUnsubscribeToken, unsubscribeToken } from '../../lib/notifications/unsubscribing.ts'
import { seal } from '../../lib/platform/seal.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract } from '../support/people.ts'

const db = await testDatabase()
const now = new Date()
let account: typeof accounts.$inferSelect
let contract: typeof contracts.$inferSelect

beforeEach(async () => {
  account = await makeAccount(db)
  contract = await makeContract(db)
  await giveAccess(db, account, contract)
})

const ofContract = () => ({ biller: 'kesco', code: contract.code })
/** As they are sent by, and as the page shows them. */
async function channels(kind: NoticeKind, contractId: number | null = null) {
  const { choices } = await getOwnChoices(account, contractId)
  const { email, sms } = choices[kind]!
  const shown = [email && 'email', sms && 'sms'].filter(Boolean)
  const chosen = (await listChoices(db, [account.id])).get(account.id) ?? []
  expect(channelsOf(account, chosen, kind, contractId)).toEqual(shown)
  return shown.join(' ')
}
const bySms = { email: false, sms: true }

describe('a choice', () => {
  it('is the account’s default, then what was chosen for all, then for the contract', async () => {
    expect(await channels('overdue', contract.id)).toBe('email')
    await saveNoticeChoices(account, { choices: { overdue: bySms }, statementDay: 25 }, now)
    expect([await channels('overdue'), await channels('overdue', contract.id)]).toEqual(['sms', 'sms'])
    expect(await channels('new-invoice')).toBe('email')
    await saveContractChoices(account, ofContract(), { overdue: { email: true, sms: true } }, now)
    expect([await channels('overdue'), await channels('overdue', contract.id)]).toEqual(['sms', 'email sms'])
    expect(await getOwnChoices(account, null)).toMatchObject({ statementDay: 25, ofContracts: [contract.id] })
    await saveContractChoices(account, ofContract(), undefined, now)
    expect(await channels('overdue', contract.id)).toBe('sms')
    await saveNoticeChoices(account, { choices: { overdue: bySms }, statementDay: null }, now)
    expect((await getOwnChoices(account, null)).statementDay).toBeNull()
  })

  it('may be all or nothing of a channel at once', async () => {
    const used = async () => channelsUsed((await getOwnChoices(account, null)).choices)
    expect(await used()).toEqual(['email'])
    const press = async (button: string) => {
      const { choices } = await getOwnChoices(account, null)
      await saveNoticeChoices(account, { choices: asPressed(choices, button), statementDay: null }, now)
    }
    await press('save')
    expect(await used()).toEqual(['email'])
    await press('sms:on')
    expect(await used()).toEqual(['email', 'sms'])
    await press('email:off')
    // Receipts do not come by SMS.
    for (const kind of chosenKinds) if (kind !== 'receipt') expect(await channels(kind)).toBe('sms')
    await press('sms:off')
    expect(await used()).toEqual([])
  })

  it('is not by a channel that its kind does not have', () => {
    expect(channelsUsed({ receipt: bySms })).toEqual([])
  })

  it('is of one’s own contracts alone', async () => {
    const other = await makeContract(db)
    const saved = await saveContractChoices(
      account,
      { biller: 'kesco', code: other.code },
      { overdue: bySms },
      now,
    )
    expect(saved).toEqual({ ok: false, code: 'notFound' })
    expect(await db.$count(noticeChoices, eq(noticeChoices.accountId, account.id))).toBe(0)
  })

  it('kept by two forms at once is one row', async () => {
    const save = () => saveNoticeChoices(account, { choices: { overdue: bySms }, statementDay: 1 }, now)
    await Promise.all(Array.from({ length: 8 }, save))
    expect(await db.$count(noticeChoices, eq(noticeChoices.accountId, account.id))).toBe(1)
  })
})

describe('a link that stops e-mails', () => {
  const post = async (token: string, body: URLSearchParams | FormData) =>
    POST(new Request('http://localhost/unsubscribe/x', { method: 'POST', body }), {
      params: Promise.resolve({ token }),
    })
  const oneClick = () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })

  it('does so by one click, twice as well, and leaves the SMS and the other kinds', async () => {
    await saveNoticeChoices(
      account,
      { choices: { overdue: { email: true, sms: true } }, statementDay: null },
      now,
    )
    await saveContractChoices(account, ofContract(), { overdue: { email: true, sms: false } }, now)
    const token = unsubscribeToken(account.id, 'overdue', null)
    const multipart = new FormData()
    multipart.set('List-Unsubscribe', 'One-Click')
    for (const body of [oneClick(), multipart]) expect((await post(token, body)).status).toBe(200)
    expect([await channels('overdue'), await channels('overdue', contract.id)]).toEqual(['sms', ''])
    expect(await channels('due-soon')).toBe('email')
    const on = await post(token, new URLSearchParams({ intent: 'on' }))
    expect([on.status, on.headers.get('location')]).toEqual([303, `/unsubscribe/${token}`])
    expect(await channels('overdue')).toBe('email sms')
  })

  it('of one contract stops those of that one', async () => {
    const token = unsubscribeToken(account.id, 'new-invoice', contract.id)
    await post(token, oneClick())
    expect([await channels('new-invoice'), await channels('new-invoice', contract.id)]).toEqual(['email', ''])
  })

  it('is none where it was made elsewhere, for another purpose or of a closed account; what always goes has none', async () => {
    const token = unsubscribeToken(account.id, 'overdue', null)
    const middle = token.length >> 1
    const changed = `${token.slice(0, middle)}${token[middle] === 'A' ? 'B' : 'A'}${token.slice(middle + 1)}`
    const other = seal(JSON.stringify([account.id, 'overdue', null]), 'messages')
    const always = unsubscribeToken(account.id, 'account', null)
    for (const forged of ['', 'x', changed, other, always]) {
      expect((await post(forged, oneClick())).status, forged).toBe(404)
    }
    expect(readUnsubscribeToken(changed)).toBeUndefined()
    expect((await post(token, new URLSearchParams())).status).toBe(400)
    await db
      .update(accounts)
      .set({
        closedAt: now,
        personalNumber: `closed:${account.id}`,
        username: `closed:${account.id}`,
        email: `closed:${account.id}`,
        phone: `closed:${account.id}`,
        firstName: '',
        lastName: '',
        nameFolded: '',
        passwordHash: '',
      })
      .where(eq(accounts.id, account.id))
    expect((await post(token, oneClick())).status).toBe(404)
    expect(await db.$count(noticeChoices, eq(noticeChoices.accountId, account.id))).toBe(0)
  })

  it('is there for every kind that can be chosen', () => {
    for (const kind of chosenKinds) {
      expect(readUnsubscribeToken(unsubscribeToken(account.id, kind, 7))).toEqual({
        accountId: account.id,
        kind,
        contractId: 7,
      })
    }
  })
})

describe('the inbox', () => {
  const add = async (more: Partial<typeof notices.$inferInsert> = {}) => {
    const row = {
      accountId: account.id,
      kind: 'password-changed',
      key: crypto.randomUUID(),
      handedOverAt: now,
    }
    const [notice] = await db
      .insert(notices)
      .values({ ...row, createdAt: now, ...more })
      .returning()
    return notice!.id
  }
  const unread = async () => {
    const session = await beginSession(db, account.id, { userAgent: 'test', address: null }, now)
    return (await findSession(session, now))!.unread
  }
  const row = async (id: string) => (await db.select().from(notices).where(eq(notices.id, id)))[0]!

  it('counts what is unread with the session, up to a hundred', async () => {
    const [one, other] = [await add(), await add()]
    expect(await unread()).toBe(2)
    await changeNotices(account, [one], 'read', now)
    expect(await unread()).toBe(1)
    await changeNotices(account, [other], 'archive', now)
    expect(await unread()).toBe(0)
    await changeNotices(account, [other], 'restore', now)
    expect(await unread()).toBe(0)
    expect(await row(other)).toMatchObject({ archivedAt: null, readAt: now })
    for (let turn = 0; turn < UNREAD_COUNTED + 5; turn += 1) await add()
    expect(await unread()).toBe(UNREAD_COUNTED)
  })

  it('keeps the moment when something was read first', async () => {
    const id = await add()
    await changeNotices(account, [id], 'read', now)
    await changeNotices(account, [id], 'read', new Date(now.getTime() + 1000))
    expect((await row(id)).readAt).toEqual(now)
  })

  it('marks all as read that its reader has seen', async () => {
    const [seen, later] = [await add(), await add({ createdAt: new Date(now.getTime() + 1000) })]
    await readAllNotices(account, now, now)
    expect([(await row(seen)).readAt, (await row(later)).readAt]).toEqual([now, null])
  })

  it('is one’s own: another’s notices are not found, and stay', async () => {
    const id = await add()
    const other = await makeAccount(db)
    for (const intent of ['read', 'archive', 'restore'] as const) {
      expect(await changeNotices(other, [id], intent, now)).toEqual({ ok: false, code: 'notFound' })
    }
    await readAllNotices(other, now, now)
    expect(await row(id)).toMatchObject({ readAt: null, archivedAt: null })
    expect(await changeNotices(account, ['x', id], 'archive', now)).toMatchObject({ ok: true })
  })
})

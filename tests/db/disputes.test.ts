// Disputes of an earlier registration: who sees them, who decides, what becomes of the account.
import { randomUUID } from 'node:crypto'
import { and, eq, or, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { accounts } from '../../db/schema/accounts.ts'
import { auditEvents } from '../../db/schema/audit.ts'
import { sessions } from '../../db/schema/auth.ts'
import { cases } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { documents } from '../../db/schema/files.ts'
import { beginSession, findSession } from '../../lib/auth/sessions.ts'
import type { Staff } from '../../lib/auth/staff.ts'
import { getDocumentForStaff, getOwnDocument } from '../../lib/cases/documents.ts'
import { type Filing, fileCase, findCaseOf } from '../../lib/cases/filing.ts'
import { disputeForm } from '../../lib/cases/forms.ts'
import { findEarlierRegistrations } from '../../lib/cases/kinds/dispute.ts'
import { moveCase } from '../../lib/cases/moves.ts'
import { getCase } from '../../lib/cases/queries.ts'
import { type Chosen, COUNTED, countOpenCases, listCases, QUEUE_PAGE } from '../../lib/cases/queue.ts'
import type { Upload } from '../../lib/files/commands.ts'
import { removeUnused } from '../../lib/files/commands.ts'
import { listOutbox } from '../../lib/notifications/outbox.ts'
import { foldName } from '../../lib/platform/names.ts'
import { addCase } from '../support/cases.ts'
import { testDatabase } from '../support/database.ts'
import { png } from '../support/files.ts'
import { giveAccess, makeAccount, makeContract, makeStaff } from '../support/people.ts'
import { readForm } from '../support/read-form.ts'
import { filesIn, store, uploadsFolder } from '../support/uploads-folder.ts'

const folder = uploadsFolder()
const db = await testDatabase()
const now = new Date('2026-11-21T10:00:00Z')
const KESCO = 2

let agent: Staff
let supervisor: Staff
let earlier: typeof accounts.$inferSelect
let input: Record<
  'biller' | 'contractCode' | 'firstName' | 'lastName' | 'personalNumber' | 'email' | 'phone',
  string
>

const scan: Upload = { name: 'letërnjoftim.png', type: 'image/png', bytes: png, scan: null }
const stored = () => store([scan], null, now)

beforeEach(async () => {
  agent = await makeStaff(db, 'agent', [KESCO])
  supervisor = await makeStaff(db, 'supervisor', [KESCO])
  earlier = await makeAccount(db, { firstName: 'Ilir', lastName: 'Gashi' })
  const contract = await makeContract(db)
  await giveAccess(db, earlier, contract)
  input = {
    biller: 'kesco',
    contractCode: contract.code,
    firstName: 'Blerta',
    lastName: 'Krasniqi',
    personalNumber: earlier.personalNumber,
    email: `b${earlier.username}@example.com`,
    phone: '+38344777888',
  }
})

const owner = { language: 'sq' as const }
type Form = Omit<Filing, 'owner' | 'documentIds'>
const form = (address: string | null = null): Form => ({ address, idempotencyKey: randomUUID() })
async function fileDispute(said: typeof input, documentIds: string[], of: Form) {
  // The numbers of people made here have no check digit.
  const read = readForm(disputeForm, { confirmPersonalNumber: 'on', ...said })
  return read.ok ? fileCase('dispute', read.value, { owner, documentIds, ...of }, now) : read
}
const findDisputeOf = (key: string) => findCaseOf(owner, key)
const getDispute = (staff: Staff, id: string) => getCase(staff, 'registrations', id, now)
const listOpen = async (staff: Staff) =>
  (await listCases(staff, 'registrations', 'open', undefined, now)).cases.map(({ id }) => id)

async function file(changes: Partial<typeof input> = {}): Promise<string> {
  const result = await fileDispute({ ...input, ...changes }, await stored(), form('192.0.2.1'))
  if (!result.ok) throw new Error(result.code)
  return result.value
}

const say = (chosen: string[] = [], note: string | null = 'arsyeja') => ({ note, chosen, confirmed: chosen })
const caseOf = async (id: string) => (await db.select().from(cases).where(eq(cases.id, id)))[0]!
const stateOf = async (id: string) => (await caseOf(id)).state
const isClosed = async (id: string) =>
  (await db.select().from(accounts).where(eq(accounts.id, id)))[0]!.closedAt !== null

describe('filing', () => {
  it('keeps the dispute with its document, and answers the same where nobody is registered', async () => {
    const id = await file()
    const nobody = await file({ personalNumber: '9999999999', phone: '+38344777889' })
    expect(nobody).toMatch(/^[0-9a-f-]{36}$/)
    const found = (await getDispute(supervisor, id))!
    expect(found).toMatchObject({ state: 'pending', documents: [{ name: 'letërnjoftim.png' }] })
    expect(found.said.map(({ field }) => field).join(' ')).toBe('biller contractCode email note')
    expect(found.choices).toMatchObject([
      { value: earlier.id, label: { values: { shares: [{ text: 'shares.personalNumber' }] } } },
    ])
    expect((await getDispute(supervisor, nobody))!.choices).toEqual([])
  })

  it.each([
    [{ contractCode: 'nonsense' }, 'contractCodeForm'],
    [{ contractCode: 'DPR-99999999' }, 'contractUnknown'],
    [{ personalNumber: '12' }, 'personalNumberForm'],
    [{ personalNumber: '1234567890', confirmPersonalNumber: '' }, 'personalNumberCheck'],
    [{ phone: '12' }, 'phoneForm'],
  ] as const)('refuses %j, and the document can still be used', async (changes, code) => {
    const ids = await stored()
    expect(await fileDispute({ ...input, ...changes }, ids, form())).toEqual({ ok: false, code })
    expect(await fileDispute(input, ids, form())).toMatchObject({ ok: true })
  })
})

describe('what it says beside the record', () => {
  const compared = async (id: string) =>
    (await getDispute(agent, id))!.compared.map(({ label, agrees }) => [label, agrees])

  it('is told apart by what agrees, and no number of the record is shown', async () => {
    const contract = await makeContract(db, {
      holderFirstName: 'Blerta',
      holderLastName: 'Krasniqi',
      holderNameFolded: foldName('Blerta', 'Krasniqi'),
      holderPersonalNumber: '1234567892',
      phone: '+38344777888',
    })
    const id = await file({ contractCode: contract.code })
    expect(await compared(id)).toEqual([
      ['name', true],
      ['personalNumber', false],
      ['phone', true],
    ])
    const [name, ...numbers] = (await getDispute(agent, id))!.compared
    expect(name).toMatchObject({ claimed: 'Blerta Krasniqi', recorded: 'Blerta Krasniqi' })
    expect(numbers.map(({ recorded }) => recorded)).toEqual([{ text: 'hidden' }, { text: 'hidden' }])
  })

  it('is compared with nothing where the record has nothing', async () => {
    const nothing = { holderFirstName: null, holderLastName: null, holderNameFolded: null }
    const contract = await makeContract(db, { ...nothing, holderPersonalNumber: null, phone: null })
    const id = await file({ contractCode: contract.code })
    expect((await compared(id)).map(([, agrees]) => agrees)).toEqual([undefined, undefined, undefined])
    const found = (await getDispute(agent, id))!.compared
    expect(found.map(({ recorded }) => recorded)).toEqual(Array(3).fill({ text: 'unknown' }))
  })
})

describe('a form sent twice', () => {
  it('at once files one dispute, and both answers are that one', async () => {
    const [ids, others] = [await stored(), await stored()]
    const same = form()
    const answers = await Promise.all([ids, ids, others].map(sent => fileDispute(input, sent, same)))
    const [id, ...more] = new Set(answers.map(answer => (answer.ok ? answer.value : answer.code)))
    expect([id, more]).toEqual([await findDisputeOf(same.idempotencyKey), []])
    expect((await getDispute(agent, id!))!.documents).toHaveLength(1)
    const filed = eq(auditEvents.subject, `case:${id}`)
    expect(await db.$count(auditEvents, and(filed, eq(auditEvents.action, 'case.filed')))).toBe(1)
    await removeUnused([...ids, ...others])
  })

  it('with other content and documents that the first one has is refused, and files nothing', async () => {
    const ids = await stored()
    const two = [form(), form()]
    const answers = await Promise.all(two.map(each => fileDispute(input, ids, each)))
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(answers).toContainEqual({ ok: false, code: 'documentsGone' })
    const found = await Promise.all(two.map(each => findDisputeOf(each.idempotencyKey)))
    expect(found.filter(Boolean)).toHaveLength(1)
  })
})

describe('who sees it', () => {
  it('staff of the contract’s biller, and no others', async () => {
    const id = await file()
    const others = [await makeStaff(db, 'administrator', [1]), await makeStaff(db, 'administrator', [])]
    const { id: documentId } = (await getDispute(agent, id))!.documents[0]!
    for (const staff of others) {
      expect(await getDispute(staff, id)).toBeUndefined()
      expect(await listOpen(staff)).toEqual([])
      expect(await getDocumentForStaff(staff, documentId, now)).toBeUndefined()
      expect(await moveCase(staff, id, 'reject', say(), now)).toEqual({ ok: false, code: 'notFound' })
    }
    expect(await listOpen(agent)).toContain(id)
    expect(await getDocumentForStaff(agent, documentId, now)).toMatchObject({
      name: 'letërnjoftim.png',
      type: 'image/png',
    })
    expect(await getOwnDocument(earlier, documentId)).toBeUndefined()
  })

  it('every look is written down, also for the person looked at', async () => {
    const id = await file()
    const { documents: list } = (await getDispute(supervisor, id))!
    await listOpen(supervisor)
    await getDocumentForStaff(supervisor, list[0]!.id, now)
    const events = await db.select().from(auditEvents).where(eq(auditEvents.accountId, supervisor.id))
    expect(events.map(({ action, subject }) => `${action} ${subject}`).sort()).toEqual([
      `account.viewed account:${earlier.id}`,
      `case.viewed case:${id}`,
      `document.viewed case:${id}`,
      'registrations.listed null',
    ])
  })

  it('what is open is listed apart from what is decided, the oldest at the top', async () => {
    const staff = await makeStaff(db, 'supervisor', [3])
    const [later, refused, earlier] = await fileMany([2, 0, 1], 3)
    await moveCase(staff, refused!, 'reject', say(), now)
    const list = async (part: 'open' | 'decided') =>
      (await listCases(staff, 'registrations', part, undefined, now)).cases
    expect((await list('open')).map(({ id, state }) => `${id} ${state}`)).toEqual([
      `${earlier} pending`,
      `${later} pending`,
    ])
    expect((await list('decided')).map(({ id, state }) => `${id} ${state}`)).toEqual([`${refused} rejected`])
  })

  it('a long list comes in pages that neither repeat nor leave out, of all billers and kinds', async () => {
    const staff = await makeStaff(db, 'supervisor', [4, 5])
    const minutes = Array.from({ length: QUEUE_PAGE }, (_, index) => index >> 1)
    const ids = [...(await fileMany(minutes, 4)), ...(await fileMany(minutes, 5))]
    const { id: accountId } = await makeAccount(db)
    const business = await addCase((text, values) => db.$client.query(text, values), {
      kind: 'business',
      biller_id: 5,
      account_id: accountId,
      created_at: at(3),
    })
    const read: string[] = []
    let after: string | undefined
    let pages = 0
    do {
      const { cases: listed, next } = await listCases(staff, 'registrations', 'open', after, now)
      read.push(...listed.map(({ id }) => id))
      after = next
      pages += 1
    } while (after)
    expect([pages, new Set(read).size, read.length]).toEqual([3, read.length, ids.length + 1])
    expect([...read].sort()).toEqual([...ids, business].sort())
    // A cursor of the other part, or of nothing, shows nothing that is not there.
    expect((await listCases(staff, 'registrations', 'open', randomUUID(), now)).cases).toEqual([])
  })

  it('of a list what is chosen is shown; what is open is counted by state, with the oldest', async () => {
    const staff = await makeStaff(db, 'supervisor', [3, 6])
    const [first, second, refused] = await fileMany([0, 1, -1], 6)
    await moveCase(staff, second!, 'take', say(), now)
    await moveCase(staff, refused!, 'reject', say(), now)
    const list = async (chosen: Chosen, after?: string) =>
      (await listCases(staff, 'registrations', 'open', after, now, { biller: 'police-fines', ...chosen }))
        .cases
    const ids = async (...of: Parameters<typeof list>) => (await list(...of)).map(({ id }) => id)
    expect(await ids({})).toEqual([first, second])
    expect(await ids({}, first)).toEqual([second])
    expect(await list({ state: 'taken' })).toMatchObject([
      { id: second, takenBy: `${staff.firstName} ${staff.lastName[0]}.` },
    ])
    expect(await ids({ state: 'pending', kind: 'dispute' })).toEqual([first])
    expect(await ids({ kind: 'business' })).toEqual([])
    // Not theirs.
    expect(await ids({ biller: 'kesco' })).toEqual([])

    await fileMany(Array(COUNTED + 1).fill(5), 6)
    const counted = await countOpenCases({ ...staff, billerIds: [6] }, now)
    const of = (state: string) => counted.find(one => one.state === state)
    expect(counted).toHaveLength(2)
    expect(of('taken')).toMatchObject({ queue: 'registrations', count: 1, oldest: at(1) })
    expect(of('pending')).toMatchObject({ count: COUNTED + 1, oldest: at(0) })
  })

  const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

  /** Disputes of a contract of the biller, so many minutes after `now`; their ids. */
  async function fileMany(minutes: number[], billerId: number): Promise<string[]> {
    const contract = await makeContract(db, { billerId, code: `C-${randomUUID()}` })
    const ids: string[] = []
    for (const minute of minutes) {
      const row = { biller_id: billerId, contract_id: contract.id, created_at: at(minute) }
      ids.push(await addCase((text, values) => db.$client.query(text, values), row))
    }
    return ids
  }
})

describe('whose registrations it shows and closes', () => {
  const OSHEE = 1
  const shown = async (id: string, staff = supervisor) =>
    ((await getDispute(staff, id))!.choices ?? []).map(({ value }) => value)
  /** `chosen` and `confirmed` as a forged form may send them. */
  const grant = (id: string, account: { id: string }) =>
    moveCase(supervisor, id, 'accept', say([account.id]), now)

  it('not those of other billers’ customers, whatever is the same', async () => {
    const mirela = await makeAccount(db)
    await giveAccess(db, mirela, await makeContract(db, { billerId: OSHEE }))
    const { personalNumber, phone, email } = mirela
    const id = await file({ personalNumber, phone, email })
    expect(await shown(id)).toEqual([])
    expect(await grant(id, mirela)).toEqual({ ok: false, code: 'chooseAccount' })
    expect(await isClosed(mirela.id)).toBe(false)
  })

  it('those with the personal number, also where they have contracts elsewhere, or took this one off their list', async () => {
    await giveAccess(db, earlier, await makeContract(db, { billerId: OSHEE }))
    await db.update(contractAccess).set({ removedAt: now }).where(eq(contractAccess.accountId, earlier.id))
    const id = await file()
    expect(await shown(id)).toEqual([earlier.id])
    expect(await grant(id, earlier)).toMatchObject({ ok: true })
  })

  it('none for its phone or e-mail alone, but where the disputed contract is theirs and they have none elsewhere', async () => {
    const other = await makeAccount(db)
    await giveAccess(db, other, await makeContract(db))
    const personalNumber = '9666666666'
    const byPhone = await file({ personalNumber, phone: other.phone })
    const byEmail = await file({ personalNumber, email: other.email })
    for (const id of [byPhone, byEmail]) {
      expect(await shown(id)).toEqual([])
      expect(await grant(id, other)).toEqual({ ok: false, code: 'chooseAccount' })
    }
    const disputed = (await caseOf(byPhone)).contractId!
    await giveAccess(db, other, { id: disputed })
    expect(await shown(byPhone)).toEqual([other.id])
    await giveAccess(db, other, await makeContract(db, { billerId: OSHEE }))
    expect(await shown(byPhone)).toEqual([])
  })

  it('none to an agent, who could find out by disputes who has an account, and none once it is decided', async () => {
    const id = await file()
    expect(await shown(id, agent)).toEqual([])
    const looks = and(eq(auditEvents.accountId, agent.id), eq(auditEvents.action, 'account.viewed'))
    expect(await db.$count(auditEvents, looks)).toBe(0)
    await moveCase(supervisor, id, 'reject', say(), now)
    expect(await shown(id)).toEqual([])
  })

  it('with whose holder it is, since when and by what', async () => {
    const held = { holderNameFolded: earlier.nameFolded, holderPersonalNumber: earlier.personalNumber }
    const [paper, byPhone] = [
      await makeContract(db, held),
      await makeContract(db, { ...held, phone: earlier.phone }),
    ]
    await giveAccess(db, earlier, paper, { recognisedAt: now, recognisedBy: 'paper' })
    await giveAccess(db, earlier, byPhone)
    await giveAccess(db, earlier, await makeContract(db, { ...held, billerId: OSHEE }), {
      recognisedAt: now,
      recognisedBy: 'counter',
    })
    const id = await file()
    const { answers, email, contractId } = await caseOf(id)
    const matter = {
      ...(answers as { personalNumber: string; phone: string }),
      email: email!,
      contractId: contractId!,
    }
    const [account] = await findEarlierRegistrations(db, matter, supervisor)
    expect(account!.recognised).toEqual([
      { contract: `KESCO ${paper.code}`, by: 'paper', at: expect.stringContaining('2026-11-21') },
      { contract: `KESCO ${byPhone.code}`, by: 'phone', at: null },
    ])
    expect((await getDispute(supervisor, id))!.choices![0]!.details).toMatchObject([
      { text: 'recognised', values: { by: 'paper', dated: 'yes' } },
      { text: 'recognised', values: { by: 'phone', dated: 'no' } },
    ])
  })

  it('none of their own: not a dispute with their details, nor about their contract', async () => {
    const own = (await db.select().from(accounts).where(eq(accounts.id, supervisor.id)))[0]!
    const [added, held] = [await makeContract(db), await makeContract(db, { holder: own })]
    await giveAccess(db, own, added)
    for (const changes of [
      { personalNumber: own.personalNumber },
      { phone: own.phone },
      { email: own.email },
      { contractCode: added.code },
      { contractCode: held.code },
    ]) {
      const id = await file(changes)
      expect(await getDispute(supervisor, id), JSON.stringify(changes)).toBeUndefined()
      expect(await listOpen(supervisor)).not.toContain(id)
      for (const intent of ['take', 'reject'] as const)
        expect(await moveCase(supervisor, id, intent, say(), now)).toEqual({
          ok: false,
          code: 'notFound',
        })
      const { documents: list } = (await getDispute(agent, id))!
      expect(await getDocumentForStaff(supervisor, list[0]!.id, now)).toBeUndefined()
    }
  })
})

describe('deciding', () => {
  it('an agent takes it, but only a supervisor grants or refuses', async () => {
    const id = await file()
    expect(await moveCase(agent, id, 'accept', say([earlier.id]), now)).toEqual({
      ok: false,
      code: 'notFound',
    })
    expect(await moveCase(agent, id, 'take', say(), now)).toMatchObject({ value: { state: 'taken' } })
    expect(await moveCase(agent, id, 'take', say(), now)).toEqual({ ok: false, code: 'moved' })
    expect(await moveCase(agent, id, 'reject', say(), now)).toEqual({ ok: false, code: 'notFound' })
    expect(await moveCase(supervisor, id, 'reject', say(), now)).toMatchObject({
      value: { state: 'rejected' },
    })
  })

  it('granting closes the earlier account, frees its identifiers and tells both', async () => {
    const id = await file()
    const session = await beginSession(db, earlier.id, { userAgent: null, address: null }, new Date())
    const result = await moveCase(supervisor, id, 'accept', say([earlier.id]), now)
    expect(result).toMatchObject({ value: { kind: 'dispute', state: 'accepted' } })
    expect(await findSession(session, new Date())).toBeUndefined()
    expect(await isClosed(earlier.id)).toBe(true)
    expect(await db.select().from(contractAccess).where(eq(contractAccess.accountId, earlier.id))).toEqual([])
    expect(await db.select().from(sessions).where(eq(sessions.accountId, earlier.id))).toMatchObject([
      { revokedAt: expect.any(Date) },
    ])
    const { personalNumber, email, phone, username } = earlier
    await makeAccount(db, { personalNumber, email, phone, username })
    const told = (await listOutbox(3)).map(message => message.to).sort()
    expect(told).toEqual([earlier.email, earlier.phone, input.email].sort())
  })

  it('granting asks once more for each account chosen', async () => {
    const id = await file()
    for (const confirmed of [[], [agent.id]]) {
      const result = await moveCase(supervisor, id, 'accept', { ...say([earlier.id]), confirmed }, now)
      expect(result).toEqual({ ok: false, code: 'confirmClosing' })
    }
    expect([await isClosed(earlier.id), await stateOf(id)]).toEqual([false, 'pending'])
  })

  it('tells the phone of the account it closes, also where its e-mail was never verified', async () => {
    await db.update(accounts).set({ emailVerifiedAt: null }).where(eq(accounts.id, earlier.id))
    await moveCase(supervisor, await file(), 'accept', say([earlier.id]), now)
    const told = (await listOutbox(2)).map(({ channel, to }) => [channel, to])
    expect(told).toContainEqual(['sms', earlier.phone])
    expect(told).not.toContainEqual(['email', earlier.email])
  })

  it('is written down as the deed of whoever decided, with what it closed', async () => {
    const id = await file()
    await moveCase(supervisor, id, 'accept', say([earlier.id]), now)
    const closed = eq(auditEvents.action, 'account.closed')
    const events = await db
      .select()
      .from(auditEvents)
      .where(
        or(
          and(closed, eq(auditEvents.subject, `account:${earlier.id}`)),
          eq(auditEvents.subject, `case:${id}`),
        ),
      )
    expect(events.map(({ action, accountId, details }) => [action, accountId, details])).toEqual([
      ['case.filed', null, { kind: 'dispute' }],
      ['account.closed', supervisor.id, { reason: 'dispute', dispute: id }],
      ['case.accepted', supervisor.id, { kind: 'dispute', case: id, closed: earlier.id }],
    ])
    expect(await db.$count(auditEvents, and(closed, eq(auditEvents.accountId, earlier.id)))).toBe(0)
  })

  it('refusing closes nothing and tells the reason to whoever disputed', async () => {
    const id = await file()
    await moveCase(supervisor, id, 'reject', say([earlier.id], 'Dokumenti ka skaduar.'), now)
    expect(await isClosed(earlier.id)).toBe(false)
    const [message] = await listOutbox(1)
    expect(message).toMatchObject({ to: input.email, language: 'sq' })
    expect(message!.text).toContain('Dokumenti ka skaduar.')
  })

  it('closes only what still holds the details, what was chosen, and nobody of the staff', async () => {
    const sharesPhone = await makeAccount(db, { phone: '+38344777666' })
    await giveAccess(db, sharesPhone, await makeContract(db))
    const id = await file({ phone: '+38344777666' })
    const stranger = await makeAccount(db)
    const grant = (chosen: string[]) => moveCase(supervisor, id, 'accept', say(chosen), now)
    expect(await grant([])).toEqual({ ok: false, code: 'chooseAccount' })
    expect(await grant([earlier.id, stranger.id])).toEqual({ ok: false, code: 'chooseAccount' })
    expect([await isClosed(earlier.id), await isClosed(stranger.id), await stateOf(id)]).toEqual([
      false,
      false,
      'pending',
    ])
    expect(await grant([earlier.id])).toMatchObject({ ok: true })
    expect([await isClosed(earlier.id), await isClosed(sharesPhone.id)]).toEqual([true, false])

    const colleague = (await db.select().from(accounts).where(eq(accounts.id, agent.id)))[0]!
    await giveAccess(db, colleague, await makeContract(db))
    const ofStaff = await file({ personalNumber: colleague.personalNumber })
    expect(await moveCase(supervisor, ofStaff, 'accept', say([agent.id]), now)).toEqual({
      ok: false,
      code: 'staffAccount',
    })
    expect(await stateOf(ofStaff)).toBe('pending')
  })

  it('grants without closing anything where nobody holds the details any more', async () => {
    const id = await file({ personalNumber: '9777777777' })
    expect(await moveCase(supervisor, id, 'accept', say(), now)).toMatchObject({
      value: { kind: 'dispute', state: 'accepted' },
    })
  })

  it('of two decisions at once exactly one counts, and one message goes out', async () => {
    const second = await makeStaff(db, 'supervisor', [KESCO])
    const id = await file()
    const before = (await listOutbox(1000)).length
    const results = await Promise.all([
      moveCase(supervisor, id, 'accept', say([earlier.id]), now),
      moveCase(second, id, 'reject', say(), now),
      moveCase(second, id, 'accept', say([earlier.id]), now),
    ])
    expect(results.filter(result => result.ok)).toHaveLength(1)
    const state = await stateOf(id)
    expect(await isClosed(earlier.id)).toBe(state === 'accepted')
    expect((await listOutbox(1000)).length - before).toBe(state === 'accepted' ? 3 : 1)
  })
})

describe('files', () => {
  it('that nothing came to use are removed, those in use stay', async () => {
    await file()
    const kept = filesIn(folder)
    const [unused] = await stored()
    expect(filesIn(folder)).toHaveLength(kept.length + 1)
    const ids = (await db.select({ id: documents.id }).from(documents)).map(({ id }) => id)
    expect(ids).toContain(unused)
    await removeUnused(ids)
    await removeUnused(ids)
    expect(filesIn(folder).sort()).toEqual(kept.sort())
  })

  it('have a job waiting for them from the start', async () => {
    const [id] = await stored()
    const { rows } = await db.execute(
      sql`select 1 from graphile_worker._private_jobs where payload::text like ${`%${id}%`} and run_at > ${now.toISOString()}::timestamptz`,
    )
    expect(rows).toHaveLength(1)
  })

  it('are stored under keys that say nothing', async () => {
    await file()
    for (const path of filesIn(folder)) expect(path).toMatch(/\/documents\/[0-9a-f]{2}\/[0-9a-f]{32}$/)
  })
})

// Documents and the virus scanner: held until it has answered, never handed to anybody where it found something.
import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { auditEvents } from '../../db/schema/audit.ts'
import { documents } from '../../db/schema/files.ts'
import { getDocumentForStaff, getOwnDocument } from '../../lib/cases/documents.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { businessForm } from '../../lib/cases/forms.ts'
import { getCase, listOwnCases } from '../../lib/cases/queries.ts'
import { takeDocuments } from '../../lib/files/forms.ts'
import { scanWaitingDocuments } from '../../lib/files/jobs.ts'
import { scan } from '../../lib/files/scanner.ts'
import { parseEnv } from '../../lib/platform/env.ts'
import { MARKER, makeClamd, STREAM_BYTES } from '../support/clamd.ts'
import { testDatabase } from '../support/database.ts'
import { formWith, pdf } from '../support/files.ts'
import { makeAccount, makeStaff } from '../support/people.ts'
import { mustRead } from '../support/read-form.ts'
import { filesIn, uploadsFolder } from '../support/uploads-folder.ts'

const folder = uploadsFolder()
const clamd = await makeClamd()
afterAll(() => clamd.remove())
process.env.CLAMD = clamd.tcp
const db = await testDatabase()
const now = new Date('2026-11-26T10:00:00Z')
const soon = new Date(now.getTime() + 300_000)

const infected = Buffer.from(pdf.toString().replace('trailer', `%${MARKER}\ntrailer`))
const large = (bytes: Buffer) =>
  Buffer.concat([bytes.subarray(0, 9), Buffer.alloc(4 * STREAM_BYTES, '\n'), bytes.subarray(9)])

type Account = Awaited<ReturnType<typeof makeAccount>>
let owner: Account
let agent: Awaited<ReturnType<typeof makeStaff>>
let nui = 811_000_000
beforeEach(async () => {
  nui += 1
  owner = await makeAccount(db)
  agent = await makeStaff(db, 'agent', [2])
})

const take = (...files: { name: string; bytes: Uint8Array }[]) =>
  takeDocuments(
    formWith(...files),
    { accountId: owner.id },
    { limit: { name: 'businesses', points: 100, seconds: 60 }, key: owner.id },
    now,
  )

/** A business with its document; what both sides see of it. */
async function send(bytes: Uint8Array) {
  const taken = await take({ name: 'ekstrakti.pdf', bytes })
  expect(taken.refused).toEqual([])
  const input = {
    biller: 'kesco' as const,
    nipt: String(nui),
    businessName: 'Drita Sh.p.k.',
    legalRepresentative: 'Arta Berisha',
  }
  const of = { owner: { accountId: owner.id }, documentIds: taken.ids, idempotencyKey: randomUUID() }
  const added = await fileCase('business', mustRead(businessForm, input), of, now)
  if (!added.ok) throw new Error(added.code)
  const id = taken.ids[0]!
  return {
    states: async () => [
      (await getCase(agent, 'registrations', added.value, now))!.documents[0]!.state,
      (await listOwnCases(owner, 'business'))[0]!.documents[0]!.state,
    ],
    opens: async () => [
      (await getDocumentForStaff(agent, id, now)) !== undefined,
      (await getOwnDocument(owner, id)) !== undefined,
    ],
    row: async () => (await db.select().from(documents).where(eq(documents.id, id)))[0]!,
  }
}

describe.sequential('a scanner that answers', () => {
  it('finds the marker and nothing else, over TCP and a socket file; too large a file is no answer', async () => {
    await clamd.start()
    expect(await scan(pdf, 10)).toBe('clean')
    expect(await scan(infected, 10)).toBe('infected')
    expect(await scan(new Uint8Array(), 10)).toBe('clean')
    expect(await scan(large(pdf), 10)).toBe('failed')
    vi.resetModules()
    vi.stubEnv('CLAMD', clamd.socket)
    const overSocket = await import('../../lib/files/scanner.ts')
    expect(await overSocket.scan(infected, 10)).toBe('infected')
    vi.unstubAllEnvs()
  })

  it('lets a clean document through at once', async () => {
    const sent = await send(pdf)
    expect(await sent.states()).toEqual(['clean', 'clean'])
    expect(await sent.opens()).toEqual([true, true])
  })

  it('has an infected one refused in the form, and the good one kept; nothing of it is stored', async () => {
    const before = filesIn(folder).length
    const taken = await take({ name: 'virus.pdf', bytes: infected }, { name: 'mire.pdf', bytes: pdf })
    expect(taken.refused).toMatchObject([{ error: 'documentInfected', values: { file: 'virus.pdf' } }])
    expect(taken.files.kept).toMatchObject([{ name: 'mire.pdf' }])
    expect(filesIn(folder)).toHaveLength(before + 1)
  })

  it('holds what it did not take', async () => {
    const sent = await send(large(pdf))
    expect(await sent.states()).toEqual(['held', 'held'])
    expect(await sent.opens()).toEqual([false, false])
    await scanWaitingDocuments(db, soon)
    expect(await sent.states()).toEqual(['held', 'held'])
    await db.delete(documents).where(eq(documents.id, (await sent.row()).id))
  })
})

describe.sequential('a scanner that is down', () => {
  it('has documents held for everybody, until it has answered', async () => {
    await clamd.stop()
    const good = await send(pdf)
    expect(await good.states()).toEqual(['held', 'held'])
    expect(await good.opens()).toEqual([false, false])
    await scanWaitingDocuments(db, soon)
    expect(await good.states()).toEqual(['held', 'held'])

    nui += 1
    owner = await makeAccount(db)
    const bad = await send(infected)
    const { storageKey } = await bad.row()
    expect(filesIn(folder).join()).toContain(storageKey)

    await clamd.start()
    // What is just being stored is left to the next time.
    await scanWaitingDocuments(db, now)
    expect(await bad.states()).toEqual(['held', 'held'])
    await scanWaitingDocuments(db, soon)
    expect((await good.row()).scan).toBe('clean')
    expect(await bad.states()).toEqual(['infected', 'infected'])
    expect(await bad.opens()).toEqual([false, false])
    expect(await bad.row()).toMatchObject({ scan: 'infected', removedAt: soon })
    expect(filesIn(folder).join()).not.toContain(storageKey)
    const events = await db.select().from(auditEvents).where(eq(auditEvents.action, 'document.infected'))
    expect(events).toMatchObject([{ subject: `case:${(await bad.row()).caseId}` }])
  })

  it('is asked about documents of before there was one', async () => {
    const sent = await send(pdf)
    await db.update(documents).set({ scan: null })
    expect(await sent.opens()).toEqual([false, false])
    await scanWaitingDocuments(db, soon)
    expect(await sent.opens()).toEqual([true, true])
  })

  it('and the database lets none be infected and there', async () => {
    const sent = await send(pdf)
    const { id } = await sent.row()
    await expect(
      db.update(documents).set({ scan: 'infected' }).where(eq(documents.id, id)),
    ).rejects.toMatchObject({ cause: { constraint: 'documents_infected' } })
  })
})

it.each([
  ['127.0.0.1:3310', true],
  ['[::1]:3310', true],
  ['scanner.internal:3310', true],
  ['/run/clamav/clamd.ctl', true],
  ['scanner', false],
  ['tcp://scanner:3310', false],
])('CLAMD may be %s: %s', (value, fine) => {
  const given = { APP_URL: 'http://localhost', AUTH_SECRET: 'x'.repeat(32), DEMO: '1', CLAMD: value }
  if (fine) expect(parseEnv(given).CLAMD).toBe(value)
  else
    expect(() => parseEnv(given)).toThrow('The setting CLAMD is neither host:port nor the path of a socket.')
})

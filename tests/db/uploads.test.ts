// The documents of a form, from what arrives to what is stored: the good ones are kept while the rest is corrected.
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { eq, inArray, sql } from 'drizzle-orm'
import sharp from 'sharp'
import { beforeEach, describe, expect, it } from 'vitest'
import { documents } from '../../db/schema/files.ts'
import { getDocumentForStaff } from '../../lib/cases/documents.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { disputeForm } from '../../lib/cases/forms.ts'
import { moveCase } from '../../lib/cases/moves.ts'
import { getCase } from '../../lib/cases/queries.ts'
import { claimDocuments, removeUnused } from '../../lib/files/commands.ts'
import { takeDocuments, type Uploader, withoutGone } from '../../lib/files/forms.ts'
import { removeDecidedDocuments } from '../../lib/files/jobs.ts'
import { redrawPicture } from '../../lib/files/pictures.ts'
import { seal } from '../../lib/platform/seal.ts'
import { testDatabase } from '../support/database.ts'
import { formWith, heic, jpeg, pdf, png, program } from '../support/files.ts'
import { makeAccount, makeContract, makeStaff } from '../support/people.ts'
import { mustRead } from '../support/read-form.ts'
import { filesIn, uploadsFolder } from '../support/uploads-folder.ts'

const folder = uploadsFolder()
process.env.DOCUMENTS_PER_ACCOUNT = '7'
const db = await testDatabase()
const now = new Date('2026-11-26T10:00:00Z')
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

/** As strangers send it; every test from an address of its own. */
let key = ''
beforeEach(() => {
  key = randomUUID()
})
const limit = { name: 'disputes', points: 5, seconds: 3600 }
const take = (form: FormData, at = now, uploader: Uploader = { form: 'dispute' }) =>
  takeDocuments(form, uploader, { limit, key }, at)

/** The form again with what it kept, and more files. */
function again({ files }: Awaited<ReturnType<typeof take>>, ...more: Parameters<typeof formWith>): FormData {
  const form = formWith(...more)
  for (const { reference } of files.kept) form.append('keptDocuments', reference)
  return form
}
const names = ({ files }: Awaited<ReturnType<typeof take>>) => files.kept.map(({ name }) => name)
const refusals = ({ refused }: Awaited<ReturnType<typeof take>>) =>
  refused.map(({ error, values }) => `${values!.file}: ${error} ${values!.format}`.trim())
/** Refused as a whole. */
const only = (error: string) => ({ refused: [expect.objectContaining({ error })] })

const filing = (documentIds: string[]) => ({
  owner: { language: 'sq' as const },
  documentIds,
  idempotencyKey: randomUUID(),
})

describe('what arrives', () => {
  it('is named by its content, and pictures are written anew', async () => {
    const taken = await take(
      formWith(
        { name: 'leternjoftimi.bat', bytes: jpeg },
        { name: 'scan.pdf', bytes: png },
        { name: 'ekstrakti', bytes: Buffer.concat([Buffer.from('\x1b%-12345X@PJL JOB\r\n'), pdf]) },
      ),
    )
    expect(taken).toMatchObject({ refused: [], seconds: 0 })
    expect(names(taken)).toEqual(['leternjoftimi.jpg', 'scan.png', 'ekstrakti.pdf'])
    const rows = await db.select().from(documents).where(inArray(documents.id, taken.ids))
    expect(rows.map(({ name, type }) => `${name} ${type}`).sort()).toEqual([
      'ekstrakti.pdf application/pdf',
      'leternjoftimi.jpg image/jpeg',
      'scan.png image/png',
    ])
    expect(rows.find(row => row.type === 'application/pdf')!.bytes).toBe(pdf.length)
  })

  it.each([
    ['no field at all', new FormData(), 'documentRequired'],
    ['what an empty field sends', formWith({ name: '', bytes: Buffer.alloc(0) }), 'documentRequired'],
    [
      'what it sends where a script posts the form',
      formWith({ name: 'undefined', bytes: Buffer.alloc(0) }),
      'documentRequired',
    ],
  ])('%s is a missing document', async (_, form, code) => {
    expect(await take(form)).toMatchObject({ ids: [], ...only(code) })
  })

  it('a text in the field is ignored', async () => {
    const form = new FormData()
    form.append('documents', 'a.pdf')
    expect(await take(form)).toMatchObject(only('documentRequired'))
  })

  it('a refused file is named with its reason, and the good ones are kept', async () => {
    const taken = await take(
      formWith(
        { name: 'a.png', bytes: png },
        { name: 'IMG_0001.heic', bytes: heic },
        { name: 'four-bytes.jpg', bytes: Buffer.from('ffd8ffe0', 'hex') },
        { name: 'bosh.pdf', bytes: Buffer.alloc(0) },
        { name: 'program.pdf', bytes: program },
      ),
    )
    expect(names(taken)).toEqual(['a.png'])
    expect(refusals(taken)).toEqual([
      'IMG_0001.heic: documentHeic HEIC',
      'four-bytes.jpg: documentDamaged',
      'bosh.pdf: documentEmpty',
      'program.pdf: documentType',
    ])
  })

  it('takes exactly 5 MB, and five files; one byte and one file more are refused, the rest kept', async () => {
    const ofSize = (size: number) =>
      Buffer.concat([pdf.subarray(0, 9), Buffer.alloc(size - pdf.length, '\n'), pdf.subarray(9)])
    const sized = await take(
      formWith({ name: 'a.pdf', bytes: ofSize(5_000_000) }, { name: 'b.pdf', bytes: ofSize(5_000_001) }),
    )
    expect([names(sized), refusals(sized)]).toEqual([['a.pdf'], ['b.pdf: documentSize']])
    const six = Array.from({ length: 6 }, (_, index) => ({ name: `${index}.png`, bytes: png }))
    const counted = await take(formWith(...six))
    expect(counted).toMatchObject(only('documentsLeftOut'))
    expect(names(counted)).toHaveLength(5)
    expect(await take(again(counted))).toMatchObject({ refused: [], ids: counted.ids })
  })

  it('is limited in proportion to the forms; what came before the limit is kept', async () => {
    const five = Array.from({ length: 5 }, (_, index) => ({ name: `${index}.pdf`, bytes: pdf }))
    for (let form = 0; form < 5; form += 1)
      expect(await take(formWith(...five))).toMatchObject({ seconds: 0 })
    const stopped = await take(formWith({ name: 'a.pdf', bytes: pdf }))
    expect(stopped).toMatchObject({ ids: [] })
    expect(stopped.seconds).toBeGreaterThan(3000)
  })
})

describe('too many pictures at once', () => {
  it('are refused by name, are not counted, and what was kept stays', async () => {
    const first = await take(formWith({ name: 'a.png', bytes: png }))
    // They are drawn in turn: while the large one is, all wait.
    const large = await sharp({ create: { width: 5000, height: 5000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
    const others = [large, ...Array(7).fill(png)].map(bytes => redrawPicture(bytes, 'image/png', 'strangers'))
    const counted = () => db.execute(sql`select sum(points)::int as points from rate_limits`)
    const before = await counted()
    const busy = await take(again(first, { name: 'b.jpg', bytes: jpeg }, { name: 'c.pdf', bytes: pdf }))
    expect(busy).toMatchObject({ seconds: 0 })
    expect([names(busy), refusals(busy)]).toEqual([['a.png', 'c.pdf'], ['b.jpg: documentBusy']])
    expect(((await counted()).rows[0]!.points as number) - (before.rows[0]!.points as number)).toBe(1)
    await Promise.all(others)
    expect(names(await take(again(busy, { name: 'b.jpg', bytes: jpeg })))).toEqual([
      'a.png',
      'c.pdf',
      'b.jpg',
    ])
  })
})

describe('what is kept', () => {
  it('comes with the next answer, alone or with more files, and is stored once', async () => {
    const first = await take(formWith({ name: 'a.png', bytes: png }, { name: 'b.heic', bytes: heic }))
    const before = filesIn(folder).length
    const second = await take(again(first, { name: 'b.jpg', bytes: jpeg }), later(5))
    expect(second).toMatchObject({ refused: [], seconds: 0 })
    expect(names(second)).toEqual(['a.png', 'b.jpg'])
    const third = await take(again(second), later(6))
    expect(third).toMatchObject({ refused: [], ids: second.ids })
    expect(filesIn(folder)).toHaveLength(before + 1)
  })

  it('has names that tell its files apart', async () => {
    const photo = { name: 'image.jpg', bytes: jpeg }
    const first = await take(formWith(photo, photo))
    expect(names(first)).toEqual(['image.jpg', 'image-2.jpg'])
    expect(names(await take(again(first, photo)))).toEqual(['image.jpg', 'image-2.jpg', 'image-3.jpg'])
  })

  it('can be taken out again', async () => {
    const first = await take(formWith({ name: 'a.png', bytes: png }, { name: 'b.jpg', bytes: jpeg }))
    const form = new FormData()
    form.append('keptDocuments', first.files.kept[1]!.reference)
    expect(names(await take(form))).toEqual(['b.jpg'])
    expect(await take(new FormData())).toMatchObject(only('documentRequired'))
  })

  it('counts once, however often it is named, and towards how many a form takes', async () => {
    const first = await take(formWith({ name: 'a.png', bytes: png }))
    const twice = again(first)
    twice.append('keptDocuments', first.files.kept[0]!.reference)
    expect((await take(twice)).ids).toEqual(first.ids)
    const five = Array.from({ length: 5 }, (_, index) => ({ name: `${index}.pdf`, bytes: pdf }))
    const full = await take(again(first, ...five))
    expect(full).toMatchObject(only('documentsLeftOut'))
    expect(full.ids).toHaveLength(5)
  })

  it('is nobody else’s: not another account’s, nor another form’s, nor made up', async () => {
    const [mine, other] = [await makeAccount(db), await makeAccount(db)]
    const own = { accountId: mine.id }
    const first = await take(formWith({ name: 'a.png', bytes: png }), now, own)
    expect(await take(again(first), now, own)).toMatchObject({ refused: [], ids: first.ids })
    for (const uploader of [{ accountId: other.id }, { form: 'dispute' }]) {
      expect(await take(again(first), now, uploader)).toMatchObject({
        ids: [],
        ...only('documentRequired'),
      })
    }
    const strangers = await take(formWith({ name: 'a.png', bytes: png }))
    expect(await take(again(strangers), now, { form: 'another' })).toMatchObject({ ids: [] })
    expect(await take(again(strangers), now, own)).toMatchObject({ ids: [] })
    const forged = new FormData()
    const content = { id: strangers.ids[0], name: 'a.png', of: 'form dispute' }
    for (const reference of [strangers.ids[0]!, 'x', '', seal(JSON.stringify(content), 'something else')]) {
      forged.append('keptDocuments', reference)
    }
    expect(await take(forged)).toMatchObject({ ids: [], ...only('documentRequired') })
  })

  it('is asked for again after an hour, and once it was sent', async () => {
    const first = await take(formWith({ name: 'a.png', bytes: png }))
    expect(refusals(await take(again(first), later(60)))).toEqual(['a.png: documentGone'])
    const contract = await makeContract(db)
    const input = {
      biller: 'kesco' as const,
      contractCode: contract.code,
      firstName: 'Blerta',
      lastName: 'Krasniqi',
      personalNumber: '1234567892',
      email: 'b@example.com',
      phone: '+38344777888',
      note: null,
    }
    expect(await fileCase('dispute', mustRead(disputeForm, input), filing(first.ids), now)).toMatchObject({
      ok: true,
    })
    expect(refusals(await take(again(first)))).toEqual(['a.png: documentGone'])
    await expect(
      db.transaction(tx =>
        claimDocuments(tx, first.ids, { id: randomUUID(), event: 1, decidedAt: null, side: 'owner' }),
      ),
    ).rejects.toThrow('removed before')
  })

  it('is asked for again where it went while the form was being dealt with', async () => {
    const first = await take(formWith({ name: 'a.png', bytes: png }, { name: 'b.jpg', bytes: jpeg }))
    await removeUnused([first.ids[0]!])
    const left = await withoutGone(first, { form: 'dispute' }, now)
    expect(left).toMatchObject({ ids: [first.ids[1]] })
    expect([names(left), refusals(left)]).toEqual([['b.jpg'], ['a.png: documentGone']])
    expect(await take(again(left))).toMatchObject({ refused: [], ids: [first.ids[1]] })
  })
})

describe('an account', () => {
  it('has so many documents and no more, however many forms come at once', async () => {
    const { id: accountId } = await makeAccount(db)
    const files = ['a.pdf', 'b.pdf', 'c.pdf'].map(name => ({ name, bytes: pdf }))
    const all = await Promise.all([1, 2, 3].map(() => take(formWith(...files), now, { accountId })))
    expect(all.map(({ refused }) => refused.length).sort()).toEqual([0, 0, 3])
    const full = all.find(({ refused }) => refused.length > 0)!
    expect(refusals(full)).toEqual(['a.pdf: documentQuota', 'b.pdf: documentQuota', 'c.pdf: documentQuota'])
    expect(await take(formWith(files[0]!), now, { accountId })).toMatchObject({ refused: [] })
    expect(await take(formWith(files[0]!), now, { accountId })).toMatchObject(only('documentQuota'))
    await db.update(documents).set({ removedAt: now }).where(eq(documents.accountId, accountId))
    expect(await take(formWith(...files), now, { accountId })).toMatchObject({ refused: [] })
  })
})

describe('a full disk', () => {
  /** Files of this process may not grow beyond so many bytes; half of a larger one is written before it fails. */
  const limitFiles = (bytes: number | 'unlimited') => {
    const { status, stderr } = spawnSync('prlimit', [
      '--pid',
      String(process.pid),
      `--fsize=${bytes}:unlimited`,
    ])
    if (status !== 0) throw new Error(String(stderr))
  }

  it('leaves no half file and no row, and the form says which files were not stored', async () => {
    const before = filesIn(folder)
    const rows = await db.$count(documents)
    const large = Buffer.concat([pdf.subarray(0, 9), Buffer.alloc(100_000, '\n'), pdf.subarray(9)])
    limitFiles(50_000)
    const taken = await take(
      formWith({ name: 'a.pdf', bytes: pdf }, { name: 'b.pdf', bytes: large }),
    ).finally(() => limitFiles('unlimited'))
    expect(taken).toMatchObject({ ids: [] })
    expect(refusals(taken)).toEqual(['a.pdf: documentNotStored', 'b.pdf: documentNotStored'])
    expect(filesIn(folder)).toEqual(before)
    expect(await db.$count(documents)).toBe(rows)
  })
})

describe('90 days after the decision', () => {
  const days = (count: number) => later(count * 24 * 60)

  it('files are gone, and the case says so; nothing else goes', async () => {
    const contract = await makeContract(db)
    const dispute = async (decidedAt: Date | null) => {
      const { ids } = await take(formWith({ name: 'letërnjoftimi.pdf', bytes: pdf }))
      const input = {
        biller: 'kesco' as const,
        contractCode: contract.code,
        firstName: 'Blerta',
        lastName: 'Krasniqi',
        personalNumber: '1234567892',
        email: 'b@example.com',
        phone: '+38344777888',
        note: null,
      }
      const filed = await fileCase('dispute', mustRead(disputeForm, input), filing(ids), now)
      if (!filed.ok) throw new Error(filed.code)
      const staff = await makeStaff(db, 'supervisor', [2])
      if (decidedAt) {
        expect(await moveCase(staff, filed.value, 'reject', { note: 'x' }, decidedAt)).toMatchObject({
          ok: true,
        })
      }
      return async () => {
        const [document] = (await getCase(staff, 'registrations', filed.value, now))!.documents
        const opened = await getDocumentForStaff(staff, ids[0]!, now)
        return [document!.name, document!.state, document!.removedAt, opened !== undefined]
      }
    }
    const [old, young, open] = [await dispute(now), await dispute(later(1)), await dispute(null)]
    const before = filesIn(folder).length
    await removeDecidedDocuments(db, days(90))
    expect(await old()).toEqual(['letërnjoftimi.pdf', 'unscanned', null, true])
    const at = new Date(days(90).getTime() + 1)
    await removeDecidedDocuments(db, at)
    await removeDecidedDocuments(db, later(90 * 24 * 60 + 1))
    expect(await old()).toEqual(['letërnjoftimi.pdf', 'removed', at, false])
    expect(await young()).toEqual(['letërnjoftimi.pdf', 'unscanned', null, true])
    expect(await open()).toEqual(['letërnjoftimi.pdf', 'unscanned', null, true])
    expect(filesIn(folder)).toHaveLength(before - 1)
  })
})

describe('the database', () => {
  it.each(['a.bat', 'a.pdf.exe', 'a', 'a.jpg'])('takes no PDF called %s', async name => {
    const row = { storageKey: randomUUID(), name, type: 'application/pdf' as const, bytes: 1, createdAt: now }
    await expect(db.insert(documents).values(row)).rejects.toMatchObject({
      cause: { constraint: 'documents_name_ending' },
    })
  })

  it('mends the names of before', async () => {
    const file = fs.readdirSync('db/migrations').find(name => name.endsWith('document-names.sql'))!
    const [statement] = fs
      .readFileSync(path.join('db/migrations', file), 'utf8')
      .split('--> statement-breakpoint')
    await db.transaction(async tx => {
      await tx.execute(sql`alter table documents drop constraint documents_name_ending`)
      const rows = ['leternjoftimi.bat', '.hta', 'skanim 12.11.2026', 'a.JPG', 'b.exe. .'].map(name => ({
        storageKey: randomUUID(),
        name,
        type: 'image/jpeg' as const,
        bytes: 1,
        createdAt: later(999),
      }))
      await tx.insert(documents).values(rows)
      await tx.execute(sql.raw(statement!))
      const found = await tx
        .select({ name: documents.name })
        .from(documents)
        .where(
          inArray(
            documents.storageKey,
            rows.map(({ storageKey }) => storageKey),
          ),
        )
      expect(found.map(({ name }) => name).sort()).toEqual([
        '.hta.jpg',
        'a.JPG',
        'b.jpg',
        'leternjoftimi.jpg',
        'skanim 12.11.2026.jpg',
      ])
    })
  })
})

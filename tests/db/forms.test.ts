// Forms that are sent twice, on two nodes, while a process dies; and what is kept of forms that were not done.
import { eq, sql } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { formAnswers, formDrafts } from '../../db/schema/forms.ts'
import { answerForm, claimForm, doForm, freeForm, okOnce } from '../../lib/forms/answers.ts'
import { DRAFT_SECONDS, findDrafts, forgetDraftSoon, keepDraft, typedInto } from '../../lib/forms/drafts.ts'
import { idsField, noteField, passwordField } from '../../lib/forms/fields.ts'
import { form } from '../../lib/forms/form.ts'
import { forgetForms } from '../../lib/forms/retention.ts'
import { sealShown } from '../../lib/forms/shown.ts'
import { clock } from '../../lib/platform/clock.ts'
import { testDatabase } from '../support/database.ts'

const db = await testDatabase()
let keys = 0
const newKey = () => `key-${++keys}`
const later = (seconds: number) =>
  vi.spyOn(clock, 'now').mockReturnValue(new Date(Date.now() + seconds * 1000))
afterEach(() => void vi.restoreAllMocks())

describe('a form sent twice', () => {
  it('is done once: who comes later gets the first one’s answer', async () => {
    const key = newKey()
    expect(await claimForm(key)).toEqual({ state: 'mine' })
    await answerForm(key, 'done', { id: 7 })
    expect(await claimForm(key)).toEqual({ state: 'known', outcome: 'done', answer: { id: 7 } })
  })

  it('with a password or a code is answered so for ten minutes', async () => {
    const [secret, plain] = [newKey(), newKey()]
    for (const key of [secret, plain]) {
      await claimForm(key, key === secret)
      await answerForm(key, 'done', 7)
    }
    later(599)
    expect(await claimForm(secret, true)).toMatchObject({ state: 'known' })
    later(601)
    expect(await claimForm(plain)).toMatchObject({ state: 'known' })
    expect(await claimForm(secret, true)).toEqual({ state: 'mine' })
  })

  it('of many at once is given to one; the others wait for what becomes of it', async () => {
    const key = newKey()
    let running = 0
    const send = async () => {
      const claim = await claimForm(key)
      if (claim.state !== 'mine') return claim
      running += 1
      await new Promise(done => setTimeout(done, 200))
      await answerForm(key, 'done', 'the value')
      return claim
    }
    const claims = await Promise.all(Array.from({ length: 12 }, send))
    expect(running).toBe(1)
    expect(claims.filter(({ state }) => state === 'known')).toHaveLength(11)
  })

  it('holds no connection while it waits', async () => {
    const key = newKey()
    await claimForm(key)
    // More than the pool has.
    const waiting = Array.from({ length: 40 }, () => claimForm(key))
    await new Promise(done => setTimeout(done, 300))
    // Would wait for ever otherwise: they wait for what comes after it.
    await db.execute(sql`select 1`)
    await answerForm(key, 'done', null)
    expect((await Promise.all(waiting)).every(({ state }) => state === 'known')).toBe(true)
  })

  it('whose process dies after its command is not done again: its answer is kept with what the command wrote', async () => {
    const key = newKey()
    await claimForm(key)
    const dying = doForm(key, async () => {
      await db.transaction(tx => okOnce(tx, { id: 7 }))
      throw new Error('the process dies here')
    })
    await expect(dying).rejects.toThrow()
    await freeForm(key)
    later(61)
    expect(await claimForm(key)).toEqual({ state: 'known', outcome: 'done', answer: { id: 7 } })
  })

  it('whose command takes back what it wrote takes back its answer, too', async () => {
    const key = newKey()
    await claimForm(key)
    const failing = doForm(key, () =>
      db.transaction(async tx => {
        await okOnce(tx, undefined)
        throw new Error('taken back')
      }),
    )
    await expect(failing).rejects.toThrow()
    await freeForm(key)
    expect(await claimForm(key)).toEqual({ state: 'mine' })
  })

  it('that failed is tried anew, but by none that was sent at the same time', async () => {
    const key = newKey()
    await claimForm(key)
    const second = claimForm(key)
    await new Promise(done => setTimeout(done, 100))
    await answerForm(key, 'failed', { wrong: [] })
    expect(await second).toEqual({ state: 'known', outcome: 'failed', answer: { wrong: [] } })
    expect(await claimForm(key)).toEqual({ state: 'mine' })
  })

  it('may be sent again where nothing became of it, and where its process died', async () => {
    const key = newKey()
    await claimForm(key)
    await freeForm(key)
    expect(await claimForm(key)).toEqual({ state: 'mine' })
    later(61)
    expect(await claimForm(key)).toEqual({ state: 'mine' })
  })

  it('keeps its answer when its claim is given back late', async () => {
    const key = newKey()
    await claimForm(key)
    await answerForm(key, 'done', 1)
    await freeForm(key)
    expect(await claimForm(key)).toMatchObject({ state: 'known' })
  })

  it('leaves nothing to be read in the database', async () => {
    const key = newKey()
    await claimForm(key)
    await answerForm(key, 'done', { email: 'arta@example.com' })
    const [row] = await db.select().from(formAnswers).where(eq(formAnswers.key, key))
    expect(JSON.stringify(row)).not.toContain('arta')
  })
})

describe('a draft', () => {
  const SEEN = form({
    name: 'dispute',
    fields: {
      note: noteField(1000),
      tags: idsField({}),
      closing: idsField({ once: true }),
      documents: { kind: 'files', megabytes: () => 5, read: (ids: string[]) => ({ value: ids }) },
      password: passwordField('new-password', 'passwordLong'),
      code: { kind: 'text', secret: true, read: (value: string) => ({ value }) },
    },
    failures: {},
  })
  const sent = () => {
    const data = new FormData()
    data.append('shown', sealShown(SEEN, null, { contract: '1' }))
    data.append('note', 'ë'.repeat(900))
    data.append('tags', 'a')
    data.append('tags', 'b')
    data.append('closing', 'x')
    data.append('documents', new File(['a'], 'a.pdf'))
    data.append('password', 'Portokall 7')
    data.append('code', '')
    return data
  }
  const keep = () => keepDraft([typedInto(sent())!], true)

  it('has everything that was typed, whole, but what may not be shown again: of that it says what it was', async () => {
    const id = await keep()
    const typed = { name: 'dispute', account: null, for: { contract: '1' }, refused: false }
    expect(await findDrafts([id])).toEqual([
      {
        id,
        unsent: true,
        forms: [
          {
            ...typed,
            values: { note: ['ë'.repeat(900)], tags: ['a', 'b'] },
            left: ['shown', 'closing', 'documents', 'password'],
          },
        ],
      },
    ])
    const [row] = await db.select().from(formDrafts)
    expect(JSON.stringify(row)).not.toContain('Portokall')
    expect(JSON.stringify(row)).not.toContain('dispute')
  })

  it('is none of what no page of ours made', () => {
    const forged = sent()
    forged.set('shown', 'x')
    expect(typedInto(forged)).toBeUndefined()
  })

  it('is found for half an hour, and a minute once it was shown', async () => {
    const id = await keep()
    later(DRAFT_SECONDS - 5)
    expect(await findDrafts([id])).toHaveLength(1)
    later(DRAFT_SECONDS + 5)
    expect(await findDrafts([id])).toEqual([])
    later(0)
    await forgetDraftSoon(id)
    later(55)
    expect(await findDrafts([id])).toHaveLength(1)
    // Shown again, it does not last longer.
    await forgetDraftSoon(id)
    later(65)
    expect(await findDrafts([id])).toEqual([])
  })
})

it('is all forgotten in time', async () => {
  const key = newKey()
  await claimForm(key)
  await answerForm(key, 'done', 1)
  const now = Date.now()
  await forgetForms(db, new Date(now + 23 * 3_600_000))
  expect(await db.$count(formAnswers, eq(formAnswers.key, key))).toBe(1)
  expect(await db.$count(formDrafts)).toBe(0)
  await forgetForms(db, new Date(now + 25 * 3_600_000))
  expect(await db.$count(formAnswers)).toBe(0)
})

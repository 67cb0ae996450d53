// Whether the folder of documents is the one that the database knows.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { documentStore } from '../../db/schema/files.ts'
import { checkStore } from '../../lib/files/store-mark.ts'
import { testDatabase } from '../support/database.ts'

const db = await testDatabase()
const newFolder = () => fs.mkdtempSync(path.join(os.tmpdir(), 'drita-store-'))
const markOf = (folder: string) => fs.readFileSync(path.join(folder, 'store-id'), 'utf8').trim()

beforeEach(() => db.delete(documentStore))

test('every node and worker with the folder of the first start is welcome', async () => {
  const folder = newFolder()
  await checkStore(db, folder)
  await checkStore(db, folder)
  expect(await db.select().from(documentStore)).toEqual([{ only: true, id: markOf(folder) }])
})

test('an empty folder is refused by a database that has a store, and told how to be the one', async () => {
  const folder = newFolder()
  await checkStore(db, folder)
  const other = newFolder()
  const refused = checkStore(db, other)
  await expect(refused).rejects.toThrow(
    /documents are kept elsewhere: .* has no mark of theirs\. .*STORAGE=s3/,
  )
  await expect(refused).rejects.toThrow(`write ${markOf(folder)} into ${other}/store-id.`)
  fs.writeFileSync(path.join(other, 'store-id'), markOf(folder))
  await checkStore(db, other)
})

test('the folder of another database is refused', async () => {
  const folder = newFolder()
  await checkStore(db, folder)
  await db.delete(documentStore)
  await checkStore(db, newFolder())
  await expect(checkStore(db, folder)).rejects.toThrow(/keeps the documents of another database/)
})

test('a database restored from before takes the mark that its folder has', async () => {
  const folder = newFolder()
  await checkStore(db, folder)
  const mark = markOf(folder)
  await db.delete(documentStore)
  await checkStore(db, folder)
  expect(await db.select().from(documentStore)).toEqual([{ only: true, id: mark }])
})

test('of several first starts at once with folders of their own, one goes on', async () => {
  const all = await Promise.allSettled([1, 2, 3, 4].map(() => checkStore(db, newFolder())))
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('of several first starts at once with one folder, all go on', async () => {
  const folder = newFolder()
  await Promise.all([1, 2, 3, 4].map(() => checkStore(db, folder)))
  expect(await db.select().from(documentStore)).toEqual([{ only: true, id: markOf(folder) }])
})

// Where an upload is read: nothing of it stays, whatever becomes of the process.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { inUploadFolder } from '../../lib/feed/upload-folder.ts'

it('is removed with the work, and what a process left that died by the next one', async () => {
  const { pid } = spawnSync(process.execPath, ['--eval', ''])
  const left = fs.mkdtempSync(path.join(os.tmpdir(), `drita-upload-${pid}-`))
  fs.writeFileSync(path.join(left, 'contracts.csv'), 'code\n')
  let folder = ''
  const work = inUploadFolder(async at => {
    folder = at
    await inUploadFolder(async () => expect(fs.existsSync(at)).toBe(true))
    throw new Error('broken')
  })
  await expect(work).rejects.toThrow('broken')
  expect([fs.existsSync(folder), fs.existsSync(left)]).toEqual([false, false])
})

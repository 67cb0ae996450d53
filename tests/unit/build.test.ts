import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { build, buildFault, linksOf, stampNow } from '../../bin/start/build.ts'
import { parseEnv } from '../../lib/platform/env.ts'

afterEach(() => vi.unstubAllEnvs())

test.each([
  ['off', undefined],
  ['', 'postgres://nobody@127.0.0.1:1/none'],
])('outside a demonstration nothing is built without the key of forms (DEMO=%s)', async (demo, database) => {
  vi.stubEnv('DEMO', demo)
  vi.stubEnv('DATABASE_URL', database)
  vi.stubEnv('NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', undefined)
  await expect(build(() => {})).rejects.toThrow(/^The setting NEXT_SERVER_.*openssl rand -base64 32$/)
})

test('the key of forms has 32 bytes', () => {
  const given = { APP_URL: 'http://localhost', AUTH_SECRET: 'x'.repeat(32), DEMO: 'on' }
  const parse = (key: string) => parseEnv({ ...given, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: key })
  expect(() => parse('c2hvcnQ=')).toThrow('is not the base64 of 32 bytes')
  expect(parse(Buffer.alloc(32).toString('base64'))).toBeDefined()
})

test('a build is served where it is of these sources, this Node.js and this key, and else a sentence says why not', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-build-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  const stamp = path.join(folder, 'made-from.json')
  vi.stubEnv('NEXT_DIST_DIR', path.relative(process.cwd(), folder))
  vi.stubEnv('NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', 'one')
  vi.stubEnv('DEMO', 'off')
  expect(buildFault()).toMatch(
    /^There is no build in .*: run `npm run build`, or bring the one that belongs here\.$/,
  )
  const made = stampNow()
  const write = (other: object) => fs.writeFileSync(stamp, JSON.stringify({ ...made, ...other }))
  write({})
  expect(buildFault()).toBeUndefined()
  write({ sources: 'other' })
  expect(buildFault()).toMatch(/is of other sources: /)
  write({ folder: '.next-elsewhere' })
  expect(buildFault()).toMatch(/was made as \.next-elsewhere, and answers under that name alone: /)
  write({ node: '18' })
  expect(buildFault()).toMatch(/was made on Node\.js 18, and this is \d\d: /)
  const link = 'node_modules/@scope/package'
  write({ links: [link] })
  expect(buildFault()).toMatch(
    /came without its links to packages \(node_modules\/@scope\/package\): copy it with/,
  )
  fs.mkdirSync(path.join(folder, 'node_modules/@scope'), { recursive: true })
  fs.symlinkSync(folder, path.join(folder, link))
  expect(buildFault()).toBeUndefined()
  expect(linksOf(folder)).toEqual([link])
  write({})
  vi.stubEnv('NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', 'another')
  expect(buildFault()).toMatch(/was made with another NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: /)
  // It serves what several share.
  vi.stubEnv('DEMO', 'on')
  expect(buildFault()).toBeUndefined()
})

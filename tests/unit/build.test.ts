import { afterEach, expect, test, vi } from 'vitest'
import { build } from '../../bin/start/build.ts'
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

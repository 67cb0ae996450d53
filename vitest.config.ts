// Unit tests and tests on a real database; `DEEP=1` adds the long random runs.
import { defineConfig } from 'vitest/config'
import { requireSupportedNode } from './bin/start/install.mjs'

requireSupportedNode()

/** What changes what every module of its process sees. */
const ALONE = ['tests/unit/abort-reasons.test.ts']

/** Loading packages is most of the work of many files: a process serves one after the other. */
const SHARED = { isolate: false, setupFiles: 'tests/support/fresh-modules.ts' }

export default defineConfig({
  resolve: { alias: { '@': import.meta.dirname } },
  test: {
    projects: [
      {
        extends: true,
        test: { ...SHARED, name: 'unit', include: ['tests/unit/**/*.test.ts'], exclude: ALONE },
      },
      {
        extends: true,
        test: {
          ...SHARED,
          name: 'database',
          include: ['tests/db/**/*.test.ts'],
          globalSetup: 'tests/support/database-server.ts',
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
    pool: 'forks',
    // Most of what a test makes is soon garbage: with room for it, a process does a tenth less work.
    execArgv: ['--max-semi-space-size=64'],
    // Much of a test is waiting for PostgreSQL or for another process; by default a core would be left idle.
    maxWorkers: 2,
    testTimeout: process.env.DEEP ? 1_800_000 : 60_000,
    hookTimeout: 60_000,
    // A second, as it is by default, is short on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    env: {
      NODE_ENV: 'test',
      TZ: 'UTC',
      APP_URL: 'http://localhost:3000',
      AUTH_SECRET: 'a-secret-of-the-tests-only-0123456789',
      DEMO: '1',
      LOG_LEVEL: 'warn',
      // Else a test that sends would fail at night.
      QUIET_HOURS: 'off',
      // On a busy machine many at once take longer than customers are made to wait.
      PAYMENT_LOCK_WAIT_MS: '10000',
      DATABASE_CONNECT_SECONDS: '60',
      DATABASE_PAGE_SECONDS: '60',
      DATABASE_PAGE_LOCK_SECONDS: '60',
    },
  },
})

// Tests in a real browser: with JavaScript and without, on a desktop and on a phone; `DEEP=1` adds what repeats them.
import { defineConfig } from 'playwright/test'
import { requireSupportedNode } from './bin/start/install.mjs'
import { locales } from './db/enums.ts'

requireSupportedNode()

const isDeep = Boolean(process.env.DEEP)
/** Whose forms are walked without a script by forms.spec.ts already. */
const NO_SCRIPT_AGAIN =
  /second-step|own-data|dispute|looks|certificates|requests|request-form|contract-pages|contact|codes|verify|navigation|home|inbox|billers|access|compare|tariffs/

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
const desktop = { viewport: { width: 1280, height: 900 } }

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  globalSetup: './tests/support/portal-database.ts',
  // Each worker has a portal and a database of its own; tests of one file run in their order. What a third would
  // win, two cores lose by changing between them.
  workers: 2,
  timeout: 60_000,
  forbidOnly: true,
  use: {
    locale: 'sq-AL',
    timezoneId: 'Europe/Belgrade',
    screenshot: 'only-on-failure',
    // A walk that waits for what never comes ends there, not with its last second.
    actionTimeout: 30_000,
    navigationTimeout: 30_000,
    launchOptions: {
      // Without the browser's own windows, which take a third of its work even where nobody sees them.
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
      args: ['--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    },
  },
  projects: [
    // The walk past every page changes what it meets: each language has a portal of its own. The keyboard takes part where
    // nobody else registers. The longest come first, so that nobody waits for them in the end.
    ...(isDeep ? locales : (['sq'] as const)).map(language => ({
      name: `every-page-${language}`,
      use: desktop,
      testMatch: language === 'sq' ? /accessibility|keyboard/ : /accessibility/,
    })),
    {
      name: 'desktop',
      use: desktop,
      testIgnore: isDeep ? /accessibility|keyboard/ : /accessibility|keyboard|two-nodes/,
      ...(!isDeep && { grepInvert: /@deep/ }),
    },
    // Every journey once more as far from a desktop as customers are (Help has no script to be without); paying on a
    // newer phone, too.
    {
      name: 'phone-without-javascript',
      use: { ...phone, javaScriptEnabled: false },
      // Under DEEP those too whose proof is that of one with a script.
      grepInvert: isDeep ? /@once|@javascript/ : /@once|@javascript|@again/,
      testIgnore: [/help|accessibility|keyboard/, ...(isDeep ? [] : [NO_SCRIPT_AGAIN])],
    },
    ...(isDeep ? [{ name: 'phone', use: phone, testMatch: /main-job/, grep: /pays her invoice/ }] : []),
  ],
})

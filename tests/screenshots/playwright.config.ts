// `npm run screenshots`: every page in three languages, on phone and desktop, light and dark, into .screenshots.
import { defineConfig } from 'playwright/test'
import { languageTag, locales } from '../../lib/i18n/locale.ts'
import base from '../../playwright.config.ts'

const widths = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 } }

export default defineConfig({
  ...base,
  testDir: '.',
  outputDir: '../../test-results',
  globalSetup: '../support/portal-database.ts',
  timeout: 300_000,
  projects: locales.flatMap(language =>
    (['light', 'dark'] as const).flatMap(colorScheme =>
      (['phone', 'desktop'] as const).map(device => ({
        name: `${language}-${device}-${colorScheme}`,
        use: {
          ...base.use,
          actionTimeout: 15_000,
          navigationTimeout: 15_000,
          viewport: widths[device],
          colorScheme,
          locale: languageTag[language],
        },
      })),
    ),
  ),
})

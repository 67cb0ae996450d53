// Every page in every state, in three languages, for everybody: in each theme, enlarged, spaced out.
import type { Locale } from '../../lib/i18n/locale.ts'
import { audit, auditEnlarged, type Theme } from '../support/audit.ts'
import { expect, test } from '../support/portal.ts'
import { walk } from '../support/tour/tour.ts'

/** Colours are the same in every language: all themes are tried in one. */
const THEMES: Record<Locale, Theme[]> = {
  sq: ['dark', 'contrast', 'dark contrast'],
  en: ['dark'],
  sr: ['dark'],
}

test('every page', async ({ page, portal }, { project }) => {
  test.setTimeout(300_000)
  const language = project.name.slice(-2) as Locale
  const found: string[] = []
  await walk({
    page,
    portal,
    language,
    stop: async (name, kind = 'page') => {
      if (kind === 'paper') return
      const wrong = kind === 'long' ? await auditEnlarged(page) : await audit(page, THEMES[language])
      // The sandbox bank is in the account's language, a failure in all.
      const lang = await page.locator('html').getAttribute('lang')
      if (kind !== 'failure' && !lang?.startsWith(language)) wrong.push(`lang="${lang}"`)
      found.push(...wrong.map(what => `${name}: ${what}`))
    },
  })
  expect(found).toEqual([])
})

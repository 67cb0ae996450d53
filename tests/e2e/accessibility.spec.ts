// Every page in every state, in three languages, for everybody: in each theme, enlarged, spaced out. One state of each
// address, another one enlarged and in one theme, and under DEEP all of them in full.
import { type Locale, locales } from '../../lib/i18n/locale.ts'
import { audit, auditEnlarged, auditPhone, type Theme } from '../support/audit.ts'
import { expect, test } from '../support/portal.ts'
import { walk } from '../support/tour/tour.ts'

/** Read by every rule in a theme of its own, for the colours in all the others. */
const THEMES: Theme[] = ['light', 'dark', 'dark contrast']
const firstOf = (language: Locale) => THEMES[locales.indexOf(language) % THEMES.length]!

/** Whose page it is, whichever of them is shown. */
const addressOf = (url: string) => new URL(url).pathname.replace(/[\w.-]*\d[\w.-]*|[\w-]{22,}/g, '*')
const STATES = process.env.DEEP ? Number.POSITIVE_INFINITY : 2
const STATES_IN_FULL = process.env.DEEP ? Number.POSITIVE_INFINITY : 1

test('every page', async ({ page, portal }, { project }) => {
  test.setTimeout(480_000)
  const language = project.name.slice(-2) as Locale
  const found: string[] = []
  const read = new Map<string, number>()
  await walk({
    page,
    portal,
    language,
    stop: async (name, kind = 'page') => {
      if (kind === 'paper') return
      const address = addressOf(page.url())
      const states = read.get(address) ?? 0
      if (states >= STATES) return
      read.set(address, states + 1)
      const inFull = states < STATES_IN_FULL
      const wrong = await auditEnlarged(page)
      if (kind !== 'long') wrong.push(...(await audit(page, firstOf(language), inFull ? undefined : [])))
      if (kind !== 'long' && language === 'sq' && inFull) wrong.push(...(await auditPhone(page)))
      // The sandbox bank is in the account's language, a failure in all.
      const lang = await page.locator('html').getAttribute('lang')
      if (kind !== 'failure' && !lang?.startsWith(language)) wrong.push(`lang="${lang}"`)
      found.push(...wrong.map(what => `${name}: ${what}`))
    },
  })
  expect(found).toEqual([])
})

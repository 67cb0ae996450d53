// Takes a picture of every page, in every state that a customer meets.
import type { Page } from 'playwright/test'
import type { Locale } from '../../lib/i18n/locale.ts'
import { test } from '../support/portal.ts'
import { walk } from '../support/tour/tour.ts'

/** Those of the README, as a window shows them: renewed by copying .screenshots/readme to docs/pictures. */
const README: Record<string, Record<string, string>> = {
  'sq-phone-light': { 'contracts-overdue': 'home-on-a-phone', 'request-taken': 'request-on-a-phone' },
  'en-desktop-light': { invoice: 'invoice', 'staff-requests-operator': 'staff-queue' },
  'en-desktop-dark': { pay: 'paying-in-the-dark' },
}

/** Of hundreds of rows the first ones show what there is to see. */
const LONGEST = 4000

/** A4 less its margins. */
const PAPER = { width: 688, height: 1017 }

test('every page', async ({ page, portal }, { project }) => {
  const language = project.name.slice(0, 2) as Locale
  let count = 0
  await walk({
    page,
    portal,
    language,
    stop: async (name, kind) => {
      count += 1
      const file = `.screenshots/${project.name}/${String(count).padStart(3, '0')}-${name}.png`
      const screen = page.viewportSize()!
      if (kind === 'paper') {
        await page.emulateMedia({ media: 'print' })
        await page.setViewportSize(PAPER)
      }
      await shoot(page, file)
      const picture = README[project.name]?.[name]
      if (picture) await page.screenshot({ path: `.screenshots/readme/${picture}.png` })
      if (kind === 'paper') {
        await page.emulateMedia({ media: 'screen' })
        await page.setViewportSize(screen)
      }
    },
  })
})

async function shoot(page: Page, path: string): Promise<void> {
  const [width, height] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.scrollHeight,
  ])
  const clip = height! > LONGEST * 2 ? { x: 0, y: 0, width: width!, height: LONGEST } : undefined
  await page.screenshot({ path, fullPage: true, clip })
}

// The pages before signing in: in three languages, reachable by everybody, without errors in the browser.
import { axe, expect, test } from '../support/portal.ts'

const PAGES = ['/', '/register', '/sign-in', '/terms', '/privacy', '/refunds', '/outbox', '/no-such-page']

for (const language of ['sq', 'en', 'sr']) {
  test(`public pages in ${language}`, async ({ page }) => {
    for (const url of PAGES) {
      await page.goto(`/language/${language}?to=${url}`)
      await expect(page).toHaveURL(url)
      await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`))
      await expect(page.locator('h1')).toHaveCount(1)
      const width = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
      expect(width[0], `${url} is not wider than the screen`).toBeLessThanOrEqual(width[1]!)
      await axe(page)
    }
  })
}

// Help: read, searched, reached and printed, with JavaScript and without.
import type { Page } from 'playwright/test'
import { TOPICS } from '../../lib/help/topics.ts'
import { expect, openMenu, signIn, test } from '../support/portal.ts'

const COUNT = TOPICS.flatMap(topic => [...topic.questions] as string[]).length

async function search(page: Page, words: string): Promise<void> {
  await page.locator('[name=q]').fill(words)
  await page.locator('[role=search] button').click()
  await expect(page).toHaveURL(/\/help\?q=/)
}

test('Help is complete in three languages', async ({ page }) => {
  for (const [language, heading] of [
    ['sq', 'Si mund t’ju ndihmojmë?'],
    ['en', 'How can we help?'],
    ['sr', 'Kako možemo da pomognemo?'],
  ] as const) {
    await page.goto(`/language/${language}?to=/help`)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
    await expect(page.locator('article h3')).toHaveCount(COUNT)
    // A text that cannot be shown leaves its key.
    await expect(page.locator('main')).not.toContainText('help.questions')
    // Each entry of the contents leads to a heading of this page.
    const missing = await page
      .locator('main a[href^="#"]')
      .evaluateAll(links =>
        links.filter(link => !document.getElementById(link.getAttribute('href')!.slice(1))),
      )
    expect(missing).toEqual([])
    await expect(page.getByRole('link', { name: '0800 791 00' })).toBeVisible()
  }
})

test('every page an answer links to is there', async ({ page }) => {
  await page.goto('/help')
  const hrefs = await page
    .locator('article a[href^="/"]')
    .evaluateAll(links => [...new Set(links.map(link => link.getAttribute('href')!))])
  expect(hrefs.length).toBeGreaterThan(5)
  await signIn(page, 'mirela')
  for (const href of hrefs) {
    const response = await page.request.get(href)
    expect(`${href} ${response.status()}`).toBe(`${href} 200`)
  }
})

test('searching finds answers under their topic, whatever the accents', async ({ page }) => {
  await page.goto('/help')
  await search(page, 'FJALEKALIMI harruar')
  await expect(page.getByRole('status')).toContainText('„FJALEKALIMI harruar”')
  await expect(page.getByRole('heading', { level: 2, name: 'Hyrja dhe fjalëkalimi' })).toBeVisible()
  await expect(page.locator('#forgotten-password p').first()).toBeVisible()
  await expect(page.locator('#tv-tax')).toHaveCount(0)
  await expect(page.locator('[name=q]')).toHaveValue('FJALEKALIMI harruar')
  await page.getByRole('link', { name: 'Të gjitha pyetjet' }).click()
  await expect(page.locator('article h3')).toHaveCount(COUNT)
})

test('where nothing is found, Help says what to do and whom to ask', async ({ page }) => {
  await page.goto('/language/sr?to=/help')
  await search(page, '<b>xyzzy</b>')
  await expect(page.getByRole('status')).toContainText('Ništa nije nađeno za „<b>xyzzy</b>“')
  await expect(page.locator('article')).toHaveCount(0)
  await expect(page.getByRole('link', { name: '0800 791 00' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'info@kesco-energy.com' })).toBeVisible()
})

test('a query that is repeated, empty or too long does no harm', async ({ page }) => {
  for (const query of ['q=a&q=b', 'q=', 'q=%20', `q=${'a'.repeat(5000)}`, 'q=%25', 'q={count}', 'q=<p>']) {
    const response = await page.goto(`/help?${query}`)
    expect(`${query.slice(0, 20)} ${response?.status()}`).toBe(`${query.slice(0, 20)} 200`)
  }
})

test('Help is reached from the top and the foot of a page and from signing in', async ({ page }) => {
  await page.goto('/sign-in')
  for (const place of ['header', 'main', 'footer']) {
    await expect(page.locator(`${place} a[href^="/help"]`).first()).toBeVisible()
  }
  await page.locator('main a[href^="/help"]').click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Si mund t’ju ndihmojmë?')
  // The answer to what one asks oneself there stands open, and in sight.
  await expect(page.locator('#cannot-sign-in p').first()).toBeInViewport()
  await signIn(page, 'mirela')
  await openMenu(page)
  await page.locator('header a[href="/help"]').click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Si mund t’ju ndihmojmë?')
})

test('the first screen of a phone lists the topics, in each language @once', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 })
  for (const language of ['sq', 'en', 'sr']) {
    await page.goto(`/language/${language}?to=/help`)
    const topics = page.locator('nav:has(#contents) a')
    await expect(topics).toHaveCount(TOPICS.length)
    for (const topic of await topics.all()) await expect(topic).toBeInViewport({ ratio: 1 })
  }
})

test('an answer is folded until it is asked for', async ({ page }) => {
  await page.goto('/help')
  const answer = page.locator('#tv-tax p').first()
  await expect(answer).toBeHidden()
  await page.locator('#tv-tax summary').click()
  await expect(answer).toBeVisible()
  await page.goto('/help?open=interest#interest')
  await expect(page.locator('#interest p').first()).toBeInViewport()
  await expect(answer).toBeHidden()
})

test('on paper every answer stands, without the form and the menus', async ({ page }) => {
  await page.goto('/help')
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('#forgotten-password p').first()).toBeVisible()
  await expect(page.locator('#contact')).toBeVisible()
  await expect(page.locator('[name=q]')).toBeHidden()
  await expect(page.locator('#contents')).toBeHidden()
})

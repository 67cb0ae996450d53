// The head of a page, and its menu: one row on a phone, opened without a script, reached by keyboard, whole at any zoom.
import type { Page } from 'playwright/test'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { axe } from '../support/audit.ts'
import { expect, openMenu, PASSWORD, signIn, signInStaff, test } from '../support/portal.ts'

const heightOf = async (page: Page) => (await page.locator('header').boundingBox())!.height
const languages = async (page: Page, check: (locale: (typeof locales)[number]) => Promise<void>) => {
  for (const locale of locales) {
    await page.goto(`/language/${locale}?to=${encodeURIComponent(new URL(page.url()).pathname)}`)
    await check(locale)
  }
  await page.goto('/language/sq')
}

test('the head is one row on a phone, for everybody and in every language @once', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 })
  const isOneRow = () =>
    languages(page, async locale => expect(await heightOf(page), locale).toBeLessThanOrEqual(60))
  const ofVisitors = ['/', '/sign-in', '/register', '/help', '/no-power', '/estimator']
  for (const path of process.env.DEEP ? ofVisitors : ['/']) {
    await page.goto(path)
    await isOneRow()
  }
  await signIn(page, 'mirela')
  await isOneRow()
  await page.context().clearCookies()
  await signInStaff(page, 'supervisor')
  await isOneRow()
})

test('the menu opens by keyboard, and everything in it leads somewhere', async ({ page }) => {
  await signIn(page, 'mirela')
  const summary = page.locator('header summary')
  await expect(page.locator('.menu')).toBeHidden()
  await summary.focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('.menu')).toBeVisible()
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.closest('.menu') !== null)).toBe(true)
  await axe(page)
  const entries = page.locator('header a')
  const addresses = await entries.evaluateAll(links =>
    links.map(link => link.getAttribute('href')!).filter(href => !href.startsWith('/language/')),
  )
  expect(addresses).toContain('/account')
  for (const address of new Set(addresses)) {
    expect((await page.goto(address))?.status(), address).toBe(200)
  }
})

test('the page that a form leads to begins at its top @once', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 })
  await page.goto('/sign-in')
  await page.fill('[name=identifier]', 'mirela')
  await page.fill('[name=password]', PASSWORD)
  const top = () => page.evaluate(() => scrollY)
  await page.evaluate(() => scrollTo(0, 36))
  expect(await top()).toBe(36)
  await page.locator('[name=password]').press('Enter')
  await page.waitForURL(/contracts/)
  await expect.poll(top).toBe(0)
})

test('it says where one is @once', async ({ page }) => {
  await signIn(page, 'mirela')
  for (const [path, name] of [
    ['/contracts', catalogue('sq').shell.home],
    ['/account', catalogue('sq').shell.account],
  ] as const) {
    await page.goto(path)
    await openMenu(page)
    const current = page.locator('header [aria-current=page]:visible')
    expect(new Set(await current.allInnerTexts())).toEqual(new Set([name]))
  }
})

test('nothing of it is lost at 320 px, or enlarged to 200 % @once', async ({ page }) => {
  await signIn(page, 'mirela')
  await languages(page, async locale => {
    for (const [width, height] of [
      [320, 640],
      [640, 400],
    ] as const) {
      await page.setViewportSize({ width, height })
      await openMenu(page)
      // What says that all is invented is one line.
      expect((await page.locator('.demonstration').boundingBox())!.height, locale).toBeLessThanOrEqual(36)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(wide, `${locale} at ${width} px`).toBeLessThanOrEqual(0)
      const last = page.locator('.menu :is(.language-links, .language-buttons):visible li').last()
      await last.scrollIntoViewIfNeeded()
      await expect(last).toBeInViewport()
    }
  })
})

test('where an address leads to nothing, or a form is refused, the head has the reader’s own ways @once', async ({
  page,
}) => {
  const browsers = { accept: 'text/html' }
  /** Where the head leads, by its links and forms. */
  const waysIn = (html: string) =>
    [.../<header[\s\S]*?<\/header>/.exec(html)![0].matchAll(/(?:href|action)="(\/[^"]*)"/g)]
      .map(([, to]) => to!.replace(/\?to=.*/, ''))
      .sort()
  const get = async (path: string) =>
    waysIn(await (await page.request.get(path, { headers: browsers })).text())
  const refused = async () => {
    const answer = await page.request.post('/account', {
      headers: { ...browsers, origin: 'https://elsewhere.example' },
    })
    expect(answer.status()).toBe(403)
    return waysIn(await answer.text())
  }
  await signIn(page, 'mirela')
  const own = await get('/account')
  expect(own).toEqual(expect.arrayContaining(['/contracts', '/invoices/unpaid', '/usage', '/sign-out']))
  for (const path of ['/nothing', '/invoices/1', '/staff']) expect(await get(path), path).toEqual(own)
  expect(await refused()).toEqual(own)
  await page.context().clearCookies()
  await signInStaff(page, 'supervisor')
  expect(await get('/staff/nothing')).toEqual(await get('/staff'))
  // At a customer's address they find the way back.
  const elsewhere = await get('/account')
  expect(elsewhere).toContain('/staff')
  for (const path of ['/nothing', '/invoices/1', '/contracts/kesco/DPR-6687/info'])
    expect(await get(path), path).toEqual(elsewhere)
})

test('staff have a head of their own, and customers’ pages that of customers @once', async ({ page }) => {
  await signInStaff(page, 'supervisor')
  await expect(page.locator('header.staff')).toBeVisible()
  await expect(page.locator('.menu a[href="/account"]')).toHaveCount(1)
  await page.goto('/contracts')
  await expect(page.locator('header.staff')).toHaveCount(0)
  await openMenu(page)
  await page.locator('.menu a[href="/staff"]').click()
  await expect(page).toHaveURL(/\/staff$/)
})

// What the page to pay shows stands in its HTML once, and stays there whatever happens to the page.
import { gzipSync } from 'node:zlib'
import { expect, signIn, test } from '../support/portal.ts'

const PAY = '/contracts/oshee/TR0.A0000000000004/pay'

test('the page to pay says everything once, in at most 6.2 kB @once', async ({ page }) => {
  await signIn(page, 'mirela')
  const answer = await page.request.get(PAY)
  const html = await answer.text()
  await page.goto(PAY)
  const boxes = page.locator('form [name=invoices]')
  await expect(boxes).not.toHaveCount(0)
  for (const box of await boxes.all()) {
    expect(html.split(`id="month-${await box.inputValue()}"`)).toHaveLength(2)
  }
  for (const text of ['/account/sessions', '/privacy', 'class="tabs"'])
    expect(html.split(text)).toHaveLength(2)
  expect(gzipSync(html, { level: 4 }).length).toBeLessThanOrEqual(6200)
  // A script that asks for the page's data has no HTML to find them in.
  const data = await page.request.get(PAY, { headers: { RSC: '1' } })
  const told = await data.text()
  expect(told).toContain('/account/sessions')
  expect(told).toContain(await boxes.first().getAttribute('value'))
})

test('a refused choice keeps its invoices on the page, and another head comes with the next one @javascript', async ({
  page,
}) => {
  await signIn(page, 'mirela')
  // Signing in led here by a script, from a head without these.
  await expect(page.locator('header a[href="/account/sessions"]')).toHaveCount(1)
  await page.goto(PAY)
  const boxes = page.locator('form [name=invoices]')
  await expect(boxes).not.toHaveCount(0)
  const count = await boxes.count()
  for (const box of await boxes.all()) await box.uncheck()
  await page.locator('button[name=intent][value=pay]').click()
  await expect(page.locator('[role=alert]').first()).not.toBeEmpty()
  await expect(boxes).toHaveCount(count)
  await boxes.first().check()
  await expect(page.locator('#chosen')).toContainText('1')
})

test('a page that was changed before its scripts began keeps its head, its invoices and its foot @once', async ({
  browser,
  portal,
}) => {
  // As a translator in the browser does it; React then draws the page anew, and says so.
  const context = await browser.newContext({ baseURL: portal.url })
  const page = await context.newPage()
  await signIn(page, 'mirela')
  await page.addInitScript(() => {
    document.addEventListener('readystatechange', () => {
      for (const text of document.querySelectorAll('form p')) text.prepend(document.createElement('font'))
    })
  })
  const errors: string[] = []
  page.on('pageerror', error => errors.push(error.message))
  await page.goto(PAY)
  await expect.poll(() => errors.join()).toContain('#418')
  const boxes = page.locator('form [name=invoices]')
  await expect(boxes).not.toHaveCount(0)
  await boxes.first().uncheck()
  await expect(page.locator('#chosen')).toContainText(String((await boxes.count()) - 1))
  await expect(page.locator('header a[href="/account/sessions"]')).toHaveCount(1)
  await expect(page.locator('footer a[href="/privacy"]')).toHaveCount(1)
  await context.close()
})

// What does the heater cost me? Asked by anybody and by a customer, sent on, and followed while typing.
import type { Page } from 'playwright/test'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { axe } from '../support/audit.ts'
import { expect, openMenu, signIn, test } from '../support/portal.ts'

const { estimator } = catalogue('sq')
const total = (page: Page) => page.locator('output')
const row = (page: Page, name: string) => page.locator('.appliances tr').filter({ hasText: name })
const calculate = (page: Page) => page.locator('.paybar button').click()

test('anybody learns what the heater costs, from the front page on', async ({ page, context }) => {
  await page.goto('/')
  await page.locator('main a[href="/estimator"]').click()
  await expect(page.locator('h1')).toHaveText(estimator.title)
  await page.getByText(estimator.add).click()
  await page.locator('button[name=add][value=heater]').click()
  // 2 kW for 5 hours on 30 days, at 8.50 with VAT of 20 %.
  await expect(row(page, estimator.kinds.heater).locator('.amount b')).toHaveText('3 060,00')
  await page.locator('[name=use]').last().fill('0,5')
  await page.locator('[name=count]').last().fill('-1')
  await calculate(page)
  await expect(page.locator('main [role=alert]')).toContainText(estimator.kinds.heater)
  await page.locator('main [role=alert]').getByRole('link').click()
  await expect(page.locator('[name=count]').last()).toHaveValue('-1')
  await expect(page.locator('[name=use]').last()).toHaveValue('0,5')
  await axe(page)
  await page.locator('[name=count]').last().fill('2')
  await calculate(page)
  await expect(page).toHaveURL(/with=[\w,-]+,heater--0\.5-2$/)
  const said = (await total(page).textContent())!

  const other = await context.newPage()
  await other.goto(await page.locator('#link').inputValue())
  await expect(total(other)).toHaveText(said)
  await other.close()
})

test('a customer finds it in the menu, beside their own bills; a link to send says nothing of theirs', async ({
  page,
}) => {
  await signIn(page, 'mirela')
  await openMenu(page)
  await page.locator('.menu a[href="/estimator"]').click()
  await expect(page.locator('#for option:checked')).toHaveText('Rruga Myslym Shyri 7')
  // Nobody is warned of what they did not choose.
  await expect(page.getByText(estimator.example)).toBeVisible()
  await expect(page.locator('[name=together]:checked')).toHaveCount(0)
  for (const kind of ['boiler', 'washer', 'oven'] as const)
    await row(page, estimator.kinds[kind]).locator('[name=together]').check()
  await calculate(page)
  await expect(page.locator('section[aria-labelledby=own-bills] dd')).toHaveCount(2)
  // At 6.1 kW her contract of 5 kW is too small.
  await expect(page.locator('[data-live=result] .wait').first()).toContainText('5 kW')
  expect(await page.locator('#link').inputValue()).toMatch(/\?for=oshee\/household&with=[\w,-]+$/)
  await page.goto('/estimator?with=tv')
  await page.locator('button[name=remove]').click()
  await expect(page.getByText(estimator.none)).toBeVisible()
  await expect(total(page)).toHaveText('214,00 Lekë')
})

test('what is typed is followed, whatever becomes of the line @javascript', async ({ page, context }) => {
  await page.goto('/estimator?with=heater,boiler')
  const cost = row(page, estimator.kinds.heater).locator('.amount b')
  await page.locator('[name=watts]').first().fill('1000')
  await expect(cost).toHaveText('1 530,00')
  await expect(page).toHaveURL(/household&with=heater-1000,boiler$/)
  await page.locator('[name=use]').first().fill('2,')
  await expect(total(page)).toHaveCSS('text-decoration-line', 'line-through')
  await context.setOffline(true)
  await page.locator('[name=use]').first().fill('2,5')
  await page.waitForTimeout(500)
  await context.setOffline(false)
  await page.locator('[name=use]').first().fill('2,50')
  await expect(cost).toHaveText('765,00')
  await expect(total(page)).not.toHaveCSS('text-decoration-line', 'line-through')
  // Two rates have a share of the day, and a night that saves.
  await page.locator('#for').selectOption('kesco/4/02')
  await expect(page.locator('[name=day]')).toBeVisible()
  await expect(page.locator('[data-live=result]')).toContainText('bojler')
  await page.locator('[name=day]').fill('0')
  await expect(page).toHaveURL(/&day=0$/)
  // The page in another language is of what stands there now.
  await page.locator('header summary').first().click()
  await page.getByRole('link', { name: 'English' }).click()
  await expect(page.locator('[name=watts]').first()).toHaveValue('1000')
  await expect(page.locator('[name=day]')).toHaveValue('0')
})

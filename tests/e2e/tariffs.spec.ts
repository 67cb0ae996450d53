// A tariff that an administrator adds: corrected, shown with what it changes, and in force once it is confirmed; others read.
import { expect, rows, signInStaff, test } from '../support/portal.ts'

test('an administrator sees what a tariff changes before it counts, and an agent only reads', async ({
  page,
  portal,
}) => {
  await signInStaff(page, 'admin')
  await page.goto('/language/en?to=/staff/tariffs?biller=oshee%26group=business-35kv')
  await expect(page.locator('main')).toContainText('Unverified today.')
  const fill = (name: string, value: string) => page.locator(`[name=${name}]`).fill(value)
  await fill('from', '01.01.2031')
  await fill('high', '10,5')
  await fill('vatPercent', '120')
  await fill('source', 'ERE 12')
  await page.getByRole('button', { name: 'See what it changes' }).click()
  await expect(page.locator('main [role=alert]')).toContainText('Enter a number from 0 to 100')
  await fill('vatPercent', '20')
  await page.getByRole('button', { name: 'See what it changes' }).click()
  await expect(page.locator('h1')).toHaveText('What the new tariff changes')
  await expect(page.locator('main')).toContainText('The one valid from 01/01/2015 ends on 31/12/2030.')
  await expect(page.locator('main')).toContainText('3,880.00')
  const added = `select count(*)::int from tariffs where tariff_group = 'business-35kv' and price_high = 10.5`
  expect(await rows(portal.databaseUrl, added)).toEqual([{ count: 0 }])
  await page.getByRole('link', { name: 'Change it' }).click()
  await expect(page.locator('[name=high]')).toHaveValue('10.5')
  await expect(page.locator('[name=from]')).toHaveValue('01/01/2031')
  await page.goBack()
  const preview = new URL(page.url())
  preview.searchParams.set('high', '99')
  await page.goto(preview.href)
  await expect(page.locator('[name=high]')).toHaveValue('99')
  await expect(page.getByRole('button', { name: 'Add this tariff' })).toHaveCount(0)
  await page.goBack()
  await page.getByRole('button', { name: 'Add this tariff' }).click()
  await expect(page.locator('main [role=status]')).toHaveText('The tariff is added.')
  expect(await rows(portal.databaseUrl, added)).toEqual([{ count: 1 }])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)

  await page.context().clearCookies()
  await signInStaff(page, 'operator')
  await page.goto('/staff/tariffs?biller=oshee&group=business-35kv')
  await expect(page.locator('main')).toContainText('ERE 12')
  await expect(page.locator('[name=high]')).toHaveCount(0)
  await expect(page.locator('main')).toContainText('nuk ka formular')
})

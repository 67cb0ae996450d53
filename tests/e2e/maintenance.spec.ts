// Maintenance: an administrator begins it, a customer reads and cannot pay with the form that was open before, it ends, and they pay.
import { expect, rows, signIn, signInStaff, test } from '../support/portal.ts'

const payButton = 'button[name=intent][value=pay]'

test('payments stop, a form that was open before keeps what was typed, and go on afterwards @once', async ({
  page,
  browser,
  portal,
}) => {
  const customer = await browser.newPage({ baseURL: portal.url })
  await signIn(customer, 'mirela')
  await customer.goto('/invoices/unpaid')
  await customer.locator('[name=invoices]').first().uncheck()
  const chosen = await customer.locator('[name=invoices]:checked').count()
  await signInStaff(page, 'admin')
  await page.goto('/language/en?to=/staff/maintenance')
  try {
    await page.locator('[name=begins]').selectOption('now')
    await page.locator('[name=untilTime]').fill('noon')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.locator('main [role=alert]')).toContainText('22:00')
    await expect(page.locator('[name=untilTime]')).toHaveValue('noon')
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    await page.locator('[name=untilDay]').fill(tomorrow)
    await page.locator('[name=untilTime]').fill('12:34')
    await page.locator('[name=sure]').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.locator('main [role=status]')).toContainText('within ten seconds')
    await expect(page.locator('aside.wrap')).toContainText('12:34')

    const attempts = () => rows(portal.databaseUrl, 'select id from payment_attempts')
    const before = (await attempts()).length
    await customer.locator(payButton).first().click()
    await expect(customer.locator('main [role=alert]').first()).toContainText('12:34')
    expect(await customer.locator('[name=invoices]:checked').count()).toBe(chosen)
    expect((await attempts()).length).toBe(before)
    await customer.goto('/invoices/unpaid')
    await expect(customer.locator('main')).toContainText('12:34')
    await expect(customer.locator(payButton)).toHaveCount(0)
    await customer.goto('/contracts')
    await expect(
      customer.locator(
        'main a.btn[href*="/pay"]:not(.btn-secondary), main a.btn[href^="/invoices/unpaid"]:not(.btn-secondary)',
      ),
    ).toHaveCount(0)
    const [inDoubt] = await rows<{ id: string }>(
      portal.databaseUrl,
      `select id from payment_attempts where number = 'D2600000001'`,
    )
    await page.goto(`/staff/payments/${inDoubt!.id}`)
    await expect(page.locator('main')).toContainText('no bank is asked')
    await expect(page.getByRole('button', { name: 'Ask the bank now' })).toHaveCount(0)
    await page.goto('/staff/health')
    await expect(page.locator('main')).toContainText('Nobody can pay until')
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)

    await page.goto('/staff/maintenance')
    await page.locator('[name=isOver]').check()
    await page.getByRole('button', { name: 'End it now' }).click()
    await expect(page.locator('main [role=status]')).toContainText('It has ended')
  } finally {
    await rows(portal.databaseUrl, 'delete from maintenance')
  }
  await customer.goto('/invoices/unpaid')
  await expect(customer.locator(payButton).first()).toBeVisible()
  await customer.close()
})

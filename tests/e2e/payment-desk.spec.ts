// A refund by two people: one of the staff asks for it, another one agrees, and who asked is not offered to.
import { expect, rows, signInStaff, test } from '../support/portal.ts'

test('what was paid twice is given back once another person agrees', async ({ page, portal }) => {
  const amountOver = `select p.attempt_id as id, p.reference from payments p join payment_attempts a on a.id = p.attempt_id
    where p.allocated + p.refunded < p.amount and a.number = p.reference and p.source = 'Drita' order by p.id limit 1`
  await signInStaff(page, 'operator')
  const [over] = await rows<{ id: string; reference: string }>(portal.databaseUrl, amountOver)
  await page.goto('/language/en?to=/staff/payments?show=unused')
  await page.getByRole('link', { name: over!.reference }).click()
  await expect(page.locator('h1')).toHaveText(`Payment ${over!.reference}`)
  await page.locator('[name=amount]').fill('99999')
  await page.locator('[name=way]').selectOption('credit')
  await page.locator('[name=reason]').fill('Paid twice; agreed by phone.')
  await page.getByRole('button', { name: 'Ask for the refund' }).click()
  await expect(page.locator('main [role=alert]')).toContainText('more than is not used')
  await page.locator('[name=amount]').fill('20,00')
  await page.getByRole('button', { name: 'Ask for the refund' }).click()
  await expect(page.locator('main [role=status]')).toContainText('Somebody else has to agree')
  await expect(page.locator('main')).toContainText('you asked for it')
  await expect(page.getByRole('button', { name: 'Agree to the refund' })).toHaveCount(0)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)

  await page.context().clearCookies()
  await signInStaff(page, 'supervisor')
  await page.goto(`/language/en?to=/staff/payments/${over!.id}`)
  await page.getByRole('button', { name: 'Agree to the refund' }).click()
  await expect(page.locator('main [role=status]')).toHaveText('You agreed to the refund.')
  await expect(page.locator('main')).toContainText('given back')
})

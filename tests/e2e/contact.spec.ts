// A new e-mail address or phone number, as somebody changes it who came for the one or the other.
import { person } from '../support/form-people.ts'
import { expect, latestCode, signIn, submit, test } from '../support/portal.ts'

const NUMBERS = [
  ['+38344700101', '+383 44 700 101'],
  ['+38344700102', '+383 44 700 102'],
] as const

test('who comes to change the phone stands before its form, and after each number at the field of its code', async ({
  page,
  portal,
}) => {
  const { username, phone } = await person(portal)
  await page.setViewportSize({ width: 360, height: 640 })
  await signIn(page, username)
  await page.goto('/account')
  await page
    .locator('.rows', { hasText: phone.slice(-3) })
    .locator('a[href*="/account/contact"][href*=phone]')
    .click()
  // Its form comes first, and its button is the amber one of the page.
  await expect(page.locator('main form').first().locator('[name=phone]')).toBeVisible()
  await expect(page.locator('main .btn:not(.btn-secondary)')).toHaveCount(1)
  await expect(page.locator('form:has([name=phone]) .btn')).not.toHaveClass(/btn-secondary/)
  for (const [typed, shown] of NUMBERS) {
    await page.locator('[name=phone]').fill(typed)
    await submit(page, '[name=phone]')
    await expect(page.locator('main')).toContainText(shown)
    await expect(page.locator('[name=code]')).toBeInViewport()
    await expect(page.locator('[name=code]')).toBeFocused()
  }
  await expect(page.locator('main')).not.toContainText(NUMBERS[0][1])
  const code = await latestCode(page, NUMBERS[1][0])
  await page.locator('[name=code]').fill(code === '000000' ? '000001' : '000000')
  await submit(page, '[name=code]')
  await expect(page.locator('main').getByRole('alert')).toBeFocused()
  await page.locator('[name=code]').fill(code)
  await submit(page, '[name=code]')
  await expect(page).toHaveURL(/\/account\?done=phone$/)
})

test('a form that leads to the page it stands on shows what it did, whatever part of the page its reader came to @javascript', async ({
  page,
  portal,
}) => {
  const { username } = await person(portal)
  await page.setViewportSize({ width: 360, height: 640 })
  await signIn(page, username)
  await page.goto('/account/contact?change=email&code#change-phone')
  await page.locator('[name=email]').fill('whatever-part@example.com')
  await submit(page, '[name=email]')
  await expect(page.locator('main')).toContainText('whatever-part@example.com')
  await expect(page.locator('[name=code]')).toBeInViewport()
})

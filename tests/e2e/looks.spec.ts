// A customer calls: found by a code, looked at for a reason, unmasked, noted, and told of it; and who looks at very many.
import { expect, rows, signIn, signInStaff, submit, test } from '../support/portal.ts'

const CONTRACT = '/staff/contracts/oshee/TR0.A0000000000004'
const HIDDEN = ['Mirela', 'MIRELA', 'J05115999K', '355672000003', 'Myslym', 'M100004', 'mirela@example.com']

test('an agent finds who is on the phone, sees the contract, unmasks it and notes the talk', async ({
  page,
  portal,
  javaScriptEnabled,
}) => {
  await signInStaff(page, 'operator')
  await page.goto('/staff')
  await page.locator('main a[href="/staff/customers"]').click()
  await page.locator('[name=biller]').selectOption('oshee')
  await page.locator('[name=identifier]').fill('Shehu')
  await page.locator('[name=reason]').selectOption('other')
  await submit(page, '[name=identifier]')
  await page.locator('[name=words]').fill('Ankesë në rrjet')
  await submit(page, '[name=words]')
  await expect(page.locator('#identifier-error')).toBeVisible()
  await page.locator('[name=identifier]').fill('tr0 a0000000000004')
  await submit(page, '[name=identifier]')
  await expect(page).toHaveURL(new RegExp(`${CONTRACT}$`))
  await expect(page.locator('main')).toContainText('Arsyeja: Ankesë në rrjet.')

  // Not in the page, nor in what the framework sends along with it.
  const raw = async () => (await page.request.get(CONTRACT, javaScriptEnabled ? RSC : {})).text()
  for (const secret of HIDDEN) expect(await raw(), secret).not.toContain(secret)
  await page.locator('section:has(#contract) button').click()
  await expect(page.locator('main')).toContainText('J05115999K')

  // To the counter with the contract filled in; the audit log is not an agent's.
  const people = page.locator('section:has(#people)')
  await expect(people.locator('a[href^="/staff/audit"]')).toHaveCount(0)
  await people.locator('a[href^="/staff/counter?"]').click()
  await expect(page.locator('[name=contractCode]')).toHaveValue('TR0.A0000000000004')
  await page.goto(CONTRACT)

  await page.locator(`.tabs a[href="${CONTRACT}/contacts"]`).click()
  await page.locator('[name=channel]').selectOption('phone')
  await page.locator('[name=note]').fill('Pyeti për tetorin.')
  await submit(page, '[name=note]')
  await expect(page.locator('main [role=status]')).toBeVisible()
  await expect(page.locator('.timeline li').first()).toContainText('Pyeti për tetorin.')

  // Half an hour later there is only the question why.
  await rows(portal.databaseUrl, `update staff_looks set at = now() - interval '31 minutes'`)
  await page.goto(CONTRACT)
  await expect(page.locator('[name=reason]')).toBeVisible()
  await expect(page.locator('main')).not.toContainText('J05115999K')

  await page.context().clearCookies()
  await signIn(page, 'mirela')
  await page.goto('/account/data')
  const entries = page.locator('section:has(#log) tbody tr')
  await expect(entries.filter({ hasText: 'Shikoi kontratën TR0.A0000000000004' }).first()).toContainText(
    'Stafi i OSHEE',
  )
  await expect(page.locator('section:has(#log)')).not.toContainText('Vjosa')
})

test('a supervisor is told who opened very many customers, and sees which @once', async ({
  page,
  portal,
}) => {
  await rows(
    portal.databaseUrl,
    `insert into audit_events (at, account_id, action, subject, details)
     select now(), id, 'staff.looks-alarm', 'staff:' || id, '{"looks": 60, "hours": 1}' from accounts where username = 'operator'`,
  )
  await signInStaff(page, 'supervisor')
  await page.goto('/staff')
  const alarm = page.locator('main .note.bad').filter({ hasText: 'Vjosa' })
  await expect(alarm).toContainText('60')
  await alarm.getByRole('link').click()
  await expect(page).toHaveURL(/\/staff\/audit\?person=/)
  await expect(page.locator('main table')).toBeVisible()
})

const RSC = { headers: { RSC: '1' } }

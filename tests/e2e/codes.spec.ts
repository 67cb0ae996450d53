// One-time codes and links in a browser: sent twice, opened again, and of two people in one browser.
import {
  blerta,
  expect,
  latestCode,
  type Registration,
  rows,
  sendRegistration,
  submit,
  test,
} from '../support/portal.ts'

/** Nobody that another test registers. */
const besa: Registration = {
  ...blerta,
  firstName: 'Besa',
  personalNumber: '1180000026',
  username: 'besa',
  email: 'besa@example.com',
  phone: '+38349555026',
}
const dren: Registration = {
  ...besa,
  firstName: 'Dren',
  personalNumber: '1180000034',
  username: 'dren',
  email: 'dren@example.com',
  phone: '+38349555034',
}

const accounts = (url: string) =>
  rows<{ username: string }>(url, 'select username from accounts where username = any($1)', [
    [dren.username, besa.username],
  ])

test('a code by SMS that is sent twice signs in, to the account of the registration that its page was shown for', async ({
  context,
  page,
  portal,
}) => {
  await sendRegistration(page, besa)
  await expect(page).toHaveURL(/\/register\/verify$/)
  const again = await context.newPage()
  await again.goto('/register/verify')
  const late = await context.newPage()
  await late.goto('/register/verify')
  // Somebody else begins to register in the same browser meanwhile.
  const other = await context.newPage()
  await sendRegistration(other, dren)
  await expect(other).toHaveURL(/\/register\/verify$/)

  const code = await latestCode(other, besa.phone)
  for (const one of [page, again]) {
    await one.locator('[name=code]').fill(code)
    await submit(one, '[name=code]')
    await expect(one).toHaveURL(/\/contracts$/)
    await expect(one.locator('main')).toContainText('DPR-6687')
  }
  await late.locator('[name=code]').fill(code === '000000' ? '000001' : '000000')
  await submit(late, '[name=code]')
  await expect(late.locator('[role=alert]').first()).toBeVisible()
  expect(await accounts(portal.databaseUrl)).toEqual([{ username: besa.username }])

  await other.locator('[name=code]').fill(await latestCode(late, dren.phone))
  await submit(other, '[name=code]')
  await expect(other).toHaveURL(/\/contracts$/)
  expect(await accounts(portal.databaseUrl)).toHaveLength(2)
  // Opened again, its page leads on.
  await other.goto('/register/verify')
  await expect(other).toHaveURL(/\/contracts$/)
})

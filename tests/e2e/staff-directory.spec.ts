// Staff sign in at their company's directory and out again, without a script.
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { startDirectory } from '../support/directory.ts'
import { expect, openMenu, rows, signOut, test } from '../support/portal.ts'

test.use({ javaScriptEnabled: false })

test('a company’s directory signs its staff in, out, and no longer @once', async ({
  page,
  portal,
  directoryPort,
}) => {
  const { staffSignIn } = catalogue('sq')
  const directory = await startDirectory({ port: directoryPort, portal: portal.url })
  directory.people.set('dafina', { name: 'Dafina Gashi', roles: 'Drita.Agent', email: 'mirela@example.com' })
  const enter = async (who: string) => {
    await page.locator('main form[action="/staff/sign-in/begin"] button').click()
    await page.locator('[name=who]').fill(who)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  await page.goto('/staff/audit')
  await expect(page).toHaveURL(/\/sign-in\?to=%2Fstaff%2Faudit$/)
  await page.goto('/sign-in?to=/staff/customers')
  await page.locator('a[href="/staff/sign-in?to=%2Fstaff%2Fcustomers"]').click()
  await expect(page).toHaveURL(/\/staff\/sign-in\?to=/)
  await enter('dafina')
  await expect(page).toHaveURL(/\/staff\/customers$/)

  // Nothing of a customer's is theirs.
  await openMenu(page)
  await expect(page.locator('header .menu a[href="/contracts"]')).toHaveCount(0)
  for (const path of ['/contracts', '/contracts/add', '/account', '/account/data', '/invoices/unpaid']) {
    await page.goto(path)
    expect(new URL(page.url()).pathname, path).toBe('/staff')
  }
  expect((await page.goto('/staff/audit'))!.status()).toBe(404)

  // Signed out there, they are signed out here.
  await page.goto(`${directory.issuer}/session/end`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  const ordered = `select from audit_events where action = 'sessions.ended' and details ->> 'directory' = 'oshee'`
  await expect.poll(async () => (await rows(portal.databaseUrl, ordered)).length).toBe(1)
  await page.goto('/staff')
  await expect(page).toHaveURL(/\/sign-in\?to=%2Fstaff$/)

  // And signed out here, they are signed out there.
  await page.goto('/staff/sign-in')
  await enter('dafina')
  await expect(page).toHaveURL(/\/staff$/)
  await signOut(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(`${portal.url}/staff/sign-in?state=out`)
  await expect(page.locator('main [role=status]')).toBeVisible()

  // The role is gone there; and an answer that nobody here asked for.
  directory.people.set('dafina', { name: 'Dafina Gashi' })
  await enter('dafina')
  await expect(page.locator('main')).toContainText(staffSignIn.failed.noRole)
  await page.goto('/staff/sign-in/return/oshee?code=x&state=y')
  await expect(page.locator('main')).toContainText(staffSignIn.failed.otherBrowser)
  await directory.stop()
})

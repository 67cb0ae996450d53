// One-time codes and links in a browser: sent twice, opened again, and of two people in one browser.
import { person } from '../support/form-people.ts'
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

test('a message for a forgotten password is sent again to what was typed, which no address and no other browser shows', async ({
  browser,
  page,
  portal,
}) => {
  const one = await person(portal)
  const [sms, mail] = ['reset-code', 'reset-mail']
  // Nobody has the last of them, and nothing tells so.
  for (const [typed, cards, sent] of [
    [one.phone, [sms, mail], 2],
    [one.email, [mail, sms], 4],
    ['nobody.at.all', [mail, sms], 4],
  ] as const) {
    await page.goto('/forgot-password')
    const identifier = page.locator('[name=identifier]')
    await expect(identifier).toHaveValue('')
    await identifier.fill(typed)
    for (let turn = 0; turn < 2; turn += 1) {
      const answered = page.waitForResponse(answer => answer.request().method() === 'POST')
      await submit(page, '[name=identifier]')
      await answered
      await expect(page).toHaveURL(
        cards[0] === sms ? /\/forgot-password\?sent=sms$/ : /\/forgot-password\?sent$/,
      )
      await expect(page.locator('main [role=status]')).toBeVisible()
      // Which way it went comes first.
      const order = page
        .locator('main section')
        .evaluateAll(all => all.map(card => card.getAttribute('aria-labelledby')))
      expect(await order).toEqual(cards)
      // As a phone reads the page anew that its owner comes back to.
      await page.goto(page.url())
      await expect(identifier).toHaveValue(typed)
    }
    await expect.poll(() => rows(portal.databaseUrl, RESETS, [one.id]), typed).toEqual([{ count: sent }])
  }
  const elsewhere = await browser.newPage({ baseURL: portal.url })
  await elsewhere.goto(page.url())
  await expect(elsewhere.locator('[name=identifier]')).toHaveValue('')
  await elsewhere.close()
})

const RESETS = `select count(*)::int as count from messages where kind like 'reset-%' and account_id = $1`

test('of whose password was set anew nothing is left in the browser', async ({ context, page, portal }) => {
  const one = await person(portal)
  const password = 'Korrik-1912'
  await page.goto('/forgot-password')
  await page.locator('[name=identifier]').fill(one.phone)
  await submit(page, '[name=identifier]')
  await expect(page).toHaveURL(/\?sent=sms$/)
  await expect.poll(() => rows(portal.databaseUrl, RESETS, [one.id])).toEqual([{ count: 1 }])
  await page.locator('[name=code]').fill(await latestCode(page, one.phone))
  await submit(page, '[name=code]')
  await expect(page).toHaveURL(/\/reset-password\//)
  for (const name of ['newPassword', 'newPasswordConfirm'])
    await page.locator(`[name=${name}]`).fill(password)
  await submit(page, '[name=newPassword]')
  await expect(page).toHaveURL(/\/sign-in\?reset$/)
  expect((await context.cookies()).map(({ name }) => name)).not.toContain('reset-for')
  await page.goto('/forgot-password?sent=sms')
  await expect(page.locator('[name=identifier]')).toHaveValue('')
})

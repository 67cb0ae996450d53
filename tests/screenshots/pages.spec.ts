// Takes a picture of every page, in every state that a customer meets.
import { arben, latestCode, sendRegistration, signIn, submit, test } from '../support/portal.ts'

test('every page', async ({ page, context }, { project }) => {
  const language = project.name.slice(0, 2)
  let count = 0
  const shoot = async (name: string) => {
    count += 1
    const number = String(count).padStart(2, '0')
    await page.screenshot({ path: `.screenshots/${project.name}/${number}-${name}.png`, fullPage: true })
  }
  const visit = async (path: string, name: string) => {
    await page.goto(path)
    await shoot(name)
  }
  await page.goto(`/language/${language}`)

  await visit('/', 'welcome')
  await visit('/register', 'register')
  await submit(page, '[name=acceptTerms]')
  await page.locator('main').getByRole('alert').waitFor()
  await shoot('register-errors')
  await sendRegistration(page, arben)
  await page.waitForURL(/verify/)
  await shoot('verify')
  await page.locator('[name=code]').fill(await latestCode(page, arben.phone))
  await submit(page, '[name=code]')
  await page.waitForURL(/contracts/)
  await visit('/contracts/add', 'add')
  await page.locator('[name=biller]').selectOption('oshee')
  await page.locator('[name=contractCode]').fill('TR0.A0000000000004')
  await page.locator('[name=alias]').fill('Apartamenti i gjyshes në Rrugën Myslym Shyri, kati i tretë')
  await submit(page, '[name=alias]')
  await page.waitForURL(/contracts$/)
  await shoot('contracts')
  await visit('/contracts/oshee/TR0.A0000000000004/pay', 'pay-amounts-only')
  await visit('/contracts/manage', 'manage')
  await visit('/contracts/manage?search=zzz', 'manage-nothing-found')
  await visit('/contracts/oshee/AL0000001/info', 'info')
  await visit('/contracts/oshee/AL0000001/access', 'access-nobody')
  await visit('/account', 'account')
  await visit('/account/contact', 'contact')
  await visit('/account/password', 'password')
  await visit('/account/sessions', 'sessions')
  await context.clearCookies()
  await page.goto(`/language/${language}`)

  await visit('/sign-in', 'sign-in')
  await visit('/forgot-password', 'forgot-password')
  await signIn(page, 'mirela')
  await page.goto(`/language/${language}?to=/contracts`)
  await shoot('contracts-overdue')
  await visit('/invoices/unpaid', 'unpaid')
  await visit('/contracts/oshee/TR0.A0000000000004/access', 'access')
  await visit('/contracts/oshee/TR0.A0000000000004/history', 'history')
  await page.locator('main a[href^="/invoices/"]').first().click()
  await page.waitForURL(/invoices\/\d+/)
  await shoot('invoice')
  for (const [card, name] of [
    ['4000000000000010', 'declined'],
    ['4000000000000036', 'not-known-yet'],
  ] as const) {
    await page.goto('/contracts/oshee/TR0.A0000000000004/pay')
    if (name === 'not-known-yet') {
      await page.locator('[name=invoices]').first().uncheck()
      await shoot('pay')
    }
    await page.locator('button[value=pay]').click()
    await page.waitForURL(/sandbox-bank/)
    if (name === 'declined') await shoot('sandbox-bank')
    await page.locator('[name=cardNumber]').fill(card)
    await page.locator('button[value=pay]').click()
    await page.waitForURL(/payments\//)
    await shoot(`payment-${name}`)
  }
  await visit('/contracts/oshee/TR0.A0000000000004/pay', 'pay-under-way')
  await page.locator('button[value=pay]').click()
  await page.waitForURL(/sandbox-bank/)
  await page.locator('[name=cardNumber]').fill('4000000000000002')
  await page.locator('button[value=pay]').click()
  await page.waitForURL(/payments\//)
  await shoot('payment-paid')
  await visit(`${new URL(page.url()).pathname}/receipt`, 'receipt')
  await visit('/help', 'help')
  await visit('/help?q=kamata', 'help-search')
  await visit('/terms', 'terms')
  await visit('/outbox', 'outbox')
  await visit('/not-a-page', 'not-found')
})

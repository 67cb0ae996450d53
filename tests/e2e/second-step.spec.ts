// The second step at sign-in, as customers and the demonstration's staff go through it.
import { spawnSync } from 'node:child_process'
import type { Page } from 'playwright/test'
import { codeAt } from '../../lib/auth/totp.ts'
import {
  expect,
  latestCode,
  type Registration,
  register,
  rows,
  signIn,
  signInStaff,
  signOut,
  submit,
  test,
} from '../support/portal.ts'

/** Nobody that another test registers. */
const customer: Registration = {
  biller: 'kesco',
  contractCode: 'DPZ-10442',
  firstName: 'Ardita',
  lastName: 'Morina',
  personalNumber: '1175551235',
  username: 'ardita',
  email: 'ardita@example.com',
  phone: '+38349555123',
  password: 'Kumbulla-99',
}
let secret = ''
let codes: string[] = []
/** Of codes used: each is taken once, so the next one is the next half minute's. */
let halfMinutes = 0
const nextCode = () => codeAt(secret, new Date(Date.now() + 30_000 * halfMinutes++))

const alert = (page: Page) => page.locator('main').getByRole('alert')

/** Reads the key on the page and gives its first code. */
async function confirm(page: Page): Promise<void> {
  secret = ((await page.locator('.select-all').textContent()) ?? '').replace(/\s/g, '')
  halfMinutes = 0
  await page.locator('[name=code]').fill(nextCode())
  await submit(page, '[name=code]')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ruani kodet rezervë')
}

async function enterPassword(page: Page): Promise<void> {
  await page.goto('/sign-in')
  await page.locator('[name=identifier]').fill(customer.username)
  await page.locator('[name=password]').fill(customer.password)
  await submit(page, '[name=password]')
  await expect(page).toHaveURL(/\/sign-in\/code$/)
}

test.describe.configure({ mode: 'serial' })

test('a customer sets it up with the key that is shown, and keeps ten recovery codes', async ({
  page,
  portal,
}) => {
  await register(page, customer)
  // So that notices go there.
  await rows(portal.databaseUrl, 'update accounts set email_verified_at = now() where username = $1', [
    customer.username,
  ])
  await page.goto('/account')
  await page.getByRole('link', { name: 'Hyrja me dy hapa' }).click()
  await expect(page).toHaveURL(/\/account\/second-step$/)
  await page.locator('main form button[type=submit]').click()
  await expect(page.getByRole('img', { name: /QR/ })).toBeVisible()
  await page.locator('[name=code]').fill('000000')
  await submit(page, '[name=code]')
  await expect(alert(page)).toContainText('Kodi nuk është i saktë')
  await expect(page.locator('[name=code]')).toHaveValue('')
  await confirm(page)
  codes = await page.locator('main li').allTextContents()
  expect(codes).toHaveLength(10)
  for (const code of codes) expect(await page.content()).not.toMatch(new RegExp(`value="[^"]*${code}`))
  await page.locator('main form button[type=submit]').click()
  await expect(page.locator('main')).toContainText('Keni ende 10 kode rezervë')
  expect(await page.content()).not.toContain(codes[0])
})

test('signing in takes a code of the app, or a recovery code once', async ({ page, request }) => {
  await enterPassword(page)
  // Nothing is open before the code.
  await page.goto('/contracts')
  await expect(page).toHaveURL(/\/sign-in(\?|$)/)
  await page.goto('/sign-in/code')
  await page.locator('[name=code]').fill('000000')
  await submit(page, '[name=code]')
  await expect(alert(page)).toContainText('Kodi nuk është i saktë')
  await page.locator('[name=code]').fill(nextCode())
  await submit(page, '[name=code]')
  await expect(page).toHaveURL(/\/contracts$/)
  await signOut(page)

  await enterPassword(page)
  await page.locator('[name=recoveryCode]').fill(codes[0]!.toUpperCase())
  await submit(page, '[name=recoveryCode]')
  await expect(page).toHaveURL(/\/contracts$/)
  expect(await (await request.get('/outbox')).text()).toContain('U përdor një kod rezervë')
  await signOut(page)

  await enterPassword(page)
  await page.locator('[name=recoveryCode]').fill(codes[0]!)
  await submit(page, '[name=recoveryCode]')
  await expect(alert(page)).toContainText('Ky kod rezervë nuk është i saktë')
})

test('a passkey is added with a code, signs in instead of one, and is one of several to remove @javascript', async ({
  page,
  portal,
}) => {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasUserVerification: true, isUserVerified: true },
      automaticPresenceSimulation: true,
    },
  })
  await enterPassword(page)
  await page.locator('[name=recoveryCode]').fill(codes[3]!)
  await submit(page, '[name=recoveryCode]')
  await expect(page).toHaveURL(/\/contracts$/)
  await page.goto('/account/second-step')
  await page.getByRole('link', { name: 'Shtoni një çelës hyrjeje' }).click()
  await page.locator('[name=currentPassword]').fill(customer.password)
  await page.locator('[name=code]').fill(codes[4]!)
  await submit(page, '[name=code]')
  await page.locator('[name=name]').fill('Telefoni i Arditës')
  await submit(page, '[name=name]')
  await expect(page.locator('main')).toContainText('Telefoni i Arditës')
  await signOut(page)
  await enterPassword(page)
  await submit(page, '[name=response]')
  await expect(page).toHaveURL(/\/contracts$/)

  const [of] = await rows<{ id: string }>(portal.databaseUrl, 'select id from accounts where username = $1', [
    customer.username,
  ])
  await rows(
    portal.databaseUrl,
    `insert into passkeys (id, account_id, public_key, counter, transports, name, created_at)
     select 'lost-' || n, $1, 'x', 0, '{}', 'Telefoni i humbur ' || n, now() from generate_series(1, 4) n`,
    [of!.id],
  )
  await rows(portal.databaseUrl, 'update sessions set password_checked_at = null where account_id = $1', [
    of!.id,
  ])
  await page.goto('/account/second-step')
  const remove = page.locator('form:has([name=passkey])')
  await expect(remove.locator('[name=currentPassword]')).toHaveCount(1)
  await remove.locator('[name=currentPassword]').fill(customer.password)
  await remove.locator('button[type=submit]').click()
  await expect(alert(page)).toContainText('Zgjidhni çelësin')
  await remove.getByText('Shfaqni të gjithë').click()
  await remove.getByLabel('Telefoni i humbur 4').check()
  await remove.locator('[name=currentPassword]').fill(customer.password)
  await remove.locator('button[type=submit]').click()
  await expect(page).toHaveURL(/removed/)
  await expect(page.locator('main')).not.toContainText('Telefoni i humbur 4')
  await expect(page.locator('main')).toContainText('Telefoni i humbur 3')
  await signOut(page)
})

test('it is turned off with the password and a code', async ({ page }) => {
  await enterPassword(page)
  await page.locator('[name=recoveryCode]').fill(codes[1]!)
  await submit(page, '[name=recoveryCode]')
  await expect(page).toHaveURL(/\/contracts$/)
  await page.goto('/account/second-step')
  await page.locator('[name=code]').fill(codes[2]!)
  await page.locator('button[value=off]').click()
  await expect(alert(page)).toContainText('Fjalëkalimi')
  await page.locator('[name=currentPassword]').fill(customer.password)
  await page.locator('[name=code]').fill(codes[2]!)
  await page.locator('button[value=off]').click()
  await expect(page.getByRole('status')).toContainText('Hyrja me dy hapa u çaktivizua')
  await signOut(page)
  await signIn(page, customer.username, customer.password)
})

test('the demonstration’s staff read their code at /outbox and arrive at their pages', async ({ page }) => {
  for (const [username, role] of [
    // In whatever language a test before has left them.
    ['operator', /agjent|agent|referent/],
    ['supervisor', /mbikëqyrës|supervisor|nadzornik/],
    ['admin', /administrator/],
  ] as const) {
    await signInStaff(page, username)
    await expect(page.locator('main')).toContainText(role)
    await page.goto('/contracts')
    // Whoever strays keeps the head of staff's pages, and the way back.
    expect((await page.goto('/staff/nothing'))?.status()).toBe(404)
    await expect(page.locator('header.staff a[href="/staff"]').first()).toBeAttached()
    await signOut(page)
    await expect(page).toHaveURL(/\/sign-in(\?|$)/)
  }
})

test('an e-mail at /outbox looks as it would in a mailbox', async ({ page }) => {
  await signInStaff(page, 'operator')
  await page.goto('/outbox')
  await page
    .locator('li', { hasText: /operator@example.com.*\b\d{6}\b/s })
    .locator('a[href^="/outbox/"]')
    .first()
    .click()
  await expect(page.locator('h1')).toHaveText(/^\d{6}$/)
  // Its own style sheet is let in, and would not be on a page of the portal.
  await expect(page.locator('h1')).toHaveCSS('font-size', '38px')
  // Nothing runs in it, and its links lead on.
  const mail = await page.request.get(page.url())
  expect(mail.headers()['content-security-policy']).toMatch(/^sandbox (?!.*allow-scripts)/)
  await page.locator('a[href$="/help#contact"]').click()
  await expect(page).toHaveURL(/\/help#contact$/)
  const missing = await page.goto('/outbox/00000000-0000-4000-8000-000000000000')
  expect(missing!.status()).toBe(404)
})

test('the demonstration’s staff change something with a code that is at /outbox', async ({ page }) => {
  await signInStaff(page, 'operator')
  await page.goto('/account/contact')
  const form = page.locator('form:has([name=phone])')
  await form.locator('[name=phone]').fill('+38349700777')
  await form.locator('button[type=submit]').click()
  await expect(alert(page)).toContainText('Plotësoni këtë fushë')
  await form.locator('[name=secondCode]').fill(await latestCode(page, 'operator@example.com'))
  await form.locator('button[type=submit]').click()
  await expect(page.locator('main')).toContainText('+383 49 700 777')
  await page.goto('/contracts')
  await signOut(page)
})

test('staff without a second step set it up with their invitation; customers find no staff pages', async ({
  page,
  portal,
}) => {
  await signIn(page, customer.username, customer.password)
  expect((await page.goto('/staff'))?.status()).toBe(404)
  await page.goto('/account')
  await signOut(page)

  const command = spawnSync('npm', ['run', '--silent', 'staff', '--', customer.username, '--role', 'agent'], {
    encoding: 'utf8',
    env: {
      ...process.env,
      DATABASE_URL: portal.databaseUrl,
      DEMO: 'on',
      APP_URL: portal.url,
      AUTH_SECRET: 'a-secret-of-the-tests-only-0123456789',
    },
  })
  expect(command.stdout + command.stderr).toContain('valid once and for 7 days')
  const [, invitation] = /days: (\S+)/.exec(command.stdout)!
  await page.goto('/sign-in')
  await page.locator('[name=identifier]').fill(customer.username)
  await page.locator('[name=password]').fill(customer.password)
  await submit(page, '[name=password]')
  await expect(page).toHaveURL(/\/account\/second-step$/)
  await page.goto('/staff')
  await expect(page).toHaveURL(/\/account\/second-step$/)
  await page.locator('main form button[type=submit]').click()
  await expect(alert(page)).toContainText('Plotësoni')
  await page.locator('[name=invitationCode]').fill('aaaaa-bbbbb')
  await submit(page, '[name=invitationCode]')
  await expect(alert(page)).toContainText('Kjo ftesë nuk është e saktë')
  await page.locator('[name=invitationCode]').fill(invitation!)
  await submit(page, '[name=invitationCode]')
  await confirm(page)
  await page.locator('main form button[type=submit]').click()
  await expect(page).toHaveURL(/\/staff$/)
})

// One's own data, as its owner sees it: what is held, a copy of it fetched once, the access log, deleting the account.
import fs from 'node:fs/promises'
import type { Page } from 'playwright/test'
import {
  expect,
  PASSWORD,
  type Registration,
  register,
  rows,
  signIn,
  submit,
  test,
} from '../support/portal.ts'

/** Nobody that another test registers. */
const person: Registration = {
  biller: 'kesco',
  contractCode: 'DPZ-10442',
  firstName: 'Teuta',
  lastName: 'Gashi',
  personalNumber: '1180000018',
  username: 'teuta.gashi',
  email: 'teuta.gashi@example.com',
  phone: '+38349555180',
  password: 'Kumbulla-99',
}

const button = (page: Page, within: string) => page.locator(`${within} button[type=submit]`)
const download = (page: Page) => page.locator('form[action^="/account/data/export/"]')

/** Asks for a copy and waits until the page offers it; its address. */
async function askForCopy(page: Page): Promise<string> {
  await page.goto('/account/data')
  await button(page, 'section:has(#copy)').last().click()
  await expect(async () => {
    await page.goto('/account/data')
    await expect(download(page)).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 20_000 })
  return (await download(page).getAttribute('action'))!
}

test('a copy of one’s data is downloaded once, by its owner alone', async ({ page, browser, portal }) => {
  await signIn(page, 'mirela')
  await page.goto('/account')
  await page.locator('a[href="/account/data#copy"]').click()
  await expect(page).toHaveURL(/\/account\/data#copy$/)
  const address = await askForCopy(page)

  const stranger = await browser.newPage({ baseURL: portal.url })
  await signIn(stranger, 'milan')
  expect((await stranger.request.post(address)).status()).toBe(404)
  await stranger.close()
  // A link is not enough: it could be opened ahead of time.
  expect((await page.request.get(address)).status()).toBe(405)

  const started = page.waitForEvent('download')
  await button(page, 'form[action^="/account/data/export/"]').click()
  const file = await started
  expect(file.suggestedFilename()).toBe('drita-data.json')
  const copy = JSON.parse(await fs.readFile(await file.path(), 'utf8'))
  expect(copy).toMatchObject({
    format: 'drita-own-data',
    version: 2,
    account: { username: 'mirela' },
    contracts: expect.arrayContaining([
      expect.objectContaining({ code: 'TR0.A0000000000004', level: 'holder' }),
    ]),
  })
  expect(copy.invoices.length).toBeGreaterThan(0)

  expect((await page.request.post(address)).status()).toBe(404)
  await page.goto('/account/data')
  await expect(download(page)).toHaveCount(0)
})

test('asking for a copy a while after signing in takes the password', async ({ page, portal }) => {
  await signIn(page, 'mirela')
  await rows(
    portal.databaseUrl,
    `update sessions set password_checked_at = now() - interval '11 minutes' returning id`,
  )
  await page.goto('/account/data')
  await page.locator('[name=currentPassword]').fill('not-it-1A')
  await submit(page, '[name=currentPassword]')
  await expect(page.locator('form [role=alert]')).toContainText('Fjalëkalimi aktual nuk është i saktë')
  await page.locator('[name=currentPassword]').fill(PASSWORD)
  await submit(page, '[name=currentPassword]')
  await expect(page.locator('section:has(#copy) [role=status]')).toBeVisible()
})

test('the access log is read in three languages, page by page', async ({ page, portal }) => {
  await signIn(page, 'milan')
  await rows(
    portal.databaseUrl,
    `insert into audit_events (account_id, action) select id, 'something.new' from accounts, generate_series(1, 25)
     where username = 'milan' and not exists (select from audit_events e where e.account_id = accounts.id and e.action = 'something.new')
     returning id`,
  )
  await rows(
    portal.databaseUrl,
    `insert into audit_events (account_id, action, subject) select s.id, 'account.viewed', 'account:' || m.id
     from accounts s, accounts m where s.username = 'operator' and m.username = 'milan' returning id`,
  )
  const log = page.locator('section:has(#log)')
  for (const [language, staff, unknown] of [
    ['sr', 'Uvid u podatke vašeg naloga.', 'Obavili ste radnju na portalu.'],
    ['en', 'Looked at the details of your account.', 'You did something in the portal.'],
    ['sq', 'Shikoi të dhënat e llogarisë suaj.', 'Bëtë një veprim në portal.'],
  ] as const) {
    await page.goto(`/language/${language}?to=/account/data`)
    await expect(log).toContainText(staff)
    await expect(log).toContainText(unknown)
    await expect(log).not.toContainText('something.new')
  }
  await expect(log.locator('tbody tr')).toHaveCount(20)
  await log.locator('a[href*="before="]').click()
  await expect(page).toHaveURL(/before=\d+/)
  await expect(log).toContainText('Hytë në llogari.')
  await page.goto('/language/sr?to=/account/data')
})

/** Follows the link of the mail, in a browser that nobody is signed in to: reading mail is enough, following a link is not. */
async function verifyEmail(page: Page): Promise<void> {
  await page.goto('/account/contact')
  const unverified = page.locator('section:has(#unverified)')
  await expect(unverified).toContainText(person.email)
  const outbox = await (await page.request.get('/outbox')).text()
  // Others were sent such a link, too.
  const theirs = `${person.email}(?:(?!@example\\.com)[\\s\\S])*?(/account/contact/verify/[\\w-]+)`
  const link = new RegExp(theirs).exec(outbox)![1]!
  const elsewhere = await page
    .context()
    .browser()!
    .newPage({ baseURL: new URL(page.url()).origin })
  for (let turn = 0; turn < 2; turn += 1) {
    await elsewhere.goto(link)
    await expect(elsewhere.locator('h1')).toHaveText('Konfirmoni e-postën')
  }
  await page.reload()
  await expect(unverified).toBeVisible()
  await elsewhere.locator('main form button').click()
  await expect(elsewhere.locator('h1')).toHaveText('E-posta u konfirmua')
  await elsewhere.close()
  await page.reload()
  await expect(unverified).toHaveCount(0)
}

test('an account is deleted, opens nothing any more, and the person registers again', async ({ page }) => {
  await register(page, person)
  await verifyEmail(page)
  await page.goto('/account/data')
  await page.locator('a[href="/account/data/delete"]').click()

  const send = async (username: string, password: string) => {
    await page.locator('[name=username]').fill(username)
    await page.locator('[name=currentPassword]').fill(password)
    await submit(page, '[name=currentPassword]')
  }
  const alert = page.locator('form [role=alert]')
  await send('somebody', person.password)
  await expect(alert).toContainText('Ky nuk është emri juaj i përdoruesit.')
  await send(person.username, 'not-it-1A')
  await expect(alert).toContainText('Fjalëkalimi aktual nuk është i saktë. Shkruajeni përsëri.')
  await expect(page.locator('[name=currentPassword]')).toHaveValue('')
  await send(person.username, person.password)

  await expect(page).toHaveURL(/\/sign-in\?deleted/)
  await expect(page.locator('[role=status]')).toContainText('Llogaria juaj u fshi përgjithmonë.')
  expect(await (await page.request.get('/outbox')).text()).toContain('Llogaria juaj te Drita u fshi')
  await page.goto('/contracts')
  await expect(page).toHaveURL(/\/sign-in/)
  await page.locator('[name=identifier]').fill(person.email)
  await page.locator('[name=password]').fill(person.password)
  await submit(page, '[name=password]')
  await expect(alert).toContainText('Të dhënat e hyrjes nuk janë të sakta')

  await register(page, person)
})

test('an account with a payment under way is not deleted', async ({ page, portal }) => {
  await signIn(page, 'milan')
  await rows(
    portal.databaseUrl,
    `insert into payment_attempts
       (number, account_id, biller_id, gateway, amount, currency, state, live, started_on, idempotency_key)
     select 'T-DELETE', a.id, c.biller_id, 'sandbox', 100, 'EUR', 'pending', true, current_date, gen_random_uuid()
     from accounts a join contract_access x on x.account_id = a.id join contracts c on c.id = x.contract_id
     where a.username = 'milan' limit 1 returning id`,
  )
  await page.goto('/account/data/delete')
  await page.locator('[name=username]').fill('milan')
  await page.locator('[name=currentPassword]').fill(PASSWORD)
  await submit(page, '[name=currentPassword]')
  await expect(page.locator('form [role=alert]')).toContainText('Jedno vaše plaćanje je još u toku.')
  await rows(
    portal.databaseUrl,
    `update payment_attempts set state = 'cancelled', live = false where number = 'T-DELETE' returning id`,
  )
  await rows(portal.databaseUrl, `delete from payment_attempts where number = 'T-DELETE' returning id`)
})

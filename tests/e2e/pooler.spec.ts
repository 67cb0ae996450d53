// The portal behind a PgBouncer in transaction mode, and what customers see while the database is busy or gone.
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { addCase } from '../support/cases.ts'
import { type PgBouncer, startPgBouncer } from '../support/pgbouncer.ts'
import { blerta, expect, test as portalTest, register, rows, signIn, submit } from '../support/portal.ts'
import { cloneDemonstration, type Portal, startPortal } from '../support/portal-process.ts'
import { connect } from '../support/postgres.ts'

const en = catalogue('en')
const sq = catalogue('sq')

let bouncer: PgBouncer
let direct: string

const test = portalTest.extend<object, { portal: Portal }>({
  portal: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern
    async ({}, use) => {
      const database = await cloneDemonstration()
      direct = database.url
      bouncer = await startPgBouncer(direct, 3)
      const portal = await startPortal(bouncer.url, {
        DATABASE_DIRECT_URL: direct,
        DATABASE_PAGE_SECONDS: 2,
        DATABASE_PAGE_LOCK_SECONDS: 2,
      })
      await use(portal)
      await portal.stop()
      await bouncer.stop()
      await database.drop()
    },
    { scope: 'worker', timeout: 90_000 },
  ],
})

/** Holds what every page and every form needs, as a migration would, while `work` goes on. */
async function whileHeld(work: () => Promise<void>): Promise<void> {
  const client = await connect(direct)
  try {
    await client.query(
      'begin; lock table sessions, accounts, contracts, rate_limits in access exclusive mode',
    )
    await work()
  } finally {
    await client.end()
  }
}

test('a customer registers, pays and prints behind a PgBouncer @once', async ({ page }) => {
  await register(page, blerta)
  await page.goto('/contracts/kesco/DPR-6687/pay')
  await page.locator('button[name=intent][value=pay]').click()
  await expect(page).toHaveURL(/\/sandbox-bank\//)
  await page.locator('[name=cardNumber]').fill('4000000000000002')
  await page.locator('button[name=intent][value=pay]').click()
  await expect(page).toHaveURL(/\/payments\/[0-9a-f-]{36}/)
  await expect(page.locator('main')).toContainText('54,09')
  expect((await page.request.get(`${new URL(page.url()).pathname}/receipt.pdf`)).status()).toBe(200)
  await page.context().clearCookies()
  await signIn(page, 'blerta', blerta.password)
  // Each connection of the pool is asked by turns.
  const answers = await Promise.all(
    Array.from({ length: 24 }, () => page.request.get('/contracts/kesco/DPR-6687/pay')),
  )
  expect(answers.map(answer => answer.status())).toEqual(answers.map(() => 200))
})

test('who meets a busy database is told so, and keeps what was typed @once', async ({
  page,
  browser,
  portal,
}) => {
  await page.goto('/sign-in')
  await page.locator('[name=identifier]').fill('arta.hoxha@example.com')
  await page.locator('[name=password]').fill('Korrik-1912')
  const plain = await browser.newContext({ javaScriptEnabled: false, baseURL: portal.url, locale: 'en-GB' })
  const plainPage = await plain.newPage()
  await plainPage.goto('/sign-in')
  await plainPage.locator('[name=identifier]').fill('arta.hoxha@example.com')
  await plainPage.locator('[name=password]').fill('Korrik-1912')
  await whileHeld(async () => {
    // With a script the form stays.
    await submit(page, '[name=password]')
    await expect(page.locator('form [role=alert]')).toContainText(sq.busy.form)
    await expect(page.locator('[name=identifier]')).toHaveValue('arta.hoxha@example.com')
    // Without one, a page in the browser's language says so.
    const answered = plainPage.waitForResponse(answer => answer.request().method() === 'POST')
    await submit(plainPage, '[name=password]')
    expect((await answered).status()).toBe(503)
    await expect(plainPage.locator('h1')).toHaveText(en.busy.title)
    await expect(plainPage.locator('html')).toHaveAttribute('lang', 'en-GB')
    // Whatever else needs the database, a bank's callback too, is to be tried again.
    const callback = await page.request.post('/api/payments/sandbox/callback', {
      form: { oid: 'D2400000001' },
    })
    expect([callback.status(), callback.headers()['retry-after']]).toEqual([503, '5'])
  })
  await plainPage.goBack()
  await expect(plainPage.locator('[name=identifier]')).toHaveValue('arta.hoxha@example.com')
  await plain.close()
  await submit(page, '[name=identifier]')
  await expect(page.locator('form [role=alert]')).not.toContainText(sq.busy.form)
  const log = portal.output()
  expect(log).toContain('"code":"57014"')
  expect(log).not.toContain('arta.hoxha')
})

test('a form of one button says so too, where its script sends it @once @deep', async ({
  browser,
  portal,
}) => {
  // The browser writes what failed to its console.
  const context = await browser.newContext({ baseURL: portal.url })
  const page = await context.newPage()
  await signIn(page, 'mirela')
  const [mirela] = await rows<{ id: string }>(direct, `select id from accounts where username = 'mirela'`)
  await addCase((text, values) => rows(direct, text, values), {
    kind: 'business',
    biller_id: 1,
    account_id: mirela!.id,
    title: 'Dyqani',
    unique_as: 'L41912005A',
    answers: { legalRepresentative: 'Mirela' },
  })
  await page.goto('/account/business')
  await whileHeld(async () => {
    await page.locator('main form button[type=submit]').first().click()
    await expect(page.locator('form [role=alert]')).toContainText(sq.busy.form)
  })
  await context.close()
})

test('pages say so too, and where the database is gone; they are back when it is @once', async ({
  page,
  portal,
}) => {
  await signIn(page, 'mirela')
  const get = async () => {
    const answer = await page.goto('/contracts')
    return [answer!.status(), answer!.headers()['retry-after'], await page.locator('h1').textContent()]
  }
  await whileHeld(async () => expect(await get()).toEqual([503, '5', sq.busy.title]))
  await bouncer.kill()
  expect(await get()).toEqual([503, '5', sq.busy.title])
  // The page can be read without any style or script of the portal's, at 360 pixels.
  await page.setViewportSize({ width: 360, height: 740 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  const pdf = await page.request.get('/invoices/1/pdf')
  expect([pdf.status(), pdf.headers()['retry-after']]).toEqual([503, '5'])
  await bouncer.restart()
  expect((await get())[0]).toBe(200)
  expect(portal.output()).toMatch(/"says":"connect ECONNREFUSED/)
})

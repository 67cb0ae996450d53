// The walk over forms in a browser with scripts: three of them, all of them under DEEP. The form stays as it stands, with
// what was typed, whatever the line does; what got no answer is sent again and done once.
import type { Locator, Page } from 'playwright/test'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { Customer } from '../support/customer.ts'
import { PASSWORD, person, type Ready, type Row, SIGN_OUT } from '../support/form-people.ts'
import { FORMS } from '../support/forms.ts'
import { expect, openMenu, rows, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'
import { openRelay } from '../support/relay.ts'

const sq = catalogue('sq')
const IN_ANY_CASE = ['signIn', 'addContract', 'pay']

/** Types and chooses what the form takes; of boxes those that are named. */
async function fill(form: Locator, row: Row, typed: Ready['right']): Promise<void> {
  for (const [name, value] of Object.entries(typed)) {
    const kind = row.form.fields[name]?.kind
    const field = form.locator(`[name="${name}"]`)
    if (kind === 'text' || kind === 'note') await field.fill(String(value))
    if (kind === 'select') await field.selectOption(String(value))
    if (kind === 'picks') await form.locator(`[name="${name}"][value="${value}"]`).check()
    if (kind === 'box' && (await field.count()) > 0) await field.check()
    if (kind === 'boxes') {
      const values = await field.evaluateAll(boxes => boxes.map(box => (box as HTMLInputElement).value))
      for (const one of values)
        await form
          .locator(`[name="${name}"][value="${one}"]`)
          .setChecked([value].flat().includes(one as never))
    }
    if (kind === 'files') {
      const file = [value].flat()[0] as File
      const buffer = Buffer.from(await file.arrayBuffer())
      await field.setInputFiles({ name: file.name, mimeType: file.type, buffer })
    }
  }
}

const cookiesOf = ({ customer }: Pick<Ready, 'customer'>, url: string) =>
  [...customer.cookies].map(([name, value]) => ({ name, value, url }))

/** What stands in the form, its hidden fields apart. */
const standing = (form: Locator) =>
  form.evaluate((element: HTMLFormElement) =>
    [...new FormData(element)]
      .filter(([name]) => element.querySelector(`[name="${name}"]:not([type=hidden])`))
      .map(([name, value]) => [name, typeof value === 'string' ? value : value.name]),
  )

/** Of what stands in the form, that which may come back. */
function shownAgain({ form }: Row, fields: string[][]): string[][] {
  const isKept = (name: string) => !form.fields[name]?.secret && form.fields[name]?.kind !== 'files'
  return fields.filter(([name]) => isKept(name!))
}

async function walk(
  page: Page,
  row: Row,
  ready: Ready,
  line: Awaited<ReturnType<typeof openRelay>>,
): Promise<void> {
  const { path, right } = ready
  await page.context().addCookies(cookiesOf(ready, line.url))
  await page.goto(line.url + path)
  const form = page.locator(`form:has([name="${row.field}"])`).first()
  const intent = right.intent ? `button[value="${right.intent}"]` : 'button[type=submit]'
  await fill(form, row, right)
  const typed = await standing(form)
  const alert = form.getByRole('alert')

  line.cutNextRequest()
  await form.locator(intent).first().click()
  await expect(alert).toBeVisible()
  expect(await standing(form), 'no connection').toEqual(typed)
  expect(await ready.done()).toBe(0)

  const again = alert.getByRole('button')
  for (const status of [409, 429, 502]) {
    line.answerNext(status)
    const answered = page.waitForResponse(answer => answer.status() === status)
    await again.click()
    await answered
    await expect(alert).toBeVisible()
    expect(await standing(form), String(status)).toEqual(typed)
  }
  // The language takes along what was typed.
  await openMenu(page)
  await page.locator('[class^=language-]').getByText('Srpski').and(page.locator(':visible')).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'sr-Latn')
  const kept = (fields: string[][]) => shownAgain(row, fields)
  const inSerbian = typed.map(([name, value]) => [name!, name === 'language' ? 'sr' : value!])
  expect(kept(await standing(form)), 'in another language').toEqual(kept(inSerbian))

  // Done, but nobody hears of it; sent again, by two clicks, it is done once.
  await fill(form, row, right)
  const lost = line.loseNextAnswer()
  await form.locator(intent).first().click()
  await lost
  await expect(alert).toBeVisible()
  expect(kept(await standing(form)), 'a lost answer').toEqual(kept(typed))
  // What a cookie alone keeps is as it was: it came with the answer.
  await expect.poll(ready.done).toBe(row.ofSession ? 0 : 1)
  await again.dblclick()
  await expect(alert).toHaveCount(0)
  if (!row.ofSession) expect(await ready.done()).toBe(1)
}

/** Its tab is left open while somebody else signs in, then while its session ends: what was typed comes back with its owner. */
async function walkByOthers(page: Page, row: Row, ready: Ready, portal: Portal): Promise<void> {
  const { url } = portal
  const { path, right, customer } = ready
  const form = page.locator(`form:has([name="${row.field}"])`).first()
  const intent = right.intent ? `button[value="${right.intent}"]` : 'button[type=submit]'
  const context = page.context()
  const open = async () => {
    await context.clearCookies()
    await context.addCookies(cookiesOf(ready, url))
    await page.goto(url + path)
    await fill(form, row, right)
  }
  await open()
  const typed = await standing(form)
  const other = new Customer(url)
  await other.signIn((await person(portal)).username, PASSWORD)
  await context.clearCookies()
  await context.addCookies(cookiesOf({ customer: other }, url))
  await form.locator(intent).first().click()
  await expect(page, 'by another account').toHaveURL(/\/sign-in\?unsent/)

  await open()
  await customer.send(SIGN_OUT, {})
  await form.locator(intent).first().click()
  await expect(page, 'after signing out').toHaveURL(/\/sign-in\?unsent/)
  if (row.ofSession) return
  expect(await ready.done()).toBe(0)
  await page.locator('[name=identifier]').fill(ready.person!.username)
  await page.locator('[name=password]').fill(PASSWORD)
  await page.locator('form:has([name=password]) button[type=submit]').first().click()
  const recoveryCode = ready.recoveryCodes?.shift()
  if (recoveryCode) {
    await page.locator('[name=recoveryCode]').fill(recoveryCode)
    await page.locator('form:has([name=recoveryCode]) button[type=submit]').first().click()
  }
  const [back] = path.split('?')
  await expect(page, 'signed in again').toHaveURL(one => one.origin === url && one.pathname === back)
  expect(shownAgain(row, await standing(form)), 'signed in again').toEqual(shownAgain(row, typed))
  await fill(form, row, right)
  await form.locator(intent).first().click()
  await expect.poll(ready.done, 'sent at last').toBe(1)
}

for (const row of FORMS) {
  if (!process.env.DEEP && !IN_ANY_CASE.includes(row.form.name)) continue
  test(`${row.form.name} outlives the line in a browser, and is nobody else’s @once`, async ({
    page,
    portal,
  }) => {
    const line = await openRelay({ to: portal.url })
    const ready = await row.ready(portal, line.url)
    await walk(page, row, ready, line)
    await line.close()
    if (ready.person) await walkByOthers(page, row, await row.ready(portal, portal.url), portal)
  })
}

test('a payment’s waiting page outlives the line, and follows on @once', async ({ page, portal }) => {
  const line = await openRelay({ to: portal.url })
  const ready = await FORMS.find(({ form }) => form.name === 'payment')!.ready(portal, line.url)
  await page.context().addCookies(cookiesOf(ready, line.url))
  await page.clock.install()
  await page.goto(line.url + ready.path)
  const state = page.locator('main [role=status]').first()
  const before = await state.textContent()
  line.disconnect()
  for (let looks = 0; looks < 3; looks++) await page.clock.runFor(5000)
  expect(await state.textContent()).toBe(before)
  line.connect()
  await rows(
    portal.databaseUrl,
    `update payment_attempts set state = 'cancelled', live = false where id = $1`,
    [ready.path.split('/').at(-1)],
  )
  await expect(async () => {
    await page.clock.runFor(5000)
    expect(await state.textContent()).not.toBe(before)
  }).toPass()
  await line.close()
})

test('Enter in a field sends its form as the form’s first button does', async ({ page, portal }) => {
  const row = FORMS.find(({ form }) => form.name === 'manage')!
  const ready = await row.ready(portal, portal.url)
  await page.context().addCookies(cookiesOf(ready, portal.url))
  await page.goto(ready.path)
  await page.locator('[name=alias]').first().fill('Te gjyshja')
  await page.locator('[name=alias]').first().press('Enter')
  await expect(page.locator('main [role=status]').first()).toBeVisible()
  await expect(page.locator('[name=alias]').first()).toHaveValue('Te gjyshja')
})

test('a second tap, after the answer to the first, sends nothing @once', async ({ page }) => {
  await page.goto('/sign-in')
  const button = page.locator('form:has([name=password]) button[type=submit]')
  for (let time = 0; time < 2; time++) {
    await page.locator('[name=identifier]').fill('nobody.at.all')
    await page.locator('[name=password]').fill('Wrong-2024')
    await button.click()
    await expect(page.locator('main [role=alert]')).toContainText(sq.errors.wrongSignIn)
    await expect(page.locator('[name=password]')).toHaveValue('')
  }
  let sent = 0
  page.on('request', request => {
    if (request.method() === 'POST') sent += 1
  })
  await page.locator('[name=password]').fill('Wrong-2024')
  await button.evaluate((element: HTMLButtonElement) => {
    element.click()
    const password = document.querySelector<HTMLInputElement>('[name=password]')!
    // As soon as the answer has emptied it.
    const looking = setInterval(() => {
      if (password.value) return
      clearInterval(looking)
      element.click()
    }, 1)
  })
  await expect(page.locator('[name=password]')).toHaveValue('')
  await expect(page.locator('main [role=alert]')).toContainText(sq.errors.wrongSignIn)
  expect(sent).toBe(1)
})

test('passwords are shown by a key, and hidden again when they are sent @once', async ({ page }) => {
  await page.goto('/register')
  const [password, again] = [page.locator('[name=password]'), page.locator('[name=passwordConfirm]')]
  await password.fill('Portokall 7')
  const button = page.getByRole('button', { name: sq.form.reveal })
  await expect(button).toHaveAttribute('aria-pressed', 'false')
  await button.focus()
  await button.press('Enter')
  await expect(button).toHaveAttribute('aria-pressed', 'true')
  for (const field of [password, again]) await expect(field).toHaveAttribute('type', 'text')
  await expect(password).toHaveValue('Portokall 7')
  await expect(page).toHaveURL(/\/register$/)
  await expect(page.locator('main [role=alert]')).toHaveCount(0)
  await again.press('Enter')
  await expect(page.locator('main [role=alert]')).toBeVisible()
  await expect(password).toHaveAttribute('type', 'password')
})

for (const javaScriptEnabled of [true, false]) {
  test(`Back brings what was typed back, ${javaScriptEnabled ? 'with' : 'without'} a script @once`, async ({
    browser,
    portal,
  }) => {
    const context = await browser.newContext({ baseURL: portal.url, javaScriptEnabled })
    const page = await context.newPage()
    await page.goto('/register')
    const typed = { contractCode: 'DPR-6687', firstName: 'Blerta', personalNumber: '1234567892' }
    await page.locator('[name=biller]').selectOption('kesco')
    for (const [name, value] of Object.entries(typed)) await page.locator(`[name=${name}]`).fill(value)
    if (javaScriptEnabled) {
      await page.locator('form:has([name=email]) button[type=submit]').click()
      await expect(page.locator('main [role=alert]')).toBeVisible()
    } else {
      await page.locator('header summary').click()
      await page.locator('.language-buttons button', { hasText: 'Srpski' }).click()
      await expect(page.locator('html')).toHaveAttribute('lang', 'sr-Latn')
      await page.goBack()
    }
    await page.locator('footer a[href="/terms"]').click()
    await page.goBack()
    await expect(page.locator('html')).toHaveAttribute('lang', javaScriptEnabled ? 'sq' : 'sr-Latn')
    await expect(page.locator('[name=biller]')).toHaveValue('kesco')
    for (const [name, value] of Object.entries(typed)) {
      await expect(page.locator(`[name=${name}]`), name).toHaveValue(value)
    }
    await context.close()
  })
}

test('the code’s example and picture are those of the company chosen @once', async ({ page }) => {
  await page.goto('/register')
  const hint = page.locator('#contractCode-hint')
  await expect(hint).toContainText(/AL0000001.*DPR-6687/)
  await page.locator('[name=biller]').selectOption('kesco')
  await expect(hint).toHaveText(new RegExp(`^${sq.fields.contractCode.hints.kesco}`))
  await expect(hint.locator('svg')).toContainText('DPR-6687')
  await page.locator('[name=biller]').selectOption('digitalb')
  await expect(hint).toHaveText(sq.fields.contractCode.hints.digitalb)
})

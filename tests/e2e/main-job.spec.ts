// The main job, as its customers do it: register, see what is due, pay it, see it settled, print it.
import type { Page } from 'playwright/test'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { formatMoney } from '../../lib/i18n/formats.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { amountDue, nothingPaid } from '../../lib/ledger/rules.ts'
import { dayIn } from '../../lib/platform/dates.ts'
import { axe } from '../support/audit.ts'
import { term } from '../support/interest.ts'
import {
  arben,
  blerta,
  enterCode,
  expect,
  register,
  rows,
  sendRegistration,
  signIn,
  signOut,
  submit,
  test,
} from '../support/portal.ts'

const sq = catalogue('sq')

const APPROVED = '4000000000000002'

/** Amounts are compared without the no-break spaces that separate them. */
const text = async (page: Page) => (await page.locator('main').allInnerTexts()).join(' ').replace(/\s+/g, ' ')

async function payAt(page: Page, cardNumber: string): Promise<void> {
  await expect(page).toHaveURL(/\/sandbox-bank\//)
  await page.locator('[name=cardNumber]').fill(cardNumber)
  await page.locator('button[name=intent][value=pay]').click()
}

/** Every amount of the PDF as text, by what the browser would download. */
async function expectPdf(page: Page, path: string): Promise<void> {
  const response = await page.request.get(path)
  expect(response.status()).toBe(200)
  expect(response.headers()['content-type']).toBe('application/pdf')
  expect((await response.body()).subarray(0, 5).toString()).toBe('%PDF-')
}

test('Blerta Krasniqi pays her invoice and prints the receipt', async ({ page }) => {
  await sendRegistration(page, blerta)
  await expect(page.locator('main')).toContainText(`një lidhje te ${blerta.email}`)
  await enterCode(page, blerta)
  expect(await text(page)).toContain('54,09 €')
  // Her names, number and phone are the holder's: there is nothing to explain, only perhaps to decide.
  const decides = page.locator('a[href$="/access"]')
  await expect(page.locator('.sky .note').filter({ hasNot: decides })).toHaveCount(0)
  await expect(page.locator('main .note').filter({ hasText: blerta.email })).toContainText(/konfirmuar/)

  await page.goto('/contracts/kesco/DPR-6687/pay')
  await axe(page)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(sq.pay.title)
  await expect(page.locator('tr:has([name=invoices])')).toContainText('K-2023-04-6687')
  expect(await text(page)).toMatch(/Prill 2023 .*54,09 €/)
  const box = page.locator('[name=invoices]')
  await expect(box).toHaveCount(1)
  await expect(box).toBeChecked()
  await page.locator('button[name=intent][value=pay]').click()
  await payAt(page, APPROVED)

  await expect(page).toHaveURL(/\/payments\/[0-9a-f-]{36}/)
  await expect(page.locator('main')).toContainText('54,09')
  const payment = new URL(page.url()).pathname
  await page.goto(`${payment}/receipt`)
  expect(await text(page)).toMatch(/Blerta Krasniqi.*54,09 €/)
  await expectPdf(page, `${payment}/receipt.pdf`)

  await page.goto('/contracts')
  expect(await text(page)).toContain(sq.home.nothing)
  await page.getByRole('link', { name: /Pagesa e fundit: 54,09/ }).click()
  await expect(page).toHaveURL(new RegExp(`${payment}$`))
  await page.goto('/usage')
  await expect(page).toHaveURL(/DPR-6687\/history$/)
  await page.locator('main a[href^="/invoices/"]').first().click()
  // A phone folds what stands on it.
  await expect(page.locator('main')).toContainText(/K-2023-04-6687[\s\S]*800.kWh/)
  await expectPdf(page, `${new URL(page.url()).pathname}/pdf`)
  await page.goto('/contracts/kesco/DPR-6687/history')
  expect(await text(page)).toContain('54,09 €')
})

test('Arben Hoxha has two contracts and reads in Serbian and English', async ({
  page,
  javaScriptEnabled,
}) => {
  await register(page, arben)
  // Names and number are the holder's, but OSHEE has no phone to know him by.
  const notRecognised = page.locator('.sky .note', { hasText: sq.home.notRecognised.own })
  await expect(notRecognised.locator('a')).toHaveAttribute('href', '/contracts/oshee/AL0000001/info')
  await axe(page)
  await page.goto('/contracts/add')
  await page.locator('[name=biller]').selectOption('oshee')
  const asked = page.getByRole('group', { name: sq.words.contract, exact: true })
  if (javaScriptEnabled) await expect(asked.locator('.paper-bill')).toBeVisible()
  await asked.locator('[name=contractCode]').fill('al0000002')
  await page.locator('[name=alias]').fill('Shtëpia në Durrës')
  await submit(page, '[name=alias]')
  await expect(page).toHaveURL(/\/contracts\?added=/)
  await expect(page.locator('main').getByRole('status')).toContainText('Shtëpia në Durrës')
  const today = dayIn('Europe/Tirane', new Date())
  const bill = { dueOn: '2024-02-29', principal: 45600, tvTax: 10000, cancelled: false }
  const { total } = amountDue(bill, nothingPaid(), [term()], today)
  expect(await text(page)).toContain(formatMoney(total, 'ALL', 'sq').replace(/\s+/g, ' '))

  for (const [language, greeting, amount] of [
    ['sr', /^Dob(ro jutro|ar dan|ro veče), Arben$/, /leka/],
    ['en', /^Good (morning|afternoon|evening), Arben$/, /lek/],
    ['sq', /^Mirë(mëngjes|dita|mbrëma), Arben$/, /Lekë/],
  ] as const) {
    await page.goto(`/language/${language}?to=/contracts`)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(greeting)
    expect(await text(page)).toMatch(amount)
  }

  // The phone is the one that OSHEE has for the second contract; for the first it has none.
  const main = page.locator('main')
  await page.goto('/contracts/oshee/AL0000002/info')
  await expect(main).toContainText('Rruga Taulantia 4')
  await page.goto('/contracts/oshee/AL0000001/info')
  await axe(page)
  expect(await text(page)).not.toMatch(/Gjergj Fishta|J00101999W|M100001/)
  await expect(page.getByRole('heading', { name: sq.whyMasked.title })).toBeVisible()
  await page.locator('[name=meterNumber]').fill('M100001')
  await page.locator('[name=currentReading]').fill('271')
  await submit(page, '[name=meterNumber]')
  await expect(main.getByRole('alert')).toContainText(sq.errors.proofWrong)
  await expect(page.locator('[name=meterNumber]')).toHaveValue('M100001')
  await page.locator('[name=currentReading]').fill('270')
  await submit(page, '[name=meterNumber]')
  await expect(main.getByRole('status')).toContainText(sq.contractInfo.recognised)
  await expect(main).toContainText('Bulevardi Gjergj Fishta 12')
  await page.goto('/contracts')
  await expect(page.locator('.sky')).toBeVisible()
  await expect(notRecognised).toHaveCount(0)

  await page.goto('/contracts/manage')
  await expect(page.getByRole('heading', { name: 'Bulevardi Gjergj Fishta 12' })).toBeVisible()
  const remove = page.locator('main a[href$="/remove"]')
  await expect(remove).toHaveCount(2)
  await remove.first().click()
  await expect(page).toHaveURL(/\/remove$/)
  await axe(page)
  await submit(page, '[name=shown]')
  await expect(page).toHaveURL(/done=removed/)
  await remove.first().click()
  await expect(main).toContainText('Kjo është kontrata juaj e fundit')
  await expect(page.locator('main form')).toHaveCount(0)
  // Put back, it is there as it was, with its name.
  await page.goto('/contracts/manage')
  await submit(page, '[name=shown]')
  await expect(page).toHaveURL(/done=restored/)
  await expect(remove).toHaveCount(2)
  await expect(page.getByRole('heading', { name: 'Shtëpia në Durrës' })).toBeVisible()
})

test('a form that is not right comes back with what was typed', async ({ page }) => {
  await page.goto('/register')
  await page.locator('[name=firstName]').fill('Ëngjëllushe')
  await page.locator('[name=email]').fill('not-an-address')
  await page.locator('[name=password]').fill('secret')
  await page.locator('[name=biller]').selectOption('kesco')
  await submit(page, '[name=acceptTerms]')
  const summary = page.locator('main').getByRole('alert')
  await expect(summary).toBeVisible()
  await axe(page)
  await expect(page.locator('[name=firstName]')).toHaveValue('Ëngjëllushe')
  await expect(page.locator('[name=email]')).toHaveValue('not-an-address')
  await expect(page.locator('[name=biller]')).toHaveValue('kesco')
  await expect(page.locator('[name=password]')).toHaveValue('')
  await expect(page.locator('#email-error')).toBeVisible()
  await summary.getByRole('link', { name: /E-posta/ }).click()
  await expect(page).toHaveURL(/#email$/)
})

test('a declined card and a cancelled payment leave the invoice to be paid', async ({ page }) => {
  await page.goto('/sign-in')
  await page.locator('[name=identifier]').fill('mirela')
  await page.locator('[name=password]').fill('Demo-2024')
  await submit(page, '[name=password]')
  await expect(page).toHaveURL(/\/contracts$/)
  await page.goto('/contracts/oshee/TR0.A0000000000004/pay')
  await expect(page.locator('[name=invoices]')).not.toHaveCount(0)
  const unpaid = await page.locator('[name=invoices]').count()
  for (const pay of ['4000000000000010', '4000000000000028', 'cancel']) {
    await page.goto('/contracts/oshee/TR0.A0000000000004/pay')
    await page.locator('button[name=intent][value=pay]').click()
    await expect(page).toHaveURL(/\/sandbox-bank\//)
    if (pay === 'cancel') await page.locator('button[name=intent][value=cancel]').click()
    else await payAt(page, pay)
    await expect(page).toHaveURL(/\/payments\/[0-9a-f-]{36}/)
    await expect(page.locator('main')).not.toContainText('Dëftesë')
  }
  await page.goto('/contracts/oshee/TR0.A0000000000004/pay')
  await expect(page.locator('[name=invoices]')).toHaveCount(unpaid)

  // What is somebody else's is not found, in words, and with the way on.
  const other = await page.goto('/contracts/oshee/AL0000003/pay')
  expect(other!.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(sq.notFound.title)
  await expect(page).toHaveURL(/AL0000003\/pay$/)
  await page.goto('/contracts')
  await signOut(page)
  await expect(page).toHaveURL(/\/sign-in\?out$/)
  await expect(page.locator('main [role=status]')).toHaveText(sq.signIn.signedOut)
  await page.goto('/contracts')
  await expect(page).toHaveURL(/\/sign-in(\?|$)/)
})

test('what is chosen is counted, and stands in sight with the button on a small phone', async ({
  page,
  javaScriptEnabled,
}) => {
  await signIn(page, 'mirela')
  await page.setViewportSize({ width: 360, height: 640 })
  const pay = '/contracts/oshee/TR0.A0000000000004/pay'
  const boxes = page.locator('[name=invoices]')
  const total = page.locator('output[name=total]')
  const payButton = page.locator('button[name=intent][value=pay]')
  // Albanian last: the account keeps the language.
  for (const locale of locales.toReversed()) {
    await page.goto(`/language/${locale}?to=${pay}`)
    const first = page.locator('tr:has([name=invoices])').first()
    await expect(first).toBeInViewport({ ratio: 1 })
    await expect(total).toBeInViewport({ ratio: 1 })
    await expect(payButton).toHaveText(catalogue(locale).pay.payButton)
    await expect(payButton).toBeInViewport({ ratio: 1 })
  }
  // Other tests may have paid some of them.
  const offered = await boxes.count()
  expect(offered).toBeGreaterThan(1)
  const countAgain = page.locator('button[name=intent][value=total]')
  await boxes.first().uncheck()
  if (!javaScriptEnabled) {
    // The old total says that it is not of these boxes.
    await expect(total).toHaveCSS('text-decoration-line', 'line-through')
    await countAgain.click()
  }
  await expect(boxes.first()).not.toBeChecked()
  await expect(total).toHaveCSS('text-decoration-line', 'none')
  await expect(countAgain).toBeHidden()
  const cents = (amount: string | null) => Number(amount!.replace(/\D/g, ''))
  const chosen = await page.locator('tr:has([name=invoices]:checked) .sum-due b').allTextContents()
  expect(chosen).toHaveLength(offered - 1)
  expect(cents(await total.textContent())).toBe(chosen.reduce((sum, amount) => sum + cents(amount), 0))
  // The account keeps its language for the tests after this one.
  await page.goto('/language/sq')
})

test('a bank that says nothing: every page tells what is under way, and offers it to nobody again @again @deep', async ({
  page,
  portal,
  javaScriptEnabled,
}) => {
  const main = page.locator('main')
  const boxes = page.locator('[name=invoices]')
  const payButton = page.locator('button[name=intent][value=pay]')
  const pay = '/contracts/oshee/TR0.A0000000000004/pay'
  await signIn(page, 'mirela')
  await page.goto(pay)
  // Other tests may have paid some of them.
  await expect(boxes).not.toHaveCount(0)
  const offered = await boxes.count()
  expect(offered).toBeGreaterThan(1)
  const chosen = (await boxes.last().getAttribute('value'))!
  for (const other of (await boxes.all()).slice(0, -1)) await other.uncheck()
  await payButton.click()
  await payAt(page, '4000000000000010')

  // The choice of the declined payment is kept.
  await page.locator('main .btn[href*="?payment="]').click()
  await expect(page.locator('[name=invoices]:checked')).toHaveCount(1)
  await expect(page.locator('[name=invoices]:checked')).toHaveValue(chosen)
  await payButton.click()
  await payAt(page, '4000000000000044')

  await expect(page).toHaveURL(/\/payments\/[0-9a-f-]{36}$/)
  const payment = new URL(page.url()).pathname
  await expect(main).toContainText(sq.payment.states.unknown.silent)
  const reloads = page.locator('meta[http-equiv=refresh]')
  if (!javaScriptEnabled) await expect(reloads).toHaveAttribute('content', `10;url=${payment}`)
  // Asked again, it says so, and when.
  const asked = main.getByRole('status').getByText(/në orën \d\d:\d\d:\d\d/)
  await expect(asked).toHaveCount(0)
  await page.getByRole('link', { name: sq.payment.lookAgain }).click()
  await expect(asked).toBeVisible()
  // Nothing is fetched anew while its reader decides.
  await page.getByRole('link', { name: sq.payment.unfinished }).click()
  await expect(page.locator('#unfinished')).toBeInViewport()
  await expect(reloads).toHaveCount(0)
  await expect(page.locator('form[action^="/sandbox-bank/"]')).toHaveCount(0)
  await page.getByRole('button', { name: sq.payment.cancel }).click()
  const refused = main.getByRole('alert')
  await expect(refused).toHaveText(sq.payment.errors.notKnown)
  await expect(refused).toBeFocused()
  await expect(refused).toBeInViewport()
  await expect(reloads).toHaveCount(0)
  await axe(page)

  // Home, the list and the invoice lead to the payment; in the list the invoice is not late, it waits.
  await page.goto('/contracts')
  await expect(page.locator(`main a[href="${payment}"]`)).toBeVisible()
  await expect(page.locator(`main a[href="${pay}"]`).first()).toBeVisible()
  await page.goto('/invoices/unpaid')
  const row = page.locator(`tr:has(a[href="/invoices/${chosen}"])`)
  await expect(main.locator(`a[href="${payment}"]`)).toBeVisible()
  await expect(row).toContainText(sq.invoiceStatus.waiting)
  await page.goto(`/invoices/${chosen}`)
  await expect(page.locator(`main a[href="${payment}"]`)).toBeVisible()
  await expect(main).toContainText(sq.invoiceStatus.waiting)

  // Once all of it is under way, nobody is invited to pay again.
  await page.goto(pay)
  await expect(boxes).toHaveCount(offered - 1)
  await payButton.click()
  await payAt(page, '4000000000000044')
  await expect(page).toHaveURL(/\/payments\//)
  for (const place of ['/contracts', '/invoices/unpaid']) {
    await page.goto(place)
    await expect(page.locator(`main a[href^="/payments/"]`)).not.toHaveCount(0)
    await expect(page.locator(`main a[href="${pay}"]`)).toHaveCount(0)
    await axe(page)
  }

  // The bank speaks at last.
  await rows(
    portal.databaseUrl,
    `update sandbox_bank_orders set status = 'cancelled', answers_at = now() where status = 'silent'`,
  )
  for (const path of await page
    .locator('main a[href^="/payments/"]')
    .evaluateAll(links => [...new Set(links.map(link => link.getAttribute('href')!))])) {
    await page.goto(path)
    await expect(async () => {
      await page.reload()
      await expect(main).toContainText(sq.payment.states.cancelled.title, { timeout: 500 })
    }).toPass()
  }
})

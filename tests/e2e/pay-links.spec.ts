// Paying without an account, and by a link that was sent: with and without a script, in three languages, and on a phone.
import type { Page } from 'playwright/test'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { type Locale, locales } from '../../lib/i18n/locale.ts'
import { translator } from '../../lib/i18n/translator.ts'
import { axe } from '../support/audit.ts'
import { contract, person } from '../support/form-people.ts'
import { expect, rows, signIn, submit, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'

const APPROVED = '4000000000000002'
const DECLINED = '4000000000000010'

const heading = (page: Page) => page.getByRole('heading', { level: 1 })

async function look(page: Page, code: string, number: string, email = ''): Promise<void> {
  await page.goto('/pay')
  await page.locator('[name=biller]').selectOption('kesco')
  await page.locator('[name=contractCode]').fill(code)
  await page.locator('[name=invoiceNumber]').fill(number)
  await page.locator('[name=email]').fill(email)
  await submit(page, '[name=invoiceNumber]')
}

async function pay(page: Page, card: string): Promise<void> {
  await page.locator('main form button[type=submit]').first().click()
  await expect(page).toHaveURL(/\/sandbox-bank\//)
  await page.locator('[name=cardNumber]').fill(card)
  await page.locator('button[name=intent][value=pay]').click()
  await expect(page).toHaveURL(/\/pay\/[\w-]{22}$/)
}

const inLanguage = (page: Page, language: Locale) => page.goto(`/language/${language}?to=/pay`)

test('a guest pays a bill, and comes back to it and its receipt @again @deep', async ({ page, portal }) => {
  for (const language of process.env.DEEP ? locales : (['sq'] as const)) {
    const t = catalogue(language)
    await inLanguage(page, language)
    const code = await contract(portal)
    const to = `guest-${language}-${code.toLowerCase()}@example.com`
    await look(page, code, 'NONE')
    await expect(page.locator('main [role=alert]')).toContainText(t.findBill.errors.nothingToPay)
    await look(page, code, `${code}-1`, to)
    await expect(page).toHaveURL(/\/pay\/[\w-]{22}$/)
    const link = page.url()
    await expect(heading(page)).toHaveText(
      translator(language, 'payByLink')('found', { supply: 'electricity' }),
    )
    expect(await page.locator('main').textContent()).not.toContain(code)
    await pay(page, DECLINED)
    await expect(page.locator('main .note[role=status]')).toContainText(t.payment.states.declined.title)
    await pay(page, APPROVED)
    expect(page.url()).toBe(link)
    await expect(page.getByRole('link', { name: t.payment.receiptPdf })).toBeVisible()
    if (language === 'sq') await axe(page)
    await page.goto(`${link}/receipt`)
    const receipt = await page.locator('main').textContent()
    expect(receipt).toContain(code)
    expect(receipt).not.toContain('**')
    const pdf = await page.request.get(`${link}/receipt.pdf`)
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')
    await expect.poll(async () => (await page.request.get('/outbox')).text()).toContain(to)
    await look(page, code, `${code}-1`)
    await expect(page.locator('main [role=alert]')).toContainText(t.findBill.errors.nothingToPay)
  }
})

/** A link of somebody's own to their one invoice, and who they are. */
async function makeLink(page: Page, portal: Portal) {
  const sender = await person(portal)
  const code = await contract(portal, sender)
  await signIn(page, sender.username)
  await page.goto('/invoices/unpaid')
  await page.locator('main a[href="/pay-links"]').click()
  await page.locator('[name=invoices]').check()
  await submit(page, '[name=invoices]')
  await expect(page).toHaveURL(/made=/)
  const address = await page.locator('#address').inputValue()
  expect(await page.locator('a[href^="sms:"]').getAttribute('href')).toContain(encodeURIComponent(address))
  return { sender, code, address }
}

test('a link is sent, paid on a phone by somebody else, and its sender is told', async ({
  browser,
  page,
  portal,
  javaScriptEnabled,
}) => {
  const { sender, code, address } = await makeLink(page, portal)
  const { payLinks } = catalogue('en')
  // Whoever pays has a phone, no session, and perhaps a scanner of mails before them.
  const context = await browser.newContext({
    baseURL: portal.url,
    viewport: { width: 360, height: 740 },
    locale: 'en-GB',
    javaScriptEnabled,
  })
  const phone = await context.newPage()
  const opened = await phone.goto(address)
  expect(opened!.headers()).toMatchObject({
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex, nofollow',
  })
  expect(opened!.headers()['cache-control']).toContain('no-store')
  expect(await phone.content()).not.toContain(code)
  expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  await axe(phone)
  await phone.locator('main form button[type=submit]').first().click()
  await expect(phone).toHaveURL(/\/sandbox-bank\//)

  await page.goto('/pay-links')
  await expect(page.locator('main')).toContainText(catalogue('en').invoiceStatus.beingPaid)
  await page.goto(`/contracts/kesco/${code}/pay`)
  await expect(page.locator('main')).toContainText(catalogue('en').pay.byLink)
  await expect(page.locator('button[value=pay]')).toBeVisible()

  const [paid] = await rows<{ id: string }>(
    portal.databaseUrl,
    `select a.id from payment_attempts a join pay_links l on l.id = a.pay_link_id where l.account_id = $1`,
    [sender.id],
  )
  // Whoever goes on from the link in another browser comes back to it there.
  const elsewhere = await browser.newContext({ baseURL: portal.url, locale: 'en-GB', javaScriptEnabled })
  const tablet = await elsewhere.newPage()
  await tablet.goto(`${address}?unfinished`)
  await tablet.getByRole('link', { name: catalogue('en').payment.continue }).click()
  await expect(tablet).toHaveURL(/\/sandbox-bank\//)
  await tablet.goto(`/pay/returned/${paid!.id}`)
  await expect(tablet).toHaveURL(address)
  await elsewhere.close()

  await phone.locator('[name=cardNumber]').fill(APPROVED)
  await phone.locator('button[name=intent][value=pay]').click()
  await expect(phone).toHaveURL(address)
  await expect(heading(phone)).toContainText('€50.00')
  // Back from the bank in another browser one learns how it stands, and no more.
  await page.goto(`/payments/return/sandbox?payment=${paid!.id}`)
  await expect(page).toHaveURL(`/pay/returned/${paid!.id}`)
  await expect(heading(page)).toHaveText(catalogue('en').payReturned.paid)
  for (const told of ['50.00', code, address.slice(-22)]) expect(await page.content()).not.toContain(told)
  await axe(page)
  await expect.poll(async () => (await page.request.get('/outbox')).text()).toContain(`${sender.email}`)
  await page.goto('/pay-links')
  await expect(page.locator('main')).toContainText(payLinks.nothingDue)
  await expect(page.locator('main .chip.good')).toHaveCount(1)
  await context.close()
})

test('a link that was withdrawn, has expired or never was says so kindly @once', async ({ page, portal }) => {
  const { sender, address } = await makeLink(page, portal)
  const { ended } = catalogue('en').payByLink
  const answers = async (path: string, status: number, title: string) => {
    const answer = await page.goto(path)
    expect([answer!.status(), await heading(page).textContent()]).toEqual([status, title])
  }
  const set = (what: string) =>
    rows(portal.databaseUrl, `update pay_links set ${what} where account_id = $1`, [sender.id])
  await set(`expires_at = now() - interval '1 second'`)
  await answers(address, 410, ended.expired.title)
  await set(`expires_at = now() + interval '1 day'`)
  await page.goto('/pay-links')
  await page.locator('form:has([value=withdraw]) button').click()
  await expect(page).toHaveURL(/withdrawn/)
  await answers(address, 410, ended.withdrawn.title)
  await answers(`/pay/${'A'.repeat(22)}`, 404, ended.unknown.title)
  await answers('/pay/none', 404, ended.unknown.title)
  expect((await page.request.get(`${address}/receipt`)).status()).toBe(404)
  expect((await page.request.get(`${address}/receipt.pdf`)).status()).toBe(404)
})

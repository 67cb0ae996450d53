// History, details and access of a contract, and its invoices: on a phone, on paper, in three languages.

import { execFileSync } from 'node:child_process'
import type { Page } from 'playwright/test'
import { axe } from '../support/audit.ts'
import { contract, person } from '../support/form-people.ts'
import { expect, rows, signIn, test } from '../support/portal.ts'

const MIRELA = '/contracts/oshee/TR0.A0000000000004'
const PHONE = { width: 360, height: 740 }
const LANGUAGES = ['sq', 'en', 'sr'] as const

/** Where the element ends, from the top of the page. */
const endOf = (page: Page, selector: string) =>
  page.locator(selector).evaluate(element => element.getBoundingClientRect().bottom + window.scrollY)
const isWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)

test('twelve months answer first, are soon read on a phone, and lead to their invoices', async ({ page }) => {
  await page.setViewportSize(PHONE)
  await signIn(page, 'mirela')
  for (const language of LANGUAGES) {
    await page.goto(`/language/${language}?to=${MIRELA}/history`)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^313.kWh .*, 45% /)
    await expect(page.locator('svg[role=img]').first()).toHaveAttribute('aria-label', /701.kWh.*313.kWh/)
    await expect(page.locator('section[aria-labelledby=invoices] tbody tr')).toHaveCount(12)
    expect(await endOf(page, 'section[aria-labelledby=invoices]')).toBeLessThanOrEqual(1900)
    expect(await isWide(page)).toBe(false)
    await page.setViewportSize({ ...PHONE, width: 320 })
    expect(await isWide(page)).toBe(false)
    await page.setViewportSize(PHONE)
  }
  await page.locator('section[aria-labelledby=consumption] > details summary').click()
  await axe(page)
  // The payments stand folded below; the whole row of a month is its link.
  const payments = page.locator('section[aria-labelledby=payments] table')
  await expect(payments).toBeHidden()
  await page.locator('#payments').click()
  await expect(payments).toBeVisible()
  await page.goto(`/language/en?to=${MIRELA}/history`)
  const september = page.locator('tbody tr').nth(1)
  await expect(september).toContainText(
    /September 2026.*216.kWh.*2,417\.20.lek.*today [2-4],\d{3}\.\d\d.lek.*\d+ days late/,
  )
  await september.click({ position: { x: 150, y: 40 } })
  await expect(page).toHaveURL(/\/invoices\/\d+$/)
})

test('a printed history says whose it is and of which day, and shows the payments', async ({ page }) => {
  await signIn(page, 'mirela')
  await page.goto(`/language/en?to=${MIRELA}/history`)
  const printed = page.getByText(/printed on \d\d\/\d\d\/\d{4}/)
  await expect(printed).toBeHidden()
  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize({ width: 700, height: 1000 })
  await expect(printed).toHaveText(/^Mirela Shehu · Rruga Myslym Shyri 7 · OSHEE TR0\.A0000000000004 · /)
  await expect(page.locator('section[aria-labelledby=payments] table')).toBeVisible()
  await expect(page.locator('main nav.tabs')).toBeHidden()
})

test('months without an invoice are one line, and what is cancelled is in no sum', async ({
  page,
  portal,
}) => {
  const run = (statement: string) => rows(portal.databaseUrl, statement)
  await run(
    `delete from invoice_lines where invoice_id in (select id from invoices where number in ('K-2025-12-10442', 'K-2026-01-10442', 'K-2026-02-10442'))`,
  )
  await run(
    `delete from payment_allocations where invoice_id in (select id from invoices where number in ('K-2025-12-10442', 'K-2026-01-10442', 'K-2026-02-10442'))`,
  )
  await run(`delete from invoices where number in ('K-2025-12-10442', 'K-2026-01-10442', 'K-2026-02-10442')`)
  await run(`update invoices set cancelled_on = '2026-11-01' where number = 'K-2026-09-10442'`)
  await signIn(page, 'milan')
  await page.goto('/language/en?to=/contracts/kesco/DPZ-10442/history')
  const table = page.locator('section[aria-labelledby=invoices] table')
  await expect(table.locator('tbody tr')).toHaveCount(10)
  await expect(table.locator('tbody tr', { hasText: 'December 2025 – February 2026' })).toContainText(
    'no invoice',
  )
  await expect(table.locator('tbody tr', { hasText: 'September' })).toContainText('cancelled')
  await expect(table.locator('tfoot')).toContainText('8 invoices')
})

const openInvoice = async (page: Page, number: string, databaseUrl: string) => {
  const [invoice] = await rows<{ id: string }>(
    databaseUrl,
    'select id::text from invoices where number = $1',
    [number],
  )
  await page.goto(`/invoices/${invoice!.id}`)
  return invoice!.id
}

test('an invoice says how much, until when, why, and what else is overdue, and leads to paying it', async ({
  page,
  portal,
}) => {
  await page.setViewportSize(PHONE)
  await signIn(page, 'mirela')
  for (const language of LANGUAGES) {
    await page.goto(`/language/${language}`)
    await openInvoice(page, '202610004', portal.databaseUrl)
    expect(await isWide(page)).toBe(false)
    await expect(page.locator('main .btn')).toBeInViewport()
  }
  await page.goto('/language/en')
  const id = await openInvoice(page, '202610004', portal.databaseUrl)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Invoice for October 2026')
  await expect(page.locator('.sum')).toHaveText(/^3,406\.60\slek$/)
  await expect(page.locator('.sum small')).toHaveText(/^\s*lek$/)
  const why = page.locator('section[aria-labelledby=why]')
  await expect(why).toContainText(/313.kWh against 216, in 31 days against 30\./)
  await expect(why).toContainText('The price per kWh has not changed.')
  await expect(why).toContainText(/Usage per day\+763\.30Days\+61\.20VAT 20%\+164\.90.*3,406\.60.lek/)
  await expect(why.getByRole('link')).toHaveAttribute('href', /^\/invoices\/\d+\/compare\?to=\d+$/)
  const main = page.locator('main')
  await expect(main).toContainText(/2 other invoices are late: [\d,.]+.lek\. Together: [\d,.]+.lek/)
  await axe(page)
  // What stands on it is folded on a phone, and open where there is room.
  await expect(page.getByText('Standing charge').first()).toBeHidden()
  await page.setViewportSize({ width: 1280, height: 800 })
  await expect(page.getByText('Standing charge').first()).toBeVisible()
  await expect(page.locator('nav.tabs [aria-current=page]')).toHaveText('Usage')
  await main.getByRole('link', { name: /^Pay 3,406\.60.lek$/ }).click()
  await expect(page).toHaveURL(/\/pay\?invoice=/)
  await expect(page.locator('[name=invoices]:checked')).toHaveCount(1)
  await expect(page.locator('[name=invoices]:checked')).toHaveValue(id)
  await page.goBack()
  await main.getByRole('link', { name: 'Choose invoices' }).click()
  // Whichever tests before have left.
  await expect(page.locator('[name=invoices]:not(:checked)')).toHaveCount(0)
  expect(await page.locator('[name=invoices]:checked').count()).toBeGreaterThan(1)
})

test('an invoice that is paid, cancelled or masked says so', async ({ page, portal }) => {
  await signIn(page, 'mirela')
  await page.goto('/language/en')
  const main = page.locator('main')
  await openInvoice(page, '202608004', portal.databaseUrl)
  await expect(main).toContainText('This invoice is paid.')
  await expect(main.getByRole('link', { name: /^Pay \d/ })).toHaveCount(0)
  await rows(portal.databaseUrl, `update invoices set cancelled_on = '2026-11-20' where number = '202603004'`)
  await openInvoice(page, '202603004', portal.databaseUrl)
  await expect(main).toContainText('This invoice was cancelled.')
  await expect(main.locator('s')).toHaveText(/5,110\.00.lek/)
  // The month after it has nothing to be compared with.
  await openInvoice(page, '202604004', portal.databaseUrl)
  await expect(page.locator('section[aria-labelledby=why]')).toHaveCount(0)
  await rows(portal.databaseUrl, `update invoices set cancelled_on = null where number = '202603004'`)
})

test('an invoice that was paid late leads with what was really paid, and to the receipt of it @deep', async ({
  page,
  portal,
}) => {
  const one = await person(portal)
  const number = await contract(portal, one, 'masked', 'oshee')
  const code = number.replace('DPR-', 'AL')
  await rows(portal.databaseUrl, 'update contracts set code = $1 where code = $2', [code, number])
  await signIn(page, one.username)
  await page.goto(`/contracts/oshee/${code}/pay`)
  await page.locator('button[value=pay]').click()
  await page.locator('[name=cardNumber]').fill('4000000000000002')
  await page.locator('button[value=pay]').click()
  await page.waitForURL(/\/payments\/[\w-]+$/)
  const payment = new URL(page.url()).pathname
  await openInvoice(page, `${number}-1`, portal.databaseUrl)
  const main = page.locator('main')
  await expect(main).toContainText('This invoice is paid.')
  // Interest has grown as high as what was billed.
  await expect(page.locator('.sum')).toHaveText(/^100\.00\slek$/)
  await expect(main).toContainText(/Invoice: 50\.00.lek\. .*50\.00.lek/)
  await main.getByRole('link', { name: 'See the receipt' }).click()
  await expect(page).toHaveURL(new RegExp(`${payment}/receipt$`))
  await expect(main).toContainText(/Amount paid[\s\S]*100\.00.lek/)
})

test('an invoice prints on one page, from the letterhead to the slip at its foot @once', async ({
  page,
  portal,
}) => {
  await signIn(page, 'mirela')
  for (const language of LANGUAGES) {
    await page.goto(`/language/${language}`)
    for (const number of ['202610004', '202609004', '202608004']) {
      await openInvoice(page, number, portal.databaseUrl)
      const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true })
      const read = (tool: string) =>
        execFileSync(tool, tool === 'pdftotext' ? ['-', '-'] : ['-'], { input: pdf }).toString()
      expect(read('pdfinfo'), `${number} in ${language}`).toMatch(/^Pages: +1$/m)
      const text = read('pdftotext')
      expect(text).toMatch(/Mirela Shehu[\s\S]*TR0\.A0000000000004/)
      expect(text).not.toContain('Drita')
    }
  }
})

test('places and names in capitals read as names, and stay as they are stored', async ({ page, portal }) => {
  await signIn(page, 'mirela')
  await page.goto(`/language/en?to=${MIRELA}/info`)
  const main = page.locator('main')
  await axe(page)
  await expect(main).toContainText('RegionTirana')
  await expect(main).not.toContainText('TIRANA')
  const [stored] = await rows<{ region: string }>(
    portal.databaseUrl,
    `select region from contracts where code = 'TR0.A0000000000004'`,
  )
  expect(stored!.region).toBe('TIRANA')
  await expect(main.locator('.code', { hasText: 'M100004' })).toBeVisible()
})

// Each of the billers, as somebody with a contract of each has them: add, see, pay, history; and 500 contracts of one account.
import type { Page } from 'playwright/test'
import { type BillerCode, billerCodes, billerOf } from '../../db/billers.ts'
import { wordsFor } from '../../lib/billers/supply.ts'
import { CONTRACTS_PAGE } from '../../lib/contracts/search.ts'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { type Locale, locales } from '../../lib/i18n/locale.ts'
import { translator } from '../../lib/i18n/translator.ts'
import { axe } from '../support/audit.ts'
import { expect, rows, signIn, submit, test } from '../support/portal.ts'

/** Sokol's contracts, each as he may type its code. */
const CODES: Record<BillerCode, { typed: string; code: string }> = {
  oshee: { typed: 'al 0000008', code: 'AL0000008' },
  kesco: { typed: 'dpr 20815', code: 'DPR-20815' },
  ukt: { typed: '30122451', code: '30122451' },
  albtelecom: { typed: '100455218', code: '100455218' },
  digitalb: { typed: ' 2094417063', code: '2094417063' },
  'police-fines': { typed: '20260048812', code: '20260048812' },
}
/** Of each biller in one language; in all of them where there is time. */
const LANGUAGES: Record<BillerCode, Locale> = {
  oshee: 'sq',
  kesco: 'sr',
  ukt: 'en',
  albtelecom: 'sq',
  digitalb: 'en',
  'police-fines': 'sr',
}
const METER = { en: /meter|kWh|m³/i, sq: /matës|njehsor|kWh|m³/i, sr: /brojil|kWh|m³/i }

const mainText = async (page: Page) => ((await page.locator('main').textContent()) ?? '').replace(/\s+/g, ' ')

/** He takes a contract off his list and adds it again, sees it, pays one invoice where it `pays`, and finds it in the history. */
async function walk(page: Page, biller: BillerCode, locale: Locale, pays: boolean): Promise<void> {
  const { typed, code } = CODES[biller]
  const path = `/contracts/${biller}/${code}`
  const { country, unit } = billerOf(biller)
  const words = wordsFor({ code: biller, country })
  await page.goto(`/language/${locale}?to=${path}/remove`)
  await page.locator('main form button[type=submit]').click()
  await page.waitForURL(/done=removed/)
  await page.goto('/contracts/add')
  await page.locator('[name=biller]').selectOption(biller)
  await page.locator('[name=contractCode]').fill('?!')
  await submit(page, '[name=contractCode]')
  const explained = translator(locale, 'errors')('contractCodeForm', { biller, supply: words.supply })
  await expect(page.locator('main [role=alert]')).toContainText(explained)
  await page.locator('[name=contractCode]').fill(typed)
  await page.locator('[name=alias]').fill(`Sokol ${biller}`)
  await submit(page, '[name=contractCode]')
  await page.waitForURL(/\/contracts\?added=/)
  await expect(page.locator('main').getByRole('status')).toContainText(`Sokol ${biller}`)

  await page.goto(`${path}/info`)
  expect(await mainText(page)).toContain(translator(locale, 'words')('customerCode', words))
  if (unit === 'none') expect(await mainText(page)).not.toMatch(METER[locale])
  await page.goto(`${path}/pay`)
  if (unit === 'none') expect(await mainText(page)).not.toMatch(METER[locale])
  const payment = pays && (await payOldest(page))
  await page.goto(`${path}/history`)
  // A phone folds the payments.
  if (payment) await expect(page.locator(`main a[href="${payment}"]`)).toHaveCount(1)
  if (unit === 'none') {
    await expect(page.locator('h1')).toHaveText(translator(locale, 'history')('contractTitle', words))
    expect(await mainText(page)).not.toMatch(METER[locale])
  } else await expect(page.locator('#consumption')).toBeVisible()
  await page.locator('section[aria-labelledby=invoices] tbody a[href^="/invoices/"]').first().click()
  await page.waitForURL(/\/invoices\/\d+$/)
  if (unit === 'none') expect(await mainText(page)).not.toMatch(METER[locale])
  const pdf = await page.request.get(`${new URL(page.url()).pathname}/pdf`)
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')
}

/** The address of the payment. */
async function payOldest(page: Page): Promise<string> {
  const [box, ...others] = await page.locator('[name=invoices]').all()
  await box!.check()
  for (const other of others) await other.uncheck()
  await page.locator('button[value=pay]').click()
  await page.locator('[name=cardNumber]').fill('4000000000000002')
  await page.locator('button[value=pay]').click()
  await page.waitForURL(/\/payments\/[0-9a-f-]{36}$/)
  return new URL(page.url()).pathname
}

test('a contract of each biller is added, seen, paid and found in the history', async ({
  page,
  portal,
  javaScriptEnabled,
}) => {
  test.setTimeout(process.env.DEEP ? 600_000 : 180_000)
  await signIn(page, 'sokol')
  const few = javaScriptEnabled ? (['ukt', 'police-fines'] as const) : (['police-fines'] as const)
  const some = process.env.DEEP ? billerCodes : few
  for (const biller of some) await walk(page, biller, LANGUAGES[biller], true)
  if (process.env.DEEP)
    for (const locale of locales) {
      await rows(portal.databaseUrl, 'delete from rate_limits')
      for (const biller of some) await walk(page, biller, locale, false)
    }
  await rows(portal.databaseUrl, `update contract_access set alias = null where alias ~ '^Sokol '`)
  await page.goto('/language/sq')
})

test('of each biller a present reading stands with its time, or why there is none @once', async ({
  page,
}) => {
  await signIn(page, 'sokol')
  const t = translator('sq', 'contractInfo')
  const info = async (biller: BillerCode) => {
    await page.goto(`/contracts/${biller}/${CODES[biller].code}/info`)
    return page.locator('section:has(#reading)')
  }
  const kesco = await info('kesco')
  await expect(kesco).toContainText(/Tarifa e lartë\s*27.480,6.kWh lexuar më 20\.11\.2026/)
  await expect(kesco).toContainText(/Tarifa e ulët\s*13.905,2.kWh/)
  await axe(page)
  await expect(await info('oshee')).toContainText(t('noReadingYet', { country: 'AL' }))
  await expect(await info('ukt')).toContainText(t('noRemoteReading', { country: 'AL' }))
  for (const biller of ['albtelecom', 'digitalb', 'police-fines'] as const)
    await expect(await info(biller)).toHaveCount(0)
})

const addMany = (url: string) =>
  rows(
    url,
    `with added as (
       insert into contracts (biller_id, code, category, holder_first_name, holder_last_name, holder_name_folded,
         holder_personal_number, phone)
       select 1 + n % 6, 'FIVE' || lpad(n::text, 4, '0'), 'household', a.first_name, a.last_name, a.name_folded, a.personal_number, a.phone
       from generate_series(1, 500) n, accounts a where a.username = 'sokol' returning id, biller_id, code),
     given as (
       insert into contract_access (account_id, contract_id, alias)
       select a.id, added.id, 'Pika e shitjes ' || code from added, accounts a where a.username = 'sokol')
     insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, units, principal, tv_tax, total)
     select biller_id, id, code, '2026-10-01', '2026-11-03', '2099-11-30', 100, 50000, 0, 50000 from added
     where substring(code from 5)::int % 2 = 0`,
  )

test('500 contracts: every list is a page of them, light enough for a phone, and each can be found @once @deep', async ({
  page,
  portal,
}) => {
  test.slow()
  await addMany(portal.databaseUrl)
  await page.setViewportSize({ width: 360, height: 740 })
  await signIn(page, 'sokol')
  for (const [path, most] of [
    ['/contracts', 130],
    ['/contracts/manage', 120],
    ['/invoices/unpaid', 150],
    ['/usage', 120],
    ['/requests?new=yes', 120],
    ['/certificates/new', 150],
  ] as const) {
    const answer = await page.goto(path)
    const kilobytes = (await answer!.body()).length / 1000
    expect.soft(kilobytes, `${path}: ${kilobytes} kB`).toBeLessThan(most)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width, path).toBeLessThanOrEqual(360)
  }
  await axe(page)
  await page.goto('/contracts/manage')
  await expect(page.locator('main .rows > li')).toHaveCount(CONTRACTS_PAGE)
  await page.getByRole('link', { name: catalogue('sq').words.nextPage }).click()
  await expect(page).toHaveURL(/page=2/)
  await page.locator('[name=search]').fill('фиве 0417')
  await page.locator('[name=search]').press('Enter')
  await expect(page.locator('[name=alias]')).toHaveValue('Pika e shitjes FIVE0417')
  await page.goto('/certificates/new?search=five%200421')
  await expect(page.locator('[name=contract]')).toHaveCount(1)
  await rows(
    portal.databaseUrl,
    `delete from contract_access where contract_id in (select id from contracts where code ~ '^FIVE')`,
  )
})

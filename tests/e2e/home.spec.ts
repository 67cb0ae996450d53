// Home: the amount and the button above the fold, what a payment in doubt does to it, and many contracts.
import type { Locator } from 'playwright/test'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { axe } from '../support/audit.ts'
import { expect, PASSWORD, rows, signIn, test } from '../support/portal.ts'
import { weightOf } from '../support/weight.ts'

const sq = catalogue('sq')
const MIRELA = '/contracts/oshee/TR0.A0000000000004'

/** Contracts of mirela's besides her own, of OSHEE and of KESCO: every second one owes an invoice. */
const addContracts = (url: string, count: number) =>
  rows(
    url,
    `with added as (
       insert into contracts (biller_id, code, category)
       select 1 + n % 2, 'HOME' || n, 'business' from generate_series(1, $1::int) n returning id, biller_id, code),
     given as (
       insert into contract_access (account_id, contract_id, level, alias)
       select a.id, added.id, 'masked', 'Pika e shitjes ' || code from added, accounts a where a.username = 'mirela')
     insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, units, principal, tv_tax, total)
     select biller_id, id, code, '2026-10-01', '2026-11-03', '2099-11-30', 100, 50000, 0, 50000 from added
     where substring(code from 5)::int % 4 < 2`,
    [count],
  )

test('the amount due and the button to pay stand above the fold of a phone, in every language', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 640 })
  await signIn(page, 'mirela')
  for (const locale of locales) {
    await page.goto(`/language/${locale}?to=/contracts`)
    const button = page.locator(`main a.btn[href="${MIRELA}/pay"]`)
    await expect(button).toHaveText(/\d[.,]\d\d/)
    for (const part of [page.locator('.sum'), button]) {
      const box = (await part.boundingBox())!
      expect(box.y + box.height, locale).toBeLessThanOrEqual(640)
    }
  }
  await page.goto('/language/sq')
})

test('a payment in doubt leads, and what it pays is in no total', async ({ page, portal }) => {
  await page.setViewportSize({ width: 360, height: 640 })
  await signIn(page, 'mirela')
  const due = async () => {
    await page.goto('/contracts')
    return ((await page.locator('.sum').textContent()) ?? '').replace(/\s+/g, ' ')
  }
  const before = await due()
  await page.goto(`${MIRELA}/pay`)
  for (const box of (await page.locator('[name=invoices]').all()).slice(1)) await box.uncheck()
  await page.locator('button[value=pay]').click()
  await page.locator('[name=cardNumber]').fill('4000000000000044')
  await page.locator('button[value=pay]').click()
  await page.waitForURL(/\/payments\//)
  const payment = new URL(page.url()).pathname

  expect(await due()).not.toBe(before)
  const note = page.locator('.sky .note.wait')
  await expect(note).toContainText('Mos e paguani përsëri')
  await expect(note.locator(`a[href="${payment}"]`)).toBeVisible()
  const box = async (selector: string) => (await page.locator(selector).first().boundingBox())!
  expect((await box('.sky .note')).y).toBeLessThan((await box('.sum')).y)
  const button = await box('.sky .btn')
  expect(button.y + button.height).toBeLessThanOrEqual(640)
  await axe(page)

  // The bank speaks at last, and nothing is left of it for the next test.
  await rows(
    portal.databaseUrl,
    `update sandbox_bank_orders set status = 'cancelled', answers_at = now() where status = 'silent'`,
  )
  await page.goto(payment)
  await expect(async () => {
    await page.reload()
    await expect(page.locator('main')).toContainText(sq.payment.states.cancelled.title, { timeout: 500 })
  }).toPass()
  expect(await due()).toBe(before)
})

test('others’ debts are told by name beside one’s own, and what is late can be paid alone @once', async ({
  browser,
  page,
  portal,
}) => {
  await rows(
    portal.databaseUrl,
    `insert into contract_access (account_id, contract_id, level, alias) select a.id, c.id, 'amounts', 'Nëna'
     from accounts a, contracts c where a.username = 'mirela' and c.code = 'DPR-6687'`,
  )
  await signIn(page, 'mirela')
  const sky = page.locator('.sky')
  // KESCO's euros, however long overdue, are in no sum and on no button, and the sun is her own bill's.
  await expect(sky.locator('.sum')).not.toContainText('€')
  await expect(sky.locator('a.btn')).toHaveCount(1)
  await expect(sky.getByText(/Nëna 54,09\s€/)).toBeVisible()
  await expect(sky.locator('.sun-path')).not.toContainText('2023')
  await sky.locator('a[href="/invoices/unpaid"]').click()
  await expect(page.locator('main h3').last()).toHaveText('Nëna')
  await expect(page.locator('main .lead')).toHaveText([
    /gjithsej, me kamatëvonesën deri sot: [^€]+$/,
    /për të tjerë.* 54,09\s€$/,
  ])

  const cookies = await page.context().cookies()
  const plain = await browser.newContext({ javaScriptEnabled: false })
  await plain.addCookies(cookies)
  const late = await plain.newPage()
  await late.goto(new URL('/contracts', page.url()).href)
  await late.locator(`.sky a[href="${MIRELA}/pay?late"]`).click()
  const checked = late.locator('tr:has([name=invoices]:checked)')
  await expect(checked).toHaveCount(await late.locator('tr:has(.chip.bad)').count())
  await expect(late.locator('tr:has([name=invoices]:not(:checked)) .chip.bad')).toHaveCount(0)
  await expect(late.locator('tr:has([name=invoices]:not(:checked))')).not.toHaveCount(0)
  await late.locator(`main a[href="${MIRELA}/pay"]`).last().click()
  await expect(late.locator('[name=invoices]:not(:checked)')).toHaveCount(0)
  await plain.close()
  await rows(
    portal.databaseUrl,
    `delete from contract_access x using accounts a, contracts c where a.id = x.account_id and c.id = x.contract_id
     and a.username = 'mirela' and c.code = 'DPR-6687'`,
  )
})

test('a contract added as somebody else’s says for a day what is seen of it, why, and what to do @once @deep', async ({
  page,
  portal,
}) => {
  const change = (statement: string) =>
    rows(
      portal.databaseUrl,
      `with one as (select a.id account, c.id contract from accounts a, contracts c
         where a.username = 'mirela' and c.code = 'DPR-6687') ${statement}`,
    )
  await signIn(page, 'mirela')
  const note = page.locator('.sky .note', { hasText: 'Nëna' })
  await expect(page.locator('.sky .sum')).toBeVisible()
  await expect(note).toHaveCount(0)
  await change(
    `insert into contract_access (account_id, contract_id, level, alias) select account, contract, 'amounts', 'Nëna' from one`,
  )
  for (const locale of locales) {
    await page.goto(`/language/${locale}?to=/contracts`)
    const { notOwn, forOthers } = catalogue(locale).home.notRecognised
    await expect(note.getByText('Nëna')).toBeVisible()
    await expect(note).toContainText(notOwn.replace('{biller}', 'KESCO'))
    await expect(note).toContainText(forOthers)
  }
  await axe(page)
  // Below what is to be paid, and right below the word that it was added.
  const heightOf = async (of: Locator) => (await of.last().boundingBox())!.y
  const sum = page.locator('.sky .sum')
  expect(await heightOf(note)).toBeGreaterThan(await heightOf(sum))
  await page.goto('/contracts?added=kesco%20DPR-6687')
  expect(await heightOf(note)).toBeLessThan(await heightOf(sum))
  await page.goto('/language/sq?to=/contracts')
  await expect(note.locator('a[href="/account"]')).toBeVisible()
  await note.locator('a[href="/contracts/kesco/DPR-6687/pay#prove"]').click()
  await expect(page.locator('#prove')).toBeVisible()

  await change(
    `update contract_access set level = 'masked' from one where account_id = account and contract_id = contract`,
  )
  await page.goto('/contracts')
  await note.locator('a[href="/contracts/kesco/DPR-6687/info"]').click()
  await expect(page.locator('main')).toContainText('**')

  await change(
    `update contract_access set added_at = now() - interval '1 day' from one where account_id = account and contract_id = contract`,
  )
  await page.goto('/contracts')
  await expect(page.locator('.sky .sum')).toBeVisible()
  await expect(note).toHaveCount(0)

  await change(
    `update contract_access set removed_at = now() from one where account_id = account and contract_id = contract`,
  )
  // The code stands beside a name, and once where there is none.
  for (const [alias, title] of [
    ['Nëna', 'Nëna (DPR-6687)'],
    [null, 'Amvisëri, KESCO DPR-6687'],
  ] as const) {
    await rows(
      portal.databaseUrl,
      `update contract_access set alias = $1 where removed_at is not null and account_id = (
         select id from accounts where username = 'mirela')`,
      [alias],
    )
    await page.goto('/contracts/manage')
    await expect(
      page.getByText(sq.manage.removed.replace('{contract}', title), { exact: true }),
    ).toBeVisible()
  }
  await change(`delete from contract_access using one where account_id = account and contract_id = contract`)
})

test('from sign-in to paid it is four taps besides typing @once', async ({ page }) => {
  let taps = 0
  const tap = (selector: string) => {
    taps += 1
    return page.locator(selector).first().click()
  }
  await page.goto('/sign-in')
  await page.locator('[name=identifier]').fill('milan')
  await page.locator('[name=password]').fill(PASSWORD)
  await tap('form:has([name=password]) button[type=submit]')
  await page.waitForURL(/\/contracts$/)
  await tap('.sky a.btn')
  await page.waitForURL(/\/pay$/)
  await expect(page.locator('[name=invoices]:not(:checked)')).toHaveCount(0)
  await tap('button[value=pay]')
  await page.locator('[name=cardNumber]').fill('4000000000000002')
  await tap('button[value=pay]')
  await page.waitForURL(/\/payments\//)
  await expect(page.locator('main h1')).toHaveText(/^Platili ste \d/)
  expect(taps).toBe(4)
  await page.goto('/contracts')
  await expect(page.locator('.dawn .sum')).toHaveText(catalogue('sr').home.nothing)
})

test('somebody who added a contract waits for its holder’s decision @once', async ({ page, portal }) => {
  await rows(
    portal.databaseUrl,
    `insert into contract_access (account_id, contract_id) select a.id, c.id from accounts a, contracts c
     where a.username = 'milan' and c.code = 'TR0.A0000000000004'`,
  )
  await signIn(page, 'mirela')
  await page.locator(`.sky a[href="${MIRELA}/access"]`).click()
  await page.locator('[name=level][value=refused]').check()
  await page.locator('button[value=save]').click()
  await page.waitForURL(/access\?done/)
  await page.goto('/contracts')
  await expect(page.locator(`.sky a[href="${MIRELA}/access"]`)).toHaveCount(0)
  await rows(
    portal.databaseUrl,
    `delete from contract_access x using accounts a, contracts c where a.id = x.account_id and c.id = x.contract_id
     and a.username = 'milan' and c.code = 'TR0.A0000000000004'`,
  )
})

test('of many contracts those that owe come first, and the page stays light @once', async ({
  page,
  portal,
}) => {
  await addContracts(portal.databaseUrl, 11)
  await signIn(page, 'mirela')
  expect(await weightOf(page, '/contracts')).toBeLessThanOrEqual(12_000)
  await expect(page.getByRole('search')).toBeVisible()
  await expect(page.locator('table a')).not.toHaveCount(0)
  await expect(page.locator('main details')).toHaveCount(2)
  // The longest overdue of OSHEE's is her own; each biller has its way to pay.
  const first = page.locator('section:has(#biller-oshee) tbody tr').first().locator('a')
  await expect(first.first()).toHaveAttribute('href', `${MIRELA}/history`)
  await expect(first.last()).toHaveAttribute('href', `${MIRELA}/pay`)
  await expect(page.locator('section:has(#biller-kesco) .btn')).toHaveText(/^Paguaj .*€$/)
  await axe(page)
  // Two that owe the same and are called the same: their links are told apart.
  await rows(
    portal.databaseUrl,
    `update contract_access set alias = 'Dyqani' where contract_id in (select id from contracts where code in ('HOME4', 'HOME8'))`,
  )
  for (const path of ['/contracts', '/invoices/unpaid']) {
    await page.goto(path)
    const labels = await page
      .locator('main a[aria-label*="Dyqani"]')
      .evaluateAll(links => links.map(link => link.getAttribute('aria-label')))
    expect([path, labels.length, new Set(labels).size]).toEqual([path, 2, 2])
  }
  await page.goto('/contracts')
  await page.locator('[name=search]').fill('home11')
  await page.locator('[name=search]').press('Enter')
  await expect(page).toHaveURL(/\/contracts\/manage\?search=home11/)
  await expect(page.locator('[name=alias]')).toHaveCount(1)
  await page.goto('/usage')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(sq.usage.title)
  await page.locator('main a[href$="/HOME11/history"]').click()
  await expect(page).toHaveURL(/HOME11\/history$/)
  await rows(
    portal.databaseUrl,
    `delete from contract_access where contract_id in (select id from contracts where code ~ '^HOME')`,
  )
})

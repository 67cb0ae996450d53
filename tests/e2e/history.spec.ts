// The history of any months: chosen with a script and without, told apart by years, as a table file and as a year's statement, within its weight.
import { execFileSync } from 'node:child_process'
import { axe } from '../support/audit.ts'
import { contract, person } from '../support/form-people.ts'
import { expect, rows, signIn, test } from '../support/portal.ts'
import { weightOf } from '../support/weight.ts'

test('ten years can be chosen, read, taken along, and weigh little', async ({ page, portal }) => {
  const one = await person(portal)
  const code = await contract(portal, one)
  await rows(
    portal.databaseUrl,
    `with c as (select id, biller_id, code from contracts where code = $1),
     billed as (insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, units, reading_kind, principal, tv_tax, total)
       select biller_id, id, code || '/' || n, m, m + 33, m + 60, 200 + n * 7 % 90, case when n % 9 = 4 then 'estimated' else 'read' end,
         2000 + n, 0, 2000 + n
       from c, generate_series(0, 118) n, lateral (select ('2026-10-01'::date - make_interval(months => n))::date as m) month
       where n <> 34)
     insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source)
     select biller_id, id, code || '/' || n, ('2026-11-20'::date - make_interval(months => n))::date, 2000 + n, 'CASH', 'BANKA PER BIZNES'
     from c, generate_series(0, 118) n`,
    [code],
  )
  await signIn(page, one.username)
  const history = `/contracts/kesco/${code}/history`
  expect(await weightOf(page, history)).toBeLessThanOrEqual(12_000)

  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(history)
  await page.locator('summary', { hasText: 'Other months' }).click()
  await page.locator('[name=from]').fill('2025-12')
  await page.locator('[name=to]').fill('2025-03')
  await page.getByRole('button', { name: 'Show' }).click()
  await page.locator('main [role=alert] a').click()
  await expect(page).toHaveURL(/#to$/)
  await expect(page.locator('.field.invalid [name=to]')).toHaveValue('2025-03')
  await expect(page.locator('[name=from]')).toHaveValue('2025-12')

  await page.getByRole('navigation', { name: 'Other months' }).getByText('2025').click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^[\d,]+.kWh, 2025$/)
  await expect(page.locator('section[aria-labelledby=invoices] tbody tr')).toHaveCount(12)

  await page.getByRole('link', { name: 'All', exact: true }).click()
  const chart = page.locator('svg[role=img]').first()
  await expect(chart).toHaveAttribute(
    'aria-label',
    /^Usage over 11 years\..*For part of the time only: 2016.*2023/,
  )
  await expect(chart.locator('rect[x]')).toHaveCount(11)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await axe(page)
  const all = new URL(page.url()).search
  expect(await weightOf(page, history + all)).toBeLessThanOrEqual(40_000)

  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true })
  const reader = 'pdftotext'
  const paper = execFileSync(reader, ['-layout', '-', '-'], { input: pdf }).toString()
  expect(paper.match(/Issued on/g)!.length).toBeGreaterThan(1)
  expect(paper.match(/119 invoices/g)).toHaveLength(1)

  const file = await page.request.get((await page.getByRole('link', { name: /CSV/ }).getAttribute('href'))!)
  expect(file.headers()['content-type']).toBe('text/csv; charset=utf-8')
  const lines = (await file.text()).split('\r\n')
  expect(lines[0]).toMatch(/^\ufeffMonth,/)
  expect(lines).toHaveLength(1 + 119 + 1 + 1 + 119 + 1)

  const statement = await page.request.get(
    (await page.getByRole('link', { name: 'Annual statement (PDF) 2025' }).getAttribute('href'))!,
  )
  expect(statement.headers()['content-type']).toBe('application/pdf')
  for (const none of ['2015.pdf', '0000.pdf', 'x.pdf'])
    expect((await page.request.get(history.replace('history', `statement/${none}`))).status()).toBe(404)
})

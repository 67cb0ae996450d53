// Somebody with more debts than money: what to pay first, on a phone, in at most five taps; and the list of all of it.
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { axe } from '../support/audit.ts'
import { contract, person } from '../support/form-people.ts'
import { expect, rows, signIn, test } from '../support/portal.ts'

const { unpaidPlan, unpaidList, unpaidInvoices } = catalogue('en')

test('what to do with 5,000 is found from home, and leads to paying just that', async ({ page, portal }) => {
  const who = await person(portal)
  const code = await contract(portal, who)
  const made = await rows<{ id: string }>(
    portal.databaseUrl,
    `insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, principal, tv_tax, total)
     select biller_id, id, '000' || n, date_trunc('month', current_date) - make_interval(months => 5 - n),
       current_date - 60, current_date - n, 200000 + n * 10000, 0, 200000 + n * 10000
     from contracts, generate_series(1, 3) n where code = $1 returning id::text`,
    [code],
  )
  await page.setViewportSize({ width: 360, height: 740 })
  await signIn(page, who.username)
  await page.goto('/contracts')
  await page.locator('main').getByRole('link', { name: unpaidPlan.link }).click()
  await page.locator('#cash').fill('4 500,00')
  await page.locator('form:has(#cash) button').click()
  const proposal = page.locator('section[aria-labelledby=proposal]')
  await expect(proposal.getByRole('heading', { level: 2 })).toContainText('Pay these')
  await axe(page)
  await proposal.locator('a.btn').first().click()
  await expect(page).toHaveURL(new RegExp(`/contracts/kesco/${code}/pay\\?invoice=`))
  const chosen = await page
    .locator('[name=invoices]:checked')
    .evaluateAll(boxes => boxes.map(box => (box as HTMLInputElement).value))
  // The earliest due dates that fit: nothing is charged for waiting here.
  expect(chosen).toEqual(expect.arrayContaining([made[2]!.id, made[0]!.id]))
  expect(chosen).not.toContain(made[1]!.id)

  await page.goto('/invoices/unpaid/plan?cash=abc&months=4')
  await expect(page.locator('main [role=alert]')).toBeVisible()
  await expect(page.locator('#cash')).toHaveValue('abc')
  await page.getByRole('link', { name: unpaidPlan.ask }).click()
  await expect(page.locator('[name=months]')).toHaveValue('4')

  await page.goto('/invoices/unpaid')
  await expect(page.getByRole('link', { name: unpaidList.asPdf })).toBeVisible()
  const csv = await page.request.get('/invoices/unpaid.csv')
  expect(csv.headers()['content-type']).toBe('text/csv; charset=utf-8')
  expect((await csv.text()).match(/\t0001/)).not.toBeNull()
  const pdf = await page.request.get('/invoices/unpaid.pdf')
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')

  await rows(
    portal.databaseUrl,
    `insert into unpaid_lists (account_id, format, language, requested_at, written, invoices, beat_at)
     select id, 'pdf', 'en', now(), 640, 1200, now() from accounts where username = $1`,
    [who.username],
  )
  const [{ id }] = (await rows<{ id: string }>(
    portal.databaseUrl,
    'select l.id from unpaid_lists l join accounts a on a.id = l.account_id where a.username = $1',
    [who.username],
  )) as [{ id: string }]
  await page.goto(`/invoices/unpaid/list/${id}`)
  await expect(page.locator('main')).toContainText('640 of 1,200 invoices')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(unpaidList.making)
  expect(await page.content()).toContain('http-equiv="refresh"')
  await rows(portal.databaseUrl, 'update unpaid_lists set failed_at = now() where id = $1', [id])
  await page.goto(`/invoices/unpaid/list/${id.toUpperCase()}?limited=1`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(unpaidList.failed)
  await expect(page.locator('main .note')).toContainText('10 lists')
  await axe(page)
  const again = page.getByRole('link', { name: unpaidList.again })
  await expect(again).toHaveAttribute('href', '/invoices/unpaid.pdf?anew=1')
  await page.goto('/language/en?to=/invoices/unpaid')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(unpaidInvoices.title)
})

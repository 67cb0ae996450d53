// What is found in bills leads from home to one thing to do, and what was hidden can be shown again; without scripts too.
import { contract, person } from '../support/form-people.ts'
import { expect, rows, signIn, test } from '../support/portal.ts'

test.use({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } })

test('a payment under a wrong code: from home to a request that is filled in @once', async ({
  page,
  portal,
}) => {
  const one = await person(portal)
  const [flat, shop] = [await contract(portal, one), await contract(portal, one)]
  await rows(
    portal.databaseUrl,
    `insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source)
     select biller_id, id, code, current_date - 40, 5000, 'CASH', 'kiosk' from contracts where code = $1`,
    [flat],
  )
  await rows(
    portal.databaseUrl,
    `insert into payment_allocations (payment_id, invoice_id, contract_id, interest, principal, tv_tax)
     select p.id, i.id, i.contract_id, 0, 5000, 0 from payments p join invoices i using (contract_id) where p.reference = $1`,
    [flat],
  )
  await rows(
    portal.databaseUrl,
    `insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source)
     select biller_id, id, code || '-2', current_date - 30, 5000, 'CASH', 'kiosk' from contracts where code = $1`,
    [flat],
  )
  await signIn(page, one.username)
  await page.goto('/contracts')
  const found = page.locator('.note', { hasText: `under contract ${flat}` })
  await found.getByRole('link').click()
  await expect(page).toHaveURL(new RegExp(`/contracts/kesco/(${flat}|${shop})/history`))

  await page.getByRole('button', { name: 'Do not show this again' }).click()
  await expect(page).toHaveURL(/note=dismiss/)
  await expect(found).toHaveCount(0)
  await page.goto(`/contracts/kesco/${shop}/history`)
  await expect(found).toHaveCount(0)
  await page.locator('#hidden').click()
  await page.getByRole('button', { name: 'Show this again' }).click()
  await expect(found).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false)

  await found.getByRole('link', { name: 'Ask to have the payment moved' }).click()
  await expect(page).toHaveURL(new RegExp(`${flat}/requests/new`))
  await expect(page.locator('textarea[name=note]')).toHaveValue(
    new RegExp(`came in under contract ${flat}.*invoice ${shop}-1 .*contract ${shop}`),
  )
})

// Invoices of several contracts in one payment, and a part of what is due: with a script, and without.
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { axe } from '../support/audit.ts'
import { contract, person, signedInAs } from '../support/form-people.ts'
import { expect, rows, signIn, test } from '../support/portal.ts'

const { unpaidInvoices, pay, payPart, payLinks, underWay, invoiceStatus, invoiceDocument } = catalogue('en')

/** What the newest payment of an account is to pay: of how many contracts, and in all. */
const begun = (databaseUrl: string, account: string) =>
  rows<{ contracts: number; amount: number; part: boolean }>(
    databaseUrl,
    `select t.amount::int, t.is_part as part, (select count(distinct contract_id)::int from payment_attempt_invoices where attempt_id = t.id) as contracts
     from payment_attempts t where account_id = $1 order by created_at`,
    [account],
  )

test('three contracts are paid at once, one is left out, and only what is late can be chosen', async ({
  page,
  portal,
}) => {
  const who = await person(portal)
  const codes = [await contract(portal, who), await contract(portal, who), await contract(portal, who)]
  await rows(
    portal.databaseUrl,
    `update invoices set due_on = current_date + 5, issued_on = current_date - 5 where number = $1 || '-1'`,
    [codes[2]],
  )
  await page.setViewportSize({ width: 360, height: 740 })
  await signIn(page, who.username)
  await page.goto('/invoices/unpaid')
  const total = page.locator('output[name=total]')
  await expect(page.locator('[name=invoices]:checked')).toHaveCount(3)
  await expect(total).toHaveText('€150.00')
  await page.getByRole('button', { name: unpaidInvoices.onlyOverdue }).click()
  await expect(total).toHaveText('€100.00')
  await axe(page)
  const boxOf = (code: string) => page.locator(`.card:has-text("${code}") [name=invoices]`)
  await boxOf(codes[0]!).uncheck()
  await boxOf(codes[2]!).check()
  await expect(page.locator('[name=invoices]:checked')).toHaveCount(2)
  await page.locator('.paybar').getByRole('button', { name: pay.payButton }).click()
  await expect(page).toHaveURL(/sandbox-bank/)
  expect(await begun(portal.databaseUrl, who.id)).toEqual([{ contracts: 2, amount: 10000, part: false }])
})

test('without a script the same is counted and paid, another’s invoice is not found, and a part is shown before it is charged', async ({
  portal,
}) => {
  const who = await person(portal)
  const first = await contract(portal, who)
  await contract(portal, who)
  const others = await contract(portal, await person(portal))
  const [foreign] = await rows<{ id: string }>(
    portal.databaseUrl,
    `select id::text from invoices where number = $1 || '-1'`,
    [others],
  )
  await rows(
    portal.databaseUrl,
    `update invoices set due_on = current_date + 5, issued_on = current_date - 5 where number = $1 || '-1'`,
    [first],
  )
  const { customer } = await signedInAs(who, portal.url)
  const page = await customer.get('/invoices/unpaid')
  const late = await customer.submit(page, 'invoices', { intent: 'overdue' })
  expect(late.html.match(/name="invoices"[^>]* checked/g)).toHaveLength(1)
  const none = await customer.submit(page, 'invoices', { intent: 'pay', invoices: undefined })
  expect(none.html).toContain(pay.errors.nothingChosen)
  const [, totals] = /name="totals" value="([^"]*)"/.exec(page.html)!
  const [own] = totals!.split(':')
  const forged = { intent: 'pay', invoices: [own!, foreign!.id], totals: `${totals},${foreign!.id}:5000` }
  expect((await customer.submit(page, 'invoices', forged)).status).toBe(404)
  expect(await begun(portal.databaseUrl, who.id)).toEqual([])

  const part = '/invoices/unpaid?part&biller=kesco'
  const wrong = await customer.get(`${part}&amount=0,5`)
  expect(wrong.html).toContain(payPart.outOfRange.replace('{amount}', '€100.00'))
  expect(wrong.html).toContain('value="0,5"')
  const shown = await customer.get(`${part}&amount=70,00`)
  expect(shown.html).toContain('€20.00')
  await customer.submit(shown, 'intent', {}, { follow: false })
  await customer.submit(shown, 'intent', {}, { follow: false })
  expect(await begun(portal.databaseUrl, who.id)).toEqual([{ contracts: 2, amount: 7000, part: true }])

  // Whose page of the bank is still open sees everywhere how much is being paid, and what that leaves.
  const [half] = await rows<{ id: string }>(
    portal.databaseUrl,
    `select id from invoices where number = $1 || '-1'`,
    [first],
  )
  const said = underWay.part.replace('{amount}', '€20.00').replace('{rest}', '€30.00')
  for (const path of [
    '/contracts',
    '/invoices/unpaid',
    `/contracts/kesco/${first}/pay`,
    `/contracts/kesco/${first}/history`,
  ]) {
    const { html } = await customer.get(path)
    expect(html, path).toContain(said)
    expect(html, path).toContain(invoiceStatus.partWaiting)
    // All of it, where the part stands beside.
    expect(html, path).toContain('€50.00')
  }
  expect((await customer.get('/contracts')).html).toContain('After it €30.00 is left to pay')
  expect((await customer.get(`/invoices/${half!.id}`)).html).toContain(
    invoiceDocument.underWayPart.replace('{amount}', '€20.00').replace('{rest}', '€30.00'),
  )
  const links = await customer.get('/pay-links')
  expect(links.html).toContain('After it €30.00 is left to pay')
  expect(links.html).not.toContain(payLinks.nothingDue)

  // And where what it is for is not known any more, as only a hand in the database could do.
  await rows(
    portal.databaseUrl,
    `delete from payment_attempt_invoices where attempt_id in (select id from payment_attempts where account_id = $1)`,
    [who.id],
  )
  const [{ id }] = (await rows<{ id: string }>(
    portal.databaseUrl,
    'select id from payment_attempts where account_id = $1',
    [who.id],
  )) as [{ id: string }]
  for (const path of ['/contracts', '/invoices/unpaid', '/account/payments', `/payments/${id}`]) {
    expect((await customer.get(path)).status, path).toBe(200)
  }
})

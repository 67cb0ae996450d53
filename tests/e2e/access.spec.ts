// The holder's say, and moving out: decided in a browser, with scripts and without, and asked of every page by those concerned.
import type { Page } from 'playwright/test'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { addDays, addMonths, dayIn } from '../../lib/platform/dates.ts'
import { axe } from '../support/audit.ts'
import { contract, PASSWORD, type Person, person, signedInAs } from '../support/form-people.ts'
import { expect, rows, signIn, submit, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'

const { access, handover } = catalogue('en')
const today = dayIn('Europe/Belgrade', new Date())
const inDays = (days: number) => addDays(today, days)

const hold = (portal: Portal, one: Person, code: string) =>
  rows(
    portal.databaseUrl,
    `update contracts c set holder_personal_number = a.personal_number, holder_name_folded = a.name_folded,
       holder_first_name = a.first_name, holder_last_name = a.last_name, phone = a.phone
     from accounts a where c.code = $1 and a.id = $2`,
    [code, one.id],
  )

const give = (portal: Portal, { id }: Person, code: string) =>
  rows(
    portal.databaseUrl,
    'insert into contract_access (account_id, contract_id) select $1, id from contracts where code = $2',
    [id, code],
  )

/** Somebody who holds a contract, signed in, and the address of the contract. */
async function holder(page: Page, portal: Portal) {
  const one = await person(portal)
  const code = await contract(portal, one)
  await hold(portal, one, code)
  await signIn(page, one.username, PASSWORD)
  return { one, code, address: `/contracts/kesco/${code}` }
}

async function statusFor(portal: Portal, who: Person, path: string): Promise<number> {
  const { customer } = await signedInAs(who, portal.url)
  return (await customer.get(path)).status
}

test('a holder allows, limits, refuses and takes back', async ({ page, portal }) => {
  const { code, address } = await holder(page, portal)
  const [tenant, stranger] = [await person(portal), await person(portal)]
  for (const other of [tenant, stranger]) await give(portal, other, code)
  await rows(portal.databaseUrl, `update accounts set first_name = 'Erion' where id = $1`, [stranger.id])
  const decisions = `select string_agg(coalesce(holder_decision, '-'), ' ' order by added_at) as all
    from contract_access where contract_id = (select id from contracts where code = $1) and holder_decision is not null`
  const decided = async () =>
    (await rows<{ all: string | null }>(portal.databaseUrl, decisions, [code]))[0]!.all

  // A scanner that opens the link of the mail, with whatever it adds, decides nothing.
  await page.goto(`${address}/access?intent=save&level=approved`)
  expect(await decided()).toBeNull()
  const cards = page.locator('section.card:has([name=level]):has(.chip)')
  await expect(cards).toHaveCount(2)
  await axe(page)

  const asks = (other: Person) => page.locator(`section[aria-labelledby="${other.id}"]`)
  await asks(tenant).locator('[value=approved]').check()
  await asks(tenant).locator('[name=until]').fill(inDays(-3))
  await asks(tenant).locator('button[value=save]').click()
  await expect(page.locator('main [role=alert]')).toContainText(catalogue('en').errors.untilPast)
  await asks(tenant).locator('[name=until]').fill(inDays(30))
  await asks(tenant).locator('button[value=save]').click()
  await expect(page).toHaveURL(/access\?done=decided$/)
  expect(await statusFor(portal, tenant, `${address}/history`)).toBe(200)
  expect(await statusFor(portal, stranger, `${address}/history`)).toBe(404)

  await asks(stranger).locator('button[value=unknown]').click()
  await expect(page).toHaveURL(/access\?done=unknown$/)
  expect(await decided()).toBe('approved refused')
  expect(await statusFor(portal, stranger, `${address}/pay`)).toBe(404)

  // Withdrawn: what was allowed is limited again, and the day with it.
  const row = page.locator('section[aria-labelledby=people] li', { hasText: access.sees.masked })
  await expect(row).toContainText(/until \d/)
  await row.locator('summary').click()
  await axe(page)
  await row.locator('[value=limited]').check()
  await row.locator('button[value=save]').click()
  await expect(page).toHaveURL(/access\?done=decided$/)
  expect(await statusFor(portal, tenant, `${address}/history`)).toBe(404)
  expect(await statusFor(portal, tenant, `${address}/pay`)).toBe(200)
  await expect(page.locator('ol.timeline li')).toHaveCount(3)
})

test('a holder moves out, and whoever moves in begins there @deep', async ({ page, portal }) => {
  const { one: out, code, address } = await holder(page, portal)
  const month = addMonths(today, 0)
  const made = await rows<{ id: string }>(
    portal.databaseUrl,
    `insert into invoices (biller_id, contract_id, number, period, period_from, issued_on, due_on, principal, tv_tax, total)
     select biller_id, id, code || n, $2::date, d, $2::date, $2::date, 5000, 0, 5000 from contracts,
       (values ('-A', $3::date), ('-B', $4::date)) as bills(n, d) where code = $1 order by n returning id`,
    [code, month, inDays(-8), inDays(-1)],
  )
  const [old, newer] = made.map(({ id }) => id) as [string, string]

  // A day to come, taken back.
  await page.goto(`${address}/access`)
  await page.locator('[name=movesOutOn]').fill(inDays(99))
  await submit(page, '[name=movesOutOn]')
  await expect(page.locator('main [role=alert]')).toContainText(handover.errors.movesOutTooLate)
  await page.locator('[name=movesOutOn]').fill(inDays(9))
  await submit(page, '[name=movesOutOn]')
  await expect(page).toHaveURL(new RegExp(`handover\\?on=${inDays(9)}$`))
  await axe(page)
  await page.locator('main button.btn-danger').click()
  await expect(page).toHaveURL(/access\?done=named$/)
  await page.locator('section[aria-labelledby=handover] button').click()
  await expect(page).toHaveURL(/access\?done=undone$/)

  // A day that is over.
  await page.goto(`${address}/handover`)
  await page.locator('[name=movesOutOn]').fill(inDays(-3))
  await submit(page, '[name=movesOutOn]')
  await expect(page.locator('main')).toContainText(catalogue('en').confirmHandover.past.title)
  await page.locator('main button.btn-danger').click()
  await expect(page).toHaveURL(/access\?done=named$/)
  await expect(page.locator('main [name=movesOutOn]')).toHaveCount(0)

  const next = await person(portal)
  await hold(portal, next, code)
  const { customer } = await signedInAs(next, portal.url)
  await customer.submit(await customer.get('/contracts/add'), 'contractCode', {
    ...{ biller: 'kesco', contractCode: code, firstName: 'Arta', lastName: 'Berisha' },
  })
  const pages = (id: string) => [`/invoices/${id}`, `/invoices/${id}/pdf`]
  for (const [who, own, others] of [
    [out, old, newer],
    [next, newer, old],
  ] as const) {
    const { customer } = await signedInAs(who, portal.url)
    const statusOf = async (path: string) => `${path} ${(await customer.get(path)).status}`
    for (const path of pages(own)) expect(await statusOf(path)).toBe(`${path} 200`)
    for (const path of pages(others)) expect(await statusOf(path)).toBe(`${path} 404`)
    for (const [path, shows] of [
      [`${address}/pay`, (id: string) => `value="${id}"`],
      [`${address}/history`, (id: string) => `/invoices/${id}"`],
      ['/invoices/unpaid', (id: string) => `/invoices/${id}"`],
    ] as const) {
      const { html } = await customer.get(path)
      expect(html, path).toContain(shows(own))
      expect(html, path).not.toContain(shows(others))
    }
  }
  // Of the next holder's it is the next holder who decides.
  expect(await statusFor(portal, next, `${address}/access`)).toBe(200)
  expect(await statusFor(portal, out, `${address}/access`)).toBe(404)
})

// A customer's own requests: the list, the case with its steps, an answer with and without a script, and nobody else's.
import type { Page } from 'playwright/test'
import { axe } from '../support/audit.ts'
import { addRequest } from '../support/cases.ts'
import { Customer } from '../support/customer.ts'
import { png } from '../support/files.ts'
import { contract, PASSWORD, person } from '../support/form-people.ts'
import { expect, rows, signIn, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'

async function requester(portal: Portal, how: { kind?: string; asked?: string } = {}) {
  const one = await person(portal)
  const code = await contract(portal, one)
  const query = (text: string, values: unknown[]) => rows(portal.databaseUrl, text, values)
  return { one, code, ...(await addRequest(query, { accountId: one.id, code, ...how })) }
}

const isWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)

test('the list says what waits for the reader, and how much time is left, in three languages', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await signIn(page, 'milan')
  for (const [language, title, open] of [
    ['sq', 'Kërkesat dhe ankesat', 'Të hapura'],
    ['en', 'Requests and complaints', 'Open'],
    ['sr', 'Zahtevi i žalbe', 'Otvoreni'],
  ] as const) {
    await page.goto(`/language/${language}?to=/requests`)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
    await page.getByRole('link', { name: open }).click()
    await expect(page).toHaveURL(/show=open/)
    await expect(page.locator('main tbody tr').first()).toBeVisible()
    expect(await isWide(page)).toBe(false)
  }
  await axe(page)
})

for (const javaScriptEnabled of [true, false]) {
  test(`a question is answered with a paper, ${javaScriptEnabled ? 'with' : 'without'} a script`, async ({
    browser,
    portal,
  }) => {
    const { one, code, path } = await requester(portal, { asked: 'Which meter is it?' })
    const page = await browser.newPage({ baseURL: portal.url, javaScriptEnabled })
    await signIn(page, one.username)
    await page.goto(`/contracts/kesco/${code}/requests`)
    await expect(page.locator('main .note')).toContainText('Which meter is it?')
    await page.locator('main .note a').click()
    await expect(page).toHaveURL(new RegExp(`${path}$`))
    await page.getByRole('button', { name: 'Send the answer' }).waitFor()
    // What was said already stands there, to be corrected.
    await expect(page.locator('[name=currentReading]')).toHaveValue('4300')
    await page.locator('[name=currentReading]').fill('4321')
    await page.locator('[name=note]').fill('The one in the hall.')
    await page
      .locator('[name=documents]')
      .setInputFiles({ name: 'njehsori.png', mimeType: 'image/png', buffer: png })
    await page.getByRole('button', { name: 'Send the answer' }).click()
    await expect(page).toHaveURL(/done=answered/)
    const newest = page.locator('.timeline li').first()
    await expect(newest).toContainText('The one in the hall.')
    await expect(newest).toContainText('Your reading: 4,321 (before: 4,300)')
    await expect(newest.getByRole('link', { name: 'njehsori.png' })).toBeVisible()
    await expect(page.locator('section[aria-labelledby=sent]')).toContainText('njehsori.png')
    await expect(page.locator('main .note.wait')).toHaveCount(0)
    await page.close()
  })
}

test('an answer that says nothing is told so, and one from an older page changes nothing and keeps its text', async ({
  portal,
}) => {
  const { one, id, path } = await requester(portal, { asked: 'Which meter is it?' })
  const customer = new Customer(portal.url)
  await customer.signIn(one.username, PASSWORD)
  const before = await customer.get(path)
  const empty = await customer.submit(before, 'documents', {})
  expect(empty.html).toContain('There is nothing new in it yet.')
  const answered = await customer.submit(await customer.get(path), 'documents', { note: 'This one.' })
  expect(answered.path).toMatch(/done=answered/)
  const late = await customer.submit(before, 'documents', { note: 'Another answer.' })
  expect(late.html).toContain('Someone else has dealt with this in the meantime.')
  expect(late.html).toContain('Another answer.')
  const [events] = await rows<{ n: number }>(
    portal.databaseUrl,
    'select count(*)::int as n from case_events where case_id = $1',
    [id],
  )
  expect(events!.n).toBe(3)
})

test('a request is changed, written about, and taken back once asked again @deep', async ({
  page,
  portal,
}) => {
  const { one, path } = await requester(portal)
  await signIn(page, one.username)
  await page.goto(path)
  await page.locator('[name=note]').fill('Is there any news?')
  await page.getByRole('button', { name: 'Send the message' }).click()
  await expect(page).toHaveURL(/done=written/)
  await expect(page.locator('.timeline li').first()).toContainText('Is there any news?')
  await page.getByRole('link', { name: 'Change it or add documents' }).click()
  await page.locator('[name=meterNumber]').fill('M-77')
  await page.getByRole('button', { name: 'Save the changes' }).click()
  await expect(page).toHaveURL(/done=amended/)
  await expect(page.locator('section[aria-labelledby=sent]')).toContainText('M-77')
  await page.getByRole('link', { name: 'Withdraw the request' }).click()
  await page.getByRole('link', { name: 'No, keep it' }).click()
  await expect(page.locator('.chip')).toHaveText('pending')
  await page.getByRole('link', { name: 'Withdraw the request' }).click()
  await page.getByRole('button', { name: 'Yes, withdraw the request' }).click()
  await expect(page).toHaveURL(/done=withdrawn/)
  await expect(page.locator('.chip')).toHaveText('cancelled')
  await expect(page.locator('main textarea')).toHaveCount(0)
})

test('what was just sent shows its number above the rest', async ({ page, portal }) => {
  const { one, path } = await requester(portal)
  await signIn(page, one.username)
  await page.goto(`${path}?sent`)
  await expect(page.getByRole('status')).toContainText(`Your request ${path.split('/').at(-1)} has been sent`)
})

test('another customer’s number is not found, under one’s own contract or under theirs', async ({
  portal,
}) => {
  const hers = await requester(portal)
  const mine = await requester(portal)
  const number = hers.path.split('/').at(-1)
  const customer = new Customer(portal.url)
  await customer.signIn(mine.one.username, PASSWORD)
  for (const path of [hers.path, `/contracts/kesco/${mine.code}/requests/${number}`]) {
    for (const more of ['', '/regulator.pdf']) {
      const answer = await customer.get(path + more)
      expect(`${path + more} ${answer.status}`).toBe(`${path + more} 404`)
    }
  }
  expect((await customer.get(`/contracts/kesco/${hers.code}/requests`)).status).toBe(404)
  // Nor with the amounts of the contract alone.
  const payer = await person(portal)
  await rows(
    portal.databaseUrl,
    `insert into contract_access (account_id, contract_id, level) select $1, id, 'amounts' from contracts where code = $2`,
    [payer.id, hers.code],
  )
  const other = new Customer(portal.url)
  await other.signIn(payer.username, PASSWORD)
  for (const path of [hers.path, `/contracts/kesco/${hers.code}/requests`])
    expect((await other.get(path)).status).toBe(404)
  expect((await other.get('/requests')).html).toContain('You only see the amounts of your contracts.')
})

test('the file for the regulator is offered once the answer is late', async ({ page, portal }) => {
  const { one, id, path } = await requester(portal)
  await signIn(page, one.username)
  await page.goto(path)
  await expect(page.getByText('we prepare a letter to the regulator (ERO)')).toBeVisible()
  expect((await page.request.get(`${path}/regulator.pdf`)).status()).toBe(404)
  await rows(
    portal.databaseUrl,
    `with filed as (update case_events set at = at - interval '20 days' where case_id = $1)
     update cases set created_at = created_at - interval '20 days', due_at = due_at - interval '20 days' where id = $1`,
    [id],
  )
  await page.reload()
  await expect(page.locator('.chip')).toHaveText('overdue')
  const href = await page.getByRole('link', { name: 'Open the letter (PDF)' }).getAttribute('href')
  const answer = await page.request.get(href!)
  expect(answer.headers()['content-type']).toBe('application/pdf')
  expect((await answer.body()).subarray(0, 5).toString()).toBe('%PDF-')
})

// What somebody was told: read, put away, chosen otherwise, and stopped from an e-mail, with scripts and without.
import http from 'node:http'
import type { Page } from 'playwright/test'
import { unsubscribeToken } from '../../lib/notifications/unsubscribing.ts'
import { audit } from '../support/audit.ts'
import { contract, type Person, person } from '../support/form-people.ts'
import { expect, rows, signIn, test } from '../support/portal.ts'
import { type Portal, SECRET } from '../support/portal-process.ts'

// Links are made here as the portal does.
Object.assign(process.env, { AUTH_SECRET: SECRET, DEMO: 'on', APP_URL: 'http://localhost' })

/** Three more messages: two lead to the account's devices, one nowhere. */
const tell = ({ databaseUrl }: Portal, { id }: Person) =>
  rows(
    databaseUrl,
    `insert into notices (account_id, kind, key, values, handed_over_at, created_at)
     select $1, kind, kind, values::jsonb, now(), now() + place * interval '1 second' from (values
       (1, 'second-step-off', '{}'), (2, 'own-data-ready', '{"path": "/account/data", "hours": 24}'),
       (3, 'contract-added-by-other', '{"path": "/contracts", "contractCode": "DPR-1", "biller": "KESCO"}')
     ) as told (place, kind, values)`,
    [id],
  )

const unread = (page: Page) => page.locator('header a[href="/inbox"] .count')

test('messages are opened, marked as read and put away', async ({ page, portal }) => {
  const one = await person(portal)
  await signIn(page, one.username)
  await rows(portal.databaseUrl, 'delete from notices where account_id = $1', [one.id])
  await tell(portal, one)
  await page.goto('/contracts')
  await expect(unread(page)).toHaveText('3')
  await page.locator('header a[href="/inbox"]').click()
  const messages = page.locator('main .rows > li')
  await expect(messages).toHaveCount(3)
  await expect(messages.first().locator('b').first()).toBeVisible()
  // Opening one leads to what it is about.
  await messages.nth(1).locator('a').click()
  await expect(page).toHaveURL(/\/account\/data$/)
  await expect(unread(page)).toHaveText('2')

  await page.goto('/inbox')
  await page.locator('button[value=archive]').click()
  await expect(page.locator('main [role=alert] a')).toHaveAttribute('href', '#notices')
  if (test.info().project.name === 'desktop') expect(await audit(page, 'light')).toEqual([])
  await messages.first().locator('input').check()
  await page.locator('button[value=archive]').click()
  await expect(page).toHaveURL(/\/inbox\?done=archive$/)
  await expect(page.locator('main [role=status]')).toBeVisible()
  await expect(messages).toHaveCount(2)
  await expect(unread(page)).toHaveText('1')
  // What comes after the page was made stays unread: a reminder may come just now.
  await expect(async () => {
    await page.goto('/inbox')
    await page.locator('button[value=readAll]').click()
    await expect(page).toHaveURL(/done=readAll$/)
    await expect(unread(page)).toHaveCount(0, { timeout: 1000 })
  }).toPass({ timeout: 30_000 })
  await expect(page.locator('button[value=readAll]')).toHaveCount(0)

  await page.locator('main nav a').last().click()
  await expect(messages).toHaveCount(1)
  await messages.locator('input').check()
  await page.locator('button[value=restore]').click()
  await expect(messages).toHaveCount(0)
  await page.locator('main nav a').first().click()
  await expect(messages).toHaveCount(3)
  await expect(page.locator('main .count')).toHaveCount(0)
})

test('how one is told is chosen for all contracts, and for one of them', async ({ page, portal }) => {
  const one = await person(portal)
  const codes = [await contract(portal, one), await contract(portal, one)]
  await signIn(page, one.username)
  await page.goto('/account')
  await page.locator('a[href="/account/notices"]').click()
  const box = (kind: string, channel: string) => page.locator(`[name="${kind}"][value=${channel}]`)
  await expect(box('overdue', 'email')).toBeChecked()
  await box('overdue', 'email').uncheck()
  await box('overdue', 'sms').check()
  await page.locator('[name=statementDay]').selectOption('25')
  await page.locator('button[value=save]').click()
  await expect(page).toHaveURL(/\/account\/notices\?done$/)
  await expect(page.locator('[name=statementDay]')).toHaveValue('25')
  // Of a channel nothing at once, and what is left as it was ticked.
  await expect(page.locator('[value=email]:checked')).not.toHaveCount(0)
  await page.locator('button[value="email:off"]').click()
  await expect(page.locator('[value=email]:checked')).toHaveCount(0)
  await expect(box('overdue', 'sms')).toBeChecked()

  await page.locator(`a[href*="${codes[0]}"]`).click()
  await expect(box('overdue', 'sms')).toBeChecked()
  await expect(page.locator('[name=statementDay]')).toHaveCount(0)
  await box('overdue', 'sms').uncheck()
  await page.locator('button[value=save]').click()
  await expect(page).toHaveURL(/done$/)
  await expect(box('overdue', 'sms')).not.toBeChecked()
  await page.goto('/account/notices')
  await expect(box('overdue', 'sms')).toBeChecked()
  await page.locator(`a[href*="${codes[0]}"]`).click()
  await page.locator('button[value=asForAll]').click()
  await expect(box('overdue', 'sms')).toBeChecked()
  await expect(page.locator('button[value=asForAll]')).toHaveCount(0)
})

/** As mail programs send it, which are no browsers; the status. */
const oneClick = (portal: Portal, path: string): Promise<number> => {
  const body = 'List-Unsubscribe=One-Click'
  const { hostname, port } = new URL(portal.url)
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': body.length }
  return new Promise((resolve, reject) => {
    http
      .request({ hostname, port, path, method: 'POST', headers, agent: false }, answer => {
        answer.resume()
        resolve(answer.statusCode!)
      })
      .once('error', reject)
      .end(body)
  })
}

test('e-mails are stopped from a link without signing in, by a button or by one click', async ({
  page,
  portal,
}, { project }) => {
  const one = await person(portal)
  const byEmail = async () => {
    const found = await rows<{ email: boolean }>(
      portal.databaseUrl,
      `select email from notice_choices where account_id = $1 and kind = 'overdue'`,
      [one.id],
    )
    return found.map(({ email }) => email)
  }
  const path = `/unsubscribe/${unsubscribeToken(one.id, 'overdue', null)}`
  await page.goto(path)
  if (project.use.javaScriptEnabled !== false) expect(await audit(page, 'light')).toEqual([])
  // To look changes nothing.
  expect(await byEmail()).toEqual([])
  await page.locator('button[value=off]').click()
  await expect(page.locator('button[value=on]')).toBeVisible()
  expect(await byEmail()).toEqual([false])
  await page.locator('button[value=on]').click()
  await expect(page.locator('button[value=off]')).toBeVisible()
  expect(await byEmail()).toEqual([true])
  for (const _ of ['once', 'twice']) expect(await oneClick(portal, path)).toBe(200)
  expect(await byEmail()).toEqual([false])
  const forged = `${path.slice(0, -8)}AAAAAAAA`
  expect(await oneClick(portal, forged)).toBe(404)
  expect((await page.goto(forged))!.status()).toBe(404)
})

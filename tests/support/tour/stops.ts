// A walk past every page, in every state that a customer meets: pictures are taken of it, and accessibility is checked.
import { expect, type Page } from 'playwright/test'
import type { Locale } from '../../../lib/i18n/locale.ts'
import { submit } from '../portal.ts'
import type { Portal } from '../portal-process.ts'

/** What a stop shows: `long`, a page of hundreds of rows; `paper`, as it is printed; `failure`, the portal is broken. */
export type StopKind = 'page' | 'long' | 'paper' | 'failure'

/** `stop` is called at each page and state, whose name is unique. The walk changes the portal's data and is done once. */
export type Tour = {
  page: Page
  portal: Portal
  language: Locale
  stop: (name: string, kind?: StopKind) => Promise<void>
}

/** Goes to a page and stops there; of all of them only those of `not-found` are none. */
export async function visit(
  { page, stop }: Tour,
  path: string,
  name: string,
  kind?: StopKind,
): Promise<void> {
  const answer = await page.goto(path)
  expect(answer!.status(), path).toBe(name.startsWith('not-found') ? 404 : 200)
  await stop(name, kind)
}

/** A link at /outbox, as soon as a job has sent it: `link` finds it there, alone or as its first group. */
export async function sentLink({ page }: Tour, link: RegExp): Promise<string> {
  const find = async () => link.exec(await (await page.request.get('/outbox')).text())
  await expect.poll(find, String(link)).not.toBeNull()
  const [all, first] = (await find())!
  return first ?? all
}

/** Sends the form of a field as it is, and stops at what is said to be wrong. */
export async function refused({ page, stop }: Tour, field: string, name: string): Promise<void> {
  await submit(page, field)
  await page.locator('main [role=alert]').first().waitFor()
  await stop(name)
}

/** Nobody is signed in from here on. */
export async function leave({ page, language }: Tour): Promise<void> {
  await page.context().clearCookies()
  await page.goto(`/language/${language}`)
}

/** Signs in as the account's owner, in the language of the walk. */
export async function enter({ page, language }: Tour, username: string, password: string): Promise<void> {
  await page.goto('/sign-in')
  await page.locator('[name=identifier]').fill(username)
  await page.locator('[name=password]').fill(password)
  await submit(page, '[name=password]')
  await page.waitForURL(/\/contracts$/)
  await page.goto(`/language/${language}?to=/contracts`)
}

/** From the page that offers it to the sandbox bank. */
export async function toBank({ page }: Tour, path: string): Promise<void> {
  await page.goto(path)
  await page.locator('button[value=pay]').click()
  await page.waitForURL(/sandbox-bank/)
}

/** Pays at the sandbox bank, and returns to the payment. */
export async function payWith({ page }: Tour, cardNumber: string): Promise<void> {
  await page.locator('[name=cardNumber]').fill(cardNumber)
  await page.locator('button[value=pay]').click()
  await page.waitForURL(/\/payments\//)
}

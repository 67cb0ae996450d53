// What browser tests use: a portal of the worker's own, and what people do in it.
import { test as base, expect, type Page } from 'playwright/test'
import { freePort } from '../../db/embedded.ts'
import { directoriesOn } from './directory-setting.ts'
import { expectNothingPersonal } from './nothing-personal.ts'
import { cloneDemonstration, type Portal, rows, startPortal } from './portal-process.ts'
import { openRelay, type Relay } from './relay.ts'

export { expect } from 'playwright/test'
export { rows } from './portal-process.ts'

/** Addresses that were asked for by this worker's browsers. */
const asked = new Set<string>()

/** Has the log of a portal searched once its tests have ended. */
export async function useAndSearch(portal: Portal, use: (portal: Portal) => Promise<void>): Promise<void> {
  await use(portal)
  await expectNothingPersonal(portal, asked)
}

/**
 * `portal`: the running portal with a fresh demonstration, one a worker and project; relative addresses lead to it. Its log tells of
 * every request, and nothing of people.
 * `directoryPort`: where it expects OSHEE's directory, which a test may start there; else nobody listens.
 * `relay`: a line to it that breaks as the test says, for who goes to `relay.url` instead.
 * Every page is watched: an error in the browser, also one of the content security policy, fails the test.
 */
export const test = base.extend<
  { watched: undefined; relay: Relay },
  { portal: Portal; directoryPort: number }
>({
  directoryPort: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern
    async ({}, use) => use(await freePort()),
    { scope: 'worker' },
  ],
  portal: [
    async ({ directoryPort }, use) => {
      const database = await cloneDemonstration()
      const STAFF_DIRECTORIES = directoriesOn(directoryPort)
      const portal = await startPortal(database.url, { LOG_LEVEL: 'debug', STAFF_DIRECTORIES })
      await useAndSearch(portal, use).finally(portal.stop)
      await database.drop()
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  baseURL: async ({ portal }, use) => use(portal.url),
  relay: async ({ portal }, use) => {
    const relay = await openRelay({ to: portal.url })
    await use(relay)
    await relay.close()
  },
  watched: [
    async ({ context, portal }, use) => {
      await rows(portal.databaseUrl, OWN_LANGUAGES)
      // All come from one address: what tests before were refused counts against nobody after.
      await rows(portal.databaseUrl, 'delete from rate_limits')
      const errors: string[] = []
      context.on('request', request => asked.add(request.url()))
      context.on('weberror', error => errors.push(String(error.error())))
      context.on('console', message => {
        // Chromium reports every answer that is not 2xx; tests ask for such on purpose.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          errors.push(message.text())
        }
      })
      await use(undefined)
      expect(errors, 'errors in the browser').toEqual([])
    },
    { auto: true },
  ],
})

/** Of the demonstration's people, whom tests of one portal share: whoever reads in another one leaves it to nobody after. */
const OWN_LANGUAGES = `update accounts set language = case when username in ('milan', 'supervisor') then 'sr' else 'sq' end
  where username in ('mirela', 'milan', 'operator', 'supervisor', 'admin')`

export const PASSWORD = 'Demo-2024'

/** Signs in and ends at the contracts. */
export async function signIn(page: Page, identifier: string, password = PASSWORD): Promise<void> {
  await page.goto('/sign-in')
  await page.locator('[name=identifier]').fill(identifier)
  await page.locator('[name=password]').fill(password)
  await submit(page, '[name=password]')
  await expect(page).toHaveURL(/\/contracts$/)
}

/** Signs in as one of the demonstration's staff, with the code from /outbox, and ends at the staff pages. */
export async function signInStaff(page: Page, username: string): Promise<void> {
  await page.goto('/sign-in')
  await page.locator('[name=identifier]').fill(username)
  await page.locator('[name=password]').fill(PASSWORD)
  await submit(page, '[name=password]')
  await expect(page).toHaveURL(/\/sign-in\/code$/)
  await page.locator('[name=code]').fill(await latestCode(page, `${username}@example.com`))
  await submit(page, '[name=code]')
  await expect(page).toHaveURL(/\/staff$/)
}

/** Opens the menu of the page's head, where it is closed. */
export async function openMenu(page: Page): Promise<void> {
  const menu = page.locator('header details')
  if (!(await menu.getAttribute('open').then(open => open !== null))) await menu.locator('summary').click()
}

export async function signOut(page: Page): Promise<void> {
  await openMenu(page)
  await page.locator('form[action="/sign-out"] button').click()
}

/** Presses the first submit button of the form that `field` stands in. */
export async function submit(page: Page, field: string): Promise<void> {
  await page.locator(`form:has(${field}) button[type=submit]`).first().click()
}

export type Registration = {
  biller: string
  contractCode: string
  firstName: string
  lastName: string
  personalNumber: string
  username: string
  email: string
  phone: string
  password: string
}

/** Holders of sample contracts who have no account yet. */
export const blerta: Registration = {
  biller: 'kesco',
  contractCode: 'DPR-6687',
  firstName: 'Blerta',
  lastName: 'Krasniqi',
  personalNumber: '1234567892',
  username: 'blerta',
  email: 'blerta@example.com',
  phone: '+38344123456',
  password: 'Korrik-1912',
}

export const arben: Registration = {
  biller: 'oshee',
  contractCode: 'AL0000001',
  firstName: 'Arben',
  lastName: 'Hoxha',
  personalNumber: 'J00101999W',
  username: 'arben',
  email: 'arben@example.com',
  phone: '+355682000001',
  password: 'Korrik-1912',
}

/** Fills the register form and sends it. */
export async function sendRegistration(page: Page, person: Registration): Promise<void> {
  await page.goto('/register')
  await page.locator('[name=biller]').selectOption(person.biller)
  for (const name of [
    'contractCode',
    'firstName',
    'lastName',
    'personalNumber',
    'username',
    'email',
    'phone',
    'password',
  ] as const) {
    await page.locator(`[name=${name}]`).fill(person[name])
  }
  await page.locator('[name=passwordConfirm]').fill(person.password)
  await page.locator('[name=acceptTerms]').check()
  await submit(page, '[name=acceptTerms]')
}

/** Registers, enters the code from the SMS, and ends signed in at the contracts. */
export async function register(page: Page, person: Registration): Promise<void> {
  await sendRegistration(page, person)
  await enterCode(page, person)
}

/** After sendRegistration: the code that came, and home. */
export async function enterCode(page: Page, person: Registration): Promise<void> {
  await expect(page).toHaveURL(/\/register\/verify$/)
  await page.locator('[name=code]').fill(await latestCode(page, person.phone))
  await submit(page, '[name=code]')
  await expect(page).toHaveURL(/\/contracts/)
}

/** The code last sent to a phone or an e-mail address, from /outbox. */
export async function latestCode(page: Page, to: string): Promise<string> {
  const html = await (await page.request.get('/outbox')).text()
  const [, code] = new RegExp(`${to.replace('+', '\\+')}[\\s\\S]*?\\b(\\d{6})\\b`).exec(html) ?? []
  expect(code, `a code sent to ${to}`).toBeDefined()
  return code!
}

// What was typed and not sent: taken along into another language, shown once, kept for whom it waits for, and for nobody else.
import type { Page as BrowserPage } from 'playwright/test'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { Customer, formOf, type Page, type Typed } from '../support/customer.ts'
import { pdf } from '../support/files.ts'
import { contract, PASSWORD, person, registration, SIGN_OUT, signedIn } from '../support/form-people.ts'
import { expect, openMenu, rows, signIn, test } from '../support/portal.ts'

const sr = catalogue('sr')
const en = catalogue('en')

/** The page in another language, by a button of its form with that field. */
const inLanguage = (customer: Customer, page: Page, field: string, typed: Typed, locale = 'sr') =>
  customer.send(formOf(page, field), typed, { to: `/language/${locale}?to=${encodeURIComponent(page.path)}` })

const typedIn = (page: Page, field: string) => formOf(page, field).fields[field]?.[0]

test('what was typed is shown in another language once, to this browser, and to no later visit @once', async ({
  portal,
}) => {
  const customer = new Customer(portal.url)
  const { personalNumber } = await registration(portal)
  const page = await customer.get('/register')
  const serbian = await inLanguage(customer, page, 'personalNumber', { personalNumber })
  expect(typedIn(serbian, 'personalNumber')).toBe(personalNumber)
  expect(typedIn(await customer.get('/register'), 'personalNumber')).toBe('')
  expect(typedIn(await new Customer(portal.url).get(serbian.path), 'personalNumber')).toBe('')
  // The line broke, or it is loaded again.
  expect(typedIn(await customer.get(serbian.path), 'personalNumber')).toBe(personalNumber)
  await rows(portal.databaseUrl, `update form_drafts set kept_at = kept_at - interval '61 seconds'`)
  expect(typedIn(await customer.get(serbian.path), 'personalNumber')).toBe('')
})

test('what waits for its account outlives a language chosen at the sign-in form @once', async ({
  portal,
}) => {
  const { customer, person } = await signedIn(portal, portal.url)
  const form = formOf(await customer.get('/contracts/add'), 'alias')
  const alias = 'Shtëpia'
  await rows(portal.databaseUrl, 'update sessions set revoked_at = now() where account_id = $1', [person.id])
  const out = await customer.send(form, { contractCode: await contract(portal), alias })
  expect(out.html).toContain(en.signIn.unsent)
  const serbian = await inLanguage(customer, out, 'identifier', { identifier: person.username })
  expect(typedIn(serbian, 'identifier')).toBe(person.username)
  const back = await customer.submit(serbian, 'identifier', { password: PASSWORD })
  expect(typedIn(back, 'alias')).toBe(alias)
  // By whatever way; but not to somebody else.
  expect(typedIn(await customer.get('/contracts/add'), 'alias')).toBe(alias)
  const other = await signedIn(portal, portal.url)
  const browser = new Map([...other.customer.cookies, ['draft', customer.cookies.get('draft')!]])
  other.customer.cookies = browser
  expect(typedIn(await other.customer.get(back.path), 'alias')).toBe('')
})

test('who signs in reads the language of the account, whatever was chosen at the form, and chooses it for both @once', async ({
  portal,
}) => {
  const { username } = await person(portal)
  const languageOf = ({ html }: Page) => /<html lang="([\w-]+)"/.exec(html)?.[1]
  const enter = async (customer: Customer) => {
    const chosen = await customer.get('/language/sr?to=/sign-in')
    const form = formOf(chosen, 'identifier')
    const refused = await customer.send(form, { identifier: username, password: 'Wrong-2024' })
    const home = await customer.submit(refused, 'identifier', { password: PASSWORD })
    return [chosen, refused, home].map(languageOf)
  }
  const customer = new Customer(portal.url)
  expect(await enter(customer)).toEqual(['sr-Latn', 'sr-Latn', 'en-GB'])
  // Signed out, it is the browser's again: somebody else's, for all that is known.
  expect(languageOf(await customer.send(SIGN_OUT, {}))).toBe('sr-Latn')
  await enter(customer)
  expect(languageOf(await customer.get('/language/sq?to=/contracts'))).toBe('sq')
  expect(languageOf(await customer.send(SIGN_OUT, {}))).toBe('sq')
  expect(await enter(new Customer(portal.url))).toEqual(['sr-Latn', 'sr-Latn', 'sq'])
})

test('the language of an account is the one chosen last, with other choices as they were @once', async ({
  portal,
}) => {
  const { customer } = await signedIn(portal, portal.url)
  const choices = await customer.get('/account/notices')
  const serbian = await inLanguage(customer, choices, 'statementDay', {
    overdue: ['sms'],
    statementDay: '25',
  })
  const { fields } = formOf(serbian, 'statementDay')
  expect([serbian.html.includes('lang="sr-Latn"'), fields.overdue, fields.statementDay]).toEqual([
    true,
    ['sms'],
    ['25'],
  ])
})

test('errors are said in the other language, and what has to be given again @once', async ({ portal }) => {
  const customer = new Customer(portal.url)
  const wrong = { phone: '12', password: 'Portokall 7', username: 'arta' }
  const refused = await customer.submit(await customer.get('/register'), 'acceptTerms', wrong)
  const serbian = await inLanguage(customer, refused, 'acceptTerms', wrong)
  const { phoneForm, passwordsAgain, required } = sr.errors
  for (const text of [phoneForm, passwordsAgain]) expect(serbian.html).toContain(text)
  expect(serbian.html).toContain(`${sr.fields.firstName.label}: ${required}`)
  expect(serbian.html).toMatch(/id="phone-error"/)
  expect(serbian.html).not.toMatch(/id="(password|username)-error"/)
  // Where nothing was refused yet, nothing is wrong.
  const fresh = await inLanguage(customer, await customer.get('/register'), 'acceptTerms', { phone: '12' })
  expect(fresh.html).not.toContain('role="alert"')

  const [file] = [new File([pdf], 'a.pdf', { type: 'application/pdf' })]
  const dispute = await customer.get('/register/dispute')
  const chosen = await inLanguage(customer, dispute, 'note', { documents: [file] })
  expect(chosen.html).toContain(sr.errors.filesAgain)
  expect(chosen.html).not.toContain(passwordsAgain)
})

test('a form of which nothing was read says so, and shows nothing older @once', async ({ portal }) => {
  const { customer, person } = await signedIn(portal, portal.url)
  const form = formOf(await customer.get('/account/business'), 'businessName')
  await rows(portal.databaseUrl, 'update sessions set revoked_at = now() where account_id = $1', [person.id])
  const out = await customer.send(form, { businessName: 'Dielli' })
  await customer.submit(out, 'identifier', { identifier: person.username, password: PASSWORD })
  for (const path of ['/account/business?tooLarge', '/register/dispute?tooLarge']) {
    const page = await customer.get(path)
    expect(page.html).toMatch(
      /so nothing of the form arrived \(up to 5 files are allowed, each up to \d+ MB\)/,
    )
    const typed = path.includes('business') ? 'businessName' : 'firstName'
    expect(typedIn(page, typed)).toBe('')
    // What is typed now is newer.
    const serbian = await inLanguage(customer, page, typed, { [typed]: 'Arta' })
    expect(typedIn(serbian, typed)).toBe('Arta')
    // Nor was it read: what is still empty is no mistake.
    expect(serbian.html).not.toContain('role="alert"')
    await customer.get('/language/en')
  }
})

async function choose(page: BrowserPage, language: string): Promise<void> {
  await openMenu(page)
  await page.locator('.language-buttons button', { hasText: language }).click()
}

test('with a script all forms of a page are taken along that were typed into @once @deep', async ({
  page,
  portal,
}) => {
  const { username } = await person(portal)
  await signIn(page, username)
  await page.goto('/account/contact')
  await page.locator('[name=phone]').fill('+38344111222')
  await page.locator('[name=email]').fill('new@example.com')
  for (const language of ['Srpski', 'Shqip']) {
    await choose(page, language)
    await expect(page.locator('nav [aria-current=true]').first()).toHaveText(language)
    await expect(page.locator('[name=email]')).toHaveValue('new@example.com')
    await expect(page.locator('[name=phone]')).toHaveValue('+38344111222')
  }
})

test('without a script the first form that something can be typed into is taken along @once', async ({
  portal,
}) => {
  const { customer } = await signedIn(portal, portal.url, { verified: false })
  // Which of them is ready first is chance: each of these is asked for beside the others.
  const pages = await Promise.all(Array.from({ length: 8 }, () => customer.get('/account/contact')))
  for (const { html } of pages) {
    const main = html.match(/<form\b[^>]*\bid="form"[\s\S]*?<\/form>/g)!
    expect(main).toHaveLength(1)
    expect(main[0]).toContain('name="email"')
  }
})

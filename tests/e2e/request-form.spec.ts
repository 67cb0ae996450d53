// A customer's request, from what it is about to its number: in the browser and without a script, with documents, kept for later.
// Under DEEP every kind in every language.
import type { Page } from 'playwright/test'
import { requestCodes, typeOf } from '../../lib/cases/catalogue.ts'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { Customer, formOf } from '../support/customer.ts'
import { heic, jpeg, pdf, program } from '../support/files.ts'
import { contract, PASSWORD, person } from '../support/form-people.ts'
import { expect, rows, signIn, submit, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'

const en = catalogue('en')

/** Somebody with a contract of their own, and the address of its new request. */
async function someone(portal: Portal, language = 'en') {
  const one = await person(portal)
  const code = await contract(portal, one)
  await rows(portal.databaseUrl, 'update accounts set language = $2 where id = $1', [one.id, language])
  const path = `/contracts/kesco/${code}/requests/new`
  const filed = () =>
    rows<{ number: string; answers: Record<string, string>; documents: string[] }>(
      portal.databaseUrl,
      `select number, answers, array(select name from documents d where d.case_id = c.id order by name) as documents
       from cases c where account_id = $1 order by created_at`,
      [one.id],
    )
  return { ...one, code, path, filed }
}

const file = (name: string, bytes: Uint8Array, mimeType = 'application/pdf') => ({
  name,
  mimeType,
  buffer: Buffer.from(bytes),
})

/** Two taps, and the form of the kind is there. */
async function choose(page: Page, path: string, kind: string): Promise<void> {
  await page.goto(path)
  await page.locator(`[name=type][value=${kind[0]}]`).check()
  await page.locator(`[name=kind][value=${kind}]`).check()
  await page.locator('main form:has([name=kind]) button').click()
  await expect(page).toHaveURL(new RegExp(`kind=${kind}`))
}

test('from what it is about to a number, with a photograph', async ({ page, portal }) => {
  const { username, path, filed } = await someone(portal)
  await signIn(page, username)
  await page.goto(path)
  // Its kinds appear below a type once it is chosen.
  await expect(page.locator('#kind-F1')).toBeHidden()
  await page.locator('main form:has([name=type]) button').click()
  await expect(page.locator('main [role=alert]')).toContainText(en.request.chooseKind)
  await choose(page, path, 'F1')
  await expect(page.locator('h1')).toHaveText('Wrong reading')
  await expect(page.locator('[name=invoice]').first()).toBeChecked()
  await expect(page.locator('[name=newValue], [name=months]')).toHaveCount(0)
  await page.locator('[name=currentReading]').fill('18 102')
  await page.locator('[name=note]').fill('The meter shows less.')
  await page.locator('[name=documents]').setInputFiles(file('foto.jpg', jpeg, 'image/jpeg'))
  await submit(page, '[name=note]')
  await expect(page).toHaveURL(/\/requests\/F1\d{9}\?sent/)
  expect(await filed()).toMatchObject([
    { answers: { currentReading: '18102', note: 'The meter shows less.' }, documents: ['foto.jpg'] },
  ])
})

test('files are refused each with its reason, and the rest of the form is kept @deep', async ({
  page,
  portal,
}) => {
  const { username, path, filed } = await someone(portal)
  await signIn(page, username)
  await page.goto(`${path}?type=F&kind=F1`)
  await page.locator('[name=note]').fill('What I typed.')
  await page.locator('[name=currentReading]').fill('77')
  const polyglot = Buffer.concat([Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'), pdf])
  await page.locator('[name=documents]').setInputFiles([
    // A name that turns the direction of reading round.
    file('go\u202eod.pdf', pdf),
    file('drawing.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'),
    file('page.pdf', Buffer.from('<!doctype html><script>x()</script>')),
    file('run.pdf', program),
    file('IMG_1.HEIC', heic, 'image/heic'),
  ])
  await submit(page, '[name=note]')
  const said = page.locator('#documents-error li')
  await expect(said).toHaveCount(4)
  for (const [index, name] of ['drawing.svg', 'page.pdf', 'run.pdf', 'IMG_1.HEIC'].entries())
    await expect(said.nth(index)).toContainText(name)
  await expect(page.locator('[name=note]')).toHaveValue('What I typed.')
  await expect(page.locator('[name=currentReading]')).toHaveValue('77')
  const kept = page.getByRole('group', { name: 'Files kept: 1' })
  await expect(kept.getByRole('checkbox', { name: 'good.pdf' })).toBeChecked()

  // What is only a PDF from somewhere inside on loses what stood before, and opens as nothing else.
  await page.locator('[name=documents]').setInputFiles([file('both.svg', polyglot, 'image/svg+xml')])
  await submit(page, '[name=note]')
  await expect(page).toHaveURL(/\/requests\/F1/)
  expect(await filed()).toMatchObject([{ documents: ['both.pdf', 'good.pdf'] }])
})

test('too large and too many are said before anything is sent; a photograph of nine megabytes fits @once', async ({
  page,
  portal,
}) => {
  const { username, path } = await someone(portal)
  await signIn(page, username)
  const form = `${path}?type=F&kind=F1`
  await page.goto(form)
  await page.locator('[name=documents]').setInputFiles(file('large.pdf', Buffer.alloc(10_000_001)))
  await submit(page, '[name=note]')
  await expect(page.locator('#documents-error')).toContainText('large.pdf')
  await page
    .locator('[name=documents]')
    .setInputFiles(Array.from({ length: 6 }, (_, n) => file(`${n}.pdf`, pdf)))
  await submit(page, '[name=note]')
  await expect(page.locator('#documents-error')).toContainText('5')

  const customer = new Customer(portal.url)
  await customer.signIn(username, PASSWORD)
  const large = new File([pdf, Buffer.alloc(8_000_000, ' '), '%%EOF\n'], 'large.pdf')
  const typed = { note: 'x', intent: 'send', documents: [large] }
  const answer = await customer.submit(await customer.get(form), 'note', typed)
  expect(answer.path).toMatch(/\/requests\/F1\d{9}\?sent/)
})

test('how much of the files has gone is seen and heard @once @deep', async ({ page, portal, relay }) => {
  const { username, path } = await someone(portal)
  await signIn(page, username)
  await page.goto(`${relay.url}${path}?type=F&kind=F1`)
  await page.locator('[name=note]').fill('It shows less.')
  const photograph = Buffer.concat([pdf, Buffer.alloc(3_000_000, ' '), Buffer.from('%%EOF\n')])
  await page.locator('[name=documents]').setInputFiles(file('photo.pdf', photograph))
  const network = await page.context().newCDPSession(page)
  const conditions = { offline: false, latency: 0, downloadThroughput: -1 }
  await network.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: 1_000_000 })
  void relay.cutNextRequest()
  await submit(page, '[name=note]')
  await expect(page.locator('progress')).toBeVisible()
  const said = page.locator('form:has([name=documents]) [aria-live=polite]')
  await expect(said).toContainText(/Sending your files: [1-9]0 %/)
  // A line that breaks is told as ever, and the form is sent again.
  const alert = page.locator('main [role=alert]')
  await expect(alert).toContainText(en.form.line, { timeout: 15_000 })
  await expect(said).toBeEmpty()
  await network.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput: -1 })
  await alert.getByRole('button').click()
  await expect(page).toHaveURL(/\/requests\/F1\d{9}\?sent/)
})

test('one is kept for later, found again, and sent once', async ({ page, portal }) => {
  const { username, path, filed } = await someone(portal)
  await signIn(page, username)
  await choose(page, path, 'D2')
  await page.locator('[name=newValue]').fill('Rruga B 2')
  await page.locator('[name=documents]').setInputFiles(file('leternjoftimi.pdf', pdf))
  await page.locator('button[value=save]').click()
  await expect(page).toHaveURL(/requests\/new\?saved/)
  const draft = page.getByRole('listitem').filter({ hasText: 'Change of address' })
  await expect(draft).toContainText('1 document')
  // Another kind's form begins empty.
  await page.goto(`${path}?type=D&kind=D1`)
  await expect(page.locator('[name=newValue]')).toHaveValue('')
  await page.goto(path)
  await draft.getByRole('link').click()
  await expect(page.locator('[name=newValue]')).toHaveValue('Rruga B 2')
  await expect(page.getByRole('checkbox', { name: 'leternjoftimi.pdf' })).toBeChecked()
  await page.locator('[name=note]').fill('I moved.')
  await submit(page, '[name=note]')
  await expect(page).toHaveURL(/\/requests\/D2\d{9}\?sent/)
  expect(await filed()).toMatchObject([
    { answers: { newValue: 'Rruga B 2' }, documents: ['leternjoftimi.pdf'] },
  ])
  await page.goto(path)
  await expect(draft).toHaveCount(0)
  // What is open is said before another is sent.
  await page.goto(`${path}?type=D&kind=D2`)
  await expect(page.locator('main .note.wait a')).toHaveText(/^D2\d{9}$/)
})

test('without a script: kept unfinished, discarded, and found by nobody else @once', async ({ portal }) => {
  const one = await someone(portal)
  const customer = new Customer(portal.url)
  await customer.signIn(one.username, PASSWORD)
  const page = await customer.get(`${one.path}?type=P&kind=P5`)
  const saved = await customer.submit(page, 'note', { months: '6', note: '', intent: 'save' })
  expect(saved.path).toBe(`${one.path}?saved`)
  expect(formOf(await customer.get(`${one.path}?type=P&kind=P5`), 'note').fields.months).toEqual(['6'])
  const other = new Customer(portal.url)
  await other.signIn((await someone(portal)).username, PASSWORD)
  expect((await other.get(one.path)).status).toBe(404)
  const discarded = await customer.submit(saved, 'shown', {})
  expect(discarded.path).toBe(`${one.path}?discarded`)
  expect(formOf(await customer.get(`${one.path}?type=P&kind=P5`), 'note').fields.months).toEqual([''])
})

test('is not there for who sees amounts alone, nor for a kind that the company does not hear @once', async ({
  portal,
}) => {
  const one = await person(portal)
  const amounts = await contract(portal, one, 'amounts')
  const television = await contract(portal, one, 'masked', 'digitalb')
  const customer = new Customer(portal.url)
  await customer.signIn(one.username, PASSWORD)
  expect((await customer.get(`/contracts/kesco/${amounts}/requests/new`)).status).toBe(404)
  const path = `/contracts/digitalb/${television}/requests/new`
  expect((await customer.get(`${path}?type=M&kind=M1`)).status).toBe(404)
  const { html } = await customer.get(path)
  expect(html).toContain('value="P1"')
  expect(html).not.toContain('value="M1"')
})

const kinds = process.env.DEEP ? requestCodes : (['M1'] as const)
for (const language of locales) {
  const deep = language === 'sr' ? '' : ' @deep'
  test(`a request can be sent in ${language}, with a script and without @once${deep}`, async ({
    page,
    portal,
  }) => {
    test.slow(kinds.length > 1)
    const { username, path, filed } = await someone(portal, language)
    await signIn(page, username)
    const customer = new Customer(portal.url)
    await customer.signIn(username, PASSWORD)
    for (const kind of kinds) {
      // More than anybody sends in a day.
      await rows(portal.databaseUrl, 'delete from rate_limits')
      await choose(page, path, kind)
      await page.locator('[name=note]').fill('x')
      await submit(page, '[name=note]')
      await expect(page).toHaveURL(new RegExp(`/requests/${kind}\\d{9}\\?sent`))
      const form = await customer.get(`${path}?type=${typeOf(kind)}&kind=${kind}`)
      const answer = await customer.submit(form, 'note', { note: 'x', intent: 'send' })
      expect(answer.path).toMatch(new RegExp(`/requests/${kind}\\d{9}\\?sent`))
    }
    expect(await filed()).toHaveLength(2 * kinds.length)
  })
}

// Debt certificates: granted at once, or decided by staff; paid for first, refused, withdrawn. As customer and staff go through it.
import { randomBytes } from 'node:crypto'
import type { Browser, Page } from 'playwright/test'
import sharp from 'sharp'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { axe } from '../support/audit.ts'
import { customerOf } from '../support/forms-staff.ts'
import { expect, rows, signIn, signInStaff, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'

const { cases, certificates } = catalogue('sq')
const en = catalogue('en').certificates
const LANGUAGES = process.env.DEEP ? (['en', 'sq', 'sr'] as const) : (['en'] as const)

/** Somebody who is the holder of a contract of KESCO, which owes 50 euros and late interest; the father's name is Agim. */
async function holder(page: Page, portal: Portal) {
  const { one, code } = await customerOf(portal, true)
  await rows(portal.databaseUrl, `update contracts set holder_father_name = 'Agim' where code = $1`, [code])
  await signIn(page, one.username)
  return { username: one.username, code, form: `/certificates/new?kind=household&contract=kesco/${code}` }
}

const press = (page: Page, value: string) => page.locator(`main button[value=${value}]`).click()
const isWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
/** The path of the application that the page shows. */
const pathOf = (page: Page) => new URL(page.url()).pathname

async function apply(page: Page, form: string, fatherName: string): Promise<string> {
  await page.goto(form)
  await page.locator('[name=fatherName]').fill(fatherName)
  await press(page, 'apply')
  await expect(page).toHaveURL(/\/certificates\/[\w-]{36}\?done=sent$/)
  return pathOf(page)
}

/** On a page of their own, so that the customer stays signed in. */
async function asStaff(browser: Browser, portal: Portal, username: string): Promise<Page> {
  const page = await browser.newPage({ baseURL: portal.url })
  await signInStaff(page, username)
  return page
}

test('a household certificate says what is owed, is issued at once, and its file is the same each time', async ({
  page,
  portal,
}) => {
  const { code } = await holder(page, portal)
  for (const language of LANGUAGES) {
    const t = catalogue(language)
    await page.goto(`/language/${language}?to=/certificates`)
    await page.getByRole('link', { name: t.certificates.new }).first().click()
    await expect(page.locator('main')).toContainText(code)
    await page.locator('main form button').first().click()
    await expect(page).toHaveURL(/kind=household&contract=kesco/)
    await expect(page.locator('main .note').first()).toContainText(/\d[.,]\d\d/)
    await page.locator('[name=fatherName]').fill('  agim ')
    expect(await isWide(page)).toBe(false)
    await press(page, 'apply')
    await expect(page).toHaveURL(/done=sent$/)
    await expect(page.locator('main')).toContainText(t.certificates.stands.issuedOwing)
    await expect(page.locator('.paper')).toContainText(code)
    expect(await isWide(page)).toBe(false)
    await axe(page)
    const file = `${pathOf(page)}/pdf`
    const [first, second] = [await page.request.get(file), await page.request.get(file)]
    expect(first.headers()['content-type']).toBe('application/pdf')
    expect((await first.body()).equals(await second.body())).toBe(true)
    const number = /VD-\d{4}-\d{6}/.exec((await page.locator('.paper').textContent())!)![0]
    await page.goto('/certificates')
    const newest = page.locator('main tbody tr').first()
    await expect(newest).toContainText(t.certificates.validity.valid)
    await expect(newest.getByRole('link', { name: number })).toHaveAttribute('href', file)
    expect(await isWide(page)).toBe(false)
  }
})

/** As large as a phone makes them: more than a form of words may hold. */
async function photograph(): Promise<Buffer> {
  const raw = { width: 700, height: 700, channels: 3 } as const
  const picture = await sharp(randomBytes(700 * 700 * 3), { raw })
    .jpeg({ quality: 95 })
    .toBuffer()
  expect(picture.length).toBeGreaterThan(500_000)
  return picture
}

test('with another father’s name staff see what differs, ask, are answered with a paper, and issue it @deep', async ({
  browser,
  page,
  portal,
}) => {
  const { code, form } = await holder(page, portal)
  const path = await apply(page, form, 'Petrit')
  await expect(page.locator('main [role=status]')).toContainText(en.done.sent)
  expect((await page.request.get(`${path}/pdf`)).status()).toBe(404)

  const staff = await asStaff(browser, portal, 'operator')
  await staff.goto('/staff/certificates')
  await staff.locator(`main a[href$="/staff/certificates/${path.split('/').at(-1)}"]`).click()
  const compared = staff.locator('section[aria-labelledby=compared] tbody tr')
  await expect(compared.filter({ hasText: 'Petrit' })).toContainText(cases.compare.differs)
  await expect(compared.filter({ hasText: cases.compare.agrees })).toHaveCount(2)
  // What is masked is not in the page until it is asked for.
  expect(await staff.content()).not.toContain('Agim')
  const details = staff.locator('section[aria-labelledby=details]')
  await expect(details).toContainText(/\d,\d\d\s€ të papaguara/)
  await axe(staff)
  // What cannot be made good is not what Enter presses.
  const first = staff.locator('form:has([name=note]) button[type=submit]').first()
  await expect(first).toHaveAttribute('value', 'take')
  await staff.locator('[name=note]').fill('Na dërgoni një certifikatë.')
  await press(staff, 'ask')
  await expect(staff).toHaveURL(/done=ask/)

  await page.goto(path)
  await expect(page.locator('main')).toContainText('Na dërgoni një certifikatë.')
  await page
    .locator('[name=documents]')
    .setInputFiles({ name: 'certifikata.jpg', mimeType: 'image/jpeg', buffer: await photograph() })
  await page.locator('form:has([name=documents]) button[type=submit]').last().click()
  await expect(page).toHaveURL(/done=answered$/)

  await staff.reload()
  await expect(staff.locator('main')).toContainText('certifikata.jpg')
  await press(staff, 'accept')
  await expect(staff).toHaveURL(/\/staff\/certificates\?done=/)
  await staff.goto(`/staff${path}`)
  await expect(details).toContainText(certificates.validity.valid)
  const check = details.locator('a[href^="/verify/"]')
  await expect(check).toHaveText(/^VD-\d{4}-\d{6}$/)
  await staff.close()

  await page.goto(path)
  // It names whom the record has.
  await expect(page.locator('.paper')).toContainText('Agim')
  await expect(page.locator('.paper')).not.toContainText('Petrit')
  await expect(page.locator('.paper')).toContainText(code)
  expect((await page.request.get(`${path}/pdf`)).status()).toBe(200)
})

test('a refusal says why, and what a supervisor withdraws counts no more @deep', async ({
  browser,
  page,
  portal,
}) => {
  const { form } = await holder(page, portal)
  const refused = await apply(page, form, 'Petrit')
  const staff = await asStaff(browser, portal, 'supervisor')
  await staff.goto(`/staff${refused}`)
  await press(staff, 'reject')
  await expect(staff.locator('#note-error')).toBeVisible()
  await staff.locator('[name=note]').fill('Emri i atit është tjetër.')
  await press(staff, 'reject')
  await expect(staff).toHaveURL(/\/staff\/certificates\?done=/)
  await page.goto(refused)
  await expect(page.locator('main .lead').first()).toContainText('KESCO')
  await expect(page.locator('main')).toContainText('Emri i atit është tjetër.')

  const issued = await apply(page, form, 'Agim')
  await expect(page.locator('main')).toContainText(en.stands.issuedOwing)
  await staff.goto(`/staff${issued}`)
  await staff.locator('[name=note]').fill('Pagesa ishte e dikujt tjetër.')
  await press(staff, 'revoke')
  await expect(staff).toHaveURL(/done=revoke/)
  await staff.close()
  await page.goto(issued)
  await expect(page.locator('main')).toContainText(en.stands.revoked)
  await expect(page.locator('.timeline')).toContainText('Pagesa ishte e dikujt tjetër.')
  await page.goto('/certificates')
  await expect(page.locator('main tbody tr').first()).toContainText(en.validity.revoked)
})

test('who owes something pays first, comes back to what was typed, and is certified to owe nothing @deep', async ({
  page,
  portal,
}) => {
  const { code, form } = await holder(page, portal)
  await page.goto(form)
  await page.locator('[name=fatherName]').fill('Agim')
  await press(page, 'pay')
  await expect(page).toHaveURL(new RegExp(`/contracts/kesco/${code}/pay`))
  await press(page, 'pay')
  await page.locator('[name=cardNumber]').fill('4000000000000002')
  await press(page, 'pay')
  await expect(page).toHaveURL(/\/payments\/[\w-]+$/)

  await page.goto('/certificates')
  await page.locator(`main a[href*="${code}"]`).click()
  await expect(page.locator('[name=fatherName]')).toHaveValue('Agim')
  await expect(page.locator('main button[value=pay]')).toHaveCount(0)
  await press(page, 'apply')
  await expect(page.locator('.paper')).toContainText('has no unpaid obligation')
  await page.goto('/certificates')
  await expect(page.locator('main .note')).toHaveCount(0)
})

for (const kind of ['private', 'public_procurement'] as const) {
  test(`of a business, ${kind}: issued at once, or decided by staff, one way and the other @deep`, async ({
    browser,
    page,
    portal,
  }) => {
    const { one, code } = await customerOf(portal, true)
    const [name, nui] = [`Ndërtimi ${code} sh.p.k.`, code.replace('DPR-', '81').padEnd(9, '0')]
    await rows(
      portal.databaseUrl,
      `with c as (update contracts set business_name = $2, business_number = $3, holder_first_name = null, holder_last_name = null,
         holder_personal_number = null, holder_name_folded = null, category = 'business' where code = $1 returning biller_id)
       insert into account_businesses (account_id, biller_id, number, confirmed_at) select $4, biller_id, $3, now() from c`,
      [code, name, nui, one.id],
    )
    await signIn(page, one.username)
    const apply = async (language: 'en' | 'sq' | 'sr', businessName: string) => {
      await page.goto(`/language/${language}?to=/certificates/new`)
      await page.locator(`[name=kind][value=${kind}]`).check()
      await page.locator('button[name=step]').click()
      await expect(page).toHaveURL(new RegExp(`kind=${kind}`))
      await expect(page.locator('[name=nipt]')).toHaveValue(nui)
      await page.locator('[name=businessName]').fill(businessName)
      await page.locator('[name=legalRepresentative]').fill('Hysni Marku')
      await press(page, 'apply')
      await expect(page).toHaveURL(/done=sent$/)
      return pathOf(page)
    }
    for (const language of LANGUAGES) {
      await apply(language, name.toUpperCase())
      await expect(page.locator('.paper')).toContainText(name)
      await expect(page.locator('.paper')).toContainText('Hysni Marku')
    }
    const staff = await asStaff(browser, portal, 'operator')
    for (const move of ['accept', 'reject'] as const) {
      const path = await apply('en', 'Somebody else')
      expect((await page.request.get(`${path}/pdf`)).status()).toBe(404)
      await staff.goto(`/staff${path}`)
      await expect(staff.locator('main')).toContainText('Somebody else')
      await staff.locator('[name=note]').fill('Shihni regjistrin.')
      await press(staff, move)
      await expect(staff).toHaveURL(/\/staff\/certificates\?done=/)
      await page.goto(path)
      const word = move === 'accept' ? en.validity.valid : en.states.rejected
      await expect(page.locator('main .chip').first()).toHaveText(word)
    }
    await staff.close()
  })
}

test('what is another’s is neither shown nor applied for', async ({ page, portal }) => {
  const [{ id }] = (await rows<{ id: string }>(
    portal.databaseUrl,
    `select case_id as id from certificates c join accounts a on a.id = c.account_id where username = 'mirela' limit 1`,
  )) as [{ id: string }]
  await holder(page, portal)
  for (const path of [
    `/certificates/${id}`,
    `/certificates/${id}/pdf`,
    '/certificates/new?kind=household&contract=oshee/TR0.A0000000000004',
  ]) {
    expect((await page.goto(path))!.status(), path).toBe(404)
  }
})

// A registration disputed and a business added, from the form to staff's decision.
import type { Page } from 'playwright/test'
import sharp from 'sharp'
import { heic, jpeg, pdf, png, program } from '../support/files.ts'
import {
  expect,
  type Registration,
  register,
  rows,
  sendRegistration,
  signInStaff,
  submit,
  test,
} from '../support/portal.ts'

/** Whoever registered first with details that are not theirs, and the person whose details they are. */
const first: Registration = {
  biller: 'kesco',
  contractCode: 'DPZ-10442',
  firstName: 'Rrahim',
  lastName: 'Uka',
  personalNumber: '9100000017',
  username: 'rrahim',
  email: 'rrahim@example.com',
  phone: '+38344710001',
  password: 'Kumbulla-99',
}
const person: Registration = {
  ...first,
  firstName: 'Valdete',
  lastName: 'Uka',
  username: 'valdete',
  email: 'valdete@example.com',
  phone: '+38344710002',
}

const scan = { name: 'letërnjoftimi im.png', mimeType: 'image/png', buffer: png }

async function fillDispute(page: Page): Promise<void> {
  await page.locator('[name=biller]').selectOption(person.biller)
  for (const name of ['contractCode', 'firstName', 'lastName', 'personalNumber', 'phone', 'email'] as const) {
    await page.locator(`[name=${name}]`).fill(person[name])
  }
  await page.locator('[name=note]').fill('Nuk jam regjistruar kurrë.')
}

test.describe.configure({ mode: 'serial' })

test('the conflict names nobody, and its ways out lead on; the dispute opens with what was typed', async ({
  page,
}) => {
  await register(page, first)
  await page.context().clearCookies()
  await sendRegistration(page, person)
  const alert = page.locator('main [role=alert]')
  await expect(alert).toContainText('Dikush është regjistruar tashmë')
  expect(await alert.textContent()).not.toContain('Rrahim')
  for (const href of ['/sign-in', '/forgot-password']) {
    await expect(alert.locator(`a[href="${href}"]`)).toBeVisible()
  }
  // Enter sends the form, not its way out.
  await page.locator('[name=password]').fill(person.password)
  await page.locator('[name=passwordConfirm]').fill(person.password)
  await page.locator('[name=username]').press('Enter')
  await expect(alert).toContainText('Dikush është regjistruar tashmë')
  await expect(page).toHaveURL(/\/register$/)
  await alert.getByRole('button', { name: /Kundërshto/ }).click()
  await expect(page).toHaveURL(/\/register\/dispute\?draft=[\w-]+$/)
  await expect(page.locator('main [role=alert]')).toHaveCount(0)
  for (const name of ['biller', 'contractCode', 'firstName', 'lastName', 'phone', 'email'] as const) {
    await expect(page.locator(`[name=${name}]`)).toHaveValue(person[name])
  }
  await expect(page.locator('[name=personalNumber]')).toHaveValue(person.personalNumber)
})

test('a refused file leaves what was typed, and says why', async ({ page }) => {
  await page.goto('/register/dispute')
  await fillDispute(page)
  await submit(page, '[name=documents]')
  await expect(page.locator('#documents-error')).toHaveText('Bashkëngjitni dokumentin.')
  for (const [name, buffer] of [
    ['program.pdf', program],
    ['bosh.pdf', Buffer.alloc(0)],
  ] as const) {
    await page.locator('[name=documents]').setInputFiles({ name, mimeType: 'application/pdf', buffer })
    await submit(page, '[name=documents]')
    await expect(page.locator('#documents-error')).toContainText(
      buffer.length ? '„program.pdf” nuk është PDF, JPEG ose PNG' : '„bosh.pdf” është bosh',
    )
  }
  await expect(page.locator('[name=personalNumber]')).toHaveValue(person.personalNumber)
  await expect(page.locator('[name=note]')).toHaveValue('Nuk jam regjistruar kurrë.')

  const large = Buffer.concat([pdf, Buffer.alloc(6_000_000)])
  await page
    .locator('[name=documents]')
    .setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: large })
  await submit(page, '[name=documents]')
  await expect(page.locator('#documents-error')).toContainText('„a.pdf” është më i madh se 5 MB')
  await expect(page.locator('[name=personalNumber]')).toHaveValue(person.personalNumber)
})

test('the good files stay while the others and the fields are corrected', async ({ page }) => {
  await page.goto('/register/dispute')
  await fillDispute(page)
  await page.locator('[name=email]').fill('valdete')
  await page
    .locator('[name=documents]')
    .setInputFiles([
      { name: 'IMG_0001.HEIC', mimeType: 'image/heic', buffer: heic },
      { name: 'leternjoftimi.bat', mimeType: 'image/jpeg', buffer: jpeg },
      scan,
    ])
  await submit(page, '[name=documents]')
  const alert = page.locator('main [role=alert]')
  await expect(alert).toContainText('Dokumenti i identitetit: „IMG_0001.HEIC” është foto në formatin HEIC')
  await expect(page.locator('#email-error')).toBeVisible()
  await expect(page.locator('#documents-error li')).toHaveCount(1)
  const kept = page.getByRole('group', { name: 'Skedarët e ruajtur: 2' })
  await expect(kept.getByRole('checkbox', { name: 'leternjoftimi.jpg' })).toBeChecked()
  await kept.getByRole('checkbox', { name: scan.name }).uncheck()
  await expect(page.locator('[name=personalNumber]')).toHaveValue(person.personalNumber)

  // Another field is still wrong, and no file is chosen again.
  await page.locator('[name=email]').fill(person.email)
  await page.locator('[name=contractCode]').fill('DPZ-99999999')
  await submit(page, '[name=documents]')
  await expect(page.locator('#contractCode-error')).toBeVisible()
  await expect(page.locator('#documents-error')).toHaveCount(0)
  await expect(page.locator('[name=keptDocuments]')).toHaveCount(1)
  await expect(page.getByRole('checkbox', { name: 'leternjoftimi.jpg' })).toBeChecked()
})

test('all that is wrong with a form is told at once', async ({ page }) => {
  await page.goto('/register/dispute')
  await page.locator('[name=biller]').selectOption('kesco')
  await page.locator('[name=contractCode]').fill('x')
  await page.locator('[name=personalNumber]').fill('1234567890')
  await page.locator('[name=phone]').fill('12')
  await page.locator('[name=email]').fill('valdete')
  await submit(page, '[name=documents]')
  const errors = page.locator('main [role=alert] a')
  await expect(errors).toHaveCount(7)
  expect(await errors.evaluateAll(links => links.map(link => link.getAttribute('href')))).toEqual(
    ['contractCode', 'firstName', 'lastName', 'personalNumber', 'phone', 'email', 'documents'].map(
      name => `#${name}`,
    ),
  )
  await expect(page.locator('[name=confirmPersonalNumber]')).toBeVisible()
})

test('more than the form can take is refused in words, and early elsewhere @once', async ({
  page,
  request,
}) => {
  const body = Buffer.alloc(27_000_000)
  const headers = { 'Content-Type': 'multipart/form-data; boundary=x' }
  const refused = await request.post('/register/dispute', { data: body, headers, maxRedirects: 0 })
  expect([refused.status(), refused.headers().location]).toEqual([303, '/register/dispute?tooLarge'])
  await page.goto('/register/dispute?tooLarge')
  await expect(page.locator('#documents-error')).toContainText('shumë të mëdhenj')
  const elsewhere = await request.post('/sign-in', { data: body, headers, maxRedirects: 0 })
  expect(elsewhere.status()).toBe(413)
})

test('a dispute is sent, an agent takes it, a supervisor grants it, the person registers', async ({
  page,
  portal,
}) => {
  // Only a verified address is told that its account is closed.
  await rows(portal.databaseUrl, 'update accounts set email_verified_at = now() where email = $1', [
    first.email,
  ])
  await page.goto('/register/dispute')
  await fillDispute(page)
  // A wrong field first: what is sent in the end is the file that was kept.
  await page.locator('[name=phone]').fill('12')
  await page.locator('[name=documents]').setInputFiles(scan)
  await submit(page, '[name=documents]')
  await expect(page.locator('#phone-error')).toBeVisible()
  await page.locator('[name=phone]').fill(person.phone)
  await submit(page, '[name=documents]')
  await expect(page).toHaveURL(/\/register\/dispute\?sent/)
  await expect(page.locator('main')).toContainText('Kërkesa juaj u dërgua')
  const [filed] = await rows<{ id: string }>(portal.databaseUrl, 'select id from cases where email = $1', [
    person.email,
  ])
  const number = filed!.id.slice(0, 8).toUpperCase()
  await expect(page.locator('main .code')).toHaveText(number)

  await signInStaff(page, 'operator')
  await page.goto('/staff/registrations')
  await expect(page.getByRole('row').filter({ hasText: 'Valdete Uka' })).toContainText(number)
  await page.getByRole('link', { name: 'Valdete Uka' }).click()
  await expect(page.locator('main')).toContainText(`Numri i kërkesës ${number}`)
  // Who is registered is for the supervisor alone.
  await expect(page.locator('main')).not.toContainText('Rrahim')
  await expect(page.locator('button[value=accept]')).toHaveCount(0)
  await page.locator('button[value=take]').click()
  await expect(page.locator('main')).toContainText('në shqyrtim')

  // There is no virus scanner here, and staff are told so.
  await expect(page.locator('main')).toContainText(/PNG · 1\skB · i pakontrolluar për viruse/)
  const link = page.getByRole('link', { name: scan.name })
  const response = await page.request.get((await link.getAttribute('href'))!)
  expect(response.status()).toBe(200)
  expect(await sharp(await response.body()).metadata()).toMatchObject({ format: 'png', width: 1, height: 1 })
  const headers = response.headers()
  expect(headers['content-type']).toBe('image/png')
  expect(headers['content-disposition']).toMatch(
    /^attachment; .*filename\*=UTF-8''let%C3%ABrnjoftimi%20im\.png$/,
  )
  expect(headers['content-security-policy']).toContain('sandbox')
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['cache-control']).toBe('private, no-store')
  const [dispute] = page.url().split('?') as [string]
  // Where it was before disputes were cases.
  const before = dispute.replace('/registrations/', '/registrations/disputes/')
  const moved = await page.request.get(before, { maxRedirects: 0 })
  expect([moved.status(), moved.headers().location]).toEqual([308, new URL(dispute).pathname])
  await page.context().clearCookies()

  await signInStaff(page, 'supervisor')
  await page.goto(dispute)
  const chosen = page.getByRole('checkbox', {
    name: /^Rrahim Uka, registracija od .* isti podaci: lični broj/,
  })
  await expect(chosen).not.toBeChecked()
  await chosen.check()
  await page.locator('button[value=reject]').click()
  await expect(page.locator('#note-error')).toBeVisible()
  await expect(chosen).toBeChecked()
  await page.locator('button[value=accept]').click()
  // It says once more whom it closes, and asks.
  await expect(page.locator('main [role=alert]')).toContainText('Trajno zatvarate nalog')
  await page.getByRole('checkbox', { name: /^Trajno zatvaram nalog: Rrahim Uka/ }).check()
  const late = await page.context().newPage()
  await late.goto(dispute)
  await page.locator('button[value=accept]').click()
  await expect(page).toHaveURL(/\/staff\/registrations\?done/)
  await expect(page.locator('main [role=status]')).toContainText('Osporavanje je prihvaćeno')
  // Whoever decides at the same moment is told that it was too late.
  await late.locator('[name=note]').fill('x')
  await late.locator('button[value=reject]').click()
  await expect(
    late
      .locator('main')
      .getByText(/u međuvremenu|Nema više o čemu/)
      .first(),
  ).toBeVisible()
  await late.close()
  await page.context().clearCookies()

  const html = await (await page.request.get('/outbox')).text()
  expect(html).toContain(person.email)
  expect(html).toContain(first.email)
  expect(html).toContain('Drita: llogaria juaj u mbyll.')
  await register(page, person)
  const open = await rows<{ username: string }>(
    portal.databaseUrl,
    'select username from accounts where personal_number = $1',
    [person.personalNumber],
  )
  expect(open).toEqual([{ username: person.username }])
})

test('a form sent twice at once files one dispute, with files kept or just chosen @once', async ({
  browser,
  portal,
}) => {
  const context = await browser.newContext({ baseURL: portal.url, javaScriptEnabled: false })
  const page = await context.newPage()
  for (const kept of [true, false]) {
    const email = `twice-${kept}@example.com`
    await page.goto('/register/dispute')
    if (kept) {
      await page.locator('[name=documents]').setInputFiles(scan)
      await submit(page, '[name=documents]')
      await expect(page.locator('[name=keptDocuments]')).toHaveCount(1)
    }
    await fillDispute(page)
    await page.locator('[name=email]').fill(email)
    const fields = await page
      .locator('form:has([name=documents])')
      .evaluate(form => [...new FormData(form as HTMLFormElement)])
    const multipart = {
      ...Object.fromEntries(fields.filter(([, value]) => typeof value === 'string') as [string, string][]),
      ...(!kept && { documents: scan }),
    }
    const send = () => page.request.post('/register/dispute', { multipart, maxRedirects: 0 })
    const answers = [...(await Promise.all([send(), send()])), await send()]
    const filed = await rows<{ id: string }>(portal.databaseUrl, 'select id from cases where email = $1', [
      email,
    ])
    expect(filed).toHaveLength(1)
    const number = filed[0]!.id.slice(0, 8).toUpperCase()
    expect(answers.map(answer => [answer.status(), answer.headers().location])).toEqual(
      Array(3).fill([303, `/register/dispute?sent=${number}`]),
    )
  }
  await context.close()
})

test('a business is added, confirmed by staff, and removed', async ({ page }) => {
  const signInValdete = async () => {
    await page.goto('/sign-in')
    await page.locator('[name=identifier]').fill(person.username)
    await page.locator('[name=password]').fill(person.password)
    await submit(page, '[name=password]')
    await expect(page).toHaveURL(/\/contracts$/)
  }
  await signInValdete()
  await page.goto('/account')
  await page.getByRole('link', { name: 'Bizneset tuaja' }).click()
  await page.locator('[name=biller]').selectOption('oshee')
  await page.locator('[name=nipt]').fill('J91402501X')
  await page.locator('[name=businessName]').fill('Drita e Re Sh.p.k.')
  await page.locator('[name=legalRepresentative]').fill('Valdete Uka')
  const extract = { name: 'ekstrakti.pdf', mimeType: 'application/pdf', buffer: pdf }
  await page.locator('[name=documents]').setInputFiles(extract)
  await submit(page, '[name=documents]')
  await expect(page.locator('#nipt-error')).toBeVisible()
  await expect(page.locator('[name=confirmNipt]')).toBeVisible()
  await expect(page.getByRole('checkbox', { name: extract.name })).toBeChecked()
  await expect(page.locator('[name=biller]')).toHaveValue('oshee')
  await page.locator('[name=nipt]').fill('J91402501L')
  await submit(page, '[name=documents]')
  await expect(page).toHaveURL(/done=added/)
  await expect(page.locator('main')).toContainText('në pritje')
  const success = page.locator('main [role=status]')
  await expect(success).toBeVisible()
  // What is said of the form before does not stand above the errors of this one.
  await submit(page, '[name=documents]')
  await expect(page.locator('main [role=alert]')).toBeVisible()
  await expect(success).toBeHidden()
  const document = (await page.getByRole('link', { name: 'ekstrakti.pdf' }).getAttribute('href'))!
  expect(await (await page.request.get(document)).body()).toEqual(pdf)
  await page.context().clearCookies()

  await signInStaff(page, 'operator')
  await page.goto('/staff/registrations')
  await page.getByRole('link', { name: 'Drita e Re Sh.p.k.' }).click()
  expect((await page.request.get(document)).status()).toBe(200)
  await page.locator('button[value=accept]').click()
  await expect(page).toHaveURL(/\/staff\/registrations\?done/)
  await page.context().clearCookies()

  await signInValdete()
  await page.goto('/account/business')
  await expect(page.locator('main')).toContainText('i konfirmuar')
  await page.getByRole('button', { name: /Hiqe biznesin/ }).click()
  await expect(page).toHaveURL(/done=removed/)
  expect((await page.request.get(document)).status()).toBe(404)
})

// A debt certificate checked by whoever was given it: by its code, by its file, by the address that its QR code holds.
import type { Page } from 'playwright/test'
import { groupedCode } from '../../lib/certificates/schema.ts'
import { Customer, formOf } from '../support/customer.ts'
import { pdf, png } from '../support/files.ts'
import { ADDRESS, addCertificate, NAMED, sealedLike } from '../support/issued-certificates.ts'
import { expect, rows, signIn, submit, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'

const NOBODYS = '0'.repeat(16)
const DEBT = { principal: 247_281, tvTax: 10_000, interest: 1234 }

async function add(
  { databaseUrl }: Portal,
  of: Partial<Parameters<typeof addCertificate>[1]> = {},
  debt = {},
) {
  const [contract] = await rows<{ id: number; code: string }>(
    databaseUrl,
    `select id::int, code from contracts where code = 'TR0.A0000000000004'`,
  )
  const contracts = [{ ...contract!, ...debt }]
  return addCertificate((text, values) => rows(databaseUrl, text, values), { contracts, ...of })
}

const set = ({ databaseUrl }: Portal, code: string, what: string) =>
  rows(databaseUrl, `update certificates set ${what} where code = $1`, [code])

const heading = (page: Page) => page.locator('h1')
const alert = (page: Page) => page.locator('main [role=alert]')
const check = async (page: Page, typed: { code?: string; file?: Buffer }) => {
  if (typed.code !== undefined) await page.locator('[name=code]').fill(typed.code)
  if (typed.file) {
    const file = { name: 'vertetim.pdf', mimeType: 'application/pdf', buffer: typed.file }
    await page.locator('[name=document]').setInputFiles(file)
  }
  await submit(page, '[name=code]')
}

test('a code typed from paper leads to what its certificate says, and to nobody’s name', async ({
  page,
  portal,
}) => {
  const code = await add(portal, { asOf: new Date('2026-11-24T08:44:00Z') }, DEBT)
  await page.goto('/')
  await page.locator('footer a[href="/verify"]').click()
  await check(page, { code: groupedCode(code).toLowerCase() })
  await page.waitForURL(`/verify/${code}`)
  await expect(heading(page)).toHaveText('Ky kod është i vërtetë dhe i vlefshëm')
  const main = page.locator('main')
  for (const text of [
    'M. A. D.-K.',
    'OSHEE',
    'TR0.A0000000000004',
    '24.11.2026, 09:44',
    '2 585,15',
    '2 472,81',
    '12,34',
    'nuk është kontrolluar',
  ])
    await expect(main).toContainText(text)
  const html = await page.content()
  for (const word of [...Object.values(NAMED), ADDRESS, 'mirela']) expect(html).not.toContain(word)
  await page.getByRole('link', { name: 'Kontrolloni një tjetër' }).click()
  await expect(page.locator('[name=code]')).toHaveValue('')
})

test('what is typed wrong is said beside the field, and stays', async ({ page }) => {
  await page.goto('/verify')
  await check(page, { code: groupedCode(NOBODYS) })
  await expect(alert(page)).toContainText('Asnjë vërtetim')
  await expect(page.locator('#code-error')).toBeVisible()
  await expect(page.locator('[name=code]')).toHaveValue(groupedCode(NOBODYS))
  await check(page, { code: '' })
  await expect(page.locator('#code-error')).toHaveText('Shkruani kodin ose zgjidhni PDF-në.')
})

test('a file is this very certificate to its last byte, or the form says why not', async ({
  page,
  portal,
}) => {
  const file = sealedLike(`a certificate of ${Math.random()}`)
  const code = await add(portal, { file })
  await page.goto('/verify')
  await check(page, { file })
  await page.waitForURL(new RegExp(`/verify/${code}\\?file=`))
  await expect(page.locator('main')).toContainText('nuk është ndryshuar')
  await expect(page.locator('main')).toContainText('i pandryshuar')

  // Of the same name and size, by the same page.
  await page.goBack()
  const changed = Buffer.from(file)
  changed[12]! ^= 1
  const wrong: [Buffer, string][] = [
    [changed, 'është ndryshuar pasi u vulos'],
    [Buffer.concat([file, file]), 'i është shtuar diçka'],
    [pdf, 'nuk ka vulë'],
    [png, 'nuk është PDF'],
  ]
  for (const [bytes, why] of wrong) {
    await check(page, { file: bytes })
    await expect(page.locator('#document-error')).toContainText(why)
    expect(new URL(page.url()).pathname).toBe('/verify')
  }
  await check(page, { code, file })
  await expect(page.locator('#code-error')).toContainText('një nga një')
  const stored = await rows(portal.databaseUrl, `select 1 from documents where name = 'vertetim.pdf'`)
  expect(stored).toEqual([])
})

test('a file too large says so before it is sent, or without a script once it has been', async ({ page }) => {
  await page.goto('/verify')
  await check(page, { file: Buffer.alloc(6_000_000) })
  await expect(alert(page)).toContainText('më i madh se 5 MB')
})

test('the same form with another file of the same name and size is another form @once', async ({
  portal,
}) => {
  const file = sealedLike(`a certificate of ${Math.random()}`)
  const code = await add(portal, { file })
  const customer = new Customer(portal.url)
  const form = formOf(await customer.get('/verify'), 'code')
  const send = (bytes: Buffer) =>
    customer.send(form, { document: [new File([new Uint8Array(bytes)], 'vertetim.pdf')] })
  const changed = Buffer.from(file)
  changed[12]! ^= 1
  const paths = [file, changed, file].map(send)
  const [first, other, again] = await Promise.all(paths)
  expect(first!.path).toContain(`/verify/${code}?file=`)
  expect([other!.path, other!.html.includes('role="alert"')]).toEqual(['/verify', true])
  expect(again!.path).toBe(first!.path)
})

test('by the address of a QR code, also in small letters: valid, expired, replaced, withdrawn', async ({
  page,
  portal,
}) => {
  const code = await add(portal)
  const open = async (title: string) => {
    const typed = groupedCode(code).toLowerCase().replaceAll('0', 'o').replace('-', ' ')
    const answer = await page.goto(`/verify/${typed}`)
    expect(answer!.status()).toBe(200)
    expect(answer!.headers()).toMatchObject({
      'cache-control': expect.stringContaining('no-store'),
      'referrer-policy': 'no-referrer',
      'x-robots-tag': expect.stringContaining('noindex'),
    })
    await expect(heading(page)).toHaveText(title)
  }
  await open('Ky kod është i vërtetë dhe i vlefshëm')
  await expect(page.locator('main')).toContainText('nuk ka asnjë detyrim të papaguar')
  await signIn(page, 'milan')
  await page.goto('/language/sq?to=/help')
  await open('Ky kod është i vërtetë dhe i vlefshëm')
  await set(portal, code, 'last_invoice_id = 0')
  await open('I vërtetë, por nuk vlen më')
  await set(portal, code, `superseded_at = '2026-11-25T12:00Z'`)
  await open('I vërtetë, por i zëvendësuar')
  await expect(page.locator('main')).toContainText('25 nëntor 2026')
  await set(portal, code, `revoked_at = '2026-11-26T12:00Z'`)
  await open('I shfuqizuar')
  await expect(page.locator('main')).toContainText('OSHEE e shfuqizoi më 26 nëntor 2026')
})

test('a code that none has is not found, in words, and where to type it again', async ({ page }) => {
  for (const code of [NOBODYS, 'VD-2026-000184', '%C3%AB']) {
    const answer = await page.goto(`/verify/${code}`)
    expect(answer!.status(), code).toBe(404)
    await expect(heading(page)).toContainText('Këtu nuk është lëshuar')
    await page.locator('main a[href="/verify"]').click()
    await expect(page.locator('[name=code]')).toBeVisible()
  }
})

test('guessing ends: the form and the address say how long to wait, and nobody writes codes down @once', async ({
  page,
  portal,
}) => {
  const code = await add(portal)
  const guess = (one: string) => page.request.get(`/verify/${one}`, { headers: { accept: 'text/html' } })
  for (let n = 0; n < 30; n += 1) {
    expect((await guess(code)).status()).toBe(200)
    expect((await guess(NOBODYS)).status()).toBe(404)
  }
  const refused = await guess(NOBODYS)
  expect(refused.status()).toBe(429)
  expect(Number(refused.headers()['retry-after'])).toBeGreaterThan(3500)
  expect(await refused.text()).toContain('Provoni përsëri')
  await page.goto('/verify')
  await check(page, { code: NOBODYS })
  await expect(alert(page)).toContainText('Provoni përsëri')
  // Nobody behind the same address is kept from a right one.
  expect((await guess(code)).status()).toBe(200)
  expect(portal.output()).not.toMatch(new RegExp(`${code}|${NOBODYS}`))
  const events = await rows(portal.databaseUrl, 'select * from audit_events')
  expect(JSON.stringify(events)).not.toMatch(new RegExp(`${code}|${NOBODYS}`))
})

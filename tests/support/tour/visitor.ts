// The pages before signing in: the front door, registering, a forgotten password, Help.

import { heic, pdf, png } from '../files.ts'
import { contract } from '../form-people.ts'
import { addCertificate } from '../issued-certificates.ts'
import { arben, latestCode, PASSWORD, sendRegistration, submit } from '../portal.ts'
import { rows } from '../portal-process.ts'
import { leave, refused, sentLink, type Tour, visit } from './stops.ts'

/** Ends as a customer who has just registered. */
export async function registering(tour: Tour): Promise<void> {
  const { page, stop } = tour
  await visit(tour, '/', 'welcome')
  await visit(tour, '/register', 'register')
  await refused(tour, '[name=acceptTerms]', 'register-errors')
  await sendRegistration(page, arben)
  await page.waitForURL(/verify/)
  await stop('verify')
  await page.locator('[name=code]').fill('12')
  await refused(tour, '[name=code]', 'verify-errors')
  await page.locator('[name=code]').fill(await latestCode(page, arben.phone))
  await submit(page, '[name=code]')
  await page.waitForURL(/contracts/)
  await stop('contracts-registered')
}

/** Someone whose details are taken. */
export async function disputing(tour: Tour): Promise<void> {
  const { page, stop } = tour
  await sendRegistration(page, { ...arben, username: 'arben2', email: 'arben2@example.com' })
  await page.locator('main [role=alert]').waitFor()
  await stop('register-conflict')
  await page.locator('[formaction="/register/dispute/begin"]').click()
  await page.waitForURL(/\/register\/dispute\?draft=/)
  await stop('dispute')
  await page.locator('[name=biller]').selectOption(arben.biller)
  for (const name of ['contractCode', 'firstName', 'lastName', 'personalNumber', 'email', 'phone'] as const) {
    await page.locator(`[name=${name}]`).fill(arben[name])
  }
  await page.locator('[name=note]').fill('Nuk jam regjistruar kurrë.')
  await refused(tour, '[name=documents]', 'dispute-errors')
  await page.locator('[name=documents]').setInputFiles([
    { name: 'IMG_0001.HEIC', mimeType: 'image/heic', buffer: heic },
    { name: 'letërnjoftimi.png', mimeType: 'image/png', buffer: png },
  ])
  await submit(page, '[name=documents]')
  await page.locator('[name=keptDocuments]').waitFor()
  await stop('dispute-file-kept')
  await page
    .locator('[name=documents]')
    .setInputFiles({ name: 'letërnjoftimi.pdf', mimeType: 'application/pdf', buffer: pdf })
  await submit(page, '[name=documents]')
  await page.waitForURL(/\?sent/)
  await stop('dispute-sent')
}

export async function signingIn(tour: Tour): Promise<void> {
  const { page } = tour
  await visit(tour, '/sign-in', 'sign-in')
  await page.locator('[name=identifier]').fill('mirela')
  await page.locator('[name=password]').fill('not-it-1A')
  await refused(tour, '[name=password]', 'sign-in-errors')
  for (const state of ['out', 'expired', 'reset', 'deleted']) {
    await visit(tour, `/sign-in?${state}`, `sign-in-${state}`)
  }
  await visit(tour, '/staff/sign-in', 'staff-sign-in')
  await visit(tour, '/staff/sign-in?failed=noRole', 'staff-sign-in-failed')
  await page.goto('/sign-in')
  await page.locator('[name=identifier]').fill('operator')
  await page.locator('[name=password]').fill(PASSWORD)
  await submit(page, '[name=password]')
  await page.waitForURL(/sign-in\/code/)
  await tour.stop('sign-in-code')
  await page.locator('[name=code]').fill('000000')
  await refused(tour, '[name=code]', 'sign-in-code-errors')
  await leave(tour)
}

export async function forgotten(tour: Tour): Promise<void> {
  const { page, stop } = tour
  await visit(tour, '/forgot-password', 'forgot-password')
  await refused(tour, '[name=identifier]', 'forgot-password-errors')
  await page.locator('[name=identifier]').fill('milan')
  await submit(page, '[name=identifier]')
  await page.waitForURL(/\?sent/)
  await stop('forgot-password-sent')
  await visit(tour, await sentLink(tour, /\/reset-password\/[\w-]+/), 'reset-password')
  await refused(tour, '[name=newPassword]', 'reset-password-errors')
  await visit(tour, '/reset-password/none', 'reset-password-gone')
  await visit(tour, '/account/contact/undo/none', 'contact-undo-gone')
}

/** Somebody who pays a bill without an account, whose first card is declined. */
export async function payingWithout(tour: Tour): Promise<void> {
  const { page, portal } = tour
  await visit(tour, '/pay', 'pay-without')
  await refused(tour, '[name=invoiceNumber]', 'pay-without-errors')
  const code = await contract(portal)
  await page.locator('[name=biller]').selectOption('kesco')
  await page.locator('[name=contractCode]').fill(code)
  await page.locator('[name=invoiceNumber]').fill(`${code}-1`)
  await submit(page, '[name=invoiceNumber]')
  await page.waitForURL(/\/pay\/[\w-]+$/)
  await tour.stop('pay-link')
  const link = new URL(page.url()).pathname
  const pay = async (card: string) => {
    await page.locator('main form button[type=submit]').click()
    await page.waitForURL(/sandbox-bank/)
    await page.locator('[name=cardNumber]').fill(card)
    await page.locator('button[value=pay]').click()
    await page.waitForURL(/\/pay\//)
  }
  await pay('4000000000000010')
  await tour.stop('pay-link-declined')
  await page.locator('main form button[type=submit]').click()
  await page.waitForURL(/sandbox-bank/)
  await visit(tour, link, 'pay-link-waiting')
  await page.locator('main form button[value=cancel]').click()
  await page.locator('.note[role=status]').waitFor()
  await pay('4000000000000002')
  await tour.stop('pay-link-paid')
  await visit(tour, `${link}/receipt`, 'pay-link-receipt')
  await visit(tour, `/pay/${'A'.repeat(22)}`, 'not-found-pay-link')
}

/** Somebody who was given a certificate; whoever it names is a customer of theirs. */
export async function checking(tour: Tour): Promise<void> {
  const { page, portal } = tour
  const { databaseUrl } = portal
  const query = <T>(text: string, values: unknown[]) => rows<T>(databaseUrl, text, values)
  const contracts = await query<{ id: number; code: string }>(
    `select id::int, code from contracts where biller_id = 1 order by code limit 2`,
    [],
  )
  const debts = [
    { principal: 247_281, tvTax: 10_000, interest: 1234 },
    { principal: 0, tvTax: 0, interest: 0 },
  ]
  const owing = contracts.map((one, index) => ({ ...one, ...debts[index] }))
  const nipt = 'J91402501L'
  const none = await addCertificate(query, { contracts: contracts.slice(0, 1) })
  const code = await addCertificate(query, { kind: 'private', nipt, contracts: owing, file: pdf })
  await visit(tour, '/verify', 'certificate-check')
  await refused(tour, '[name=code]', 'certificate-check-errors')
  await page
    .locator('[name=document]')
    .setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: pdf })
  await submit(page, '[name=code]')
  await page.waitForURL(/\/verify\/.+file=/)
  await tour.stop('certificate-checked-file')
  await visit(tour, `/verify/${none}`, 'certificate-checked')
  for (const [state, how] of Object.entries({
    expired: 'last_invoice_id = 0',
    superseded: 'superseded_at = now()',
    revoked: 'revoked_at = now()',
  })) {
    await query(`update certificates set ${how} where code = $1`, [code])
    await visit(tour, `/verify/${code}`, `certificate-${state}`)
  }
  await visit(tour, `/verify/${'0'.repeat(16)}`, 'not-found-certificate')
}

export async function reading(tour: Tour): Promise<void> {
  for (const page of ['help', 'terms', 'privacy', 'refunds', 'outbox']) await visit(tour, `/${page}`, page)
  await addOutages(tour)
  await visit(tour, '/no-power', 'no-power')
  await visit(tour, '/no-power?place=xyzzy', 'no-power-nothing-found')
  await visit(tour, '/no-power?biller=oshee&contractCode=1', 'no-power-errors')
  await visit(tour, '/estimator', 'estimator')
  await visit(
    tour,
    '/estimator?for=kesco/4/02&appliance=heater&watts=-1&use=0,123&count=1',
    'estimator-errors',
  )
  await visit(tour, '/help?q=kamata', 'help-search')
  await visit(tour, '/help?q=xyzzy', 'help-nothing-found')
  await visit(tour, '/not-a-page', 'not-found')
}

/** Of each kind and phase, where customers of the demonstration live. */
const addOutages = ({ portal }: Tour) =>
  rows(
    portal.databaseUrl,
    `insert into outages (biller_id, reference, kind, region, place, starts_at, ends_at, text_sq, cancelled_on) values
       (1, 'T-1', 'fault', 'Tirana', 'Kashar, zona industriale', now() - interval '1 hour', now() + interval '2 hours', 'këputje kablli', null),
       (1, 'T-2', 'planned', 'Tirana', 'Rruga Mine Peza dhe Rruga Fortuzi', now() + interval '40 hours', now() + interval '44 hours', null, null),
       (2, 'T-3', 'fault', 'Prizren', null, now() - interval '9 hours', now() - interval '6 hours', null, null),
       (2, 'T-4', 'planned', 'Pejë', null, now() + interval '3 days', now() + interval '5 days', null, current_date)`,
  )

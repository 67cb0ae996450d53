// The pages before signing in: the front door, registering, a forgotten password, Help.
import { heic, pdf, png } from '../files.ts'
import { arben, latestCode, PASSWORD, sendRegistration, submit } from '../portal.ts'
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

export async function reading(tour: Tour): Promise<void> {
  for (const page of ['help', 'terms', 'privacy', 'refunds', 'outbox']) await visit(tour, `/${page}`, page)
  await visit(tour, '/help?q=kamata', 'help-search')
  await visit(tour, '/help?q=xyzzy', 'help-nothing-found')
  await visit(tour, '/not-a-page', 'not-found')
}

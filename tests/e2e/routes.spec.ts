// Every route of app/: closed to the signed-out, and to everybody else's customers. A new route needs an entry here.
import type { APIRequestContext } from 'playwright/test'
import { address, idsOfMirela } from '../support/own-addresses.ts'
import { expect, PASSWORD, rows, signIn, submit, test } from '../support/portal.ts'
import { listRoutes } from '../support/routes.ts'

/** Open to everybody, on purpose. */
const PUBLIC = new Set([
  '/',
  '/register',
  '/register/verify',
  '/register/dispute',
  '/sign-in',
  '/sign-out',
  '/forgot-password',
  // Staff on the way to their company's directory and back; only its answer, in the browser that asked for it, opens anything.
  '/staff/sign-in',
  '/staff/sign-in/begin',
  '/staff/sign-in/leave',
  '/staff/sign-in/return/[directory]',
  '/staff/signed-out',
  // A directory's order to sign somebody out, which it signs.
  '/api/staff/logout',
  // Whoever holds the token from the message; without it these say that it is not valid.
  '/reset-password/[token]',
  '/account/contact/undo/[token]',
  '/account/contact/verify/[token]',
  '/missing',
  // Keeps what was typed, sealed, for whoever sent it.
  '/unsent',
  '/register/dispute/begin',
  '/help',
  // Without an account: whoever has the numbers of a bill, or the token of a link.
  '/pay',
  '/pay/[token]',
  '/pay/[token]/continue',
  '/pay/[token]/receipt',
  '/pay/[token]/receipt.pdf',
  // Back from the bank: whoever has the number of a payment by a link learns how it stands.
  '/pay/returned/[id]',
  '/no-power',
  // Appliances and prices; of whoever is signed in, their own contracts.
  '/estimator',
  '/verify',
  // Whoever holds the code from the certificate.
  '/verify/[code]',
  '/terms',
  '/privacy',
  '/refunds',
  '/language/[locale]',
  '/manifest/[locale]',
  '/outbox',
  '/outbox/[id]',
  '/sandbox-bank/[order]',
  '/sandbox-bank/start',
  '/sandbox-bank/api/status',
  '/sandbox-bank/api/refund',
  // Whoever has the token from the e-mail: without it there is nothing.
  '/unsubscribe/[token]',
  '/unsubscribe/[token]/answer',
  // The bank and the browser it sends back carry no session; neither learns anything from the answer.
  '/payments/return/[gateway]',
  '/api/payments/[gateway]/callback',
  // Delivery reports: Infobip's with the key in the address that it was given, the mail service's signed.
  '/api/messages/[channel]/report',
  // Only with a biller's token (feed-service.spec.ts).
  '/api/feed',
  '/api/feed/[run]',
  '/api/feed/payments',
  '/api/feed/readings',
])

const closed = listRoutes().filter(route => !PUBLIC.has(route.path))
const personal = closed.filter(route => route.path.includes('['))
const ofCustomers = personal.filter(
  route => !route.path.startsWith('/staff/') && route.methods.includes('GET'),
)

/** And back to where one wanted to go; the second step alone belongs to a sign-in. */
const TO_SIGN_IN = /( 30[37] (http:\/\/[^/]+)?\/sign-in\?to=%2F[\w%.-]+| \/sign-in\/code 307 \/sign-in)$/

async function answer(request: APIRequestContext, method: string, url: string, redirects = 0) {
  const response = await request.fetch(url, { method, maxRedirects: redirects })
  const headers = response.headers()
  return { status: response.status(), location: headers.location, headers }
}

test('every private route with parameters has an entry @once', () => {
  const ids = {
    biller: 'b',
    code: 'c',
    invoice: '1',
    payment: '2',
    business: '3',
    document: '4',
    request: '5',
    account: '6',
    certificate: '7',
    notice: '8',
    list: '9',
  }
  expect(personal.map(route => route.path).filter(path => address(path, ids)?.includes('[') ?? true)).toEqual(
    [],
  )
})

test('the signed-out are sent to sign in, whatever they ask for @once', async ({ request, portal }) => {
  const ids = await idsOfMirela(portal)
  for (const route of closed) {
    for (const method of route.methods) {
      const { status, location } = await answer(request, method, address(route.path, ids)!)
      expect(`${method} ${route.path} ${status} ${location}`).toMatch(TO_SIGN_IN)
    }
  }
})

test('a forged, expired or ended session opens nothing either @once', async ({ browser, portal }) => {
  const ids = await idsOfMirela(portal)
  for (const [what, spoil] of [
    ['forged', undefined],
    ['expired', `update sessions set expires_at = now() - interval '1 second'`],
    ['ended', 'update sessions set revoked_at = now()'],
  ] as const) {
    const context = await browser.newContext({ baseURL: portal.url, javaScriptEnabled: false })
    const page = await context.newPage()
    await signIn(page, 'mirela')
    if (spoil) {
      await rows(
        portal.databaseUrl,
        `${spoil} where account_id = (select id from accounts where username = 'mirela')`,
      )
    } else {
      const cookies = await context.cookies()
      const spoilt = (value: string) => `${value[0] === 'A' ? 'B' : 'A'}${value.slice(1)}`
      await context.addCookies(
        cookies.map(({ name, value, domain, path }) => ({ name, value: spoilt(value), domain, path })),
      )
    }
    for (const route of closed) {
      for (const method of route.methods) {
        const { status, location } = await answer(context.request, method, address(route.path, ids)!)
        expect(`${what}: ${method} ${route.path} ${status} ${location}`).toMatch(TO_SIGN_IN)
      }
    }
    await context.close()
  }
})

test('whose session ended while typing is told so, signs in and is back @once', async ({
  browser,
  portal,
}) => {
  const context = await browser.newContext({ baseURL: portal.url, javaScriptEnabled: false })
  const page = await context.newPage()
  await signIn(page, 'mirela')
  await page.goto('/account/contact')
  await rows(portal.databaseUrl, 'update sessions set revoked_at = now()')
  await page.locator('[name=phone]').fill('+355682111111')
  await submit(page, '[name=phone]')
  await expect(page).toHaveURL(/\/sign-in\?unsent&to=%2Faccount%2Fcontact%3Fdraft%3D[\w-]+$/)
  await expect(page.locator('main [role=status]')).toBeVisible()
  await page.locator('[name=identifier]').fill('mirela')
  await submit(page, '[name=password]')
  await expect(page.locator('main [role=alert]')).toBeVisible()
  await page.locator('[name=password]').fill(PASSWORD)
  await submit(page, '[name=password]')
  await expect(page).toHaveURL(/\/account\/contact\?draft=[\w-]+$/)
  await expect(page.locator('[name=phone]')).toHaveValue('+355682111111')
  // Signed in already, one is led on, but never to another site.
  await page.goto('/sign-in?to=/account/data')
  await expect(page).toHaveURL(/\/account\/data$/)
  await page.goto('/sign-in?to=//elsewhere.example/')
  await expect(page).toHaveURL(/\/contracts$/)
  await context.close()
})

test('what is another customer’s is not found; one’s own is @once', async ({ browser, portal }) => {
  const ids = await idsOfMirela(portal)
  for (const [username, expected] of [
    ['mirela', 200],
    ['milan', 404],
  ] as const) {
    const page = await browser.newPage({ baseURL: portal.url })
    await signIn(page, username)
    for (const route of ofCustomers) {
      const { status, headers } = await answer(page.request, 'GET', address(route.path, ids)!, 5)
      // Whatever it is, document or page: framed by nobody, kept by nobody, taken for nothing else.
      expect.soft(headers['content-security-policy'], route.path).toContain("frame-ancestors 'none'")
      expect.soft(headers['cache-control'], route.path).toContain('no-store')
      expect.soft(headers['x-content-type-options'], route.path).toBe('nosniff')
      expect.soft(`${username} ${route.path} ${status}`).toBe(`${username} ${route.path} ${expected}`)
    }
    // As people write it: the codes in another spelling.
    const spelled = `/contracts/${ids.biller.toUpperCase()}/${ids.code.toLowerCase().replace('.', '%20')}/pay`
    expect.soft((await answer(page.request, 'GET', spelled, 5)).status, spelled).toBe(expected)
    await page.close()
  }
})

test('customers find no page of the staff @once', async ({ page, portal }) => {
  const ids = await idsOfMirela(portal)
  await signIn(page, 'mirela')
  for (const route of closed.filter(one => /^\/staff(\/|$)/.test(one.path) && one.methods.includes('GET'))) {
    const { status } = await answer(page.request, 'GET', address(route.path, ids)!, 5)
    expect.soft(`${route.path} ${status}`).toBe(`${route.path} 404`)
  }
})

test('what does not exist or has no right form is not found @once', async ({ page, portal }) => {
  await signIn(page, 'milan')
  const nowhere = ['999999999', "1'", '%00']
  const more = ['abc', '1e3', '../1', '00000000-0000-4000-8000-000000000000']
  for (const wrong of process.env.DEEP ? [...nowhere, ...more] : nowhere) {
    const ids = {
      biller: wrong,
      code: wrong,
      invoice: wrong,
      payment: wrong,
      business: wrong,
      document: wrong,
      request: wrong,
      account: wrong,
      certificate: wrong,
      notice: wrong,
      list: wrong,
    }
    for (const route of personal.filter(one => one.methods.includes('GET'))) {
      const url = address(route.path, {
        biller: encodeURIComponent(ids.biller),
        code: encodeURIComponent(ids.code),
        invoice: encodeURIComponent(ids.invoice),
        payment: encodeURIComponent(ids.payment),
        business: encodeURIComponent(ids.business),
        document: encodeURIComponent(ids.document),
        request: encodeURIComponent(ids.request),
        account: encodeURIComponent(ids.account),
        certificate: encodeURIComponent(ids.certificate),
        notice: encodeURIComponent(ids.notice),
        list: encodeURIComponent(ids.list),
      })!
      const { status } = await answer(page.request, 'GET', `${portal.url}${url}`, 5)
      expect.soft(`${url} ${status}`).toBe(`${url} 404`)
    }
  }
})

// Every route of app/: closed to the signed-out, and to everybody else's customers. A new route needs an entry here.
import type { APIRequestContext } from '@playwright/test'
import { expect, rows, signIn, test } from '../support/portal.ts'
import { listRoutes } from '../support/routes.ts'

/** Open to everybody, on purpose. */
const PUBLIC = new Set([
  '/',
  '/register',
  '/register/verify',
  '/sign-in',
  '/sign-out',
  '/forgot-password',
  // Whoever holds the token from the message; without it these say that it is not valid.
  '/reset-password/[token]',
  '/account/contact/undo/[token]',
  '/help',
  '/terms',
  '/privacy',
  '/refunds',
  '/language/[locale]',
  '/outbox',
  '/sandbox-bank/[order]',
  '/sandbox-bank/start',
  '/sandbox-bank/api/status',
  // The bank and the browser it sends back carry no session; neither learns anything from the answer.
  '/payments/return/[gateway]',
  '/api/payments/[gateway]/callback',
  // Infobip's delivery reports: only with the key in the address that it was given.
  '/api/messages/[channel]/report',
  '/api/health',
])

type Ids = { biller: string; code: string; invoice: string; payment: string }

/** How the parameters of a private route are filled, by the start of its path. */
const PARAMETERS: Record<string, (ids: Ids) => Record<string, string>> = {
  '/contracts/[biller]/[code]': ({ biller, code }) => ({ biller, code }),
  '/invoices/[id]': ({ invoice }) => ({ id: invoice }),
  '/payments/[id]': ({ payment }) => ({ id: payment }),
  // One that nobody has: it answers to POST alone, and is used up by it (own-data.spec.ts).
  '/account/data/export/[id]': () => ({ id: '00000000-0000-4000-8000-000000000000' }),
}

const closed = listRoutes().filter(route => !PUBLIC.has(route.path))
const personal = closed.filter(route => route.path.includes('['))

/** The address with its parameters filled in; undefined where no entry says how. */
function address(path: string, ids: Ids): string | undefined {
  const entry = Object.keys(PARAMETERS).find(start => path === start || path.startsWith(`${start}/`))
  if (!entry) return path.includes('[') ? undefined : path
  const values = PARAMETERS[entry]!(ids)
  return path.replace(/\[(\w+)\]/g, (whole, name: string) => values[name] ?? whole)
}

/** What belongs to mirela: her contract, an invoice of it, and a payment, made here where she has none. */
async function idsOfMirela(url: string): Promise<Ids> {
  const mine = `
    select a.id as account_id, b.code as biller, c.biller_id, c.id as contract_id, c.code, i.id as invoice_id,
      i.principal - i.principal_paid as principal, i.tv_tax - i.tv_tax_paid as tv_tax, i.unpaid
    from accounts a join contract_access x on x.account_id = a.id join contracts c on c.id = x.contract_id
    join billers b on b.id = c.biller_id join invoices i on i.contract_id = c.id
    where a.username = 'mirela' order by i.unpaid desc, i.id limit 1`
  await rows(
    url,
    `with mine as (${mine}), attempt as (
       insert into payment_attempts
         (number, account_id, biller_id, contract_id, gateway, amount, currency, state, started_on, idempotency_key)
       select 'T-ROUTES', account_id, biller_id, contract_id, 'sandbox', unpaid, 'ALL', 'captured', current_date, gen_random_uuid()
       from mine on conflict do nothing returning id),
     chosen as (
       insert into payment_attempt_invoices (attempt_id, invoice_id, live, interest, principal, tv_tax)
       select attempt.id, invoice_id, false, 0, principal, tv_tax from mine, attempt),
     payment as (
       insert into payments
         (biller_id, contract_id, reference, paid_on, amount, method, source, attempt_id, transaction_id)
       select biller_id, contract_id, 'T-ROUTES', current_date, unpaid, 'CARD', 'Drita', attempt.id, 'T-ROUTES'
       from mine, attempt returning id)
     insert into payment_allocations (payment_id, invoice_id, interest, principal, tv_tax)
     select payment.id, invoice_id, 0, principal, tv_tax from mine, payment`,
  )
  const [ids] = await rows<Ids>(
    url,
    `select b.code as biller, c.code, pi.invoice_id::text as invoice, p.id::text as payment
     from payment_attempts p join payment_attempt_invoices pi on pi.attempt_id = p.id
     join contracts c on c.id = p.contract_id join billers b on b.id = c.biller_id where p.number = 'T-ROUTES'`,
  )
  return ids!
}

async function answer(request: APIRequestContext, method: string, url: string, redirects = 0) {
  const response = await request.fetch(url, { method, maxRedirects: redirects })
  return { status: response.status(), location: response.headers().location }
}

test('every private route with parameters has an entry @once', () => {
  const ids = { biller: 'b', code: 'c', invoice: '1', payment: '2' }
  expect(personal.map(route => route.path).filter(path => address(path, ids)?.includes('[') ?? true)).toEqual(
    [],
  )
})

test('the signed-out are sent to sign in, whatever they ask for @once', async ({ request, portal }) => {
  const ids = await idsOfMirela(portal.databaseUrl)
  for (const route of closed) {
    for (const method of route.methods) {
      const { status, location } = await answer(request, method, address(route.path, ids)!)
      expect(`${method} ${route.path} ${status} ${location}`).toMatch(/ 30[37] (http:\/\/[^/]+)?\/sign-in$/)
    }
  }
})

test('what is another customer’s is not found; one’s own is @once', async ({ browser, portal }) => {
  const ids = await idsOfMirela(portal.databaseUrl)
  for (const [username, expected] of [
    ['mirela', 200],
    ['milan', 404],
  ] as const) {
    const page = await browser.newPage({ baseURL: portal.url })
    await signIn(page, username)
    for (const route of personal.filter(one => one.methods.includes('GET'))) {
      const { status } = await answer(page.request, 'GET', address(route.path, ids)!, 5)
      expect.soft(`${username} ${route.path} ${status}`).toBe(`${username} ${route.path} ${expected}`)
    }
    await page.close()
  }
})

test('what does not exist or has no right form is not found @once', async ({ page, portal }) => {
  await signIn(page, 'milan')
  for (const wrong of [
    '999999999',
    'abc',
    '1e3',
    "1'",
    '../1',
    '%00',
    '00000000-0000-4000-8000-000000000000',
  ]) {
    const ids = { biller: wrong, code: wrong, invoice: wrong, payment: wrong }
    for (const route of personal.filter(one => one.methods.includes('GET'))) {
      const url = address(route.path, {
        biller: encodeURIComponent(ids.biller),
        code: encodeURIComponent(ids.code),
        invoice: encodeURIComponent(ids.invoice),
        payment: encodeURIComponent(ids.payment),
      })!
      const { status } = await answer(page.request, 'GET', `${portal.url}${url}`, 5)
      expect.soft(`${url} ${status}`).toBe(`${url} 404`)
    }
  }
})

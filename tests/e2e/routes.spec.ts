// Every route of app/: closed to the signed-out, and to everybody else's customers. A new route needs an entry here.
import fs from 'node:fs'
import path from 'node:path'
import type { APIRequestContext } from '@playwright/test'
import { pdf } from '../support/files.ts'
import { expect, rows, signIn, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'
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
  // Whoever holds the token from the message; without it these say that it is not valid.
  '/reset-password/[token]',
  '/account/contact/undo/[token]',
  '/account/contact/verify/[token]',
  '/missing',
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
])

type Ids = {
  biller: string
  code: string
  invoice: string
  payment: string
  business: string
  document: string
}

/** How the parameters of a private route are filled, by the start of its path. */
const PARAMETERS: Record<string, (ids: Ids) => Record<string, string>> = {
  '/contracts/[biller]/[code]': ({ biller, code }) => ({ biller, code }),
  '/invoices/[id]': ({ invoice }) => ({ id: invoice }),
  '/payments/[id]': ({ payment }) => ({ id: payment }),
  '/documents/[id]': ({ document }) => ({ id: document }),
  '/staff/registrations/businesses/[id]': ({ business }) => ({ id: business }),
  '/staff/registrations/disputes/[id]': ({ business }) => ({ id: business }),
  // One that nobody has: it answers to POST alone, and is used up by it (own-data.spec.ts).
  '/account/data/export/[id]': () => ({ id: '00000000-0000-4000-8000-000000000000' }),
}

const closed = listRoutes().filter(route => !PUBLIC.has(route.path))
const personal = closed.filter(route => route.path.includes('['))
const ofCustomers = personal.filter(
  route => !route.path.startsWith('/staff/') && route.methods.includes('GET'),
)

/** The address with its parameters filled in; undefined where no entry says how. */
function address(path: string, ids: Ids): string | undefined {
  const entry = Object.keys(PARAMETERS).find(start => path === start || path.startsWith(`${start}/`))
  if (!entry) return path.includes('[') ? undefined : path
  const values = PARAMETERS[entry]!(ids)
  return path.replace(/\[(\w+)\]/g, (whole, name: string) => values[name] ?? whole)
}

/** What belongs to mirela: her contract, an invoice of it, and a payment and a business, made here where she has none. */
async function idsOfMirela({ databaseUrl: url, dataDir }: Portal): Promise<Ids> {
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
     insert into payment_allocations (payment_id, invoice_id, contract_id, interest, principal, tv_tax)
     select payment.id, invoice_id, contract_id, 0, principal, tv_tax from mine, payment`,
  )
  const [business] = await rows<{ id: string }>(
    url,
    `insert into businesses (account_id, biller_id, number, country, name, legal_representative, created_at)
     select id, 1, 'J91402501L', 'AL', 'T', 'T', now() from accounts where username = 'mirela'
     on conflict (account_id, biller_id, number) do update set name = excluded.name returning id`,
  )
  const key = `aa/${'a'.repeat(32)}`
  const [document] = await rows<{ id: string }>(
    url,
    `insert into documents (storage_key, name, type, bytes, account_id, business_id, created_at)
     select $1, 'a.pdf', 'application/pdf', 1, account_id, id, now() from businesses where id = $2
     on conflict (storage_key) do update set name = excluded.name returning id`,
    [key, business!.id],
  )
  fs.mkdirSync(path.join(dataDir, 'documents/aa'), { recursive: true })
  fs.writeFileSync(path.join(dataDir, 'documents', key), pdf)
  const [ids] = await rows<Pick<Ids, 'biller' | 'code' | 'invoice' | 'payment'>>(
    url,
    `select b.code as biller, c.code, pi.invoice_id::text as invoice, p.id::text as payment
     from payment_attempts p join payment_attempt_invoices pi on pi.attempt_id = p.id
     join contracts c on c.id = p.contract_id join billers b on b.id = c.biller_id where p.number = 'T-ROUTES'`,
  )
  return { ...ids!, business: business!.id, document: document!.id }
}

async function answer(request: APIRequestContext, method: string, url: string, redirects = 0) {
  const response = await request.fetch(url, { method, maxRedirects: redirects })
  return { status: response.status(), location: response.headers().location }
}

test('every private route with parameters has an entry @once', () => {
  const ids = { biller: 'b', code: 'c', invoice: '1', payment: '2', business: '3', document: '4' }
  expect(personal.map(route => route.path).filter(path => address(path, ids)?.includes('[') ?? true)).toEqual(
    [],
  )
})

test('the signed-out are sent to sign in, whatever they ask for @once', async ({ request, portal }) => {
  const ids = await idsOfMirela(portal)
  for (const route of closed) {
    for (const method of route.methods) {
      const { status, location } = await answer(request, method, address(route.path, ids)!)
      expect(`${method} ${route.path} ${status} ${location}`).toMatch(/ 30[37] (http:\/\/[^/]+)?\/sign-in$/)
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
        expect(`${what}: ${method} ${route.path} ${status} ${location}`).toMatch(
          / 30[37] (http:\/\/[^/]+)?\/sign-in$/,
        )
      }
    }
    await context.close()
  }
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
      const { status } = await answer(page.request, 'GET', address(route.path, ids)!, 5)
      expect.soft(`${username} ${route.path} ${status}`).toBe(`${username} ${route.path} ${expected}`)
    }
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
  for (const wrong of [
    '999999999',
    'abc',
    '1e3',
    "1'",
    '../1',
    '%00',
    '00000000-0000-4000-8000-000000000000',
  ]) {
    const ids = {
      biller: wrong,
      code: wrong,
      invoice: wrong,
      payment: wrong,
      business: wrong,
      document: wrong,
    }
    for (const route of personal.filter(one => one.methods.includes('GET'))) {
      const url = address(route.path, {
        biller: encodeURIComponent(ids.biller),
        code: encodeURIComponent(ids.code),
        invoice: encodeURIComponent(ids.invoice),
        payment: encodeURIComponent(ids.payment),
        business: encodeURIComponent(ids.business),
        document: encodeURIComponent(ids.document),
      })!
      const { status } = await answer(page.request, 'GET', `${portal.url}${url}`, 5)
      expect.soft(`${url} ${status}`).toBe(`${url} 404`)
    }
  }
})

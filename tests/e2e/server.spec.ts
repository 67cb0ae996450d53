// What the server entry sees to: the security headers, what clients may not claim, and forms from elsewhere.
import fs from 'node:fs'
import http from 'node:http'
import { expect, PASSWORD, rows, signIn, signInStaff, test } from '../support/portal.ts'
import { cloneDemonstration, startPortal } from '../support/portal-process.ts'

test('every page has a policy with a nonce of its own, on the scripts of its forms @once', async ({
  request,
}) => {
  const nonces = new Set<string>()
  for (const url of ['/', '/sign-in', '/register', '/no-such-page']) {
    const response = await request.get(url)
    const headers = response.headers()
    const nonce = /script-src 'self' 'nonce-([^']+)' 'strict-dynamic'/.exec(
      headers['content-security-policy']!,
    )?.[1]
    nonces.add(nonce!)
    const html = await response.text()
    const scripts = html.match(/<script[^>]*>/g) ?? []
    // What only shows something has none.
    expect(scripts.length > 0).toBe(['/sign-in', '/register'].includes(url))
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`)
    expect(html).not.toMatch(/<[^>]+ style=/)
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(headers['cache-control']).toContain('no-store')
    expect(headers).not.toHaveProperty('x-powered-by')
  }
  expect(nonces.size).toBe(4)
})

test('a client cannot claim an address or another host @once', async ({ browser, portal }) => {
  const context = await browser.newContext({
    baseURL: portal.url,
    extraHTTPHeaders: {
      'x-client-address': '192.0.2.66',
      'x-forwarded-for': '192.0.2.66',
      'x-forwarded-host': 'elsewhere.example',
      'x-path': '//elsewhere.example',
    },
  })
  const page = await context.newPage()
  await signIn(page, 'mirela')
  await context.close()
  const found = await rows<{ address: string }>(
    portal.databaseUrl,
    'select host(address) as address from sessions order by created_at desc limit 1',
  )
  expect(['127.0.0.1', '::1']).toContain(found[0]?.address)
})

test('a form from another site does nothing @once', async ({ page, portal }) => {
  await page.goto('/sign-in')
  const form = page.locator('form:has([name=password])')
  const hidden = await form
    .locator('input[type=hidden]')
    .evaluateAll(fields =>
      fields.map(field => [(field as HTMLInputElement).name, (field as HTMLInputElement).value]),
    )
  const send = (origin: string) =>
    page.request.post('/sign-in', {
      multipart: { ...Object.fromEntries(hidden), identifier: 'milan', password: PASSWORD },
      headers: { Origin: origin },
      maxRedirects: 0,
    })
  const elsewhere = { Origin: 'https://elsewhere.example' }
  expect((await send(elsewhere.Origin)).status()).toBe(403)
  expect((await send(portal.url)).status()).toBe(303)
  const signOut = (headers: Record<string, string>) =>
    page.request.post('/sign-out', { headers, maxRedirects: 0 })
  expect((await signOut(elsewhere)).status()).toBe(403)
  expect((await signOut({ Origin: 'null', 'Sec-Fetch-Site': 'cross-site' })).status()).toBe(403)
  await page.goto('/account')
  await expect(page).toHaveURL(/\/account$/)
  expect((await signOut({ Origin: portal.url })).status()).toBe(303)
})

test('what no browser sends is answered, not failed on @once', async ({ page, portal }) => {
  for (const url of [
    '/sandbox-bank/%00',
    '/payments/return/sandbox?payment=x%00',
    '/contracts/kesco/%00/pay',
  ]) {
    expect((await page.request.get(url)).status()).toBe(404)
  }
  const { status } = await new Promise<{ status: number | undefined }>((resolve, reject) => {
    const request = http.request(`${portal.url}/sign-in`, { method: 'POST' }, response => {
      response.resume()
      resolve({ status: response.statusCode })
    })
    request.once('error', reject)
    request.setHeader('Transfer-Encoding', 'chunked')
    request.end('a')
  })
  expect(status).toBe(411)
})

test('arguments of a form that were changed lead nowhere @once', async ({ page }) => {
  await signIn(page, 'milan')
  await page.goto('/account/contact')
  const fields = await page
    .locator('form:has([name=email]) input')
    .evaluateAll(inputs =>
      inputs.map(input => [(input as HTMLInputElement).name, (input as HTMLInputElement).value] as const),
    )
  const bound = fields.find(([, value]) => value.startsWith('["email"'))![0]
  for (const forged of ['["username",{}]', '["passwordHash",{}]', '[["email"],{}]', '[{"a":1},{}]']) {
    const response = await page.request.post('/account/contact', {
      multipart: { ...Object.fromEntries(fields), email: 'x@example.com', [bound]: forged },
    })
    expect(response.status()).toBe(404)
  }
})

test('forged arguments of any action lead nowhere @once', async ({ browser, portal }) => {
  const manifest = JSON.parse(fs.readFileSync('.next-test/server/server-reference-manifest.json', 'utf8'))
  const actions = Object.entries<{ workers: Record<string, unknown> }>(manifest.node).map(
    ([id, { workers }]) => ({
      id,
      path: Object.keys(workers)[0]!
        .replace(/^app|\/\([a-z]+\)|\/page$/g, '')
        .replace(/\[[a-z]+\]/g, '00000000-0000-4000-8000-000000000000'),
    }),
  )
  expect(actions.length).toBeGreaterThan(20)
  for (const person of ['milan', 'supervisor']) {
    const context = await browser.newContext({ baseURL: portal.url })
    const page = await context.newPage()
    await (person === 'milan' ? signIn(page, person) : signInStaff(page, person))
    for (const { id, path } of actions) {
      for (const body of ['[]', '[{},"x"]', '[null,null]', '["x",{},{}]', '["a","b",{},["x"]]']) {
        const answer = await page.request.post(path, {
          data: Buffer.from(body),
          headers: { 'Next-Action': id, 'Content-Type': 'text/plain', Origin: portal.url },
          maxRedirects: 0,
        })
        // A redirect: to sign in, or of what takes no form.
        const redirected = answer.status() === 303 || 'x-action-redirect' in answer.headers()
        expect(redirected || answer.status() === 404, `${answer.status()} of ${path} for ${body}`).toBe(true)
      }
    }
    await context.close()
  }
})

test('of two web processes one is killed: the other answers, and a new one takes its place @once', async () => {
  const database = await cloneDemonstration()
  const portal = await startPortal(database.url, { WEB_PROCESSES: 2 })
  const serving = () =>
    fs.readFileSync(`/proc/${portal.pid}/task/${portal.pid}/children`, 'utf8').trim().split(' ').map(Number)
  const ask = async (path: string) =>
    fetch(portal.url + path, { headers: { accept: 'text/html', connection: 'close' } })
  const [one, other] = serving()
  process.kill(one!, 'SIGKILL')
  await expect.poll(() => serving().includes(one!)).toBe(false)
  for (let count = 0; count < 10; count++) expect((await ask('/help')).status).toBe(200)
  await expect.poll(serving).toEqual([other, expect.any(Number)])
  await expect.poll(async () => (await ask('/api/health')).status).toBe(200)
  // Whichever process is asked for the page of what is not there, it knows where the reader wanted to go.
  for (let count = 0; count < 10; count++) {
    expect(await (await ask('/no-such-page')).text()).toContain('?to=%2Fno-such-page')
  }
  const last = serving()
  await portal.stop()
  for (const pid of last) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  await database.drop()
})

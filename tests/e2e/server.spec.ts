// What the server entry sees to: the security headers, what clients may not claim, and forms from elsewhere.

import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../db/embedded.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { moveForm } from '../../lib/cases/forms.ts'
import { sealShown } from '../../lib/forms/shown.ts'
import { SHOWN_FIELD } from '../../lib/forms/state.ts'
import sr from '../../messages/sr/errors.json' with { type: 'json' }
import { addCase } from '../support/cases.ts'
import { startLoad } from '../support/load.ts'
import { linesOf } from '../support/log-search.ts'
import { readSeries } from '../support/metrics.ts'
import { expect, PASSWORD, rows, signIn, signInStaff, test } from '../support/portal.ts'
import { cloneDemonstration, type Portal, SECRET, startPortal } from '../support/portal-process.ts'
import { addressOfPage } from '../support/routes.ts'

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

type Asked = http.RequestOptions & { body?: string }

/** One request as it is written, which a browser would put right. */
const answerTo = ({ url }: Portal, path: string, { body = '', ...options }: Asked = {}) =>
  new Promise<{ status?: number; headers: http.IncomingHttpHeaders }>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const request = http.request({ hostname, port, path, agent: false, ...options }, response => {
      const { statusCode: status, headers } = response
      response.resume().once('end', () => resolve({ status, headers }))
    })
    request.once('error', reject).end(body)
  })

/** Its status. */
const ask = async (portal: Portal, path: string, asked?: Asked) =>
  (await answerTo(portal, path, asked)).status

test('a form from another site is written down with where it came from @once', async ({ page, portal }) => {
  const before = await page.request.post('/sign-out', { headers: { Origin: 'https://forger.example' } })
  expect(before.status()).toBe(403)
  await expect
    .poll(() =>
      rows(
        portal.databaseUrl,
        `select host(address) in ('127.0.0.1', '::1') as here, details ->> 'origin' as origin from audit_events
         where action = 'form.foreign' and details ->> 'origin' like '%forger%'`,
      ),
    )
    .toEqual([{ here: true, origin: 'https://forger.example' }])
})

// A page of staff's never shows what is not theirs; here its form is sealed as if it did.
Object.assign(process.env, { AUTH_SECRET: SECRET, DEMO: 'on', APP_URL: 'http://localhost' })

test('staff actions take no id and no role that is not theirs, and say so in the audit log @once', async ({
  browser,
  portal,
}) => {
  // Without scripts, forms are sent as they stand.
  const context = await browser.newContext({ baseURL: portal.url, javaScriptEnabled: false })
  const page = await context.newPage()
  const file = async (biller: string) => {
    const [contract] = await rows<{ biller_id: number; contract_id: number }>(
      portal.databaseUrl,
      `select b.id as biller_id, c.id::int as contract_id
       from contracts c join billers b on b.id = c.biller_id where b.code = $1 limit 1`,
      [biller],
    )
    const answers = {
      firstName: 'Askush',
      lastName: 'Tjetër',
      personalNumber: '1999999990',
      email: 'nobody@example.com',
      phone: '+38349000009',
    }
    return addCase((text, values) => rows(portal.databaseUrl, text, values), { ...contract!, answers })
  }
  const [own, foreign] = [await file('kesco'), await file('oshee')]
  const oshee = `(select a.id, b.id from accounts a, billers b where a.username = 'operator' and b.code = 'oshee')`
  await rows(portal.databaseUrl, `delete from staff_billers where (account_id, biller_id) in ${oshee}`)
  await signInStaff(page, 'operator')
  const path = `/staff/registrations/${own}`
  await page.goto(path)
  const fields = await page
    .locator('form:has(button[value=take]) input[type=hidden]')
    .evaluateAll(inputs =>
      inputs.map(input => [(input as HTMLInputElement).name, (input as HTMLInputElement).value] as const),
    )
  const [operator] = await rows<{ id: string }>(
    portal.databaseUrl,
    `select id from accounts where username = 'operator'`,
  )
  const send = (id: string, intent: string) =>
    page.request.post(path, {
      multipart: {
        ...Object.fromEntries(fields),
        [SHOWN_FIELD]: sealShown(moveForm, operator!.id, { case: id }),
        intent,
        note: 'x',
      },
      headers: { Origin: portal.url },
      maxRedirects: 0,
    })
  // Tests before it were refused things, too.
  const [last] = await rows<{ id: string }>(
    portal.databaseUrl,
    'select coalesce(max(id), 0) as id from audit_events',
  )
  expect((await page.request.get(`/staff/registrations/${foreign}`)).status()).toBe(404)
  for (const id of [crypto.randomUUID(), foreign]) {
    expect((await send(id, 'take')).status(), id).toBe(404)
  }
  // An agent decides no dispute.
  expect((await send(own, 'accept')).status()).toBe(404)
  const refused = await rows<{ subject: string | null }>(
    portal.databaseUrl,
    `select e.subject from audit_events e join sessions s on s.id = e.session_id and s.account_id = e.account_id
     where e.action = 'staff.refused' and e.address is not null and e.id > $1 order by e.id`,
    [last!.id],
  )
  expect(refused.map(({ subject }) => subject)).toEqual([
    `case:${foreign}`,
    expect.stringMatching(/^case:/),
    `case:${foreign}`,
    `case:${own}`,
  ])
  await rows(portal.databaseUrl, `insert into staff_billers (account_id, biller_id) ${oshee.slice(1, -1)}`)
  await context.close()
})

test('what no browser sends is answered, not failed on @once', async ({ page, portal }) => {
  for (const url of [
    '/sandbox-bank/%00',
    '/payments/return/sandbox?payment=x%00',
    '/contracts/kesco/%00/pay',
  ]) {
    expect((await page.request.get(url)).status()).toBe(404)
  }
  const chunked = { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' }, body: 'a' }
  expect(await ask(portal, '/sign-in', chunked)).toBe(411)
  expect(await ask(portal, '/sign-in', { method: 'PUT' })).toBe(405)
  for (const path of ['/sign-in', '/documents/1', '/api/messages/none/report'])
    expect(await ask(portal, path, { method: 'TRACE' }), path).toBe(405)
  expect(await ask(portal, '/help', { headers: { Upgrade: 'h2c', Connection: 'Upgrade' } })).toBe(200)
  const large = { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: 'a'.repeat(300_000) }
  expect(await ask(portal, '/sign-in', large)).toBe(413)
})

test('what anybody can send about a page or a file is no failure, and no line in the log @once', async ({
  page,
  portal,
}) => {
  const written = portal.complaints()
  for (const state of ['[', '%5B', '%', '{}', 'null', '["",{}']) {
    for (const path of ['/help', '/no-such-page']) {
      const headers = { RSC: '1', 'Next-Router-State-Tree': state }
      expect(await ask(portal, path, { headers }), state).toBe(400)
    }
  }
  const [ofTheBuild] = /\/_next\/static\/[^"]+\.css/.exec(await (await page.request.get('/help')).text())!
  for (const file of ['/icon.svg', ofTheBuild]) {
    expect(await ask(portal, file, { method: 'POST' }), file).toBe(405)
    for (const headers of [
      { Range: 'bytes=999999999-' },
      { 'If-Match': '"x"' },
      { 'If-Unmodified-Since': 'Mon, 01 Jan 1990 00:00:00 GMT' },
    ]) {
      expect(await ask(portal, file, { headers }), Object.keys(headers)[0]).toBe(200)
    }
  }
  expect(await ask(portal, '/_global-error')).toBe(404)
  expect(portal.complaints()).toBe(written)
})

test('no cache keeps a refusal, also of what it may keep; and each has the security headers @once', async ({
  portal,
}) => {
  const refused: [string, http.RequestOptions, number][] = [
    ['/icon.svg', { headers: { 'X-Action-Forwarded': '1' } }, 404],
    ['/icon.svg', { headers: { Host: 'elsewhere.example' } }, 421],
    ['/failure.css', { headers: { 'Transfer-Encoding': 'chunked' } }, 411],
    ['/_next/static/none.css', { headers: { 'X-Action-Forwarded': '1' } }, 404],
    ['/fonts/none.woff2', {}, 404],
    ['*', {}, 400],
    ['/help', { headers: ['Host', 'localhost', 'Host', 'localhost'] }, 400],
  ]
  for (const [path, options, expected] of refused) {
    const { status, headers } = await answerTo(portal, path, options)
    expect(status, path).toBe(expected)
    expect(headers['cache-control'], path).toContain('no-store')
    expect(headers, path).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
    expect(headers['content-security-policy'], path).toContain("default-src 'self'")
  }
})

test('an address has one form; in any other there is nothing, and no line in the log @once', async ({
  portal,
}) => {
  const written = portal.complaints()
  for (const path of [
    '//sign-in',
    '/./sign-in',
    '/help/../sign-in',
    '/%2e%2E/sign-in',
    '/help/%2e',
    '/help\\x',
    '/help%5cx',
    '/help%2fx',
    '/help%252e',
    '/help%0ax',
    '/help#x',
    '/_next/image?url=/%0aa-line-of-mine&w=64&q=75',
    '/%5fnext/image?url=/help&w=64&q=75',
    '/_next/data/x/help.json',
    '/contract-pay?biller=kesco&code=DPR-6687',
  ]) {
    expect(await ask(portal, path), path).toBe(404)
  }
  expect(await ask(portal, '/h%65lp')).toBe(200)
  for (const target of ['*', 'http://elsewhere.example/help']) expect(await ask(portal, target)).toBe(400)
  expect(portal.complaints()).toBe(written)
})

test('each answer has the number that its line of the log has, which no stranger chooses @once', async ({
  portal,
}) => {
  const { headers } = await answerTo(portal, '/help?q=a', {
    headers: { 'X-Request-Id': 'chosen-by-a-stranger' },
  })
  const requestId = String(headers['x-request-id'])
  expect(requestId).toMatch(/^\d{4}-\d{4}-\d{4}$/)
  const line = () => linesOf(portal.output()).find(one => one.requestId === requestId)
  await expect.poll(line).toMatchObject({ method: 'GET', route: '/help', status: 200, msg: 'answered' })
  expect(line()).toMatchObject({
    statements: expect.any(Number),
    bytes: Number(headers['content-length']),
    ms: expect.any(Number),
  })
})

test('traces, where somebody takes them, hold no address @once @deep', async ({ browser }) => {
  const taken: string[] = []
  const collector = http.createServer(async (request, response) => {
    taken.push(await text(request))
    response.end('{}')
  })
  await new Promise<void>(resolve => collector.listen(0, '127.0.0.1', resolve))
  const database = await cloneDemonstration()
  const traced = await startPortal(database.url, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
  })
  const page = await browser.newPage({ baseURL: traced.url })
  await signIn(page, 'mirela')
  const pay = await page.goto('/contracts/oshee/TR0.A0000000000004/pay?payment=K-2023-04-6687')
  await page.goto('/verify/VD-2026-000184')
  const all = () => taken.join()
  await expect.poll(all, { timeout: 20_000 }).toContain('GET /contracts/[biller]/[code]/pay')
  await expect.poll(all, { timeout: 20_000 }).toContain('GET /verify/[code]')
  expect(all()).toContain(pay!.headers()['x-request-id'])
  expect(all()).not.toMatch(/TR0|K-2023|VD-2026|mirela/)
  await page.close()
  await traced.stop()
  await database.drop()
  await new Promise(resolve => collector.close(resolve))
})

test('another host is misdirected, but not where balancers ask @once', async ({ portal }) => {
  const asHost = (Host: string, path = '/help') => ask(portal, path, { headers: { Host } })
  for (const host of ['elsewhere.example', 'localhost.evil.example', 'a b', 'localhost:3000@evil.example']) {
    expect(await asHost(host), host).toBe(421)
    expect(await asHost(host, '/api/health')).toBe(200)
  }
  for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1:8080', '[::1]:9']) {
    expect(await asHost(host), host).toBe(200)
  }
  for (const [one, other] of [
    ['localhost', 'elsewhere.example'],
    ['localhost', 'localhost'],
  ] as const) {
    expect(await ask(portal, '/help', { headers: ['Host', one, 'host', other] }), other).toBe(400)
  }
})

test('a form of a neighbour is foreign, whatever its Origin; banks, mail programs and machines may post @once', async ({
  portal,
}) => {
  const from = (site: string, path: string) =>
    ask(portal, path, { method: 'POST', headers: { Origin: portal.url, 'Sec-Fetch-Site': site } })
  for (const site of ['same-site', 'cross-site', 'anything']) {
    expect(await from(site, '/sign-out')).toBe(403)
    for (const open of ['/payments/return/none', '/unsubscribe/none', '/api/messages/none/report']) {
      expect(await from(site, open), open).toBe(404)
    }
  }
  for (const site of ['same-origin', 'none']) expect(await from(site, '/sign-out')).toBe(303)
})

/** Every action of the build: its id, and the pages that have it. */
const actionsOfBuild = () =>
  Object.entries<{ workers: Record<string, unknown> }>(
    JSON.parse(fs.readFileSync('.next-test/server/server-reference-manifest.json', 'utf8')).node,
  ).map(([id, { workers }]) => ({ id, pages: Object.keys(workers) }))

const actionOf = (page: string) => actionsOfBuild().find(({ pages }) => pages.includes(page))!.id

test('a form that nobody can read is refused, and does not fill the log @once', async ({ portal }) => {
  const written = portal.complaints().length
  const action = actionOf('app/(public)/sign-in/page')
  const form = { 'Content-Type': 'multipart/form-data; boundary=B' }
  const part = (name: string, value: string) =>
    `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const bound = part('$ACTION_REF_1', '') + part('$ACTION_1:0', `{"id":"${action}","bound":"$@1"}`)
  const unreadable: [Record<string, string>, string][] = [
    [form, '--B\r\nrubbish'],
    [{ 'Content-Type': 'multipart/form-data' }, 'rubbish'],
    [form, `${bound + part('$ACTION_1:1', '[[')}--B--\r\n`],
    [{ ...form, 'Next-Action': action }, '--B\r\nrubbish'],
    [{ 'Content-Type': 'text/plain', 'Next-Action': action }, '[['],
  ]
  for (const [headers, body] of unreadable) {
    for (let count = 0; count < 12; count++) {
      expect(await ask(portal, '/sign-in', { method: 'POST', headers, body }), body).toBe(400)
    }
  }
  // Of an older build, for all that can be told: sent on to where what was typed is kept.
  const older = `${part('a', 'no action at all')}--B--\r\n`
  expect(await ask(portal, '/sign-in', { method: 'POST', headers: form, body: older })).toBe(307)
  // The action of another page is not asked for on its behalf.
  const elsewhere = { 'Content-Type': 'text/plain', 'Next-Action': action }
  expect(await ask(portal, '/help', { method: 'POST', headers: elsewhere, body: '[{},{}]' })).toBe(200)
  const lines = portal.complaints().slice(written).trim().split('\n')
  expect(lines.length).toBeLessThanOrEqual(20)
  for (const line of lines) expect(JSON.parse(line)).not.toHaveProperty('stack')
})

test('a form of a page is not read where machines report @once', async ({ portal }) => {
  const form = { 'Content-Type': 'multipart/form-data; boundary=B', 'Content-Length': 26_000_000 }
  for (const path of ['/api/payments/sandbox/callback', '/api/none']) {
    for (const headers of [form, { ...form, 'Content-Type': 'text/plain', 'Next-Action': 'a' }]) {
      // Nothing of it is sent: whoever read it would wait.
      expect(await ask(portal, path, { method: 'POST', headers }), path).toBe(404)
    }
  }
})

test('a client that goes away in the middle of a form is no error of ours @once', async ({ portal }) => {
  const { hostname, port } = new URL(portal.url)
  const action = actionOf('app/(public)/register/dispute/page')
  const form = { 'Content-Type': 'multipart/form-data; boundary=B', 'Content-Length': 1_000_000 }
  const words = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': 10_000 }
  const half = '--B\r\nContent-Disposition: form-data; name="firstName"\r\n\r\nArt'
  const given: [string, Record<string, string | number>][] = [
    ['/register/dispute', form],
    ['/register/dispute', { ...form, 'Next-Action': action }],
    ['/register/dispute', { ...form, 'Next-Action': action, 'Content-Type': 'text/plain' }],
    ['/sandbox-bank/x', { ...form, 'Content-Length': 1000 }],
    ['/sign-in', { ...form, 'Content-Length': 50_000 }],
    ['/api/payments/sandbox/callback', words],
    [`/payments/return/sandbox?payment=${crypto.randomUUID()}`, { ...form, 'Content-Length': 10_000 }],
    ['/api/messages/infobip/report', words],
  ]
  const written = portal.complaints()
  for (const [path, headers] of given) {
    const request = http.request({ hostname, port, path, agent: false, method: 'POST', headers })
    request.once('error', () => {})
    await new Promise<void>(resolve => request.write(half, () => resolve()))
    // By then it is being read.
    expect(await ask(portal, '/help')).toBe(200)
    request.destroy()
  }
  // What was given up last is known to be so when later ones are answered.
  for (let count = 0; count < 5; count++) expect(await ask(portal, '/help')).toBe(200)
  expect(portal.complaints()).toBe(written)
})

test('a form whose seal was changed is shown anew, and not done @once', async ({ page }) => {
  await signIn(page, 'milan')
  await page.goto('/account/password')
  const inputs = page.locator('form:has([name=newPassword]) input')
  const fields = Object.fromEntries(
    await inputs.evaluateAll(all =>
      all.map(input => [(input as HTMLInputElement).name, (input as HTMLInputElement).value] as const),
    ),
  )
  for (const shown of ['', 'x', fields.shown!.slice(0, -2), `${fields.shown}x`]) {
    const response = await page.request.post('/account/password', { multipart: { ...fields, shown } })
    expect(response.status()).toBe(200)
    expect(await response.text()).toContain(sr.errors.sendAgain)
  }
})

test('forged arguments of any action lead nowhere @once', async ({ browser, portal }) => {
  const actions = actionsOfBuild().map(({ id, pages: [page] }) => ({
    id,
    path: addressOfPage(page!).replace(/\[[a-z]+\]/g, '00000000-0000-4000-8000-000000000000'),
  }))
  expect(actions.length).toBeGreaterThan(20)
  for (const person of ['milan', 'supervisor']) {
    const context = await browser.newContext({ baseURL: portal.url })
    const page = await context.newPage()
    await (person === 'milan' ? signIn(page, person) : signInStaff(page, person))
    const send = async (id: string, path: string, body: string) => {
      const answer = await page.request.post(path, {
        data: Buffer.from(body),
        headers: { 'Next-Action': id, 'Content-Type': 'text/plain', Origin: portal.url },
        maxRedirects: 0,
      })
      // A redirect: to sign in, or of what takes no form.
      const redirected = answer.status() === 303 || 'x-action-redirect' in answer.headers()
      expect(redirected || answer.status() === 404, `${answer.status()} of ${path} for ${body}`).toBe(true)
    }
    const more = ['[]', '[null,null]', '["x",{},{}]']
    const bodies = ['[{},"x"]', '["a","b",{},["x"]]', ...(process.env.DEEP ? more : [])]
    for (const { id, path } of actions) await Promise.all(bodies.map(body => send(id, path, body)))
    await context.close()
  }
})

test('of two web processes one is killed: the other answers, and a new one takes its place; a stop cuts nobody @once @deep', async () => {
  const database = await cloneDemonstration()
  const METRICS_PORT = await freePort()
  const portal = await startPortal(database.url, { WEB_PROCESSES: 2, DRAIN_SECONDS: 1, METRICS_PORT })
  await tellsMetrics(METRICS_PORT, 2)
  const serving = () =>
    fs.readFileSync(`/proc/${portal.pid}/task/${portal.pid}/children`, 'utf8').trim().split(' ').map(Number)
  const once = async (path: string) =>
    fetch(portal.url + path, { headers: { accept: 'text/html', connection: 'close' } })
  const [one, other] = serving()
  process.kill(one!, 'SIGKILL')
  await expect.poll(() => serving().includes(one!)).toBe(false)
  for (let count = 0; count < 10; count++) expect((await once('/help')).status).toBe(200)
  await expect.poll(serving).toEqual([other, expect.any(Number)])
  await expect.poll(async () => (await once('/api/health')).status).toBe(200)
  await expect(() => tellsMetrics(METRICS_PORT, 2)).toPass()
  // Whichever process is asked for the page of what is not there, it knows where the reader wanted to go.
  for (let count = 0; count < 10; count++) {
    expect(await (await once('/no-such-page')).text()).toContain('?to=%2Fno-such-page')
  }
  const last = serving()
  await stopsWithoutCutting(portal)
  for (const pid of last) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  await database.drop()
})

test('what is built and migrated is served by a role that owns nothing; it stops without cutting anybody @once', async () => {
  const database = await cloneDemonstration()
  const serving = await servingRole(database.url)
  const url = new URL(database.url)
  Object.assign(url, { username: serving, password: serving })
  const METRICS_PORT = await freePort()
  const program = { program: 'bin/serve.ts', JOBS_IN_PROCESS: 'off', DRAIN_SECONDS: 1, METRICS_PORT }
  // Its tables are there, but it may not use them yet.
  await expect(startPortal(url.href, program)).rejects.toThrow(
    'The database lacks migrations of this release, or its role their grants: run `npm run migrate`',
  )
  await migrateDatabase(database.url, { serving })
  const portal = await startPortal(url.href, program)
  expect(await rows(url.href, 'select from pg_class where relowner = current_user::regrole')).toEqual([])
  await tellsMetrics(METRICS_PORT, 1)
  expect((await fetch(`${portal.url}/metrics`)).status).toBe(404)
  await stopsWithoutCutting(portal)
  await database.drop()
  await rows(process.env.E2E_DATABASE_URL!.replace(/\/[^/]*$/, '/postgres'), `drop role ${serving}`)
})

/** Whether a node with so many web processes tells of all of them. */
async function tellsMetrics(port: number, processes: number): Promise<void> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const series = ['drita_web_processes', 'drita_metrics_complete', 'drita_database_up']
  expect(series.map(name => readSeries(text, name))).toEqual([processes, 1, 1])
  expect(readSeries(text, 'drita_pool_size{work="page"}')).toBeGreaterThan(0)
}

/** Makes a role that may do nothing yet; its name is its password. */
async function servingRole(url: string): Promise<string> {
  const role = `serving_${randomBytes(6).toString('hex')}`
  await rows(url, `create role ${role} login password '${role}'`)
  return role
}

/** Stops a portal with DRAIN_SECONDS=1 while eight customers ask. */
async function stopsWithoutCutting(portal: Portal): Promise<void> {
  const ready = async () => {
    const answer = await fetch(`${portal.url}/api/ready`)
    return [answer.status, await answer.json()]
  }
  expect(await ready()).toEqual([200, { status: 'ready' }])
  const load = startLoad([`${portal.url}/help`, `${portal.url}/icon.svg`], {
    connections: 8,
    untilClosed: true,
  })
  await sleep(500)
  const stopped = portal.stop()
  await expect.poll(ready, { intervals: [50] }).toEqual([503, { status: 'stopping' }])
  const answers = await load.stop()
  await stopped
  expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  expect(answers.length).toBeGreaterThan(8)
  // After that each connection was answered once more, and told that this was the end.
  expect(answers.filter(({ last }) => last)).toHaveLength(8)
}

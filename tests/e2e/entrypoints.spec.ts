// Every route answers as the framework's own router would have it answered: beside the portal another one serves the same
// database, where nothing else finds routes.
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Customer, formOf } from '../support/customer.ts'
import { directoriesOn } from '../support/directory-setting.ts'
import { address, idsOfMirela } from '../support/own-addresses.ts'
import { expect, PASSWORD, test } from '../support/portal.ts'
import { type Portal, startPortal } from '../support/portal-process.ts'
import { listRoutes } from '../support/routes.ts'

let framework: Portal
test.beforeAll(async ({ portal, directoryPort }) => {
  framework = await startPortal(portal.databaseUrl, {
    DATA_DIR: portal.dataDir,
    STAFF_DIRECTORIES: directoriesOn(directoryPort),
    NODE_OPTIONS: `--import ${path.resolve('tests/support/framework-alone.mjs')}`,
  })
})
test.afterAll(() => framework.stop())

/** What changes with each answer: nonces, seals, ids of requests, the time, the port, the order in which parts were ready. */
const masked = (text: string) =>
  text
    .replace(/localhost(:|%3A)\d+/g, 'localhost')
    .replace(/"[\w-]{21}[a-z]"/g, '""')
    .replace(/\b\d{4}-\d{4}-\d{4}\b/g, '')
    .replace(/\b1[789]\d{11}\b|\b20\d\d-\d\d-\d\dT[\d:.]+Z/g, '')
    .replace(/("place":|data-kept=")\d+/g, '$1')
    .replace(/nonce(-|=\\?"|\\?":\\?")[\w+/=]+/g, 'nonce$1')
    .replace(/(name="shown"[^>]*value="|\\"shown\\":\\"|"shown":")[^"\\]*/g, '$1')

/**
 * What a script is told of the page comes in pieces, which are numbered as they become ready: here it is lines without numbers,
 * sorted.
 */
function whole(body: string, type: string): string {
  const PIECE = /<script[^>]*>self\.__next_f\.push\(\[1,(".*?")\]\)<\/script>/gs
  const isData = type.startsWith('text/x-component')
  const told = isData ? body : [...body.matchAll(PIECE)].map(([, text]) => JSON.parse(text!)).join('')
  // Where two forms begin alike, the one that was ready first has it written out.
  const lines = masked(told)
    .replace(/"initial":(\{"errors":\[\],"values":\{\},"round":0\}|"\$[^"]*")/g, '"initial":""')
    .split('\n')
    .map(line => line.replace(/^[0-9a-f]+:/, '').replace(/"\$[A-Za-z@]?[0-9a-f]+(:[^"]*)?"/g, '"$"'))
  return [masked(isData ? '' : body.replace(PIECE, '')), ...lines.sort()].join('\n')
}

type Ask = { path: string; method?: string; headers?: Record<string, string>; body?: FormData }

async function answerOf(url: string, { path, ...init }: Ask, cookie = '') {
  const answer = await fetch(url + path, {
    ...init,
    headers: {
      accept: 'text/html',
      origin: url,
      cookie: `lang=en; cookies=${'a'.repeat(22)}; ${cookie}`,
      ...init.headers,
    },
    redirect: 'manual',
  })
  // No cache keeps any answer of a route: what it would vary by says nothing.
  const { date, vary, 'content-length': _, 'set-cookie': __, ...headers } = Object.fromEntries(answer.headers)
  const body = await answer.text()
  const type = headers['content-type'] ?? ''
  const isText = /^(text|application\/json)/.test(type)
  return {
    status: answer.status,
    cookies: answer.headers.getSetCookie().map(cookie => cookie.replace(/=[^;]{40,}/, '=')),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, masked(value)])),
    body: isText ? whole(body, type) : body.slice(0, 4),
  }
}

/** What is made at once may come in another order next time. */
const TRIES = 5

async function expectSame(portal: Portal, ask: Ask, cookie?: string) {
  const said = `${ask.method ?? 'GET'} ${ask.path} ${JSON.stringify(ask.headers ?? {})}`
  const both = () => Promise.all([framework, portal].map(({ url }) => answerOf(url, ask, cookie)))
  let [theirs, ours] = await both()
  for (let tries = 1; tries < TRIES && !isDeepStrictEqual(ours, theirs); tries++)
    [theirs, ours] = await both()
  expect.soft(ours, said).toEqual(theirs)
  return ours!
}

/** Asked twice they would answer differently. */
const CHANGES = new Set(['POST /sign-out', 'GET /sandbox-bank/start', 'GET /payments/return/[gateway]'])

test('every route answers as the framework’s router would have it @once @deep', async ({ portal }) => {
  const ids = await idsOfMirela(portal)
  const mirela = new Customer(portal.url)
  await mirela.signIn('mirela', PASSWORD)
  const statuses = new Set<number>()
  for (const route of listRoutes()) {
    const filled = address(route.path, ids) ?? route.path.replace(/\[\w+\]/g, 'sandbox')
    for (const method of [...route.methods, ...(route.methods.includes('GET') ? ['HEAD'] : [])]) {
      if (CHANGES.has(`${method} ${route.path}`)) continue
      for (const cookie of ['', mirela.cookie]) {
        const { status } = await expectSame(portal, { path: filled, method }, cookie)
        statuses.add(status)
      }
    }
    if (route.methods.includes('GET'))
      await expectSame(
        portal,
        { path: `${filled}?_rsc=x`, headers: { rsc: '1', accept: '*/*' } },
        mirela.cookie,
      )
  }
  for (const status of [200, 303, 307, 404]) expect([...statuses]).toContain(status)
})

test('so does what is near to a route @once', async ({ portal }) => {
  const { code, biller, invoice } = await idsOfMirela(portal)
  const mirela = new Customer(portal.url)
  await mirela.signIn('mirela', PASSWORD)
  for (const path of [
    '/help/',
    '/Help',
    '/help/no-such-page',
    '/no-such-page?a=b',
    '/_not-found',
    '/icon.svg',
    '/staff/registrations/disputes/1',
    `/contracts/${biller.toUpperCase()}/${code.toLowerCase().replace('.', '%20')}/pay?payment=x&payment=y`,
    `/contracts/${biller}/${code}?nxtPcode=x&nxtPbiller=y`,
    `/contracts/${biller}/${code}/history?proved&_rsc=x`,
    `/invoices/${invoice}?nxtPid=1&id=2`,
    `/invoices/%69`,
    '/payments/a%20b%26c/receipt',
  ]) {
    await expectSame(portal, { path }, mirela.cookie)
    await expectSame(portal, { path, method: 'POST' }, mirela.cookie)
    // What the framework's parts say to each other, nobody else may.
    await expectSame(
      portal,
      { path, headers: { 'x-matched-path': '/help', 'x-now-route-matches': 'id=1' } },
      mirela.cookie,
    )
  }
})

test('so does a form, with a script and without @once', async ({ portal }) => {
  const mirela = new Customer(portal.url)
  await mirela.signIn('mirela', PASSWORD)
  const { biller, code } = await idsOfMirela(portal)
  const pay = `/contracts/${biller}/${code}/pay`
  for (const [path, field, typed] of [
    [pay, 'invoices', { intent: ['pay', 'total'] }],
    ['/account/contact', 'phone', { phone: 'none' }],
    ['/register', 'contractCode', {}],
  ] as const) {
    const page = await mirela.get(path)
    const { fields } = formOf(page, field)
    const body = new FormData()
    for (const [name, values] of Object.entries({ ...fields, ...typed })) {
      for (const value of [values].flat()) body.append(name, String(value))
    }
    const { status } = await expectSame(portal, { path, method: 'POST', body }, mirela.cookie)
    expect(status, path).toBe(200)
    const action = Object.keys(fields).find(name => name.startsWith('$ACTION_ID_'))
    const headers = {
      'next-action': action?.slice('$ACTION_ID_'.length) ?? 'f'.repeat(42),
      accept: 'text/x-component',
    }
    await expectSame(portal, { path, method: 'POST', body, headers }, mirela.cookie)
  }
})

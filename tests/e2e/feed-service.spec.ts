// Feeds over the network: who may send them, what is answered, and that what is refused costs a node little.
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { bearerOf } from '../support/feed-tokens.ts'
import { MULTIPART, multipartOf, zipFeed } from '../support/feed-uploads.ts'
import { csvOf } from '../support/feeds.ts'
import { expect, rows, signInStaff, test } from '../support/portal.ts'

const contract = (code: string) => ({ code, category: 'household', region: 'TIRANA' })

test('a feed is sent, loaded, asked about and shown to staff @once', async ({ page, portal, request }) => {
  const authorization = await bearerOf(portal, 'oshee')
  const wrongPower = { ...contract('AL0900002'), contracted_power_kw: '3,5' }
  const zip = zipFeed({ contracts: [contract('AL0900001'), wrongPower] })
  const headers = { authorization, 'content-type': 'application/zip' }
  const sent = await request.post('/api/feed', { headers, data: zip })
  expect(sent.status()).toBe(202)
  const { run, state } = await sent.json()
  expect(sent.headers().location).toBe(`/api/feed/${run}`)
  expect(['queued', 'running', 'partly']).toContain(state)
  const told = async () => (await request.get(`/api/feed/${run}`, { headers: { authorization } })).json()
  await expect.poll(async () => (await told()).state, { timeout: 30_000 }).toBe('partly')
  expect(await told()).toMatchObject({
    run,
    files: [{ file: 'contracts.csv', rows: 2, added: 1, changed: 0, unchanged: 0, removed: 0, refused: 1 }],
    refusals: [{ file: 'contracts.csv', line: 3, column: 'contracted_power_kw', reason: 'not_a_number' }],
  })
  // As a multipart body: the same run, over a connection of its own, without an Origin.
  const body = multipartOf([
    {
      name: 'contracts.csv',
      content: csvOf('contracts', [contract('AL0900001'), wrongPower]),
    },
  ])
  const again = await request.post('/api/feed', {
    headers: { ...headers, 'content-type': MULTIPART },
    data: body,
  })
  expect([again.status(), (await again.json()).run]).toEqual([202, run])

  // Another biller's token knows nothing of it; none, and a wrong one, are told to bring one.
  const other = await bearerOf(portal, 'kesco')
  expect((await request.get(`/api/feed/${run}`, { headers: { authorization: other } })).status()).toBe(404)
  const wrongOnes: Record<string, string>[] = [
    {},
    { authorization: `Bearer ${'x'.repeat(40)}` },
    { authorization: 'Basic eDp5' },
  ]
  for (const wrong of wrongOnes) {
    const refused = await request.post('/api/feed', {
      headers: { ...wrong, 'content-type': 'application/zip' },
      data: zip,
    })
    expect(refused.status()).toBe(401)
    expect(refused.headers()['www-authenticate']).toContain('Bearer')
  }
  const asText = await request.post('/api/feed', {
    headers: { ...headers, 'content-type': 'text/csv' },
    data: 'x',
  })
  expect(asText.status()).toBe(415)
  const noZip = await request.post('/api/feed', { headers, data: 'no zip' })
  expect([noZip.status(), (await noZip.json()).reason]).toEqual([422, 'not_a_zip'])
  // Every other address of machines takes no form, this one no form of a page.
  const elsewhere = await request.post('/api/feed/1', { headers: { 'content-type': MULTIPART }, data: body })
  expect(elsewhere.status()).toBe(404)

  const address = `/staff/feeds/${run}/contracts.csv`
  await signInStaff(page, 'operator')
  await page.goto('/staff/feeds')
  await page.locator(`main a[href="/staff/feeds/${run}"]`).click()
  await expect(page).toHaveURL(new RegExp(`/staff/feeds/${run}$`))
  const refusals = page.getByRole('region', { name: 'Pse u refuzuan rreshtat' })
  await expect(refusals.getByRole('row').nth(1)).toContainText('3,5rreshti 3')
  await expect(refusals).not.toContainText('AL0900002')
  await expect(page.locator(`a[href="${address}"]`)).toHaveCount(0)
  expect((await page.request.get(address)).status()).toBe(404)
  await page.context().clearCookies()
  await signInStaff(page, 'supervisor')
  await page.goto(`/staff/feeds/${run}`)
  await expect(page.locator(`a[href="${address}"]`)).toBeVisible()
  const file = await page.request.get(address)
  expect(file.status()).toBe(200)
  expect(file.headers()['cache-control']).toContain('no-store')
  expect(await file.text()).toContain('AL0900002')
})

test('payments of a day are a file that goes on where it broke off @once', async ({ portal, request }) => {
  const authorization = await bearerOf(portal, 'oshee')
  const [{ today } = { today: '' }] = await rows<{ today: string }>(
    portal.databaseUrl,
    `select to_char(now() at time zone 'Europe/Tirane', 'YYYY-MM-DD') as today`,
  )
  const get = (query: string) => request.get(`/api/feed/payments?${query}`, { headers: { authorization } })
  const file = await get(`day=${today}`)
  expect(file.status()).toBe(200)
  expect(file.headers()).toMatchObject({ 'day-complete': 'no', 'content-type': 'text/csv; charset=utf-8' })
  expect(await file.text()).toMatch(/^cursor,kind,reference,contract_code,/)
  expect((await get('day=2026-01-01')).headers()).toMatchObject({ 'day-complete': 'yes' })
  for (const wrong of ['', 'day=2026-02-30', 'day=0001-01-01', 'day=2999-01-01', `day=${today}&after=x`])
    expect((await get(wrong)).status(), wrong).toBe(400)
})

test('readings of a day are handed over by what reads them, and not by HEAD @once', async ({
  portal,
  request,
}) => {
  const headers = { authorization: await bearerOf(portal, 'oshee') }
  await rows(
    portal.databaseUrl,
    `insert into customer_readings (biller_id, contract_id, read_on, high, is_unusual, sent_at)
     select biller_id, id, '2026-01-02', 77, false, now() from contracts where biller_id = 1 limit 1 returning id`,
  )
  const waiting = () =>
    rows(
      portal.databaseUrl,
      `select id from customer_readings where read_on = '2026-01-02' and handed_over_at is null`,
    )
  const address = '/api/feed/readings?day=2026-01-02'
  expect((await request.head(address, { headers })).status()).toBe(200)
  expect(await waiting()).toHaveLength(1)
  expect(await (await request.get(address, { headers })).text()).toMatch(/,other,A1,77,false,\r\n$/)
  expect(await waiting()).toHaveLength(0)
})

/** Sends a head and a body piece by piece; the answer's first line, and how many bytes the portal took. */
function raw(
  url: string,
  head: string[],
  pieces: () => Generator<Buffer>,
): Promise<{ status: string; bytes: number }> {
  const { hostname, port } = new URL(url)
  return new Promise(resolve => {
    const socket = net.connect(Number(port), hostname)
    let answer = ''
    socket.on('data', data => {
      answer += data
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve({ status: answer.split('\r\n')[0]!, bytes: socket.bytesWritten }))
    socket.write(`${['POST /api/feed HTTP/1.1', `Host: ${hostname}:${port}`, ...head].join('\r\n')}\r\n\r\n`)
    void (async () => {
      for (const piece of pieces()) {
        if (socket.destroyed) return
        if (!socket.write(piece))
          await Promise.race([new Promise(drained => socket.once('drain', drained)), sleep(5000)])
      }
    })()
  })
}

function* megabytes(count: number, piece = Buffer.alloc(1_000_000)) {
  for (let i = 0; i < count; i++) yield piece
}

test('a body of ten gigabytes is not read: neither with a wrong token nor with a right one @once', async ({
  portal,
}) => {
  const right = await bearerOf(portal, 'oshee')
  const long = ['Content-Type: application/zip', 'Content-Length: 10000000000']
  for (const [authorization, status] of [
    ['Bearer nobody-knows-this-one', '401'],
    [right, '413'],
  ]) {
    const began = performance.now()
    const answer = await raw(portal.url, [...long, `Authorization: ${authorization}`], () =>
      megabytes(10_000),
    )
    expect(answer.status).toContain(` ${status} `)
    expect(performance.now() - began).toBeLessThan(10_000)
  }
})

test('a body that hardly comes is cut off @once @deep', async ({ portal }) => {
  const authorization = await bearerOf(portal, 'oshee')
  const began = performance.now()
  const head = [`Authorization: ${authorization}`, 'Content-Type: application/zip', 'Content-Length: 1000']
  const answer = await raw(portal.url, head, () => megabytes(1, Buffer.alloc(10)))
  expect(answer.status).not.toContain(' 202 ')
  expect(performance.now() - began).toBeLessThan(30_000)
})

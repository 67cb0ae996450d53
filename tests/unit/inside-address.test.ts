// The pages of a contract lie at another address inside, and nobody outside can say what they are told.
import http from 'node:http'
import { expect, test } from 'vitest'
import { normalAddress } from '../../lib/http/address.ts'
import { enterInside, isInsideAddress } from '../../lib/http/inside-address.ts'

/** The request and the answer as they are handed to the framework. */
function enter(address: string, headers: http.IncomingHttpHeaders = {}) {
  const url = normalAddress(address)!
  const request = { url, headers: { 'x-path': url.replace(/[?&]_rsc=\w+/, ''), ...headers } }
  const response = new http.ServerResponse(new http.IncomingMessage(undefined!))
  enterInside(request as unknown as http.IncomingMessage, response)
  return { ...request, told: response.getHeaders() }
}

const parts = (address: string) => {
  const [path, search] = address.split('?')
  return [path, [...new URLSearchParams(search)].sort()]
}

test.each([
  ['/contracts/kesco/DPR-6687/pay', '/contract-pay', 'kesco', 'DPR-6687'],
  ['/contracts/KESCO/dpr%206687/history', '/contract-history', 'KESCO', 'dpr 6687'],
  ['/contracts/oshee/AL1/history.csv', '/contract-history.csv', 'oshee', 'AL1'],
  ['/contracts/oshee/AL1/statement/2025.pdf', '/contract-statement/2025.pdf', 'oshee', 'AL1'],
  ['/contracts/oshee/TR0.A1/info', '/contract-info', 'oshee', 'TR0.A1'],
  ['/contracts/oshee/AL1/requests', '/contract-requests', 'oshee', 'AL1'],
  ['/contracts/oshee/AL1/requests/F2000000051', '/contract-requests/F2000000051', 'oshee', 'AL1'],
  [
    '/contracts/oshee/AL1/requests/F2000000051/regulator.pdf',
    '/contract-requests/F2000000051/regulator.pdf',
    'oshee',
    'AL1',
  ],
  ['/contracts/a&code=b/c+d%26x=y%23/access', '/contract-access', 'a&code=b', 'c+d&x=y#'],
  ['/contracts/%C3%AB/%D0%B4%D0%BF%D1%80/pay', '/contract-pay', 'ë', 'дпр'],
])('%s is %s with its codes', (address, path, biller, code) => {
  expect(parts(enter(address).url)).toEqual([
    path,
    [
      ['biller', biller],
      ['code', code],
    ],
  ])
})

test('its own query is kept, but for what the path says', () => {
  const { url } = enter('/contracts/oshee/AL1/pay?payment=p%26q&code=AL2&biller=kesco&code=AL3')
  expect(parts(url)).toEqual([
    '/contract-pay',
    [
      ['biller', 'oshee'],
      ['code', 'AL1'],
      ['payment', 'p&q'],
    ],
  ])
})

test.each([
  '/',
  '/contracts',
  '/contracts/oshee/AL1',
  '/contracts/oshee/AL1/pay/',
  '/contracts/oshee/AL1/pay/x',
  '/contracts/oshee/pay',
  '/contracts/oshee/AL1/other',
  '/contracts/oshee/AL1/statement/all.pdf',
  '/invoices/1/pay?a=/contracts/oshee/AL1/pay',
])('%s stays as it is', address => {
  expect(enter(address, { rsc: '1' })).toMatchObject({ url: address, told: {} })
})

test('a script that asks for its data is told the way as after a rewrite of the framework’s own', () => {
  const { url, told } = enter('/contracts/oshee/AL1/history?proved=&_rsc=ab12', { rsc: '1' })
  expect(url).toContain('_rsc=ab12')
  expect(told).toMatchObject({
    'x-nextjs-rewritten-path': '/contract-history',
    'x-nextjs-rewritten-query': 'proved=&biller=oshee&code=AL1',
  })
  expect(enter('/contracts/oshee/AL1/history').told).toEqual({})
})

test('what is posted to a page that has no form of the portal’s lies beside it', () => {
  const post = (url: string, method = 'POST') => {
    const request = { url, method, headers: { 'x-path': url } } as unknown as http.IncomingMessage
    enterInside(request, new http.ServerResponse(request))
    return request.url
  }
  expect(post('/unsubscribe/abc')).toBe('/unsubscribe/abc/answer')
  expect(post('/unsubscribe/abc?x=1')).toBe('/unsubscribe/abc/answer')
  expect(post('/unsubscribe/abc', 'GET')).toBe('/unsubscribe/abc')
  expect(post('/unsubscribe/abc/answer')).toBe('/unsubscribe/abc/answer')
})

test('nobody asks for it by its address inside', () => {
  const isInside = (url: string) => isInsideAddress({ url } as http.IncomingMessage)
  expect(isInside('/contract-pay?biller=oshee&code=AL1')).toBe(true)
  expect(isInside('/unsubscribe/abc/answer')).toBe(true)
  for (const outside of ['/contracts/oshee/AL1/pay', '/unsubscribe/abc'])
    expect(isInside(outside)).toBe(false)
})

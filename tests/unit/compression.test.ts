import http from 'node:http'
import type { AddressInfo } from 'node:net'
import zlib from 'node:zlib'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { compressText } from '../../lib/http/compression.ts'

const text = 'O sa mirë! '.repeat(100)
const server = http.createServer((request, response) => {
  compressText(request, response)
  response.setHeader('Content-Type', 'text/javascript')
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
  response.end(text)
})
beforeAll(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise(resolve => server.close(resolve)))

const get = async (path: string) => {
  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'Accept-Encoding': 'br' } })
  expect(answer.headers.get('content-encoding')).toBe('br')
  expect(await answer.text()).toBe(text)
}

test('a file of the build is compressed once, whatever is asked after its name', async () => {
  const compress = vi.spyOn(zlib, 'brotliCompressSync')
  for (const query of ['', '?', '?a', '?b=1']) await get(`/_next/static/a.js${query}`)
  expect(compress).toHaveBeenCalledTimes(1)
  compress.mockRestore()
})

test('no more files are kept than a build has', async () => {
  for (let name = 0; name < 300; name++) await get(`/_next/static/${name}.js`)
  const compress = vi.spyOn(zlib, 'brotliCompressSync')
  await get('/_next/static/one-more.js')
  await get('/_next/static/one-more.js')
  await get('/_next/static/a.js')
  expect(compress).toHaveBeenCalledTimes(2)
  compress.mockRestore()
})

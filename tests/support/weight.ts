// How much a page weighs on the wire.
import http from 'node:http'
import type { Page } from 'playwright/test'

/** Bytes of the page at `path`, as a browser that is signed in gets it, compressed. */
export async function weightOf(page: Page, path: string): Promise<number> {
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  return new Promise((resolve, reject) => {
    http
      .get(new URL(path, page.url()), { headers: { cookie, 'accept-encoding': 'gzip' } }, response => {
        let bytes = 0
        response.on('data', (chunk: Buffer) => (bytes += chunk.length))
        response.on('end', () => resolve(response.statusCode === 200 ? bytes : Number.NaN))
      })
      .on('error', reject)
  })
}

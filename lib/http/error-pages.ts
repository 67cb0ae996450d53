// Errors that can be read without JavaScript: where a page is not found or fails, Next.js sends an empty shell that only
// a script fills. Browsers get a whole page instead.
import http from 'node:http'
import en from '../../messages/en/failures.json' with { type: 'json' }
import sq from '../../messages/sq/failures.json' with { type: 'json' }
import sr from '../../messages/sr/failures.json' with { type: 'json' }
import { isLocale, LANGUAGE_COOKIE, languageTag, localeOfHeader, locales } from '../i18n/locale.ts'
import { fillText } from '../i18n/texts.ts'
import { STANDS_FOR } from './headers.ts'
import { OWN_REQUEST } from './own-requests.ts'

/** The page that says so, whole and in the reader's language. */
const NOT_FOUND = '/missing'
const HANDED_ON = [
  'cookie',
  'accept-language',
  'user-agent',
  'x-forwarded-host',
  'x-client-address',
  OWN_REQUEST,
]

/** `port`: the portal's own. */
export function readableErrors(port: number) {
  /** Watches an answer to a browser; one that is 404 or 500 is held back, and a page that can be read sent for it. */
  const watch = (
    request: http.IncomingMessage,
    response: http.ServerResponse,
    state: { unavailable: boolean },
  ): void => {
    if (request.method === 'HEAD' || !request.headers.accept?.includes('text/html')) return
    const writeHead = response.writeHead.bind(response)
    const write = response.write.bind(response)
    const end = response.end.bind(response)
    const flushHeaders = response.flushHeaders.bind(response)
    const isError = () =>
      !response.headersSent && (response.statusCode === 404 || response.statusCode === 500)
    let replaced = false

    response.flushHeaders = () => {
      if (!isError()) flushHeaders()
    }
    response.writeHead = ((status: number, ...rest: never[]) => {
      response.statusCode = status
      return isError() ? response : writeHead(status, ...rest)
    }) as typeof response.writeHead
    response.write = ((...given: Parameters<typeof write>) =>
      isError() || write(...given)) as typeof response.write
    response.end = ((...given: Parameters<typeof end>) => {
      if (!isError() || replaced) return replaced ? response : end(...given)
      replaced = true
      const send = (headers: http.OutgoingHttpHeaders, body: Buffer | string) => {
        for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'etag', 'link']) {
          response.removeHeader(name)
        }
        writeHead(response.statusCode, { ...headers, 'Content-Length': Buffer.byteLength(body) })
        end(body)
      }
      const failed = () => {
        const page = failurePage(state.unavailable ? 'busy' : 'failure', request.headers)
        send({ 'Content-Type': 'text/html; charset=utf-8' }, page)
      }
      if (response.statusCode === 500) failed()
      else fetchNotFound(request).then(({ headers, body }) => send(headers, body), failed)
      return response
    }) as typeof response.end
  }

  /** The not-found page as this browser would see it: its language, its session. */
  const fetchNotFound = (request: http.IncomingMessage) =>
    new Promise<{ headers: http.OutgoingHttpHeaders; body: Buffer }>((resolve, reject) => {
      const given = Object.fromEntries(HANDED_ON.map(name => [name, request.headers[name] ?? '']))
      const own = http.get(
        {
          port,
          host: '127.0.0.1',
          path: NOT_FOUND,
          headers: { ...given, [STANDS_FOR]: request.url },
        },
        answer => {
          const chunks: Buffer[] = []
          answer.on('data', chunk => chunks.push(chunk)).once('error', reject)
          answer.once('end', () => {
            const policy = answer.headers['content-security-policy']
            resolve({
              headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy },
              body: Buffer.concat(chunks),
            })
          })
        },
      )
      own.setTimeout(10_000, () => own.destroy(new Error('timeout'))).once('error', reject)
    })

  return watch
}

const CATALOGUES = { sq, en, sr }

/**
 * What happened, in all three languages: which one an account wants may be just what could not be found out. First that of
 * the browser.
 */
export function failurePage(
  what: 'failure' | 'busy' | 'tooManyUploads',
  { cookie, ...headers }: http.IncomingHttpHeaders,
  values: Record<string, number> = {},
): string {
  const chosen = new RegExp(`(?:^|; )${LANGUAGE_COOKIE}=(\\w+)`).exec(cookie ?? '')?.[1]
  const first = isLocale(chosen) ? chosen : (localeOfHeader(headers['accept-language'] ?? null) ?? 'sq')
  const [main, ...others] = [first, ...locales.filter(locale => locale !== first)].map(locale => ({
    lang: languageTag[locale],
    title: CATALOGUES[locale][what].title,
    text: fillText(CATALOGUES[locale][what].text, values),
    retry: CATALOGUES[locale].busy.retry,
  }))
  const { lang, title, text, retry } = main!
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Drita</title>
<link rel="stylesheet" href="/failure.css"></head><body><header>Drita</header><main>
<h1>${title}</h1><p>${text}</p>${what === 'busy' ? `<p><a href="">${retry}</a></p>` : ''}
${others.map(other => `<section lang="${other.lang}"><h2>${other.title}</h2><p>${other.text}</p></section>`).join('\n')}
<p><a href="/">Drita</a></p></main></body></html>`
}

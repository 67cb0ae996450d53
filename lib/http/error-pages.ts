// What a browser gets for an answer that is an error: a whole page, in the reader's language and without scripts. Next.js
// answers notFound() and whatever fails with an empty page that only a script fills
// (https://github.com/vercel/next.js/issues/62228, https://github.com/vercel/next.js/issues/52993).
import { once } from 'node:events'
import type http from 'node:http'
import { createRequestResponseMocks } from 'next/dist/server/lib/mock-request.js'
import { failureTexts } from '../i18n/catalogue.ts'
import {
  isLocale,
  LANGUAGE_COOKIE,
  type Locale,
  languageTag,
  localeOfHeader,
  locales,
} from '../i18n/locale.ts'
import { fillText } from '../i18n/texts.ts'
import { escapeHtml } from '../platform/text.ts'
import { askedFor } from './address.ts'
import { withoutUnusedScripts } from './unused-scripts.ts'

const TEXTS = Object.fromEntries(locales.map(locale => [locale, failureTexts(locale)])) as Record<
  Locale,
  ReturnType<typeof failureTexts>
>

/** `what`: its texts, a title and what to do, in messages/<locale>/failures.json; `values`: for their placeholders. */
export type Problem = { what: keyof ReturnType<typeof failureTexts>; values?: Record<string, number> }

/** Every other status has no page of its own; who knows more about one sets it (`PortalResponse.problem`). */
const OF_STATUS: Record<number, Problem['what']> = {
  400: 'unreadable',
  403: 'foreign',
  404: 'notFound',
  // A form was for there, and its address was loaded again.
  405: 'notFound',
  409: 'outOfDate',
  411: 'unreadable',
  413: 'tooLarge',
  421: 'otherAddress',
  500: 'failure',
  503: 'busy',
}

export const errorOf = (status: number): Problem | undefined =>
  OF_STATUS[status] && { what: OF_STATUS[status] }

/** `language`: the account's, where it is known. */
export function errorPage(
  problem: Problem,
  request: Pick<http.IncomingMessage, 'url' | 'headers'>,
  language?: string,
): string {
  const locale = isLocale(language) ? language : localeOf(request.headers)
  const frame = frames.get(locale)
  // Where something failed, what the frame leads to may have failed, too.
  if (!frame || problem.what === 'failure' || problem.what === 'busy') return plainPage(problem, locale)
  const { title, text } = textsOf(problem, locale)
  return frame
    .replaceAll(escapeHtml(TEXTS[locale].notFound.title), () => escapeHtml(title))
    .replace(escapeHtml(TEXTS[locale].notFound.text), () => escapeHtml(text))
    .replaceAll(`to=${encodeURIComponent(FRAME)}`, () => `to=${encodeURIComponent(askedFor(request))}`)
}

/** The cookie's, else the browser's, else Albanian. */
function localeOf({ cookie, ...headers }: http.IncomingHttpHeaders): Locale {
  const chosen = new RegExp(`(?:^|; )${LANGUAGE_COOKIE}=(\\w+)`).exec(cookie ?? '')?.[1]
  return isLocale(chosen) ? chosen : (localeOfHeader(headers['accept-language'] ?? null) ?? 'sq')
}

function textsOf({ what, values }: Problem, locale: Locale): { title: string; text: string } {
  const { title, text } = TEXTS[locale][what]
  return { title, text: fillText(text, values, languageTag[locale]) }
}

/** The not-found page, which nobody can ask for by this address. */
export const FRAME = '/missing'
/** It by language, as nobody sees it: what stands around every page, and leads on whoever is signed in or not. */
const frames = new Map<Locale, string>()

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>

/** Has the framework make the not-found page once in each language. */
export async function makeFrames(handle: Handler): Promise<void> {
  for (const locale of locales) {
    const pieces: Buffer[] = []
    const { req, res } = createRequestResponseMocks({
      url: FRAME,
      headers: { cookie: `${LANGUAGE_COOKIE}=${locale}`, 'x-path': FRAME },
      resWriter: piece => pieces.push(Buffer.from(piece)) > 0,
    })
    const ended = once(res, 'finish')
    await handle(req as unknown as http.IncomingMessage, res as unknown as http.ServerResponse)
    await ended
    frames.set(locale, withoutUnusedScripts(Buffer.concat(pieces)).toString())
  }
}

/** What happened, in all three languages: which one an account wants may be just what could not be found out. */
function plainPage(problem: Problem, first: Locale): string {
  const [main, ...others] = [first, ...locales.filter(locale => locale !== first)].map(locale => ({
    lang: languageTag[locale],
    ...textsOf(problem, locale),
    retry: TEXTS[locale].busy.retry,
  }))
  const { lang, title, text, retry } = main!
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Drita</title>
<link rel="stylesheet" href="/failure.css"></head><body><header>Drita</header><main>
<h1>${title}</h1><p>${text}</p>${problem.what === 'busy' ? `<p><a href="">${retry}</a></p>` : ''}
${others.map(other => `<section lang="${other.lang}"><h2>${other.title}</h2><p>${other.text}</p></section>`).join('\n')}
<p><a href="/">Drita</a></p></main></body></html>`
}

// What a browser gets for an answer that is an error: a whole page, in the reader's language and without scripts. Next.js
// answers notFound() and whatever fails with an empty page that only a script fills
// (https://github.com/vercel/next.js/issues/62228, https://github.com/vercel/next.js/issues/52993).
import { once } from 'node:events'
import type http from 'node:http'
import { createRequestResponseMocks } from 'next/dist/server/lib/mock-request.js'
import { billers } from '../../db/billers.ts'
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
import type { Answer } from '../platform/answering.ts'
import { spokenId } from '../platform/request-id.ts'
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

/** `answer`: to whom, in the language of their account, as far as a guard has looked; and by which number it is found in the log. */
export function errorPage(
  problem: Problem,
  request: http.IncomingMessage,
  { language, requestId, hasSession, isStaff, isAgent }: Partial<Answer> = {},
): string {
  const locale = isLocale(language) ? language : localeOf(request.headers)
  // What no guard has seen is told by its cookie: of a session that ended, its links lead to signing in.
  const reader = isStaff
    ? /^\/staff(?:[/?]|$)/.test(askedFor(request))
      ? isAgent
        ? 'agent'
        : 'supervisor'
      : 'staffElsewhere'
    : language || hasSession?.()
      ? 'customer'
      : 'visitor'
  const frame = frames.get(`${reader} ${locale}`)
  // Where something failed, what the frame leads to may have failed, too.
  if (!frame || problem.what === 'failure' || problem.what === 'busy')
    return plainPage(problem, locale, requestId && spokenId(requestId))
  const { title, text } = textsOf(problem, locale)
  return frame
    .replaceAll(escapeHtml(TEXTS[locale].notFound.title), () => escapeHtml(title))
    .replace(escapeHtml(TEXTS[locale].notFound.text), () => escapeHtml(text))
    .replaceAll(
      `to=${encodeURIComponent(ADDRESS[reader])}`,
      () => `to=${encodeURIComponent(askedFor(request))}`,
    )
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
/** It for each kind of reader, by what app/layout.tsx is told of its address. */
const ADDRESS = {
  visitor: FRAME,
  customer: `${FRAME}?customer`,
  // At one of staff: what opens for an agent, and what for those who supervise.
  agent: `${FRAME}?staff`,
  supervisor: `${FRAME}?supervisor`,
  // At a customer's address: a customer's ways, and the one back to the staff's pages.
  staffElsewhere: `${FRAME}?staff-elsewhere`,
}
/** By reader and language, as nobody sees them: what stands around every page. */
const frames = new Map<string, string>()

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>

/** Has the framework make the not-found page once for each kind of reader in each language. */
export async function makeFrames(handle: Handler): Promise<void> {
  for (const [reader, address] of Object.entries(ADDRESS)) {
    for (const locale of locales) frames.set(`${reader} ${locale}`, await makeFrame(handle, address, locale))
  }
}

async function makeFrame(handle: Handler, address: string, locale: Locale): Promise<string> {
  const pieces: Buffer[] = []
  const { req, res } = createRequestResponseMocks({
    url: FRAME,
    headers: { cookie: `${LANGUAGE_COOKIE}=${locale}`, 'x-path': address },
    resWriter: piece => pieces.push(Buffer.from(piece)) > 0,
  })
  const ended = once(res, 'finish')
  await handle(req as unknown as http.IncomingMessage, res as unknown as http.ServerResponse)
  await ended
  return withoutUnusedScripts(Buffer.concat(pieces)).toString()
}

/** As far as the portal knows them by heart: a deployment's own are in the database, which may have failed. */
const PHONES = Object.values(billers)
  .flatMap(({ name, ...of }) => ('contactPhone' in of ? [{ name, phone: of.contactPhone }] : []))
  .map(({ name, phone }) => `${name} <a href="tel:${phone.replaceAll(' ', '')}">${phone}</a>`)
  .join(' · ')

/**
 * What happened, in all three languages: which one an account wants may be just what could not be found out. `number`: of the
 * request, which whoever calls says.
 */
function plainPage(problem: Problem, first: Locale, number?: string): string {
  const isFailure = problem.what === 'failure' || problem.what === 'busy'
  const [main, ...others] = [first, ...locales.filter(locale => locale !== first)].map(locale => ({
    lang: languageTag[locale],
    ...textsOf(problem, locale),
    tellUs: isFailure && number ? `<p>${fillText(TEXTS[locale].failure.number, { number })}</p>` : '',
  }))
  const { lang, title, text, tellUs } = main!
  const { busy, failure } = TEXTS[first]
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Drita</title>
<link rel="stylesheet" href="/failure.css"></head><body><header><a href="/">Drita</a></header><main>
<h1>${title}</h1><p>${text}</p>${isFailure ? `<p><a class="btn" href="">${busy.retry}</a></p>` : ''}
${isFailure ? `<p>${failure.persists} ${PHONES}</p>` : ''}${tellUs}
${others.map(other => `<section lang="${other.lang}"><h2>${other.title}</h2><p>${other.text}</p>${other.tellUs}</section>`).join('\n')}
</main></body></html>`
}

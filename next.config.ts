// Build and serving options of Next.js.
import type { NextConfig } from 'next'
import { failureTexts } from './lib/i18n/catalogue.ts'
import { languageTag, locales } from './lib/i18n/locale.ts'

const failures = locales.map(locale => ({ lang: languageTag[locale], ...failureTexts(locale) }))
const pages = (what: 'failure' | 'busy') =>
  failures.map(({ lang, [what]: { title, text }, busy: { retry }, failure: { number } }) => ({
    lang,
    title,
    text,
    retry,
    number,
  }))

const { DOCUMENT_MAX_MB = 5, REQUEST_DOCUMENT_MAX_MB = 10, DOCUMENTS_PER_FORM = 5 } = process.env
const documentMegabytes =
  Math.max(Number(DOCUMENT_MAX_MB), Number(REQUEST_DOCUMENT_MAX_MB)) * Number(DOCUMENTS_PER_FORM)

const config: NextConfig = {
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  poweredByHeader: false,
  // The server does it, for less.
  compress: false,
  reactStrictMode: true,
  // Each page names its style and fonts in its head, which is sent with the headers.
  reactMaxHeadersLength: 0,
  // Nothing makes pictures smaller here; the server answers no request for it either.
  images: { unoptimized: true },
  // Where disputes and businesses were before they were cases.
  redirects: async () => [
    {
      source: '/staff/registrations/:kind(disputes|businesses)/:id',
      destination: '/staff/registrations/:id',
      permanent: true,
    },
  ],
  // `npm test` checks the types; a start need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // For app/global-error.tsx, which runs in the browser and cannot ask for a language.
  env: {
    FAILURE_TEXTS: JSON.stringify({ failure: pages('failure'), busy: pages('busy') }),
  },
  experimental: {
    // No cache between keeps any page: of the data of one, nothing in its address need say for whom it is.
    validateRSCRequestHeaders: false,
    // The server refuses larger bodies before (lib/http/refusals.ts), for each page as much as its form may hold.
    serverActions: { bodySizeLimit: `${documentMegabytes + 2}mb` },
    // Writing 80 MB for a later build makes the first one, which is nearly every one, a quarter longer.
    turbopackFileSystemCacheForBuild: false,
  },
  // Loaded from node_modules at run time: native code, or files read beside their own.
  serverExternalPackages: [
    '@node-rs/argon2',
    'pg',
    'pdfkit',
    'fontkit',
    'graphile-worker',
    'pino',
    'flydrive',
    '@opentelemetry/exporter-trace-otlp-http',
    '@opentelemetry/resources',
    '@opentelemetry/sdk-trace-node',
  ],
}

export default config

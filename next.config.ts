// Build and serving options of Next.js.
import type { NextConfig } from 'next'
import en from './messages/en/failures.json' with { type: 'json' }
import sq from './messages/sq/failures.json' with { type: 'json' }
import sr from './messages/sr/failures.json' with { type: 'json' }

const inAllLanguages = (what: 'failure' | 'busy') =>
  Object.entries({ sq, 'en-GB': en, 'sr-Latn': sr }).map(([lang, { [what]: page }]) => ({
    lang,
    title: page.title,
    text: page.text,
  }))

const { DOCUMENT_MAX_MB = 5, DOCUMENTS_PER_FORM = 5 } = process.env
const documentMegabytes = Number(DOCUMENT_MAX_MB) * Number(DOCUMENTS_PER_FORM)

const config: NextConfig = {
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  poweredByHeader: false,
  // The server does it, for less.
  compress: false,
  reactStrictMode: true,
  // Nothing makes pictures smaller here; the server answers no request for it either.
  images: { unoptimized: true },
  // `npm test` checks the types; a start need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // For app/global-error.tsx and components/use-kept-action.ts, which run in the browser and cannot ask for a language.
  env: {
    FAILURE_TEXTS: JSON.stringify({ failure: inAllLanguages('failure'), busy: inAllLanguages('busy') }),
    TOO_MANY_UPLOADS_TEXTS: JSON.stringify({
      sq: sq.tooManyUploads.form,
      'en-GB': en.tooManyUploads.form,
      'sr-Latn': sr.tooManyUploads.form,
    }),
    BUSY_TEXTS: JSON.stringify({ sq: sq.busy.form, 'en-GB': en.busy.form, 'sr-Latn': sr.busy.form }),
  },
  // The server refuses larger bodies before (lib/http/refusals.ts), for each page as much as its form may hold.
  experimental: { serverActions: { bodySizeLimit: `${documentMegabytes + 2}mb` } },
  // Loaded from node_modules at run time: native code, or files read beside their own.
  serverExternalPackages: [
    '@node-rs/argon2',
    'pg',
    'pdfkit',
    'fontkit',
    'graphile-worker',
    'pino',
    'flydrive',
  ],
}

export default config

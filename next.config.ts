// Build and serving options of Next.js.
import type { NextConfig } from 'next'
import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin('./lib/i18n/request.ts')

const config: NextConfig = {
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` checks the types; a start need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // Loaded from node_modules at run time: native code, or files read beside their own.
  serverExternalPackages: ['@node-rs/argon2', 'pg', 'pdfkit', 'fontkit', 'graphile-worker', 'pino'],
}

export default withNextIntl(config)

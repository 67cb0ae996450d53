// Build and serving options of Next.js.
import type { NextConfig } from 'next'
import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin('./lib/i18n/request.ts')

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Loaded from node_modules at run time: native code, or files read beside their own.
  serverExternalPackages: ['@node-rs/argon2', 'pg', 'pdfkit', 'fontkit', 'graphile-worker', 'pino'],
}

export default withNextIntl(config)

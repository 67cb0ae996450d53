// The bare page is built as the portal is, and nothing more.
import type { NextConfig } from 'next'

const config: NextConfig = { serverExternalPackages: ['pg'], typescript: { ignoreBuildErrors: true } }

export default config

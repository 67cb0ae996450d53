// For a portal whose routes are all found and answered by the framework's own router: `NODE_OPTIONS=--import …`.
import { registerHooks } from 'node:module'

registerHooks({
  load: (url, context, next) =>
    url.endsWith('/lib/http/entrypoints.ts')
      ? {
          format: 'module',
          shortCircuit: true,
          source: 'export const routesOf = (_, framework) => framework',
        }
      : next(url, context),
})

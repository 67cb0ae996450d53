// What only the framework's router knows would be passed over by routes that are answered without it (lib/http/entrypoints.ts).
import { expect, it } from 'vitest'
import config from '../../next.config.ts'

it('the configuration says nothing of a route that its entrypoint does not know', () => {
  for (const name of ['headers', 'rewrites', 'basePath', 'i18n', 'trailingSlash']) {
    expect(config).not.toHaveProperty(name)
  }
})

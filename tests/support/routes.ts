// The portal's routes, read from app/ itself.
import fs from 'node:fs'
import path from 'node:path'

export type Route = {
  /** As in the address, with its parameters: `/invoices/[id]/pdf`. */
  path: string
  /** What it answers to; a page answers to GET. */
  methods: string[]
}

const app = path.resolve(import.meta.dirname, '../../app')

/** The address of a page of the build, as `app/(portal)/contract-pay/page`; lib/http/inside-address.ts says where it lies. */
export const addressOfPage = (page: string): string =>
  page
    .replace(/^app|\/\([a-z]+\)|\/(page|route)$/g, '')
    .replace(/^\/contract-/, '/contracts/[biller]/[code]/') || '/'

/** Every page and route handler. */
export function listRoutes(): Route[] {
  return fs
    .readdirSync(app, { recursive: true, encoding: 'utf8' })
    .filter(file => /(^|\/)(page\.tsx|route\.ts)$/.test(file))
    .map(file => {
      const code = fs.readFileSync(path.join(app, file), 'utf8')
      const exported = [...code.matchAll(/export (?:async function|const) (GET|POST|PUT|PATCH|DELETE)\b/g)]
      return {
        path: addressOfPage(`app/${file.replace(/\.tsx?$/, '')}`),
        methods: file.endsWith('page.tsx') ? ['GET'] : exported.map(match => match[1]!),
      }
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

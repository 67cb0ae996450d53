// Where the framework finds a page whose address has many parts: each part is one more level of layouts and boundaries that
// it renders, sends and describes in every answer (decision 0038).
import type http from 'node:http'
import { askedFor, pathOf } from './address.ts'

/** The pages of a contract lie in `app/(portal)/contract-…`, and are told its codes in their query; those of requests have more below. */
const OF_CONTRACT =
  /^\/contracts\/([^/]+)\/([^/]+)\/(pay|history(?:\.csv)?|statement\/\d{4}\.pdf|info|access|handover|readings|remove|requests(?:\/.+)?)$/
/** What is posted to where a page stands needs an address of its own: no route handler can share that of a page. */
const POSTED = /^\/unsubscribe\/[^/]+$/
const INSIDE = /^\/contract-|^\/unsubscribe\/[^/]+\/./

/** Nobody outside asks by it. */
export const isInsideAddress = (request: http.IncomingMessage): boolean => INSIDE.test(pathOf(request))

/** The pattern of the addresses that are asked for, of a route that answers them inside. */
export const outsidePattern = (route: string): string =>
  route
    .replace(/^\/contract-/, '/contracts/[biller]/[code]/')
    .replace(/^(\/unsubscribe\/[^/]+)\/answer$/, '$1')

/**
 * Gives a request the address that the framework knows; the one that was asked for stays in its header `x-path`. Both are in their
 * one form (address.ts).
 */
export function enterInside(request: http.IncomingMessage, response: http.ServerResponse): void {
  if (request.method === 'POST' && POSTED.test(pathOf(request))) {
    request.url = `${pathOf(request)}/answer`
    return
  }
  const [, biller, code, page] = OF_CONTRACT.exec(pathOf(request)) ?? []
  if (page === undefined) return
  const inside = `/contract-${page}`
  const told = (address: string) => {
    const query = new URLSearchParams(address.split('?', 2)[1])
    query.set('biller', decodeURIComponent(biller!))
    query.set('code', decodeURIComponent(code!))
    return query
  }
  request.url = `${inside}?${told(request.url!)}`
  // A script that asks for the data of a page is told, as after a rewrite of the framework's own.
  if (request.headers.rsc === undefined) return
  response.setHeader('x-nextjs-rewritten-path', inside)
  response.setHeader('x-nextjs-rewritten-query', String(told(askedFor(request))))
}

// Requests that this portal sends itself: those of Next.js, which fetches the page that a form leads to and hands on the
// headers of the request it answers.
import type http from 'node:http'
import { keyedHash } from '../platform/seal.ts'

/** No client knows its value; it never leaves the machine. */
export const OWN_REQUEST = 'x-own-request'

/** The same in every process: another one may answer. */
export const ownRequestSecret = (): string => keyedHash('own requests', 'http')

export const isOwnRequest = ({ headers }: http.IncomingMessage, secret: string): boolean =>
  headers[OWN_REQUEST] === secret

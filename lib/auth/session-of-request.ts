// Whose session a request comes from, before the framework has it.
import type http from 'node:http'
// As next/headers does; that, and next/server, cannot be loaded before the framework.
import { RequestCookies } from 'next/dist/compiled/@edge-runtime/cookies/index.js'
import { sessionIdOf } from './session-cookie.ts'

/** As a page would find it: its cookies are read as the framework reads them. */
export const sessionIdOfRequest = ({ headers: { cookie = '' } }: http.IncomingMessage): string | undefined =>
  sessionIdOf(new RequestCookies(new Headers({ cookie })))

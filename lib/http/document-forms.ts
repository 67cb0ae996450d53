// Which forms take documents, and how large all others are.
import type http from 'node:http'
import { pathOf } from './address.ts'

/** Pages with a form that takes documents; every other form is words alone. */
const TAKES_DOCUMENTS = /^\/(register\/dispute|account\/business)\/?$/
/** More than any form of words has. The page to pay has a box for each of a thousand invoices: 170 kB. */
export const WORDS_BYTES = 256 * 1024

export const takesDocuments = (request: http.IncomingMessage): boolean =>
  TAKES_DOCUMENTS.test(pathOf(request))

// A page that is no success and says so in its own words: the framework gives every page it renders the status 200, and what
// `notFound()` throws becomes a page that all addresses share.
import { answering } from '../platform/answering.ts'

/** Before anything of the page is sent; as a script asks for it, too. */
export function setStatus(status: 404 | 410): void
export function setStatus(status: 429, waitSeconds: number): void
export function setStatus(status: 404 | 410 | 429, waitSeconds?: number): void {
  Object.assign(answering.getStore() ?? {}, { status, waitSeconds })
}

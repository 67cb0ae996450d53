// E-mail addresses as people type them.
import { domainToASCII, domainToUnicode } from 'node:url'
import { compose } from './text.ts'
import { readCode, readLine, readName } from './typed.ts'

/** RFC 5322, 3.2.3: a dot-atom. Quoted names and letters beyond ASCII are left out: see decision 0033. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/

/**
 * The address as it is stored and compared, in small letters and its domain in ASCII (`ana@xn--elik-zoa.example`); undefined
 * where it is none (RFC 5321, 4.5.3.1: 64 characters before the @, 254 in all).
 */
export function readEmail(typed: string): string | undefined {
  const [, name = '', domain = ''] = /^(.+)@([^@]+)$/.exec(readLine(compose(typed, 'NFKC'))) ?? []
  const local = readCode(name).toLowerCase()
  // The library reads more than names: escapes, and numbers as addresses of the network.
  const ascii = /^[\p{L}\p{N}\p{M}\p{Pd}.\u3002]+$/u.test(domain)
    ? domainToASCII(readName(domain)).replace(/\.$/, '')
    : ''
  const email = `${local}@${ascii}`
  return LOCAL.test(local) && local.length <= 64 && DOMAIN.test(ascii) && email.length <= 254
    ? email
    : undefined
}

/** The address as people write it: `ana@çelik.example`. */
export const shownEmail = (email: string): string => {
  const at = email.lastIndexOf('@') + 1
  return email.slice(0, at) + (domainToUnicode(email.slice(at)) || email.slice(at))
}

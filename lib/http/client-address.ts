// Who asks: the connection's other end, or whom a trusted load balancer names.
import type http from 'node:http'
import { isIP } from 'node:net'
import proxyAddress from 'proxy-addr'
import { log } from '../platform/log.ts'

type Trust = ReturnType<typeof proxyAddress.compile>

/** `list`: addresses and networks by commas. Throws an Error of one sentence where it is none. */
export function trustedProxies(list: string): Trust {
  try {
    return proxyAddress.compile(
      list
        .split(',')
        .map(address => address.trim())
        .filter(Boolean),
    )
  } catch {
    throw new Error('The setting TRUSTED_PROXIES is not a list of addresses or networks separated by commas.')
  }
}

let warned = false

/** Once a process, with nobody's address: an operator who forgot the setting would notice only when limits meet everybody. */
function warnOfUnnamedProxy(request: http.IncomingMessage, trust: Trust): void {
  if (warned || request.headers['x-forwarded-for'] === undefined) return
  if (trust(request.socket.remoteAddress ?? '', 0)) return
  warned = true
  log.warn(
    'X-Forwarded-For came from an address that TRUSTED_PROXIES does not name, and is not believed: behind a load balancer that is not named there everybody shares one address, and its limits',
  )
}

/** Always an address that `inet` takes. */
export function clientAddress(request: http.IncomingMessage, trust: Trust): string {
  // `::ffff:192.0.2.1` is how a server on all addresses sees 192.0.2.1; `%eth0` is the zone of a link-local one.
  const plain = (address: string) =>
    address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '').replace(/%.*$/, '')
  // A connection that is already gone has no address.
  const peer = request.socket.remoteAddress
  if (!peer) return '0.0.0.0'
  warnOfUnnamedProxy(request, trust)
  const named = plain(proxyAddress(request, trust))
  return isIP(named) ? named : plain(peer)
}

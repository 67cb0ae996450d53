// Whom one network address stands for, where guesses are counted.
import { isIPv6 } from 'node:net'

/** `factor`: how many times as much as a single customer's address the group may do. */
export type AddressGroup = { key: string; factor: number }

/**
 * The groups that an address is counted in, the narrow one first: an IPv4 address by itself; an IPv6 address with its /64,
 * which is one customer's whatever they take of its 2^64, and with its /48, which may be one customer's
 * too or that of 256 with a /56 each: it may do `wideFactor` times as much. The forms of
 * one address (`::ffff:192.0.2.1`) are one, and so are the loopback's. Nothing that is no address stands for itself.
 */
export function addressGroups(address: string, wideFactor: number): AddressGroup[] {
  const plain = address.replace(/%.*$/, '').toLowerCase()
  if (!isIPv6(plain)) return [{ key: isLoopback(plain) ? LOOPBACK : plain, factor: 1 }]
  // As URLs write it: in its shortest form, with an IPv4 address at its end as two of its numbers.
  const short = new URL(`http://[${plain}]`).hostname.slice(1, -1)
  if (short === '::1') return [{ key: LOOPBACK, factor: 1 }]
  const [, high, low] = /^::ffff:(\w+):(\w+)$/.exec(short) ?? []
  if (high && low) return addressGroups([...bytesOf(high), ...bytesOf(low)].join('.'), wideFactor)
  const [left = [], right = []] = short.split('::').map(side => side.split(':').filter(Boolean))
  const parts = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
  const network = (bits: 48 | 64) => `${parts.slice(0, bits / 16).join(':')}::/${bits}`
  return [
    { key: network(64), factor: 1 },
    { key: network(48), factor: wideFactor },
  ]
}

const LOOPBACK = 'loopback'
const isLoopback = (address: string): boolean => /^127\.\d+\.\d+\.\d+$/.test(address)

function bytesOf(part: string): [number, number] {
  const number = Number.parseInt(part, 16)
  return [number >> 8, number & 255]
}

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
  const parts = partsOf(plain)
  const mapped = ipv4Of(parts)
  if (mapped) return addressGroups(mapped, wideFactor)
  if (parts.every((part, index) => part === (index === 7 ? 1 : 0))) return [{ key: LOOPBACK, factor: 1 }]
  const network = (bits: 48 | 64) =>
    `${parts
      .slice(0, bits / 16)
      .map(part => part.toString(16))
      .join(':')}::/${bits}`
  return [
    { key: network(64), factor: 1 },
    { key: network(48), factor: wideFactor },
  ]
}

const LOOPBACK = 'loopback'
const isLoopback = (address: string): boolean => /^127\.\d+\.\d+\.\d+$/.test(address)

/** The eight numbers of an IPv6 address. */
function partsOf(address: string): number[] {
  // As URLs write it: an IPv4 address at its end is two numbers.
  const [left = [], right = []] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split('::')
    .map(side => side.split(':').flatMap(part => (part ? Number.parseInt(part, 16) : [])))
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right]
}

/** The IPv4 address that an IPv6 one only writes in another way. */
function ipv4Of(parts: number[]): string | undefined {
  if (!parts.slice(0, 5).every(part => part === 0) || parts[5] !== 0xffff) return undefined
  return parts
    .slice(6)
    .flatMap(part => [part >> 8, part & 255])
    .join('.')
}

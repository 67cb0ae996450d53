// Which network addresses are counted as one.
import { expect, it } from 'vitest'
import { addressGroups } from '../../lib/platform/address-groups.ts'

const keys = (address: string) => addressGroups(address, 10).map(({ key }) => key)

it.each([
  ['192.0.2.1', ['192.0.2.1']],
  ['::ffff:192.0.2.1', ['192.0.2.1']],
  ['::FFFF:c000:201', ['192.0.2.1']],
  ['127.0.0.1', ['loopback']],
  ['::1', ['loopback']],
  ['::ffff:127.0.0.1', ['loopback']],
  ['0:0:0:0:0:0:0:1', ['loopback']],
  ['2001:db8:1:2:3:4:5:6', ['2001:db8:1:2::/64', '2001:db8:1::/48']],
  ['2001:0DB8:0001:0002::', ['2001:db8:1:2::/64', '2001:db8:1::/48']],
  ['2001:db8::1', ['2001:db8:0:0::/64', '2001:db8:0::/48']],
  ['::', ['0:0:0:0::/64', '0:0:0::/48']],
  ['fe80::1%eth0', ['fe80:0:0:0::/64', 'fe80:0:0::/48']],
  ['2001:db8::192.0.2.1', ['2001:db8:0:0::/64', '2001:db8:0::/48']],
  ['', ['']],
])('%s is counted as %j', (address, groups) => {
  expect(keys(address)).toEqual(groups)
})

it('lets a /48 do more than one customer', () => {
  expect(addressGroups('2001:db8::1', 10).map(({ factor }) => factor)).toEqual([1, 10])
})

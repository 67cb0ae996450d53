// Whom a request is taken to come from, and what is said where a load balancer is not named.
import type http from 'node:http'
import { afterEach, expect, it, vi } from 'vitest'
import { clientAddress, trustedProxies } from '../../lib/http/client-address.ts'
import { log } from '../../lib/platform/log.ts'

const from = (remoteAddress: string, forwarded?: string) =>
  ({
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { remoteAddress },
    connection: { remoteAddress },
  }) as unknown as http.IncomingMessage

const said = vi.spyOn(log, 'warn').mockImplementation(() => {})
afterEach(() => said.mockClear())

it('believes X-Forwarded-For of whom TRUSTED_PROXIES names', () => {
  const trust = trustedProxies('10.0.0.0/8')
  expect(clientAddress(from('::ffff:10.1.2.3', '192.0.2.7'), trust)).toBe('192.0.2.7')
  expect(clientAddress(from('10.1.2.3', '192.0.2.66, 192.0.2.7'), trust)).toBe('192.0.2.7')
  expect(clientAddress(from('192.0.2.9'), trust)).toBe('192.0.2.9')
  expect(said).not.toHaveBeenCalled()
})

it('warns once of one that comes from anybody else, and names the setting but no address', () => {
  const trust = trustedProxies('')
  for (const forwarded of ['192.0.2.7', '192.0.2.8']) {
    expect(clientAddress(from('10.9.9.9', forwarded), trust)).toBe('10.9.9.9')
  }
  expect(said).toHaveBeenCalledTimes(1)
  const line = JSON.stringify(said.mock.calls[0])
  expect(line).toContain('TRUSTED_PROXIES')
  expect(line).not.toMatch(/192\.0\.2|10\.9/)
})

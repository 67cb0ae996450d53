// A replica: how far it is behind, and who reads the primary all the same.
import http from 'node:http'
import { beforeEach, describe, expect, it, test, vi } from 'vitest'
import { lagMeter, type Position } from '../../lib/platform/replica.ts'

const primary = (position: number): Position => ({ follows: false, position })
const replica = (position: number): Position => ({ follows: true, position })

describe('the last moment of which it has everything', () => {
  it('is now where nothing is missing, whatever little is written', () => {
    const meter = lagMeter()
    expect(meter.last).toBe(Number.NEGATIVE_INFINITY)
    meter.note(100, primary(7), replica(7))
    expect(meter.last).toBe(100)
    meter.note(5000, primary(7), replica(7))
    expect(meter.last).toBe(5000)
  })

  it('stays behind by as much as the replica does', () => {
    const meter = lagMeter()
    meter.note(100, primary(7), replica(5))
    expect(meter.last).toBe(Number.NEGATIVE_INFINITY)
    meter.note(200, primary(9), replica(8))
    // What had been written by 100 is there; what was by 200 is not.
    expect(meter.last).toBe(100)
    meter.note(300, primary(12), replica(8))
    meter.note(400, primary(15), replica(8))
    expect(meter.last).toBe(100)
    meter.note(500, primary(15), replica(15))
    expect(meter.last).toBe(500)
  })

  it('is never where it follows nobody any more', () => {
    const meter = lagMeter()
    meter.note(100, primary(7), replica(7))
    meter.note(200, primary(7), primary(7))
    expect(meter.last).toBe(Number.NEGATIVE_INFINITY)
  })

  it('is found again after a failover to a primary that is a little less far', () => {
    const meter = lagMeter()
    meter.note(100, primary(70), replica(60))
    meter.note(200, primary(65), replica(64))
    meter.note(300, primary(66), replica(65))
    expect(meter.last).toBe(200)
  })
})

describe('a browser that has just sent something', () => {
  beforeEach(() => vi.resetModules())
  const request = (method: string, url: string, cookie?: string) =>
    Object.assign(new http.IncomingMessage(null as never), { method, url, headers: { cookie } })

  async function ask(method: string, url: string, cookie?: string) {
    const { hasJustSent, keepJustSent } = await import('../../lib/http/just-sent.ts')
    const asked = request(method, url, cookie)
    const response = new http.ServerResponse(asked)
    keepJustSent(asked, response)
    // As Next.js asks for the page that a form leads to: with the form's headers.
    const next = () => hasJustSent(Object.assign(request('GET', '/contracts'), { headers: asked.headers }))
    return { reads: hasJustSent(asked), told: response.getHeader('set-cookie'), next: next() }
  }

  test('says so for as long as a replica may be behind', async () => {
    vi.stubEnv('DATABASE_REPLICA_URL', 'postgres://replica/drita')
    vi.stubEnv('APP_URL', 'https://portal.example')
    vi.stubEnv('DEMO', 'on')
    vi.stubEnv('DATABASE_REPLICA_LAG_SECONDS', '20')
    const told = ['just-sent=1; Max-Age=25; Path=/; HttpOnly; SameSite=Lax; Secure']
    const single = told[0]
    expect(await ask('POST', '/contracts/add')).toEqual({ reads: true, told: single, next: true })
    // The bank's answer is written down by the page that the browser is led back to.
    expect(await ask('GET', '/payments/return/sandbox?o=1')).toEqual({
      reads: true,
      told: single,
      next: true,
    })
    expect(await ask('GET', '/contracts/kesco/DPR-1/history', 'lang=sq; just-sent=1')).toEqual({
      reads: true,
      next: true,
    })
    expect(await ask('GET', '/contracts/kesco/DPR-1/history', 'lang=sq; not-just-sent=1')).toEqual({
      reads: false,
      next: false,
    })
    expect(await ask('HEAD', '/contracts')).toEqual({ reads: false, next: false })
  })

  test('has no cookie where there is no replica', async () => {
    vi.stubEnv('DATABASE_REPLICA_URL', '')
    expect(await ask('POST', '/contracts/add')).toEqual({ reads: false, next: false })
  })
})

// The portal's own cookies: their names and attributes, over https and in a demonstration over http.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { JUST_SENT_COOKIE } from '../../lib/http/just-sent.ts'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { LANGUAGE_COOKIE, locales } from '../../lib/i18n/locale.ts'
import { BROWSER_COOKIE } from '../../lib/platform/browser-cookie.ts'

type Attributes = { maxAge?: number; [name: string]: unknown }
const jar = new Map<string, { value: string } & Attributes>()
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) => jar.get(name),
    set: (name: string, value: string, attributes: Attributes) => jar.set(name, { value, ...attributes }),
  }),
  headers: async () => new Headers(),
}))

async function portal(appUrl: string) {
  vi.stubEnv('APP_URL', appUrl)
  vi.resetModules()
  return {
    ...(await import('../../lib/auth/sealed-cookie.ts')),
    ...(await import('../../lib/request/device.ts')),
    ...(await import('../../lib/auth/session-cookie.ts')),
  }
}
beforeEach(() => jar.clear())

describe('over https', () => {
  it('are of this very host alone, and are forgotten as they were set', async () => {
    const { registrationCookie, recoveryCodesCookie, signInDevice, authCookies } =
      await portal('https://portal.example')
    await registrationCookie.remember('an id')
    await recoveryCodesCookie.remember('codes')
    const { key } = await signInDevice()
    expect([...jar.keys()]).toEqual(['__Host-registration', '__Host-recovery-codes', '__Host-device'])
    const host = { httpOnly: true, sameSite: 'lax', secure: true, path: '/' }
    for (const cookie of jar.values()) {
      expect(cookie).toMatchObject(host)
      expect(cookie).not.toHaveProperty('domain')
    }
    expect(authCookies()).toEqual({
      sessionToken: { name: '__Host-authjs.session-token', options: host },
      callbackUrl: { name: '__Host-authjs.callback-url', options: host },
    })
    expect(await registrationCookie.read()).toBe('an id')
    expect((await signInDevice()).key).toBe(key)
    await registrationCookie.forget()
    expect(jar.get('__Host-registration')).toMatchObject({ ...host, value: '', maxAge: 0 })
  })

  it('that a neighbour may set under the plain name count for nothing', async () => {
    const { registrationCookie, sessionIdOf, sessionToken } = await portal('https://portal.example')
    jar.set('authjs.session-token', { value: sessionToken.encode({ token: { sub: 'a-session' } }) })
    jar.set('__Secure-authjs.session-token', { value: sessionToken.encode({ token: { sub: 'a-session' } }) })
    expect(sessionIdOf(jar)).toBeUndefined()
    jar.set('__Host-authjs.session-token', { value: sessionToken.encode({ token: { sub: 'a-session' } }) })
    expect(sessionIdOf(jar)).toBe('a-session')
    expect(await registrationCookie.read()).toBeUndefined()
  })
})

it('are all named where customers read what is stored of them', async () => {
  const {
    signInDevice,
    authCookies,
    sessionIdOf: _,
    sessionToken: __,
    ...others
  } = await portal('http://localhost')
  for (const one of Object.values(others)) if ('remember' in one) await one.remember('x')
  await signInDevice()
  const names = [...jar.keys(), ...Object.values(authCookies()).map(({ name }) => name), LANGUAGE_COOKIE]
  names.push(BROWSER_COOKIE, JUST_SENT_COOKIE)
  expect(names).toHaveLength(17)
  for (const locale of locales) {
    const { text } = catalogue(locale).privacy.sections.cookies
    expect(
      text
        .match(/(?<=[„“])[\w.-]+(?=[”“])/g)
        ?.filter(name => name !== '__Host-')
        .sort(),
    ).toEqual(names.sort())
  }
})

it('in a demonstration over http they have the plain names', async () => {
  const { registrationCookie, signInDevice, authCookies } = await portal('http://localhost:3000')
  await registrationCookie.remember('an id')
  await signInDevice()
  expect([...jar.keys()]).toEqual(['registration', 'device'])
  expect(jar.get('device')).toMatchObject({ secure: false, path: '/' })
  expect(authCookies().sessionToken.name).toBe('authjs.session-token')
})

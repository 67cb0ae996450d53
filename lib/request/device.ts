// What a request says of its sender, and a cookie that tells a browser seen before from a new one. It opens nothing.
import { randomBytes } from 'node:crypto'
import { cookies, headers } from 'next/headers'
import { readCookie, setCookie } from '../auth/cookies.ts'
import type { Device } from '../auth/sessions.ts'
import { BROWSER_COOKIE, browserKey } from '../platform/browser-cookie.ts'
import { pathOfThisSite } from '../platform/paths.ts'

const NAME = 'device'
const SECONDS = 400 * 24 * 3600

/** The server entry sets x-client-address; clients cannot. */
export async function requestDevice(): Promise<{ userAgent: string | null; address: string | null }> {
  const sent = await headers()
  return { userAgent: sent.get('user-agent'), address: sent.get('x-client-address') }
}

/** What the browser says of itself, and its cookie where it has one. */
export async function ownDevice(): Promise<Device> {
  return { ...(await requestDevice()), key: await readCookie(NAME) }
}

/** The device of a sign-in: what the browser says of itself, and its cookie, made where it has none. */
export async function signInDevice(): Promise<Device> {
  const { key = randomBytes(18).toString('base64url'), ...device } = await ownDevice()
  await setCookie(NAME, key, SECONDS)
  return { ...device, key, browser: await ownBrowser() }
}

/** The key of this browser, until it is closed; undefined where it refuses cookies. */
export const ownBrowser = async (): Promise<string | undefined> =>
  browserKey((await cookies()).get(BROWSER_COOKIE)?.value)

/** The page that was asked for, a path of this site with its search. */
export const pagePath = async (): Promise<string> => pathOfThisSite((await headers()).get('x-path') ?? '/')

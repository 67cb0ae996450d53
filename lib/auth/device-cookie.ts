// A cookie that tells a browser seen before from a new one. It opens nothing.
import { randomBytes } from 'node:crypto'
import { requestDevice } from '../platform/request.ts'
import { readCookie, setCookie } from './cookies.ts'
import type { Device } from './sessions.ts'

const NAME = 'device'
const SECONDS = 400 * 24 * 3600

/** The device of a sign-in: what the browser says of itself, and its cookie, made where it has none. */
export async function signInDevice(): Promise<Device> {
  const key = (await readCookie(NAME)) ?? randomBytes(18).toString('base64url')
  await setCookie(NAME, key, SECONDS)
  return { ...(await requestDevice()), key }
}

// A cookie that tells a browser seen before from a new one. It opens nothing.
import { randomBytes } from 'node:crypto'
import { cookies } from 'next/headers'
import { env } from '../platform/env.ts'
import { requestDevice } from '../platform/request.ts'
import type { Device } from './sessions.ts'

const NAME = 'device'
const SECONDS = 400 * 24 * 3600

/** The device of a sign-in: what the browser says of itself, and its cookie, made where it has none. */
export async function signInDevice(): Promise<Device> {
  const jar = await cookies()
  const key = jar.get(NAME)?.value ?? randomBytes(18).toString('base64url')
  jar.set(NAME, key, {
    httpOnly: true,
    sameSite: 'lax',
    secure: env().APP_URL.startsWith('https:'),
    path: '/',
    maxAge: SECONDS,
  })
  return { ...(await requestDevice()), key }
}

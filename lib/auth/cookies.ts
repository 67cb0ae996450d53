// Setting, reading and forgetting the portal's own cookies in a page or an action.
import { cookies } from 'next/headers'
import { cookieAttributes, cookieName } from './cookie-names.ts'

export async function setCookie(name: string, value: string, seconds: number): Promise<void> {
  const jar = await cookies()
  jar.set(cookieName(name), value, { ...cookieAttributes(), maxAge: seconds })
}

export const readCookie = async (name: string): Promise<string | undefined> =>
  (await cookies()).get(cookieName(name))?.value

/** With the attributes it was set with: a browser takes no `__Host-` cookie without them, not even to forget it. */
export const forgetCookie = (name: string): Promise<void> => setCookie(name, '', 0)
